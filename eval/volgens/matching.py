"""Pairs of gold and predicted items: one to one, independent of order. The only place that knows overlap.

Exact agreement first (span and type, then span); what is left by the largest total Dice overlap in characters. Items are rows of
`Tables`, in text order, and a tie between pairings goes to the earlier positions. Everything is arrays: the work on pairs that
stand alone, nearly all of them, is a few array operations, and tangles go through an exact assignment in batches.

Spans are given in one global coordinate (`Spans`), in which no two documents touch.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from volgens.assignment import assign
from volgens.tables import TYPE, Tables, column

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

DICE_UNIT = 1 << 26
"""Dice as an integer weight: sums of it compare exactly, to 1.5e-8 of a pair."""


class Spans(NamedTuple):
    """Half-open spans as arrays of one length, sorted by start."""

    start: Ints
    end: Ints


class Overlaps(NamedTuple):
    """Overlapping spans: rows of the left and of the right side, and the characters that they share (1 or more)."""

    left: Ints
    right: Ints
    shared: Ints


class Pairs(NamedTuple):
    """One row a pair: `gold` and `predicted` are rows of the layer's tables."""

    gold: Ints
    predicted: Ints


NO_PAIRS = Pairs(np.empty(0, np.int64), np.empty(0, np.int64))


def spans(table: pl.DataFrame, width: int, start: str = "start", end: str = "end") -> Spans:
    """The table's spans in the global coordinate `document * width + offset`; `width` exceeds every offset by 1 or more."""
    base = column(table, "document") * width
    return Spans(base + column(table, start), base + column(table, end))


def width(*sides: Tables) -> int:
    """A width for `spans` that keeps the documents of all sides apart."""
    ends: list[object] = [side.layer(name)["end"].max() for side in sides for name in ("entities", "figures")]
    ends += [side.parts["end"].max() for side in sides]
    return max((int(end) for end in ends if isinstance(end, int)), default=0) + 1


def overlaps(left: Spans, right: Spans) -> Overlaps:
    """All pairs of spans that share a character. Touching spans share none. Both sides sorted by start."""
    if not len(left.start) or not len(right.start):
        return Overlaps(*(np.empty(0, np.int64) for _ in range(3)))
    reach = np.maximum.accumulate(left.end)
    first = np.searchsorted(reach, right.start, side="right")
    last = np.maximum(np.searchsorted(left.start, right.end, side="left"), first)
    count = last - first
    r = np.repeat(np.arange(len(right.start)), count)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    rows = np.repeat(first, count) + offset
    shared = np.minimum(left.end[rows], right.end[r]) - np.maximum(left.start[rows], right.start[r])
    keep = shared > 0
    return Overlaps(rows[keep], r[keep], shared[keep])


def same_keys(left: list[Ints], right: list[Ints]) -> Pairs:
    """Pair equal keys one to one; among equals the first with the first. Keys are given as columns, both sides alike."""
    gold, predicted = _as_one(left, right)
    if not len(gold) or not len(predicted):
        return NO_PAIRS
    order, other = np.argsort(gold, kind="stable"), np.argsort(predicted, kind="stable")
    gold, predicted = gold[order], predicted[other]
    at = np.searchsorted(gold, predicted, side="left") + _rank(predicted)
    inside = np.minimum(at, len(gold) - 1)
    same = (at < len(gold)) & (gold[inside] == predicted)
    return _join(NO_PAIRS, Pairs(order[inside[same]], other[same]))


def _as_one(left: list[Ints], right: list[Ints]) -> tuple[Ints, Ints]:
    """The columns of both sides as one key each: by arithmetic where it fits in 63 bits, else by ranks of the distinct rows."""
    lows = [min(a.min(initial=0), b.min(initial=0)) for a, b in zip(left, right, strict=True)]
    sizes = [int(max(a.max(initial=0), b.max(initial=0)) - low) + 1 for a, b, low in zip(left, right, lows, strict=True)]
    if math.prod(sizes) < 1 << 62:
        sides = []
        for columns in (left, right):
            key = np.zeros(len(columns[0]), np.int64)
            for values, low, size in zip(columns, lows, sizes, strict=True):
                key = key * size + (values - low)
            sides.append(key)
        return sides[0], sides[1]
    both = np.stack([np.concatenate(pair) for pair in zip(left, right, strict=True)], axis=1)
    inverse = np.unique(both, axis=0, return_inverse=True)[1].reshape(-1)
    return inverse[: len(left[0])], inverse[len(left[0]) :]


def _rank(ordered: Ints) -> Ints:
    """The place of each value among its equals."""
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    return np.arange(len(ordered)) - np.repeat(first, np.diff(np.append(first, len(ordered))))


def placed(spans: Spans) -> list[Ints]:
    """A span as a key: where it starts, and how long it is."""
    return [spans.start, spans.end - spans.start]


def pair_spans(gold: Spans, predicted: Spans, gold_type: Ints, predicted_type: Ints) -> Pairs:
    """The pairs of a layer of single spans; types are codes that mean the same on both sides."""
    exact = same_keys([*placed(gold), gold_type], [*placed(predicted), predicted_type])
    g, p = _left_over(exact, len(gold.start), len(predicted.start))
    some = Spans(gold.start[g], gold.end[g]), Spans(predicted.start[p], predicted.end[p])
    alike = same_keys(placed(some[0]), placed(some[1]))
    exact = _join(exact, Pairs(g[alike.gold], p[alike.predicted]))
    g, p = _left_over(exact, len(gold.start), len(predicted.start))
    rest_gold, rest_predicted = Spans(gold.start[g], gold.end[g]), Spans(predicted.start[p], predicted.end[p])
    edges = overlaps(rest_gold, rest_predicted)
    total = (rest_gold.end - rest_gold.start)[edges.left] + (rest_predicted.end - rest_predicted.start)[edges.right]
    chosen = assign(edges.left, edges.right, _weight(dice(edges.shared, total)))
    return _join(exact, Pairs(g[edges.left[chosen]], p[edges.right[chosen]]))


def pair_semeval(
    gold: Spans, predicted: Spans, gold_type: Ints, predicted_type: Ints, scheme: str, min_share: float = 0.0
) -> Pairs:
    """The pairs of a SemEval-2013 scheme (`strict`, `exact`, `type`): most credited pairs, then most overlapping pairs.

    `strict` credits equal spans of one type, `exact` equal spans, `type` overlapping spans of one type; `partial` has the pairs
    of `exact`. Spans overlap from one character on, or from `min_share` (0 to 1) of the gold's characters on.
    """
    if scheme == "type":
        return _most_credited(gold, predicted, gold_type, predicted_type, min_share)
    kinds = ([gold_type], [predicted_type]) if scheme == "strict" else ([], [])
    exact = same_keys([*placed(gold), *kinds[0]], [*placed(predicted), *kinds[1]])
    # Items of one key are interchangeable, so credited pairs can be taken first without losing a pair.
    g, p = _left_over(exact, len(gold.start), len(predicted.start))
    rest = Spans(gold.start[g], gold.end[g]), Spans(predicted.start[p], predicted.end[p])
    nothing = np.zeros(len(g), np.int64), np.zeros(len(p), np.int64)
    others = _most_credited(*rest, *nothing, min_share)
    return _join(exact, Pairs(g[others.gold], p[others.predicted]))


def _most_credited(gold: Spans, predicted: Spans, gold_type: Ints, predicted_type: Ints, min_share: float) -> Pairs:
    """Most pairs of one type, then most pairs."""
    edges = overlaps(gold, predicted)
    enough = edges.shared >= min_share * (gold.end - gold.start)[edges.left]
    left, right = edges.left[enough], edges.right[enough]
    most = min(len(gold.start), len(predicted.start)) + 1
    chosen = assign(left, right, np.where(gold_type[left] == predicted_type[right], most, 0) + 1)
    return Pairs(left[chosen], right[chosen])


def dice(shared: Ints, total: Ints) -> Floats:
    """2 · shared / (length of one + length of the other), Dice 1945; NaN where both are empty."""
    with np.errstate(invalid="ignore"):
        return 2.0 * shared / total


def _weight(score: Floats) -> Ints:
    weight: Ints = np.maximum(np.rint(score * DICE_UNIT), 1).astype(np.int64)
    return weight


def _left_over(pairs: Pairs, golds: int, predictions: int) -> tuple[Ints, Ints]:
    free_gold, free_predicted = np.ones(golds, bool), np.ones(predictions, bool)
    free_gold[pairs.gold] = False
    free_predicted[pairs.predicted] = False
    return np.flatnonzero(free_gold), np.flatnonzero(free_predicted)


def _join(one: Pairs, other: Pairs) -> Pairs:
    gold = np.concatenate([one.gold, other.gold])
    order = np.argsort(gold, kind="stable")
    return Pairs(gold[order], np.concatenate([one.predicted, other.predicted])[order])


def codes(gold: pl.Series, predicted: pl.Series) -> tuple[Ints, Ints]:
    """Strings of two sides as codes that mean the same on both; null is a value of its own."""
    strings = pl.concat([gold, predicted])
    values = pl.Enum(strings.drop_nulls().unique().sort())
    both = strings.cast(values).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
    return both[: len(gold)], both[len(gold) :]


def pair_layer(gold: Tables, predicted: Tables, layer: str) -> Pairs:
    """The pairs of `entities` or `figures`."""
    g, p = gold.layer(layer), predicted.layer(layer)
    wide = width(gold, predicted)
    return pair_spans(spans(g, wide), spans(p, wide), *codes(g[TYPE[layer]], p[TYPE[layer]]))


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
    shared = sum((shares.shared[part][eligible] for part in MATCHED), np.zeros(len(left), np.int64))
    size_gold, size_predicted = _size(gold), _size(predicted)
    score = dice(shared, size_gold[left] + size_predicted[right])
    kind_gold, kind_predicted = codes(gold.attributions["kind"], predicted.attributions["kind"])
    same = np.flatnonzero(score == 1.0)
    exact = same[assign(left[same], right[same], 1 + (kind_gold[left[same]] == kind_predicted[right[same]]).astype(np.int64))]
    free = ~np.isin(left, left[exact]) & ~np.isin(right, right[exact])
    rest = np.flatnonzero(free)
    rest = rest[assign(left[rest], right[rest], _weight(score[rest]))]
    return _join(Pairs(left[exact], right[exact]), Pairs(left[rest], right[rest]))


def lengths(side: Tables, part: str) -> Ints:
    """Characters of a part, per attribution."""
    spans = side.parts.filter(pl.col("part") == part)
    size = column(spans, "end") - column(spans, "start")
    return np.bincount(column(spans, "attribution"), size, len(side.attributions)).astype(np.int64)


def _size(side: Tables) -> Ints:
    total = np.zeros(len(side.attributions), np.int64)
    for part in MATCHED:
        total += lengths(side, part)
    return total


def _part_spans(side: Tables, part: str, wide: int) -> tuple[Spans, Ints]:
    rows = side.parts.filter(pl.col("part") == part)
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
        sizes[part] = np.bincount(inverse, found.shared, len(keys[part])).astype(np.int64)
    every = np.unique(np.concatenate([*keys.values()]))
    shared = {}
    for part in MATCHED:
        shared[part] = np.zeros(len(every), np.int64)
        shared[part][np.searchsorted(every, keys[part])] = sizes[part]
    return Shares(every // factor, every % factor, shared)


def shared_by_pair(gold: Tables, predicted: Tables, gold_rows: Ints, predicted_rows: Ints, part: str) -> Ints:
    """Characters of `part` shared by given rows of attributions, one number a row of the arrays; a row of -1 shares none."""
    wide = width(gold, predicted)
    (g, g_row), (p, p_row) = _part_spans(gold, part, wide), _part_spans(predicted, part, wide)
    factor = max(len(predicted.attributions), 1)
    found = overlaps(g, p)
    key, inverse = np.unique(g_row[found.left] * factor + p_row[found.right], return_inverse=True)
    size = np.bincount(inverse, found.shared, len(key)).astype(np.int64)
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
        whole = over.shared == (figures.end - figures.start)[over.right]
        holder = over.left[whole]
        candidates.append(np.stack([over.right[whole], (held.end - held.start)[holder], -attribution[holder]]))
    figure, size, later = np.concatenate(candidates, axis=1)
    order = np.lexsort((later, size, figure))[::-1]
    found[figure[order]] = -later[order]
    return found


def nested(spans: Spans) -> Ints:
    """Per span the row of the outermost span that properly contains it, -1 where there is none."""
    order = np.lexsort((-spans.end, spans.start))
    start, end = spans.start[order], spans.end[order]
    reach = np.maximum.accumulate(end) if len(end) else end
    before = np.concatenate([[-1], reach[:-1]]) if len(end) else end
    opens = end > before
    opener = np.maximum.accumulate(np.where(opens, np.arange(len(end)), 0)) if len(end) else end
    same = (start == start[opener]) & (end == end[opener])
    outer = np.full(len(end), -1, np.int64)
    outer[order] = np.where(same, -1, order[opener])
    return outer
