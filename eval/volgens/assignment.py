"""Maximum-weight bipartite assignment over many small tangles at once: exact, and independent of the order of the input.

Edges that stand alone are taken as they are, stars by their best edge, small tangles (up to `SMALL` nodes on one side) by dynamic
programming over subsets, batched over all tangles of one shape, and the rest one by one with the Hungarian method
(Kuhn 1955, in the shortest-augmenting-path form of Jonker and Volgenant 1987).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from volgens.arrays import Ints

SMALL = 8
SPICE = 1021
"""The last tie-breaker is a number below this per pair of ranks, the same for both directions."""

BATCH = 1 << 22
"""Cells of the table of subsets that a batch may hold."""


class Edges(NamedTuple):
    """Edges of tangles: the tangle, the ranks of both ends within it (in the order of their rows), the weight, the edge's
    number.
    """

    tangle: Ints
    left: Ints
    right: Ints
    weight: Ints
    edge: Ints

    def take(self, keep: Any) -> Edges:
        return Edges(*(values[keep] for values in self))


def assign(left: Ints, right: Ints, weight: Ints) -> Ints:
    """Choose edges, each node in at most one of them, so that their total weight is the largest.

    `left` and `right` are node numbers (0 or more), `weight` positive integers; no edge twice. Returns the sorted indices
    of the chosen edges. Of assignments of equal weight the one with the lower node numbers wins; which side is called left
    decides only where assignments mirror each other.
    """
    if not len(left):
        return np.empty(0, np.int64)
    alone = (np.bincount(left)[left] == 1) & (np.bincount(right)[right] == 1)
    rest = np.flatnonzero(~alone)
    if not len(rest):
        return np.flatnonzero(alone)
    edges = _tangles(left[rest], right[rest], weight[rest], rest)
    rows, columns = _sizes(edges.tangle, edges.left), _sizes(edges.tangle, edges.right)
    edges = _lay(edges, rows, columns)
    rows, columns = np.maximum(rows, columns), np.minimum(rows, columns)
    chosen = [np.flatnonzero(alone), _stars(edges.take(columns[edges.tangle] == 1))]
    for n, m in np.unique(np.stack([rows, columns], 1)[columns > 1], axis=0).tolist():
        here = edges.take((rows[edges.tangle] == n) & (columns[edges.tangle] == m))
        chosen.append(_subsets(here, n, m) if m <= SMALL else _one_by_one(here, n, m))
    return np.sort(np.concatenate(chosen))


def _tangles(left: Ints, right: Ints, weight: Ints, index: Ints) -> Edges:
    """Connected components by spreading the smallest label, then ranks within each."""
    left, right = np.unique(left, return_inverse=True)[1], np.unique(right, return_inverse=True)[1]
    label = np.arange(left.max() + 1)
    while True:
        of_right = np.full(right.max() + 1, len(label))
        np.minimum.at(of_right, right, label[left])
        spread = label.copy()
        np.minimum.at(spread, left, of_right[right])
        if (spread == label).all():
            break
        label = spread
    tangle = np.unique(label[left], return_inverse=True)[1]
    return Edges(tangle, _ranks(tangle, left), _ranks(tangle, right), weight, index)


def _ranks(tangle: Ints, node: Ints) -> Ints:
    nodes, inverse = np.unique(tangle * (node.max() + 1) + node, return_inverse=True)
    owner = nodes // (node.max() + 1)
    first = np.searchsorted(owner, owner, side="left")
    ranks: Ints = (np.arange(len(nodes)) - first)[inverse]
    return ranks


def _sizes(tangle: Ints, rank: Ints) -> Ints:
    size = np.zeros(tangle.max() + 1, np.int64)
    np.maximum.at(size, tangle, rank + 1)
    return size


def _lay(edges: Edges, rows: Ints, columns: Ints) -> Edges:
    """Weights that decide ties (lower ranks first, then like with like), and the larger side of each tangle as its rows."""
    n, m = rows[edges.tangle], columns[edges.tangle]
    bonus = (n - 1 - edges.left) + (m - 1 - edges.right)
    kinship = edges.left * edges.right
    low, high = np.minimum(edges.left, edges.right), np.maximum(edges.left, edges.right)
    spice = (low * 7919 + high * 104729 + low * high * 31) % SPICE
    most = np.minimum(n, m)
    grain = SPICE * most + 1
    unit = (n * m * most + 1) * grain
    room = unit * ((n + m) * most + 1)
    wide = bool((room.astype(float) * edges.weight * most).max() > 2.0**62)
    weight = edges.weight.astype(object) if wide else edges.weight
    laid = weight * room + bonus * unit + kinship * grain + spice
    swap = n < m
    return edges._replace(
        left=np.where(swap, edges.right, edges.left), right=np.where(swap, edges.left, edges.right), weight=laid
    )


def _stars(edges: Edges) -> Ints:
    if not len(edges.tangle):
        return edges.edge
    order = np.lexsort((edges.weight, edges.tangle))
    last = np.append(np.flatnonzero(np.diff(edges.tangle[order])), len(order) - 1)
    best: Ints = edges.edge[order[last]]
    return best


def _subsets(edges: Edges, n: int, m: int) -> Ints:
    """All tangles of `n` rows and `m` columns: the best total over each subset of columns, row by row, then back."""
    tangles, edge_tangle = np.unique(edges.tangle, return_inverse=True)
    step = max(1, BATCH // (n << m))
    chosen = []
    for begin in range(0, len(tangles), step):
        here = (edge_tangle >= begin) & (edge_tangle < begin + step)
        part = edges.take(here)._replace(tangle=edge_tangle[here] - begin)
        chosen.append(_batch(part, min(step, len(tangles) - begin), n, m))
    return np.concatenate(chosen)


def _batch(edges: Edges, count: int, n: int, m: int) -> Ints:
    weight = np.zeros((n, m, count), edges.weight.dtype)
    index = np.full((n, m, count), -1, np.int64)
    weight[edges.left, edges.right, edges.tangle] = edges.weight
    index[edges.left, edges.right, edges.tangle] = edges.edge
    subsets = np.arange(1 << m)
    best = np.zeros((1 << m, count), edges.weight.dtype)
    choice = np.full((n, 1 << m, count), -1, np.int8)
    for row in range(n):
        before = best.copy()
        for column in range(m):
            having = subsets[(subsets >> column) & 1 == 1]
            offer = before[having ^ (1 << column)] + weight[row, column]
            better = (offer > best[having]) & (weight[row, column] > 0)
            best[having] = np.where(better, offer, best[having])
            choice[row, having] = np.where(better, column, choice[row, having])
    every = np.arange(count)
    state = np.full(count, (1 << m) - 1)
    found = []
    for row in reversed(range(n)):
        column = choice[row, state, every].astype(np.int64)
        taken = column >= 0
        found.append(index[row, column[taken], every[taken]])
        state[taken] ^= 1 << column[taken]
    return np.concatenate(found)


def _one_by_one(edges: Edges, n: int, m: int) -> Ints:
    chosen = []
    for tangle in np.unique(edges.tangle).tolist():
        here = edges.take(edges.tangle == tangle)
        weight = np.zeros((m, n), edges.weight.dtype)
        index = np.full((m, n), -1, np.int64)
        weight[here.right, here.left] = here.weight
        index[here.right, here.left] = here.edge
        columns = hungarian(weight)
        picked = index[np.arange(m), columns]
        chosen.append(picked[picked >= 0])
    return np.concatenate(chosen)


def hungarian(weight: np.ndarray[Any, Any]) -> Ints:
    """For each row of a non-negative (rows ≤ columns) integer matrix its column, so that the total is the largest."""
    rows, columns = weight.shape
    cost = weight.max() - weight
    huge = (int(weight.max()) + 1) * (rows + 1)
    price_row, price = np.zeros(rows + 1, cost.dtype), np.zeros(columns + 1, cost.dtype)
    owner = np.full(columns + 1, rows)
    for row in range(rows):
        owner[columns] = row
        at, slack, back = columns, np.full(columns, huge, cost.dtype), np.full(columns, columns)
        done = np.zeros(columns + 1, bool)
        while owner[at] != rows:
            done[at] = True
            here = owner[at]
            open_ = ~done[:columns]
            reduced = cost[here] - price_row[here] - price[:columns]
            closer = open_ & (reduced < slack)
            slack[closer], back[closer] = reduced[closer], at
            following = int(np.argmin(np.where(open_, slack, huge)))
            delta = slack[following]
            price_row[owner[done]] += delta
            price[done] -= delta
            slack[open_] -= delta
            at = following
        while at != columns:
            owner[at] = owner[back[at]]
            at = int(back[at])
    found = np.empty(rows, np.int64)
    for column in range(columns):
        if owner[column] != rows:
            found[owner[column]] = column
    return found
