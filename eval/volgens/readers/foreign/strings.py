"""Rows whose places are strings, before they are located."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem
from volgens.model.schema import explain
from volgens.readers.foreign.reading import Row
from volgens.readers.locate import locate
from volgens.readers.replies import without_context


def located(row: Row, text: str | None, notes: Counter[str]) -> Row:
    """The row with offsets for its strings, where the text is known; how they were found goes into the notes. Items that came
    with
    offsets keep their text, for the check to compare."""
    plain = without_context(row)
    if text is None or not has_strings(plain) or misfits(plain):
        return plain
    found = locate(text, {layer: row[layer] for layer in LAYERS if row.get(layer) is not None})
    notes.update(f"strings located: {one.alignment}" for one in found.alignments)
    return {**plain, **{layer: _with_text(items, plain[layer]) for layer, items in found.prediction.items()}}


def _with_text(found: list[Row], given: list[Row]) -> list[Row]:
    return [
        {**new, **{k: old[k] for k in ("text",) if "start" in old and k in old}} for new, old in zip(found, given, strict=True)
    ]


def has_strings(row: Row) -> bool:
    """Whether any place is a string alone."""
    layers = [row[layer] for layer in LAYERS if row.get(layer) is not None]
    return any("text" in place and "start" not in place for place in _objects(layers))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def misfits(row: Row) -> list[Problem]:
    """What makes a row no prediction, so that it cannot be located. Labels are not looked at: they may still be mapped."""
    return [problem for problem in explain("prediction", row) if problem.id != "unknown-value"]
