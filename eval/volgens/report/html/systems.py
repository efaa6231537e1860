"""Several systems side by side: the measures of each, and the documents on which they are furthest apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.report.html.kinds import errors
from volgens.report.html.rows import Ceiling, Row, rows
from volgens.scoring.ledger import ledger
from volgens.scoring.measures import HEADLINES, Measure

if TYPE_CHECKING:
    from volgens.comparison import Comparison

APART = 30
"""Documents listed as those on which systems differ most."""

SAME_GOLD = ("config", "split", "gold", "view")
"""The parts of a signature that make one leaderboard."""


Ranks = Mapping[str, Mapping[str, tuple[int, int]]]
"""Measure → system → the best and the worst rank that significant differences leave."""


class System(NamedTuple):
    """`rows` by the name of the measure, absent where the system does not attempt it; `ranks` as "1–3", absent where unknown."""

    name: str
    description: str
    reference: bool
    rows: Mapping[str, Row]
    ranks: Mapping[str, str]
    missing: int
    page: str | None = None


class Board(NamedTuple):
    """Systems scored on the same gold, by the mean F1 of the three layers; references, which are not ranked, behind them."""

    title: str
    measures: Sequence[str]
    systems: Sequence[System]


class Apart(NamedTuple):
    """A document and the number of errors that each system makes on it."""

    document: str
    errors: Sequence[int]


def systems(
    cards: Mapping[str, Mapping[str, Any]],
    measures: Iterable[str],
    ranks: Ranks,
    ceiling: Ceiling | None,
    pages: Mapping[str, str],
) -> list[System]:
    """One a card, in the order given, with the rows of `measures` and the address of its own page."""
    found = [_system(name, card, set(measures), ranks, ceiling) for name, card in cards.items()]
    return [system._replace(page=pages.get(system.name)) for system in found]


def _system(name: str, card: Mapping[str, Any], measures: set[str], ranks: Ranks, ceiling: Ceiling | None) -> System:
    kept = {row.name: row for row in rows(card, ceiling) if row.name in measures}
    ranges = {measure: _range(*ranks[measure][name]) for measure in kept if name in ranks.get(measure, {})}
    told = card.get("description") or "", bool(card.get("reference"))
    return System(name, *told, kept, ranges, len(card.get("missing", [])))


def _range(best: int, worst: int) -> str:
    return str(best) if best == worst else f"{best}–{worst}"


def boards(results: Sequence[Mapping[str, Any]], ranks: Mapping[str, Ranks], ceiling: Ceiling | None) -> list[Board]:
    """Results by the gold that they were scored on, so that no number stands beside one of another gold."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for result in results:
        signature = result["signature"]
        groups.setdefault(tuple(str(signature.get(part, "–")) for part in SAME_GOLD), []).append(result)
    return [_board(key, groups[key], ranks, ceiling) for key in sorted(groups, reverse=True)]


def _board(
    key: tuple[str, ...], group: Sequence[Mapping[str, Any]], ranks: Mapping[str, Ranks], ceiling: Ceiling | None
) -> Board:
    config, split, gold, view = key
    measures = [name for name in HEADLINES if any(name in result["measures"] for result in group)]
    found = [_system(result["system"], result, set(measures), ranks.get(gold, {}), ceiling) for result in group]
    documents = group[0]["signature"].get("documents", "?")
    title = f"{config} / {split}: {documents} documents, view {view}, gold {gold[:12]}"
    return Board(title, measures, sorted(found, key=lambda system: (system.reference, -_mean(system), system.name)))


def _mean(system: System) -> float:
    """The mean F1 of the three layers; what is not attempted or undefined counts 0."""
    return fmean((system.rows[layer].f1 or 0.0) if layer in system.rows else 0.0 for layer in LAYERS)


def shared_measures(comparison: Comparison) -> list[Measure]:
    """The measures over items that every system attempts; none where a corpus was scored in batches."""
    cards = list(comparison.cards.values())
    if any(card.held is None for card in cards):
        return []
    return [m for m in cards[0].itemised if all(m.name in card.cells for card in cards)]


def apart(comparison: Comparison) -> list[Apart]:
    """The documents on which the numbers of errors differ most, at most `APART`: errors by the measures that every system
    attempts, so that none looks better for what it leaves out.
    """
    asked = shared_measures(comparison)
    counts = [_errors(ledger(card.evidence, card.documents, asked)) for card in comparison.cards.values()] if asked else []
    ids = sorted(set().union(*counts))
    found = [Apart(name, [count.get(name, 0) for count in counts]) for name in ids]
    differing = [row for row in found if len(set(row.errors)) > 1]
    return sorted(differing, key=lambda row: (min(row.errors) - max(row.errors), row.document))[:APART]


def _errors(rows: pl.DataFrame) -> dict[str, int]:
    return dict(errors(rows).group_by("document").len().iter_rows())
