"""Spans as arrays, and their overlaps: the only place that knows what they share.

Spans are given in one global coordinate (`Spans`), in which no two documents touch. Offsets are code points, end exclusive.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from volgens.model.layers import ALL
from volgens.scoring.tables import Tables, column
from volgens.stats.arrays import Bools, Floats, Ints, blocks


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
    ends: list[object] = [side.layer(layer.name)["end"].max() for side in sides for layer in ALL]
    ends += [side.parts["end"].max() for side in sides]
    return max((int(end) for end in ends if isinstance(end, int)), default=0) + 1


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


def dice(common: Ints, total: Ints) -> Floats:
    """2 · characters in common / (length of one + length of the other), Dice 1945; NaN where both are empty."""
    with np.errstate(invalid="ignore"):
        return 2.0 * common / total


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
