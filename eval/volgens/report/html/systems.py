"""Several systems side by side: the measures of each, and the documents on which they are furthest apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.report.html.hard import Hard
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


class Cell(NamedTuple):
    """F1 of the names in a view, and whether that is the view in which the system should be read."""

    f1: float | None
    own: bool


class System(NamedTuple):
    """`rows` by the name of the measure, absent where the system does not attempt it; `ranks` as "1–3", absent where unknown.

    `page`: the address of its own page; `steps`: by measure the difference to the row above, in words; `views`: by view its names
    there; `facts`: when and by which software it was made, and what it cost; `seen`: what of the dataset it met; `seconds` per
    1,000 documents.
    """

    name: str
    description: str
    reference: bool
    rows: Mapping[str, Row]
    ranks: Mapping[str, str]
    missing: int
    page: str | None = None
    steps: Mapping[str, str] = MappingProxyType({})
    views: Mapping[str, Cell] = MappingProxyType({})
    facts: Sequence[str] = ()
    seen: str | None = None
    seconds: float | None = None


class Told(NamedTuple):
    """What the stored results of one gold do not say: `ranks`; `steps`: measure → system → words; `views`: system → view → names
    there; `facts`: system → lines; `pages`: system → address of its page; `hard`: its items across systems, and `lists`, the
    addresses of their exports.
    """

    ranks: Ranks = MappingProxyType({})
    steps: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    views: Mapping[str, Mapping[str, Cell]] = MappingProxyType({})
    facts: Mapping[str, Sequence[str]] = MappingProxyType({})
    pages: Mapping[str, str] = MappingProxyType({})
    hard: Hard | None = None
    lists: Sequence[str] = ()


NOTHING_TOLD = Told()


class Board(NamedTuple):
    """Systems scored on the same gold, by the mean F1 of the three layers; references, which are not ranked, behind them."""

    title: str
    measures: Sequence[str]
    systems: Sequence[System]
    views: Sequence[str] = ()
    validation: bool = False
    told: Told = NOTHING_TOLD


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


def boards(results: Sequence[Mapping[str, Any]], told: Mapping[str, Told], ceiling: Ceiling | None) -> list[Board]:
    """Results by the gold that they were scored on, so that no number stands beside one of another gold; `own` first, and `test`
    before other splits."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for result in results:
        signature = result["signature"]
        groups.setdefault(tuple(str(signature.get(part, "–")) for part in SAME_GOLD), []).append(result)
    order = sorted(groups, key=lambda key: (key[0] != "own", key[0], key[1] != "test", *key[1:]))
    return [_board(key, groups[key], told.get(key[2], NOTHING_TOLD), ceiling) for key in order]


def _board(key: tuple[str, ...], group: Sequence[Mapping[str, Any]], told: Told, ceiling: Ceiling | None) -> Board:
    config, split, gold, view = key
    measures = [name for name in HEADLINES if any(name in result["measures"] for result in group)]
    found = [_more(_system(result["system"], result, set(measures), told.ranks, ceiling), result, told) for result in group]
    documents = group[0]["signature"].get("documents", "?")
    title = f"{config} / {split}: {documents} documents, view {view}, gold {gold[:12]}"
    views = list(dict.fromkeys(view for system in found for view in system.views))
    ordered = sorted(found, key=lambda system: (system.reference, -_mean(system), system.name))
    return Board(title, measures, ordered, views, split == "validation", told)


def _more(system: System, result: Mapping[str, Any], told: Told) -> System:
    """The system with what the board knows of it."""
    cost = (result.get("cost") or {}).get("per_1000_documents", {})
    return system._replace(
        page=told.pages.get(system.name),
        steps={measure: words[system.name] for measure, words in told.steps.items() if system.name in words},
        views=told.views.get(system.name, {}),
        facts=told.facts.get(system.name, ()),
        seen=result.get("seen"),
        seconds=cost.get("seconds"),
    )


def _mean(system: System) -> float:
    """The mean F1 of the three layers; what is not attempted or undefined counts 0."""
    return fmean((system.rows[layer].f1 or 0.0) if layer in system.rows else 0.0 for layer in LAYERS)


def shared_measures(comparison: Comparison) -> list[Measure]:
    """The measures over items that every system attempts; none where a corpus was scored in batches."""
    cards = list(comparison.cards.values())
    if any(card.matched is None for card in cards):
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
