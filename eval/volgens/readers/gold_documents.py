"""Rows of gold as documents, also where the gold says less than ours does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from volgens.model.documents import LAYERS, PARTS, Document
from volgens.model.problem import Problem, ProblemsFound, Where

NEEDED = {"entities": ("start", "end", "type"), "figures": ("start", "end"), "attributions": ()}
"""What an item cannot be without; any other field may be null."""


def documents(gold: pl.DataFrame) -> list[Document]:
    """The rows of a frame of gold (`corpus.load_gold`) as documents, by id.

    What the gold does not say is filled where nothing is invented by it: the page is the document, the length that of its
    text, an item without an id gets one. Other fields stay null. Raises `ProblemsFound` for items without a place or a type.
    """
    rows = [_filled(row) for row in gold.sort("id").iter_rows(named=True)]
    problems = [problem for row in rows for problem in _lacking(row)]
    if problems:
        raise ProblemsFound(problems)
    return [Document.from_dict(row) for row in rows]


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    text = row.get("text")
    base = {"page": row["id"], "kind": "article", "config": "", "split": "", "sha256": "", "text": text}
    base["length"] = len(text) if isinstance(text, str) else 0
    told = {name: value for name, value in row.items() if value is not None or name in LAYERS}
    return {**base, **told, **with_ids(row)}


def with_ids(row: Mapping[str, Any]) -> dict[str, Any]:
    """The layers of a row with an id for every item that has none."""
    return {layer: _with_ids(row.get(layer), layer) for layer in LAYERS}


def _with_ids(items: list[dict[str, Any]] | None, layer: str) -> list[dict[str, Any]] | None:
    taken = {item["id"] for item in items or ()}
    free = (name for n in range(1, len(taken) + len(items or ()) + 1) if (name := f"{layer[0]}{n}") not in taken)
    return None if items is None else [{**item, "id": item["id"] or next(free)} for item in items]


def _lacking(row: Mapping[str, Any]) -> Iterator[Problem]:
    for layer, names in NEEDED.items():
        for n, item in enumerate(row[layer] or ()):
            for name in names:
                if item.get(name) is None:
                    yield _missing(row["id"], f"{layer}[{n}].{name}")
            for place in (
                *(item.get(part) for part in ("counted", "head")),
                *(p for part in PARTS for p in item.get(part) or ()),
            ):
                if place is not None and place.get("start") is None:
                    yield _missing(row["id"], f"{layer}[{n}]")


def _missing(document: str, field: str) -> Problem:
    hint = "Give gold's items their offsets, and names their type."
    return Problem(Where(document=document, field=field), "missing-field", "the field is missing", hint)
