"""The table of measures as rows to print, from a scorecard's JSON: what the page says is what the JSON says, rounded here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from volgens.report.html.kinds import CLAIMANT, word_of
from volgens.scoring.measures import HEADLINES, NAMES, TABLE
from volgens.scoring.tables import TYPE

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
    def open(self) -> bool:
        """Whether it is shown before it is asked for: a headline, or one of its values."""
        return self.headline or self.by_value

    @property
    def errors(self) -> str:
        """The fragment of a score page that shows the errors behind the number."""
        return anchor(self.name)

    @property
    def description(self) -> str:
        return NAMES[self.name].description if self.name in NAMES else ""

    @property
    def between(self) -> str:
        return f"{self.interval[0]:.3f}–{self.interval[1]:.3f}" if self.interval else "–"


def anchor(name: str) -> str:
    """Measure or row → `e/LAYER`, with `/type/LABEL` or `/kind/WORDS` where there is such a filter; claims are with figures."""
    measure, _, by = name.partition("[")
    layer, _, field = measure.partition(".")
    if layer == "claims":
        return f"e/figures/kind/{quote(CLAIMANT.word)}"
    field_of, _, value = by.removesuffix("]").partition("=")
    if value and field_of == TYPE.get(layer):
        return f"e/{layer}/type/{quote(value, safe='')}"
    layer = "entities" if layer == "semeval" else layer
    word = word_of(field)
    return f"e/{layer}/kind/{quote(word)}" if word else f"e/{layer}"


def rows(card: Mapping[str, Any], ceiling: Ceiling | None = None) -> list[Row]:
    """The rows of a scorecard's JSON, each headline with its values and its fields behind it."""
    found = [
        _row(name, cell, (ceiling or {}).get(name)) for part in ("measures", "rows") for name, cell in card.get(part, {}).items()
    ]
    return in_order(found)


def in_order(found: Iterable[Row]) -> list[Row]:
    """Layer by layer, each headline with its values and its fields behind it."""
    rows = list(found)
    layers = sorted({row.layer for row in rows}, key=lambda layer: PLACE.get(layer, len(PLACE)))
    return sorted(rows, key=lambda row: (layers.index(row.layer), not row.headline, not row.by_value))


PLACE = {layer: n for n, layer in enumerate(dict.fromkeys(measure.name.partition(".")[0] for measure in TABLE))}


def _row(name: str, cell: Mapping[str, Any], ceiling: float | None) -> Row:
    between = (cell.get("interval") or {}).get("f1")
    precision, recall, f1, given = (cell[score] for score in ("precision", "recall", "f1", "given"))
    reach = (between[0], between[1]) if between else None
    return Row(name, precision, recall, f1, given, reach, cell["tp"], cell["predicted"], cell["gold"], ceiling)


def number(value: float | None) -> str:
    """Three decimals, a dash for what is undefined."""
    return "–" if value is None else f"{value:.3f}"
