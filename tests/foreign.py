"""Reading the foreign files of tests/cases/readers against their two invented documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from volgens.readers.corpus import load_gold
from volgens.readers.foreign import Foreign, read_foreign
from volgens.readers.native import predictions

CASES = Path(__file__).parent / "cases" / "readers"


@cache
def gold() -> pl.DataFrame:
    """The two documents, `a` and `b`."""
    return load_gold(gold=CASES / "gold.jsonl")


def text(name: str) -> str:
    texts: dict[str, str] = dict(zip(gold()["id"], gold()["text"], strict=True))
    return texts[name]


def read(case: str | Path, name: str | None = None, **settings: Any) -> Foreign:
    """Read one of the cases, or another path."""
    return read_foreign(CASES / case, name, gold(), **settings)


def names(found: Foreign) -> dict[str, list[tuple[str, int | None, str]]]:
    """document → its names as (covered text, start, type); what has no offsets as (text, None, type)."""
    return {row["id"]: [_name(row["id"], item) for item in row["entities"]] for row in found.rows}


def _name(document: str, item: dict[str, Any]) -> tuple[str, int | None, str]:
    if "start" not in item:
        return item["text"], None, item["type"]
    return text(document)[item["start"] : item["end"]], item["start"], item["type"]


def words(found: Foreign) -> dict[str, list[tuple[str, str]]]:
    """document → its names as (covered text, type)."""
    return {document: [(word, kind) for word, _, kind in items] for document, items in names(found).items()}


def rules(found: Foreign) -> list[str]:
    """The ids of the problems, in order."""
    return [problem.id for problem in found.problems]


def checked(found: Foreign) -> list[str]:
    """The ids of what the check against the gold finds in rows that a reader gave without problems."""
    assert found.problems == []
    return [problem.id for problem in predictions(found.rows, gold()).problems]
