"""Maximum-weight bipartite assignment over many small connected components at once: exact, whatever the order of the input.

Edges that stand alone are taken as they are, larger components are settled by the Hungarian method (Kuhn 1955, in the
shortest-augmenting-path form of Jonker and Volgenant 1987), all components of one shape at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from volgens.stats.arrays import Bools, Ints

SPICE = 61
"""The last tie-breaker is a number below this per pair of ranks, the same for both directions."""

LARGE = 1 << 12
"""From so many pairs of ranks on, the sum of the ranks is the only tie-breaker, so that weights stay small enough to be fast."""

BATCH = 1 << 20
"""Cells of the weights that a batch may hold."""


class Edges(NamedTuple):
    """Edges of components: the component, the ranks of both ends within it (in the order of their numbers), and the number of the
    edge.
    """

    component: Ints
    left: Ints
    right: Ints
    edge: Ints

    def take(self, keep: Any) -> Edges:
        return Edges(*(values[keep] for values in self))

    def turned(self, which: Bools) -> Edges:
        """Left and right exchanged in some, so that the smaller side of each component is its rows."""
        left, right = np.where(which, self.right, self.left), np.where(which, self.left, self.right)
        return self._replace(left=left, right=right)


def assign(left: Ints, right: Ints, *levels: Ints) -> Ints:
    """Choose edges, each node in at most one of them, so that the total of the first level is the largest, of those choices
    that of the second level, and so on.

    `left` and `right` are node numbers (0 or more), a level has a number of 0 or more per edge, and every edge has one above 0;
    no edge twice. Returns the sorted indices of the chosen edges. Where all totals are equal the lower node numbers win; which
    side is called left decides only where assignments mirror each other.
    """
    if not len(left):
        return np.empty(0, np.int64)
    alone = (np.bincount(left)[left] == 1) & (np.bincount(right)[right] == 1)
    rest = np.flatnonzero(~alone)
    if not len(rest):
        return np.flatnonzero(alone)
    edges = Edges(*_components(left[rest], right[rest]), rest)
    rows, columns = _sizes(edges.component, edges.left), _sizes(edges.component, edges.right)
    edges = edges.turned((rows > columns)[edges.component])
    shapes, shape = np.unique(np.sort(np.stack([rows, columns], axis=1), axis=1), axis=0, return_inverse=True)
    shape = shape.reshape(-1)
    of_edge, within = shape[edges.component], _rank_within(shape)
    order = np.argsort(of_edge.astype(np.min_scalar_type(len(shapes))), kind="stable")
    edges = edges._replace(component=within[edges.component]).take(order)
    chosen, begin = [np.flatnonzero(alone)], 0
    for (n, m), end in zip(shapes.tolist(), np.cumsum(np.bincount(of_edge)).tolist(), strict=True):
        chosen.append(_of_one_shape(edges.take(slice(begin, end)), levels, n, m))
        begin = end
    return np.sort(np.concatenate(chosen))


def _components(left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """Connected components by spreading the smallest label; per edge its component and the ranks of its ends."""
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
    return number[label[left]], _ranks(number[label], left), _ranks(number[of_right], right)


def _ranks(component: Ints, node: Ints) -> Ints:
    """The rank of each node among those of its component; `component` is per node number."""
    nodes = np.flatnonzero(np.bincount(node))
    ranks = np.empty(len(component), np.int64)
    ranks[nodes] = _rank_within(component[nodes])
    return ranks[node]


def _rank_within(group: Ints) -> Ints:
    """The rank of each element among those of its group."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    ranks = np.empty(len(group), np.int64)
    ranks[order] = np.arange(len(group)) - np.searchsorted(ordered, ordered, side="left")
    return ranks


def _sizes(component: Ints, rank: Ints) -> Ints:
    size = np.zeros(component.max() + 1, np.int64)
    np.maximum.at(size, component, rank + 1)
    return size


def _of_one_shape(edges: Edges, levels: Sequence[Ints], n: int, m: int) -> Ints:
    """All components of `n` rows and `m` columns, numbered from 0, as many at a time as a batch holds."""
    ties, room = _ties(n, m)
    laid = _folded([level[edges.edge] for level in levels], n, room) + ties[edges.left, edges.right]
    step = max(1, BATCH // (n * m))
    chosen = []
    for begin in range(0, int(edges.component.max()) + 1, step):
        here = np.flatnonzero((edges.component >= begin) & (edges.component < begin + step))
        place = edges.component[here] - begin, edges.left[here], edges.right[here]
        shape = int(place[0].max()) + 1, n, m
        matrix, index = np.zeros(shape, laid.dtype), np.full(shape, -1)
        matrix[place], index[place] = laid[here], edges.edge[here]
        picked = np.take_along_axis(index, hungarian(matrix)[:, :, None], axis=2)
        chosen.append(picked[picked >= 0])
    return np.concatenate(chosen)


def _folded(levels: Sequence[Ints], n: int, room: int) -> np.ndarray[Any, Any]:
    """One weight per edge of a component of `n` rows: a unit of a level is more than all that the levels behind it can sum to,
    and a unit of the last one `room`. Python's own integers where 62 bits are too few.
    """
    tops = [int(level.max()) for level in levels]
    units = [room]
    for top in reversed(tops[1:]):
        units.append(units[-1] * (n * top + 1))
    kind = object if units[-1] * (n * tops[0] + 1) > 1 << 62 else np.int64
    folded: np.ndarray[Any, Any] = np.zeros(len(levels[0]), kind)
    for level, unit in zip(levels, reversed(units), strict=True):
        folded += level.astype(kind) * unit
    return folded


def _ties(n: int, m: int) -> tuple[Ints, int]:
    """A number per pair of ranks that decides between assignments of equal weight (lower ranks first, then like with like), and
    the factor that keeps weights above every sum of them.
    """
    left, right = np.indices((n, m))
    bonus = (n - 1 - left) + (m - 1 - right)
    if n * m > LARGE:
        return bonus, (n + m - 2) * n + 1
    low, high = np.minimum(left, right), np.maximum(left, right)
    spice = (low * 7919 + high * 104729 + low * high * 31) % SPICE
    grain = SPICE * n + 1
    unit = ((n - 1) * (m - 1) * n + 1) * grain
    return bonus * unit + left * right * grain + spice, unit * ((n + m - 2) * n + 1)


def hungarian(weight: np.ndarray[Any, Any]) -> Ints:
    """For each row of many non-negative integer matrices its column, so that the total of each matrix is the largest.

    `weight` is (matrices, rows, columns) with rows ≤ columns; the result (matrices, rows). Rows whose best column is free
    take it; the others are placed one after another.
    """
    matrices, rows, columns = weight.shape
    cost = weight.max(axis=(1, 2), keepdims=True) - weight
    price_row, price = np.zeros((matrices, rows + 1), cost.dtype), np.zeros((matrices, columns + 1), cost.dtype)
    owner = np.full((matrices, columns + 1), rows)
    cheapest, price_row[:, :rows] = cost.argmin(axis=2), cost.min(axis=2)
    left = np.ones((rows, matrices), bool)
    for row in range(rows):
        left[row] = owner[np.arange(matrices), cheapest[:, row]] != rows
        owner[~left[row], cheapest[~left[row], row]] = row
    huge = (cost.max() + 1) * (rows + 1)
    for row in range(rows):
        owner[left[row], columns] = row
        _augment(np.flatnonzero(left[row]), cost, price_row, price, owner, huge)
    matrix, column = np.nonzero(owner[:, :columns] != rows)
    found = np.empty((matrices, rows), np.int64)
    found[matrix, owner[matrix, column]] = column
    return found


def _augment(
    which: Ints, cost: np.ndarray[Any, Any], price_row: np.ndarray[Any, Any], price: np.ndarray[Any, Any], owner: Ints, huge: Any
) -> None:
    """Give the row that `owner` names in its last place a column, along the cheapest path of changes, in some matrices. `huge` is
    more than any path costs.
    """
    rows, columns = cost.shape[1:]
    slack, back = np.full((len(which), columns), huge, cost.dtype), np.full((len(which), columns), columns)
    done = np.zeros((len(which), columns + 1), bool)
    path, last = np.empty((len(which), columns), np.int64), np.empty(len(which), np.int64)
    going, here = np.arange(len(which)), np.full(len(which), columns)
    while len(going):
        each, these = np.arange(len(going)), which[going]
        done[each, here] = True
        reached, open_ = owner[these, here], ~done[:, :columns]
        reduced = cost[these, reached] - price_row[these, reached][:, None] - price[these, :columns]
        closer = open_ & (reduced < slack)
        np.copyto(slack, reduced, where=closer)
        np.copyto(back, here[:, None], where=closer)
        here = np.where(open_, slack, huge).argmin(axis=1)
        delta = slack[each, here][:, None]
        step = np.where(done, delta, 0)
        price_row[these[:, None], owner[these]] += step
        price[these] -= step
        slack -= delta
        ends = owner[these, here] == rows
        if ends.any():
            path[going[ends]], last[going[ends]] = back[ends], here[ends]
            going, here, slack, back, done = (some[~ends] for some in (going, here, slack, back, done))
    going = np.arange(len(which))
    while len(going):
        these, before = which[going], path[going, last[going]]
        owner[these, last[going]] = owner[these, before]
        last[going] = before
        going = going[before != columns]
