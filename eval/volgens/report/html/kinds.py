"""What went wrong with an item, in words: the ledger's outcome and the fields that differ, as kinds of error to filter by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.scoring.errors import ASIDE


class Kind(NamedTuple):
    """A kind of error. Its `family` has a shape and a colour of its own on the page."""

    word: str
    family: str


ALONE = {
    "missed": Kind("missed", "missed"),
    "spurious": Kind("spurious", "spurious"),
    "duplicate": Kind("duplicate", "duplicate"),
}
BOUNDARY = Kind("boundary", "boundary")
LABEL = {"type": Kind("wrong type", "label"), "kind": Kind("wrong kind", "label")}
CLAIMANT = Kind("wrong claimant", "who")
FIELDS = {
    **{field: Kind(f"wrong {field}", "quantity") for field in ("bound", "value", "unit", "approx", "change", "counted")},
    "part_of": Kind("wrong whole", "quantity"),
    **{part: Kind(f"wrong {part}", "who") for part in ("source", "cue", "content", "antecedent")},
    **{field: Kind(f"wrong {field}", "other") for field in ("role", "stance")},
    "ref": Kind("wrong reference", "other"),
    "hedged": Kind("wrong hedging", "other"),
    "source_kind": Kind("wrong kind of source", "other"),
    "source_ref": Kind("wrong source reference", "other"),
    "quotations": Kind("cue or none", "who"),
    "parent": Kind("wrong parent", "other"),
}
ORDER = (*ALONE.values(), BOUNDARY, *LABEL.values(), *FIELDS.values(), CLAIMANT)

HEADLINES = set(LAYERS)
EXACT = ".exact"


def kinds(outcome: str, differs: Iterable[str]) -> list[Kind]:
    """The kinds of error of one row of the ledger, in the order of `ORDER`; none where the item is right.

    `claims` among the differing fields means a wrong claimant where the figure itself is right.
    """
    if outcome in ALONE:
        return [ALONE[outcome]]
    told = set(differs) - HEADLINES - set(ASIDE)
    found = {
        _kind(field) for field in told - {"claims"} if field.removesuffix(EXACT) == field or field.removesuffix(EXACT) not in told
    }
    if outcome.startswith("boundary"):
        found.add(BOUNDARY)
    found |= {kind for word, kind in LABEL.items() if outcome.endswith(word)}
    if "claims" in told and "figures" not in set(differs):
        found.add(CLAIMANT)
    if not found and outcome != "correct":
        found.add(Kind(f"wrong {outcome}", "other"))
    return sorted(found, key=_place)


def word_of(field: str) -> str | None:
    """The kind of error that a measure of one field counts, None where it counts several."""
    if field == "span" or field.endswith(EXACT):
        return BOUNDARY.word
    known = LABEL.get(field) or FIELDS.get(field)
    return known.word if known else None


def errors(ledger: pl.DataFrame) -> pl.DataFrame:
    """The rows of the ledger that are an error, each error once: those of the gold, and predictions without a partner."""
    once = (pl.col("side") == "gold") | pl.col("partner").is_null()
    claimant = pl.col("differs").list.contains("claims") & ~pl.col("differs").list.contains("figures")
    return ledger.filter(once & ((pl.col("outcome") != "correct") | claimant))


def _kind(field: str) -> Kind:
    if field == "span" or field.endswith(EXACT):
        return BOUNDARY
    return LABEL.get(field) or FIELDS.get(field) or Kind(f"wrong {field}", "other")


def _place(kind: Kind) -> tuple[int, str]:
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), kind.word)
