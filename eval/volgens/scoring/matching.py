"""Pairs of gold and predicted items: one to one, independent of order. The only place that knows overlap.

Exact agreement first (span and type, then span); what is left by the largest total Dice overlap in characters. Items are rows of
`Tables`, in text order, and a tie between pairings goes to the earlier positions. Everything is arrays: the work on pairs that
stand alone, nearly all of them, is a few array operations, and tangles go through an exact assignment in batches.

Spans are given in one global coordinate (`Spans`), in which no two documents touch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import polars as pl

from volgens.scoring.assignment import assign
from volgens.scoring.tables import TYPE, Tables, column
from volgens.stats.arrays import Bools, Floats, Ints, blocks

DICE_UNIT = 1 << 26
"""Dice as an integer weight: sums of it compare exactly, to 1.5e-8 of a pair."""


class Spans(NamedTuple):
    """Half-open spans as arrays of one length, sorted by start."""

    start: Ints
    end: Ints


class Overlaps(NamedTuple):
    """Overlapping spans: rows of the left and of the right side."""

    left: Ints
    right: Ints

    def take(self, keep: Ints | Bools) -> Overlaps:
        """Some of them."""
        return Overlaps(self.left[keep], self.right[keep])

    def without(self, pairs: Pairs) -> Overlaps:
        """Those of items that stand in no pair."""
        free = [_free(rows, used) for rows, used in zip(self, pairs, strict=True)]
        return self.take(free[0] & free[1])


def _free(rows: Ints, used: Ints) -> Bools:
    """Per row whether it is not used."""
    flags = np.zeros(max(int(rows.max(initial=0)), int(used.max(initial=0))) + 1, bool)
    flags[used] = True
    return ~flags[rows]


class Pairs(NamedTuple):
    """One row a pair: `gold` and `predicted` are rows of the layer's tables."""

    gold: Ints
    predicted: Ints


NO_PAIRS = Pairs(np.empty(0, np.int64), np.empty(0, np.int64))


def spans(table: pl.DataFrame, width: int, start: str = "start", end: str = "end") -> Spans:
    """The table's spans in the global coordinate `document * width + offset`; `width` exceeds every offset by 1 or more."""
    ends = column(table, "document") * width
    starts = ends + column(table, start)
    ends += column(table, end)
    return Spans(starts, ends)


def width(*sides: Tables) -> int:
    """A width for `spans` that keeps the documents of all sides apart."""
    ends: list[object] = [side.layer(name)["end"].max() for side in sides for name in ("entities", "figures")]
    ends += [side.parts["end"].max() for side in sides]
    return max((int(end) for end in ends if isinstance(end, int)), default=0) + 1


def sides(gold: Tables, predicted: Tables, layer: str) -> Sides:
    """Both sides of `entities` or `figures`."""
    g, p, wide = gold.layer(layer), predicted.layer(layer), width(gold, predicted)
    return Sides(spans(g, wide), spans(p, wide), g[TYPE[layer]], p[TYPE[layer]])


def overlaps(left: Spans, right: Spans) -> Overlaps:
    """All pairs of spans that share a character. Touching spans share none. Both sides sorted by start."""
    if not len(left.start) or not len(right.start):
        return Overlaps(*NO_PAIRS)
    reach = np.maximum.accumulate(left.end)
    found = [_overlaps(left, right, reach, part) for part in blocks(len(right.start))]
    return Overlaps(*(np.concatenate(pieces) for pieces in zip(*found, strict=True)))


def _overlaps(left: Spans, right: Spans, reach: Ints, part: slice) -> Overlaps:
    """The overlaps of a block of the right side; `reach` is where the left spans up to each one end."""
    start, end = right.start[part], right.end[part]
    first = _passed(reach, start)
    count = _starts(left, first) < end
    more = np.flatnonzero(_starts(left, first + 1) < end)
    if len(more):
        count = count.astype(np.int64)
        count[more] = np.searchsorted(left.start, end[more], side="left") - first[more]
        r = np.repeat(np.arange(len(start)), count)
        rows = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(len(r))
    else:
        r = np.flatnonzero(count)
        rows = first[r]
    found = Overlaps(rows, r + part.start)
    keep = shared(left, right, found) > 0
    return found if keep.all() else Overlaps(rows[keep], found.right[keep])


def _passed(ends: Ints, starts: Ints) -> Ints:
    """How many of the ends lie at or before each start; both are sorted, so merging them takes less than searching."""
    low, high = np.searchsorted(ends, starts[[0, -1]], side="right")
    merged = np.argsort(np.concatenate([ends[low:high], starts]), kind="stable")
    passed: Ints = np.flatnonzero(merged >= high - low) - np.arange(-low, len(starts) - low)
    return passed


def shared(left: Spans, right: Spans, pairs: Overlaps) -> Ints:
    """The characters that pairs of spans share, negative where they lie apart."""
    end = np.minimum(left.end[pairs.left], right.end[pairs.right])
    end -= np.maximum(left.start[pairs.left], right.start[pairs.right])
    return end


def _starts(spans: Spans, rows: Ints) -> Ints:
    """Where spans start; a row behind the last starts behind everything."""
    starts: Ints = np.where(rows < len(spans.start), spans.start[np.minimum(rows, len(spans.start) - 1)], np.iinfo(np.int64).max)
    return starts


class Sides(NamedTuple):
    """Gold and predicted items of a layer of single spans, and their types."""

    gold: Spans
    predicted: Spans
    gold_type: pl.Series
    predicted_type: pl.Series

    def same_span(self, pairs: Overlaps) -> Bools:
        """Per pair: are the spans equal?"""
        g, p = pairs
        same: Bools = (self.gold.start[g] == self.predicted.start[p]) & (self.gold.end[g] == self.predicted.end[p])
        return same

    def same_type(self, pairs: Overlaps) -> Bools:
        """Per pair: are the types equal?"""
        return equal_values(self.gold_type, self.predicted_type, pairs)

    def dice(self, pairs: Overlaps) -> Floats:
        """Per pair the Dice overlap of the spans, in characters."""
        lengths = (self.gold.end - self.gold.start)[pairs.left] + (self.predicted.end - self.predicted.start)[pairs.right]
        return dice(shared(self.gold, self.predicted, pairs), lengths)


def equal_values(gold: pl.Series, predicted: pl.Series, pairs: Overlaps) -> Bools:
    """Per pair: are the values equal? Two nulls are."""
    return gold.gather(pairs.left).eq_missing(predicted.gather(pairs.right)).to_numpy()


class Met(NamedTuple):
    """How two sides meet: the pairs that overlap each other and nothing else, which every way of pairing takes, and the overlaps
    of items that overlap several, where the ways differ.
    """

    alone: Pairs
    tangled: Overlaps


def meet(sides: Sides, min_share: float = 0.0) -> Met:
    """Part the overlaps in those that stand alone and those in tangles. Spans overlap from one character on, or from `min_share`
    (0 to 1) of the gold's characters on.
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
    alone, tangled = met or meet(sides)
    return _join(alone, TANGLED[how](sides, tangled)) if len(tangled.left) else alone


def _by_dice(sides: Sides, tangled: Overlaps) -> Pairs:
    exact = equal(sides, tangled, with_type=True)
    exact = _join(exact, equal(sides, rest := tangled.without(exact)))
    rest = rest.without(exact)
    chosen = rest.take(assign(*rest, _weight(sides.dice(rest))))
    return _join(exact, Pairs(*chosen))


def _strict(sides: Sides, tangled: Overlaps) -> Pairs:
    return _and_most(equal(sides, tangled, with_type=True), tangled)


def _exact(sides: Sides, tangled: Overlaps) -> Pairs:
    return _and_most(equal(sides, tangled), tangled)


def _type(sides: Sides, tangled: Overlaps) -> Pairs:
    chosen = assign(*tangled, np.ones(len(tangled.left), np.int64), sides.same_type(tangled))
    return Pairs(*tangled.take(chosen))


TANGLED: dict[str, Callable[[Sides, Overlaps], Pairs]] = {"": _by_dice, "strict": _strict, "exact": _exact, "type": _type}


def _and_most(pairs: Pairs, tangled: Overlaps) -> Pairs:
    """The pairs, and the most that the items left over make. Equal items are interchangeable, so their pairs cost none."""
    rest = tangled.without(pairs)
    return _join(pairs, Pairs(*rest.take(assign(*rest, np.ones(len(rest.left), np.int64)))))


def equal(sides: Sides, among: Overlaps, with_type: bool = False) -> Pairs:
    """The pairs of equal spans (and types), among several the first with the first."""
    same = sides.same_span(among)
    found = among.take(same & sides.same_type(among) if with_type else same)
    return Pairs(*found.take(assign(*found, np.ones(len(found.left), np.int64))))


def dice(common: Ints, total: Ints) -> Floats:
    """2 · characters in common / (length of one + length of the other), Dice 1945; NaN where both are empty."""
    with np.errstate(invalid="ignore"):
        return 2.0 * common / total


def _weight(score: Floats) -> Ints:
    weight: Ints = np.maximum(np.rint(score * DICE_UNIT), 1).astype(np.int64)
    return weight


def _join(one: Pairs, other: Pairs) -> Pairs:
    gold = np.concatenate([one.gold, other.gold])
    order = np.argsort(gold, kind="stable")
    return Pairs(gold[order], np.concatenate([one.predicted, other.predicted])[order])


class Shares(NamedTuple):
    """Attributions of both sides that overlap somewhere: their rows, and per part the characters they share."""

    gold: Ints
    predicted: Ints
    shared: dict[str, Ints]


MATCHED = ("cue", "content", "source")


def pair_attributions(gold: Tables, predicted: Tables) -> Pairs:
    """The pairs of attributions: by the Dice of cue, content and source together, eligible where cue or content overlap."""
    shares = _shares(gold, predicted)
    eligible = (shares.shared["cue"] > 0) | (shares.shared["content"] > 0)
    left, right = shares.gold[eligible], shares.predicted[eligible]
    common = sum((shares.shared[part][eligible] for part in MATCHED), np.zeros(len(left), np.int64))
    size_gold, size_predicted = _size(gold), _size(predicted)
    score = dice(common, size_gold[left] + size_predicted[right])
    same = np.flatnonzero(score == 1.0)
    of_kind = equal_values(gold.attributions["kind"], predicted.attributions["kind"], Overlaps(left[same], right[same]))
    exact = same[assign(left[same], right[same], 1 + of_kind.astype(np.int64))]
    free = ~np.isin(left, left[exact]) & ~np.isin(right, right[exact])
    rest = np.flatnonzero(free)
    rest = rest[assign(left[rest], right[rest], _weight(score[rest]))]
    return _join(Pairs(left[exact], right[exact]), Pairs(left[rest], right[rest]))


def lengths(side: Tables, part: str) -> Ints:
    """Characters of a part, per attribution."""
    spans = side.by_part[part]
    size = column(spans, "end") - column(spans, "start")
    return np.bincount(column(spans, "attribution"), size, len(side.attributions)).astype(np.int64)


def _size(side: Tables) -> Ints:
    total = np.zeros(len(side.attributions), np.int64)
    for part in MATCHED:
        total += lengths(side, part)
    return total


def _part_spans(side: Tables, part: str, wide: int) -> tuple[Spans, Ints]:
    rows = side.by_part[part]
    attribution = column(rows, "attribution")
    base = column(side.attributions, "document")[attribution] * wide
    start, end = base + column(rows, "start"), base + column(rows, "end")
    order = np.argsort(start, kind="stable")
    return Spans(start[order], end[order]), attribution[order]


def _shares(gold: Tables, predicted: Tables) -> Shares:
    wide = width(gold, predicted)
    keys, sizes = {}, {}
    factor = max(len(predicted.attributions), 1)
    for part in MATCHED:
        (g, g_row), (p, p_row) = _part_spans(gold, part, wide), _part_spans(predicted, part, wide)
        found = overlaps(g, p)
        key = g_row[found.left] * factor + p_row[found.right]
        keys[part], inverse = np.unique(key, return_inverse=True)
        sizes[part] = np.bincount(inverse, shared(g, p, found), len(keys[part])).astype(np.int64)
    every = np.unique(np.concatenate([*keys.values()]))
    by_part = {}
    for part in MATCHED:
        by_part[part] = np.zeros(len(every), np.int64)
        by_part[part][np.searchsorted(every, keys[part])] = sizes[part]
    return Shares(every // factor, every % factor, by_part)


def shared_by_pair(gold: Tables, predicted: Tables, gold_rows: Ints, predicted_rows: Ints, part: str) -> Ints:
    """Characters of `part` shared by given rows of attributions, one number a row of the arrays; a row of -1 shares none."""
    wide = width(gold, predicted)
    (g, g_row), (p, p_row) = _part_spans(gold, part, wide), _part_spans(predicted, part, wide)
    factor = max(len(predicted.attributions), 1)
    found = overlaps(g, p)
    key, inverse = np.unique(g_row[found.left] * factor + p_row[found.right], return_inverse=True)
    size = np.bincount(inverse, shared(g, p, found), len(key)).astype(np.int64)
    wanted = np.where((gold_rows < 0) | (predicted_rows < 0), -1, gold_rows * factor + predicted_rows)
    if not len(key):
        return np.zeros(len(wanted), np.int64)
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    return np.where(key[at] == wanted, size[at], 0)


def claimants(side: Tables) -> Ints:
    """Per figure the row of the innermost attribution whose content or antecedent contains it, -1 where there is none.

    Innermost is the shortest containing span; between equal spans the attribution whose cue comes later (`documents.claimants`).
    """
    wide = width(side)
    figures = spans(side.figures, wide)
    found = np.full(len(side.figures), -1, np.int64)
    candidates = []
    for part in ("content", "antecedent"):
        held, attribution = _part_spans(side, part, wide)
        over = overlaps(held, figures)
        whole = shared(held, figures, over) == (figures.end - figures.start)[over.right]
        holder = over.left[whole]
        candidates.append(np.stack([over.right[whole], (held.end - held.start)[holder], -attribution[holder]]))
    figure, size, later = np.concatenate(candidates, axis=1)
    order = np.lexsort((later, size, figure))[::-1]
    found[figure[order]] = -later[order]
    return found


def nested(spans: Spans) -> Ints:
    """Per span the row of the outermost span that properly contains it, -1 where there is none."""
    if not (spans.start[1:] < np.maximum.accumulate(spans.end)[:-1]).any():
        return np.full(len(spans.start), -1, np.int64)
    order = np.lexsort((-spans.end, spans.start))
    start, end = spans.start[order], spans.end[order]
    before = np.append(-1, np.maximum.accumulate(end)[:-1])
    opener = np.maximum.accumulate(np.where(end > before, np.arange(len(end)), 0))
    same = (start == start[opener]) & (end == end[opener])
    outer = np.full(len(end), -1, np.int64)
    outer[order] = np.where(same, -1, order[opener])
    return outer
