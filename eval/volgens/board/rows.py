"""Results beside each other: scored in every view, in order, with ranks, differences and what their items have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from volgens.api import rules, score_corpus
from volgens.board.results import Result
from volgens.comparison import compare, difference
from volgens.difficulty import items
from volgens.model.documents import LAYERS
from volgens.scorecard import Counts, Scorecard
from volgens.scoring.measures import HEADLINES

VIEWS = ("conll2002", "sonar", "ontonotes")
"""The views of names that have a column beside the default one; another has one where it is a system's own."""


class Row(NamedTuple):
    """A result and its scorecard; `views`: view → the counts of its names there, none where it does not attempt names."""

    result: Result
    card: Scorecard
    views: Mapping[str, Counts] = MappingProxyType({})


class Step(NamedTuple):
    """From the next row above that attempts a measure: its system, the difference of F1 to it, and p, unadjusted."""

    above: str
    difference: float | None
    p: float | None


Ranks = Mapping[str, Mapping[str, tuple[int, int]]]
"""Measure → system → the best and the worst rank that significant differences leave."""


def scored(result: Result, views: Sequence[str] = VIEWS) -> Row:
    """A result, scored again in every view. Raises `ProblemsFound`."""
    corpus = result.corpus()
    card = score_corpus(corpus, rules())
    asked = views if "entities" in card.cells else ()
    return Row(result, card, {view: score_corpus(corpus, rules(view, "entities"))["entities"] for view in asked})


def together(group: Sequence[Result]) -> list[Row]:
    """The results of one gold, each scored in every view that has a column there. Raises `ProblemsFound`."""
    return [scored(result, views_of(group)) for result in group]


def views_of(group: Sequence[Result]) -> tuple[str, ...]:
    """The views of names that have a column where these results stand."""
    own = [result.about.view for result in group if result.about.view not in (None, "flat")]
    return tuple(dict.fromkeys([*VIEWS, *(view for view in own if view)]))


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Systems before references, each by the mean F1 of the three layers; equal means by name."""
    return sorted(rows, key=lambda row: (row.result.about.reference, -mean(row.card), row.result.about.system))


def mean(card: Scorecard) -> float:
    """The mean F1 of the three layers' headline measures; what is not attempted or undefined counts 0."""
    return fmean((card[layer].f1 or 0.0) if layer in card.cells else 0.0 for layer in LAYERS)


def ranks(rows: Sequence[Row]) -> Ranks:
    """Among the systems that attempt a measure; references are not ranked."""
    cards = {row.result.about.system: row.card for row in rows if not row.result.about.reference}
    return compare(cards, HEADLINES).ranks if cards else {}


def steps(rows: Sequence[Row]) -> dict[str, dict[str, Step]]:
    """Measure → system → the step down to it from the next row above that attempts the measure; references are left out."""
    systems = [row for row in ordered(rows) if not row.result.about.reference]
    return {measure: _steps(measure, [row for row in systems if measure in row.card.cells]) for measure in HEADLINES}


def _steps(measure: str, rows: Sequence[Row]) -> dict[str, Step]:
    found = {}
    for above, row in pairwise(rows):
        a, b = above.result.about.system, row.result.about.system
        told = difference(a, above.card, b, row.card, measure)
        found[b] = Step(a, told.difference, told.p)
    return found


def across(rows: Sequence[Row], texts: pl.DataFrame | None = None) -> pl.DataFrame:
    """The items of `difficulty.items`, of the systems that are neither floors nor references."""
    kept = [row for row in ordered(rows) if not (row.result.about.reference or row.result.about.floor)]
    return items({row.result.about.system: row.card for row in kept}, texts)
