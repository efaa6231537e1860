"""Two or more systems on the same documents: differences, their intervals, a paired test, and the ranks that the data allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.scorecard import Scorecard
from volgens.stats.arrays import Floats
from volgens.stats.uncertainty import (
    PERMUTATIONS,
    REPLICATES,
    Interval,
    influence,
    method,
    replicate_sums,
    spread,
    student_t,
    swaps,
)

SAME = ("gold", "documents", "view", "matching", "tolerance", "volgens")
"""The parts of a signature that must be equal for two scores to stand in one table."""

LEVEL = 0.05


class Difference(NamedTuple):
    """`b` against `a` on one measure: F1 of b less that of a, its 95 % interval, p (two-sided) and p after Holm over the measures
    of this pair; documents on which b is better, equal and worse. `p` is None where the measure is undefined for either; the
    documents are None where a corpus was scored in batches."""

    a: str
    b: str
    measure: str
    difference: float | None
    interval: Interval | None
    p: float | None
    p_holm: float | None
    win: int | None
    tie: int | None
    loss: int | None


@dataclass(frozen=True)
class Comparison:
    """`measures` are those that two systems or more attempt, and `differences` has each pair's on the measures of both.
    `ranks[measure][system]` is the range of ranks that significant differences (Holm, 5 %) leave among the systems that attempt
    the measure: (best, worst). `not_compared`: the other measures asked for, with the one system that attempts it, or None.
    `smallest_p` is the smallest p that the test can give on so many pages.
    """

    cards: Mapping[str, Scorecard]
    measures: tuple[str, ...]
    differences: tuple[Difference, ...]
    ranks: Mapping[str, Mapping[str, tuple[int, int]]]
    interval: str
    test: str
    not_compared: Mapping[str, str | None]
    smallest_p: float

    @property
    def strangers(self) -> list[tuple[str, str]]:
        """Pairs of systems that attempt no measure in common."""
        met = {(d.a, d.b) for d in self.differences}
        return [pair for pair in combinations(self.cards, 2) if pair not in met]


def compare(cards: Mapping[str, Scorecard], measures: Sequence[str], *, seed: int = 0) -> Comparison:
    """Compare scorecards of the same gold. Raises `ProblemsFound` where their signatures do not allow it, naming what differs."""
    names = list(cards)
    differing = [p for name in names[1:] for p in incomparable(names[0], cards[names[0]], name, cards[name])]
    if differing:
        raise ProblemsFound(differing)
    attempting = {m: [name for name in names if m in cards[name].cells] for m in measures}
    shared = tuple(m for m, some in attempting.items() if len(some) > 1)
    differences = [d for a, b in combinations(names, 2) for d in _pair(a, cards[a], b, cards[b], shared, seed)]
    pages = len(cards[names[0]].pages)
    exact = pages < 63 and 1 << pages <= PERMUTATIONS
    return Comparison(
        cards=cards,
        measures=shared,
        differences=tuple(differences),
        ranks={m: _ranks(some, [d for d in differences if d.measure == m]) for m, some in attempting.items() if some},
        interval=method(pages).replace("logit-t", "t"),
        test=f"paired randomisation over {pages} pages, "
        + (f"all {1 << pages} swaps" if exact else f"{PERMUTATIONS} swaps, seed {seed}"),
        not_compared={m: some[0] if some else None for m, some in attempting.items() if len(some) < 2},
        smallest_p=min(1.0, 2 / (1 << pages)) if exact else 1 / (1 + PERMUTATIONS),
    )


def refuse_nothing(found: Comparison) -> None:
    """Raise `ProblemsFound` where no measure is attempted by two systems, with who attempts what."""
    if not found.measures:
        said = "; ".join(f"{m}: {name or 'no system'}" for m, name in found.not_compared.items())
        message = f"no measure is attempted by two of the systems ({said})"
        hint = "Compare systems that share a layer, or name other measures."
        raise ProblemsFound([Problem(Where(), "nothing-to-compare", message, hint)])


def incomparable(one: str, a: Scorecard, other: str, b: Scorecard) -> list[Problem]:
    """The parts of two signatures that keep the scores out of one table."""
    return [
        Problem(
            Where(field=part),
            "not-comparable",
            f"{one} has {a.signature.get(part)!r}, {other} has {b.signature.get(part)!r}",
            "Score both against the same gold, with the same settings and the same version.",
        )
        for part in SAME
        if a.signature.get(part) != b.signature.get(part)
    ]


def _pair(a: str, one: Scorecard, b: str, other: Scorecard, measures: Sequence[str], seed: int) -> list[Difference]:
    rows = [difference(a, one, b, other, m, seed) for m in measures if m in one.cells and m in other.cells]
    adjusted = iter(holm([row.p for row in rows if row.p is not None]))
    return [row._replace(p_holm=None if row.p is None else next(adjusted)) for row in rows]


def difference(a: str, one: Scorecard, b: str, other: Scorecard, measure: str, seed: int = 0) -> Difference:
    """`b` against `a` on a measure that both attempt, without an adjustment for others."""
    kept = one.matched is not None and other.matched is not None
    win, tie, loss = _documents(one.by_document(measure), other.by_document(measure)) if kept else (None, None, None)
    x, y = one.by_page[measure], other.by_page[measure]
    if one[measure].f1 is None or other[measure].f1 is None:
        return Difference(a, b, measure, None, None, None, None, win, tie, loss)
    return Difference(
        a, b, measure, float(f1(y.sum(axis=0)) - f1(x.sum(axis=0))), _interval(x, y, one.pages, seed),
        p_value(x, y, one.pages, seed), None, win, tie, loss,
    )  # fmt: skip


def f1(sums: Floats) -> Floats:
    """2 · tp / (predicted + gold) of (…, 3 or more) sums; NaN where the denominator is 0."""
    with np.errstate(invalid="ignore"):
        score: Floats = 2 * sums[..., 0] / (sums[..., 1] + sums[..., 2])
    return score


def _interval(x: Floats, y: Floats, pages: Sequence[str], seed: int) -> Interval | None:
    if len(pages) < 2:
        return None
    if method(len(pages)) == "percentile":
        sums = replicate_sums(np.concatenate([x[:, :3], y[:, :3]], axis=1), pages, seed, REPLICATES)
        low, high = np.nanquantile(f1(sums[:, 3:]) - f1(sums[:, :3]), [0.025, 0.975])
        return Interval(float(low), float(high))
    parts = [influence(side[:, 0], (side[:, 1] + side[:, 2]) / 2) for side in (x, y)]
    centre = float(f1(y.sum(axis=0)) - f1(x.sum(axis=0)))
    reach = student_t(0.975, len(pages) - 1) * spread(parts[1] - parts[0])
    return Interval(max(centre - reach, -1.0), min(centre + reach, 1.0))


def p_value(x: Floats, y: Floats, pages: Sequence[str], seed: int) -> float:
    """Two-sided p of the paired randomisation test: the two systems' pages are swapped, all ways or at random.

    With random swaps p = (1 + as large) / (1 + swaps) (Davison and Hinkley 1997), so it is never 0.
    """
    swapped = swaps(pages, seed, PERMUTATIONS)
    moved = swapped @ (y - x)[:, :3]
    observed = abs(float(f1(y.sum(axis=0)) - f1(x.sum(axis=0))))
    found = np.abs(f1(y[:, :3].sum(axis=0) - moved) - f1(x[:, :3].sum(axis=0) + moved))
    as_large = int((np.nan_to_num(found, nan=0.0) >= observed - 1e-12).sum())
    return as_large / len(swapped) if len(swapped) < PERMUTATIONS else (1 + as_large) / (1 + len(swapped))


def holm(p: Sequence[float]) -> list[float]:
    """p-values adjusted by the step-down method of Holm 1979, in the order given."""
    adjusted, largest = [0.0] * len(p), 0.0
    for rank, n in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        largest = max(largest, min(1.0, (len(p) - rank) * p[n]))
        adjusted[n] = largest
    return adjusted


def _documents(x: Floats, y: Floats) -> tuple[int, int, int]:
    a, b = np.nan_to_num(f1(x), nan=1.0), np.nan_to_num(f1(y), nan=1.0)
    return int((b > a).sum()), int((b == a).sum()), int((b < a).sum())


def _ranks(names: Sequence[str], differences: Sequence[Difference]) -> dict[str, tuple[int, int]]:
    better = dict.fromkeys(names, 0)
    worse = dict.fromkeys(names, 0)
    for d in differences:
        if d.p_holm is not None and d.difference and d.p_holm < LEVEL:
            winner, loser = (d.b, d.a) if d.difference > 0 else (d.a, d.b)
            worse[winner] += 1
            better[loser] += 1
    return {name: (1 + better[name], len(names) - worse[name]) for name in names}
