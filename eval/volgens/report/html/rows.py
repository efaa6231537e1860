"""The table of measures as rows to print, from a scorecard's JSON: what the page says is what the JSON says, rounded here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from volgens.scoring.measures import HEADLINES, NAMES

Ceiling = Mapping[str, float | None]
"""F1 of one blind reading against the gold, by measure."""


class Row(NamedTuple):
    """One measure, or one value of a headline measure. Scores are None where undefined."""

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    given: float | None
    interval: tuple[float, float] | None
    tp: float
    predicted: int
    gold: int
    ceiling: float | None

    @property
    def measure(self) -> str:
        return self.name.partition("[")[0]

    @property
    def layer(self) -> str:
        return self.measure.partition(".")[0]

    @property
    def label(self) -> str:
        """The name as it stands under its headline."""
        by = self.name.partition("[")[2].removesuffix("]")
        return by.replace("=", " = ", 1) if by else self.name.partition(".")[2] or self.name

    @property
    def headline(self) -> bool:
        return self.name in HEADLINES

    @property
    def by_value(self) -> bool:
        return "[" in self.name

    @property
    def description(self) -> str:
        return NAMES[self.name].description if self.name in NAMES else ""

    @property
    def between(self) -> str:
        return f"{self.interval[0]:.3f}–{self.interval[1]:.3f}" if self.interval else "–"


def rows(card: Mapping[str, Any], ceiling: Ceiling | None = None) -> list[Row]:
    """The rows of a scorecard's JSON, each headline with its values and its fields behind it."""
    found = [
        _row(name, cell, (ceiling or {}).get(name)) for part in ("measures", "rows") for name, cell in card.get(part, {}).items()
    ]
    layers = list(dict.fromkeys(row.layer for row in found))
    return sorted(found, key=lambda row: (layers.index(row.layer), not row.headline, not row.by_value))


def _row(name: str, cell: Mapping[str, Any], ceiling: float | None) -> Row:
    between = (cell.get("interval") or {}).get("f1")
    precision, recall, f1, given = (cell[score] for score in ("precision", "recall", "f1", "given"))
    reach = (between[0], between[1]) if between else None
    return Row(name, precision, recall, f1, given, reach, cell["tp"], cell["predicted"], cell["gold"], ceiling)


def number(value: float | None) -> str:
    """Three decimals, a dash for what is undefined."""
    return "–" if value is None else f"{value:.3f}"
