"""The items of the gold as several systems find them: how hard each type is, and the items that are worth reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import polars as pl

from volgens.difficulty import TO_READ, Difficulty, difficulty, items
from volgens.scorecard import Scorecard

LISTED = 60
"""Items of a kind that are listed; the rest is in the export."""

SIGNS = {"entities": "e", "figures": "f", "attributions": "a", "claims": "f"}


class Hard(NamedTuple):
    """`table` by measure and label; `found`: what there is to read → its items, at most `LISTED`; `times`: how many there are."""

    table: Sequence[Difficulty]
    found: Mapping[str, Sequence[Mapping[str, Any]]]
    times: Mapping[str, int]

    @property
    def saturated(self) -> list[Difficulty]:
        """Types, and whole measures, that every system gets right."""
        return [row for row in self.table if row.saturated]


def hard(cards: Mapping[str, Scorecard], texts: pl.DataFrame | None) -> Hard | None:
    """The items across systems; None where there is no measure that two of them attempt, or no evidence was kept."""
    if any(card.matched is None for card in cards.values()):
        return None
    rows = items(cards, texts)
    return None if rows.is_empty() else of_items(rows)


def of_items(rows: pl.DataFrame) -> Hard:
    """The same from the items themselves."""
    of = {finding: rows.filter(pl.col("finding") == finding) for finding in TO_READ}
    found = {finding: [_with_link(row) for row in some.head(LISTED).to_dicts()] for finding, some in of.items()}
    return Hard(difficulty(rows), found, {finding: len(some) for finding, some in of.items()})


def _with_link(row: Mapping[str, Any]) -> dict[str, Any]:
    """With the end of the item's address on a score page."""
    sign = "-" if row["side"] == "gold" else "+"
    return {**row, "anchor": f"d/{quote(row['document'], safe='')}/{SIGNS[row['measure']]}{sign}{row['start']}-{row['end']}"}
