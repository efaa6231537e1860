"""Pairs of gold and predicted items: one to one, independent of order.

Exact agreement first (span and type, then span); what is left by the largest total Dice overlap in characters. Of pairings with
equal Dice the one that agrees in more wins (`agreement`), and last the one of the earlier positions. Items are rows of `Tables`,
in text order. Everything is arrays: the work on pairs that stand alone, nearly all of them, is a few array operations, and
larger connected components go through an exact assignment in batches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from volgens.scoring.agreement import Agreement
from volgens.scoring.assignment import assign
from volgens.scoring.spans import NO_PAIRS, Overlaps, Pairs, Spans, dice, overlaps, shared, spans, width
from volgens.scoring.tables import Tables
from volgens.stats.arrays import Bools, Floats, Ints

DICE_UNIT = 12_252_240
"""Dice as an integer weight. It is a multiple of every number to 18, so that shares of short spans are exact and sums of them
compare as fractions do; those of longer ones are exact to 8e-8 of a pair.
"""


def sides(gold: Tables, predicted: Tables, layer: str, tolerance: float = 0.0) -> Sides:
    """Both sides of `entities` or `figures`."""
    wide = width(gold, predicted)
    gold_spans, predicted_spans = (spans(side.layer(layer), wide) for side in (gold, predicted))
    return Sides(gold_spans, predicted_spans, Agreement.of(gold, predicted, layer, tolerance))


class Sides(NamedTuple):
    """Gold and predicted items of a layer of single spans, and in what they agree."""

    gold: Spans
    predicted: Spans
    agreement: Agreement

    def same_span(self, pairs: Overlaps) -> Bools:
        """Per pair: are the spans equal?"""
        g, p = pairs
        same: Bools = (self.gold.start[g] == self.predicted.start[p]) & (self.gold.end[g] == self.predicted.end[p])
        return same

    def dice(self, pairs: Overlaps) -> Floats:
        """Per pair the Dice overlap of the spans, in characters."""
        lengths = (self.gold.end - self.gold.start)[pairs.left] + (self.predicted.end - self.predicted.start)[pairs.right]
        return dice(shared(self.gold, self.predicted, pairs), lengths)


class Met(NamedTuple):
    """How two sides meet: the pairs that overlap each other and nothing else, which every way of pairing takes, and the overlaps
    of items that overlap several, where the ways differ.
    """

    alone: Pairs
    contested: Overlaps


def meet(sides: Sides, min_share: float = 0.0) -> Met:
    """Part the overlaps in those that stand alone and those in larger connected components. Spans overlap from one
    character on, or from `min_share` (0 to 1) of the gold's characters on.
    """
    found = overlaps(sides.gold, sides.predicted)
    if min_share:
        needed = min_share * (sides.gold.end - sides.gold.start)[found.left]
        found = found.take(shared(sides.gold, sides.predicted, found) >= needed)
    by_gold, by_predicted = (np.bincount(rows, minlength=1) for rows in found)
    if by_gold.max() < 2 and by_predicted.max() < 2:
        return Met(Pairs(*found), Overlaps(*NO_PAIRS))
    alone = (by_gold[found.left] == 1) & (by_predicted[found.right] == 1)
    return Met(Pairs(*found.take(alone)), found.take(~alone))


def pair(sides: Sides, how: str = "", met: Met | None = None) -> Pairs:
    """One-to-one pairs, sorted by gold; `met` spares finding it again.

    For "": equal span and type, then equal span, then the largest total Dice. For a scheme of SemEval-2013: most credited pairs,
    then most overlapping pairs; `strict` credits equal spans of one type, `exact` equal spans, `type` overlapping spans of one
    type; `partial` has the pairs of `exact`.
    """
    alone, contested = met or meet(sides)
    return join(alone, CONTESTED[how](sides, contested)) if len(contested.left) else alone


def _by_dice(sides: Sides, contested: Overlaps) -> Pairs:
    exact = equal(sides, contested, with_type=True)
    exact = join(exact, equal(sides, rest := contested.without(exact)))
    rest = rest.without(exact)
    chosen = rest.take(assign(*rest, weight(sides.dice(rest)), *sides.agreement.levels(rest)))
    return join(exact, Pairs(*chosen))


def _strict(sides: Sides, contested: Overlaps) -> Pairs:
    return _and_most(equal(sides, contested, with_type=True), contested)


def _exact(sides: Sides, contested: Overlaps) -> Pairs:
    return _and_most(equal(sides, contested), contested)


def _type(sides: Sides, contested: Overlaps) -> Pairs:
    chosen = assign(*contested, sides.agreement.same_label(contested).astype(np.int64), _ones(contested))
    return Pairs(*contested.take(chosen))


CONTESTED: dict[str, Callable[[Sides, Overlaps], Pairs]] = {"": _by_dice, "strict": _strict, "exact": _exact, "type": _type}


def _and_most(pairs: Pairs, contested: Overlaps) -> Pairs:
    """The pairs, and the most that the items left over make. Equal items are interchangeable, so their pairs cost none."""
    rest = contested.without(pairs)
    return join(pairs, Pairs(*rest.take(assign(*rest, _ones(rest)))))


def equal(sides: Sides, among: Overlaps, with_type: bool = False) -> Pairs:
    """The most pairs of equal spans (and types), and of as many those that agree in more."""
    same = sides.same_span(among)
    found = among.take(same & sides.agreement.same_label(among) if with_type else same)
    return Pairs(*found.take(assign(*found, _ones(found), *sides.agreement.levels(found))))


def _ones(pairs: Overlaps) -> Ints:
    return np.ones(len(pairs.left), np.int64)


def weight(score: Floats) -> Ints:
    """Dice as a weight for `assign`."""
    units: Ints = np.maximum(np.rint(score * DICE_UNIT), 1).astype(np.int64)
    return units


def join(one: Pairs, other: Pairs) -> Pairs:
    """Both, sorted by gold."""
    gold = np.concatenate([one.gold, other.gold])
    order = np.argsort(gold, kind="stable")
    return Pairs(gold[order], np.concatenate([one.predicted, other.predicted])[order])
