"""Reading the foreign files of tests/cases/readers against their two invented documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from volgens.readers.corpus import load_gold
from volgens.readers.foreign import Foreign, read_foreign
from volgens.readers.native import predictions

CASES = Path(__file__).parent / "cases" / "readers"


@cache
def gold():
    """The two documents, `a` and `b`."""
    return load_gold(gold=CASES / "gold.jsonl")


def text(name):
    return dict(zip(gold()["id"], gold()["text"], strict=True))[name]


def read(case, name=None, **settings) -> Foreign:
    """Read one of the cases, or another path."""
    return read_foreign(CASES / case, name, gold(), **settings)


def names(found: Foreign):
    """document → its names as (covered text, start, type); what has no offsets as (text, None, type)."""
    return {row["id"]: [_name(row["id"], item) for item in row["entities"]] for row in found.rows}


def _name(document, item):
    if "start" not in item:
        return item["text"], None, item["type"]
    return text(document)[item["start"] : item["end"]], item["start"], item["type"]


def words(found: Foreign):
    """document → its names as (covered text, type)."""
    return {document: [(word, kind) for word, _, kind in items] for document, items in names(found).items()}


def rules(found: Foreign):
    """The ids of the problems, in order."""
    return [problem.id for problem in found.problems]


def checked(found: Foreign):
    """The ids of what the check against the gold finds in rows that a reader gave without problems."""
    assert found.problems == []
    return [problem.id for problem in predictions(found.rows, gold()).problems]
