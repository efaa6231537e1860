"""Maximum-weight bipartite assignment over many small tangles at once: exact, and independent of the order of the input.

Edges that stand alone are taken as they are, stars by their best edge, and all other tangles with the Hungarian method
(Kuhn 1955, in the shortest-augmenting-path form of Jonker and Volgenant 1987), all tangles of one shape at a time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from volgens.arrays import Ints

SPICE = 1021
"""The last tie-breaker is a number below this per pair of ranks, the same for both directions."""

BATCH = 1 << 20
"""Cells of the weights that a batch may hold."""


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
    rows, columns = np.minimum(rows, columns), np.maximum(rows, columns)
    chosen = [np.flatnonzero(alone), _stars(edges.take(rows[edges.tangle] == 1))]
    shapes, shape = np.unique(rows * (columns.max() + 1) + columns, return_inverse=True)
    of_edge = shape[edges.tangle]
    order = np.argsort(of_edge, kind="stable")
    edges, ends = edges.take(order), np.cumsum(np.bincount(of_edge))
    for key, begin, end in zip(shapes.tolist(), [0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        n, m = divmod(key, int(columns.max()) + 1)
        if n > 1:
            chosen.append(_of_one_shape(edges.take(slice(begin, end)), n, m))
    return np.sort(np.concatenate(chosen))


def _tangles(left: Ints, right: Ints, weight: Ints, index: Ints) -> Edges:
    """Connected components by spreading the smallest label, then ranks within each."""
    label = np.arange(left.max() + 1)
    while True:
        of_right = np.full(right.max() + 1, len(label) - 1)
        np.minimum.at(of_right, right, label[left])
        spread = label.copy()
        np.minimum.at(spread, left, of_right[right])
        if (spread == label).all():
            break
        label = spread
    number = np.cumsum(np.bincount(label[left], minlength=len(label)) > 0) - 1
    tangle = number[label[left]]
    return Edges(tangle, _ranks(number[label], left), _ranks(number[of_right], right), weight, index)


def _ranks(tangle: Ints, node: Ints) -> Ints:
    """The rank of each node among those of its tangle; `tangle` is per node number."""
    nodes = np.flatnonzero(np.bincount(node))
    order = np.argsort(tangle[nodes], kind="stable")
    owner = tangle[nodes][order]
    ranks = np.empty(len(tangle), np.int64)
    ranks[nodes[order]] = np.arange(len(nodes)) - np.searchsorted(owner, owner, side="left")
    return ranks[node]


def _sizes(tangle: Ints, rank: Ints) -> Ints:
    size = np.zeros(tangle.max() + 1, np.int64)
    np.maximum.at(size, tangle, rank + 1)
    return size


def _lay(edges: Edges, rows: Ints, columns: Ints) -> Edges:
    """Weights that decide ties (lower ranks first, then like with like), and the smaller side of each tangle as its rows."""
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
    swap = n > m
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


def _of_one_shape(edges: Edges, n: int, m: int) -> Ints:
    """All tangles of `n` rows and `m` columns, as many at a time as a batch holds."""
    tangles, edge_tangle = np.unique(edges.tangle, return_inverse=True)
    step = max(1, BATCH // (n * m))
    chosen = []
    for begin in range(0, len(tangles), step):
        here = edges.take((edge_tangle >= begin) & (edge_tangle < begin + step))
        shape = min(step, len(tangles) - begin), n, m
        place = edge_tangle[(edge_tangle >= begin) & (edge_tangle < begin + step)] - begin, here.left, here.right
        weight, index = np.zeros(shape, edges.weight.dtype), np.full(shape, -1)
        weight[place], index[place] = here.weight, here.edge
        picked = np.take_along_axis(index, hungarian(weight)[:, :, None], axis=2)
        chosen.append(picked[picked >= 0])
    return np.concatenate(chosen)


def hungarian(weight: np.ndarray[Any, Any]) -> Ints:
    """For each row of many non-negative integer matrices its column, so that the total of each matrix is the largest.

    `weight` is (matrices, rows, columns) with rows ≤ columns; the result (matrices, rows).
    """
    matrices, rows, columns = weight.shape
    cost = weight.max(axis=(1, 2), keepdims=True) - weight
    price_row, price = np.zeros((matrices, rows + 1), cost.dtype), np.zeros((matrices, columns + 1), cost.dtype)
    owner = np.full((matrices, columns + 1), rows)
    for row in range(rows):
        owner[:, columns] = row
        _augment(cost, price_row, price, owner)
    matrix, column = np.nonzero(owner[:, :columns] != rows)
    found = np.empty((matrices, rows), np.int64)
    found[matrix, owner[matrix, column]] = column
    return found


def _augment(cost: np.ndarray[Any, Any], price_row: np.ndarray[Any, Any], price: np.ndarray[Any, Any], owner: Ints) -> None:
    """Give the row that `owner` names in its last place a column, along the cheapest path of changes, in every matrix."""
    matrices, rows, columns = cost.shape
    huge = (cost.max() + 1) * (rows + 1)
    slack, back = np.full((matrices, columns), huge, cost.dtype), np.full((matrices, columns), columns)
    done = np.zeros((matrices, columns + 1), bool)
    at = np.full(matrices, columns)
    going = np.arange(matrices)
    while len(going):
        here = at[going]
        done[going, here] = True
        reached, closed = owner[going, here], done[going]
        reduced = cost[going, reached] - price_row[going, reached][:, None] - price[going, :columns]
        closer = ~closed[:, :columns] & (reduced < slack[going])
        near = np.where(closer, reduced, slack[going])
        back[going] = np.where(closer, here[:, None], back[going])
        following = np.where(closed[:, :columns], huge, near).argmin(axis=1)
        delta = near[np.arange(len(going)), following][:, None]
        price_row[going[:, None], owner[going]] += np.where(closed, delta, 0)
        price[going] -= np.where(closed, delta, 0)
        slack[going] = near - np.where(closed[:, :columns], 0, delta)
        at[going] = following
        going = going[owner[going, following] != rows]
    going = np.arange(matrices)
    while len(going):
        before = back[going, at[going]]
        owner[going, at[going]] = owner[going, before]
        at[going] = before
        going = going[before != columns]
