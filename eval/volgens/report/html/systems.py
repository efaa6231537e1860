"""Several systems side by side: the measures of each, and the documents on which they are furthest apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from volgens.measures import HEADLINES
from volgens.report.html.kinds import errors
from volgens.report.html.rows import Ceiling, Row, rows

if TYPE_CHECKING:
    from volgens.comparison import Comparison

APART = 30
"""Documents listed as those on which systems differ most."""

SAME_GOLD = ("config", "split", "gold", "view")
"""The parts of a signature that make one leaderboard."""


class System(NamedTuple):
    """`rows` by the name of the measure; a measure that the system lacks is absent."""

    name: str
    description: str
    rows: Mapping[str, Row]
    not_attempted: Sequence[str]
    missing: int


class Board(NamedTuple):
    """Systems scored on the same gold, the best headline first."""

    title: str
    measures: Sequence[str]
    systems: Sequence[System]


class Apart(NamedTuple):
    """A document and the number of errors that each system makes on it."""

    document: str
    errors: Sequence[int]


def systems(cards: Mapping[str, Mapping[str, Any]], measures: Iterable[str], ceiling: Ceiling | None) -> list[System]:
    """One a card, in the order given, with the rows of `measures`."""
    return [_system(name, card, set(measures), ceiling) for name, card in cards.items()]


def _system(name: str, card: Mapping[str, Any], measures: set[str], ceiling: Ceiling | None) -> System:
    kept = {row.name: row for row in rows(card, ceiling) if row.name in measures}
    return System(name, card.get("description") or "", kept, card.get("not_attempted", []), len(card.get("missing", [])))


def boards(results: Sequence[Mapping[str, Any]], ceiling: Ceiling | None) -> list[Board]:
    """Results by the gold that they were scored on, so that no number stands beside one of another gold."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for result in results:
        signature = result["signature"]
        groups.setdefault(tuple(str(signature.get(part, "–")) for part in SAME_GOLD), []).append(result)
    return [_board(key, group, ceiling) for key, group in sorted(groups.items())]


def _board(key: tuple[str, ...], group: Sequence[Mapping[str, Any]], ceiling: Ceiling | None) -> Board:
    measures = [name for name in HEADLINES if any(name in result["measures"] for result in group)]
    found = [_system(result["system"], result, set(measures), ceiling) for result in group]
    title = f"{key[0]} / {key[1]}, gold {key[2][:12]}, view {key[3]}"
    return Board(title, measures, sorted(found, key=lambda s: [*(-_f1(s, m) for m in measures), s.name]))


def _f1(system: System, measure: str) -> float:
    row = system.rows.get(measure)
    return -1.0 if row is None or row.f1 is None else row.f1


def apart(comparison: Comparison) -> list[Apart]:
    """The documents on which the numbers of errors differ most, at most `APART`."""
    counts = [_errors(card.ledger) for card in comparison.cards.values()]
    ids = sorted(set().union(*counts))
    found = [Apart(name, [count.get(name, 0) for count in counts]) for name in ids]
    differing = [row for row in found if len(set(row.errors)) > 1]
    return sorted(differing, key=lambda row: (min(row.errors) - max(row.errors), row.document))[:APART]


def _errors(ledger: pl.DataFrame) -> dict[str, int]:
    return dict(errors(ledger).group_by("document").len().iter_rows())
