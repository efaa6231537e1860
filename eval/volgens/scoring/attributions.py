"""Attributions: their pairs, the characters that their parts share, and which of them claims a figure."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from volgens.scoring.agreement import Agreement
from volgens.scoring.assignment import assign
from volgens.scoring.matching import join, weight
from volgens.scoring.spans import Overlaps, Pairs, Spans, dice, overlaps, shared, spans, width
from volgens.scoring.tables import Tables, column
from volgens.stats.arrays import Ints


class Shares(NamedTuple):
    """Attributions of both sides that overlap somewhere: their rows, and per part the characters they share."""

    gold: Ints
    predicted: Ints
    shared: dict[str, Ints]


MATCHED = ("cue", "content", "source")


def pair_attributions(gold: Tables, predicted: Tables, tolerance: float = 0.0) -> Pairs:
    """The pairs of attributions: by the Dice of cue, content and source together, eligible where cue or content overlap. Those
    without a cue are found by their content.
    """
    shares = _shares(gold, predicted)
    eligible = (shares.shared["cue"] > 0) | (shares.shared["content"] > 0)
    left, right = shares.gold[eligible], shares.predicted[eligible]
    common = sum((shares.shared[part][eligible] for part in MATCHED), np.zeros(len(left), np.int64))
    size_gold, size_predicted = _size(gold), _size(predicted)
    score = dice(common, size_gold[left] + size_predicted[right])
    agree = Agreement.of(gold, predicted, "attributions", tolerance).levels(Overlaps(left, right))
    same = np.flatnonzero(score == 1.0)
    exact = same[assign(left[same], right[same], np.ones(len(same), np.int64), *(level[same] for level in agree))]
    free = ~np.isin(left, left[exact]) & ~np.isin(right, right[exact])
    rest = np.flatnonzero(free)
    rest = rest[assign(left[rest], right[rest], weight(score[rest]), *(level[rest] for level in agree))]
    return join(Pairs(left[exact], right[exact]), Pairs(left[rest], right[rest]))


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
