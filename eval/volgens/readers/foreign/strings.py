"""Rows whose places are strings, before they are located."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem
from volgens.model.schema import explain
from volgens.readers.foreign.reading import Row


def without_context(row: Row) -> Row:
    """The row without the `context` of its items, which is for locating alone and no field of a prediction."""
    return {name: [_bare(item) for item in value] if _is_layer(name, value) else value for name, value in row.items()}


def _is_layer(name: str, value: object) -> bool:
    return name in LAYERS and isinstance(value, list)


def _bare(item: Any) -> Any:
    return {name: value for name, value in item.items() if name != "context"} if isinstance(item, dict) else item


def has_strings(row: Row) -> bool:
    """Whether any place is a string alone."""
    layers = [row[layer] for layer in LAYERS if layer in row]
    return any("text" in place and "start" not in place for place in _objects(layers))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def misfits(row: Row) -> list[Problem]:
    """What makes a row no prediction, so that it cannot be located. Labels are not looked at: they may still be mapped."""
    return [problem for problem in explain("prediction", row) if problem.id != "unknown-value"]
