"""Intervals and tests from counts per page, the unit of resampling.

Weights and signs are pure functions of (seed, page id, replicate): the same in one pass or in batches, in any order, on any
machine; sums of replicates over parts of a corpus add up. Bootstrap: Poisson weights (Hanley and MacGibbon 2006; Chamandy et al.
2012), percentile intervals. Where pages are few: the linearised ratio (delta method) on the logit scale with Student's t over
pages (Cochran 1977, ch. 6), and Wilson's interval (1927) where every page agrees. Test: paired randomisation over pages (Yeh
2000).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from volgens.stats.arrays import Floats, Ints, Words, blocks

REPLICATES = 1_000
PERMUTATIONS = 10_000
MANY_PAGES = 300
"""From here on percentile intervals are reliable; below, the t interval of the linearised ratio is used, and said."""

BUCKETS = 1 << 12
BLOCK = 1 << 10
LANES = 4
"""Each 64-bit word of the generator gives four 16-bit draws."""


class Interval(NamedTuple):
    """A 95 % interval."""

    low: float
    high: float


class Intervals(NamedTuple):
    """Of precision, recall and F1; None where the score is undefined or there is one page only."""

    precision: Interval | None
    recall: Interval | None
    f1: Interval | None


SCORES = {"precision": (1.0, 0.0), "recall": (0.0, 1.0), "f1": (0.5, 0.5)}
"""Each score is tp over a mixture of predicted and gold items."""


def method(pages: int, how: str = "auto") -> str:
    """The name of the interval that `intervals` uses: `percentile` or `logit-t`."""
    return ("percentile" if pages >= MANY_PAGES else "logit-t") if how == "auto" else how


def intervals(
    by_page: Mapping[str, Floats], pages: Sequence[str], *, how: str = "auto", seed: int = 0, replicates: int = REPLICATES
) -> dict[str, Intervals]:
    """A 95 % interval for each score of each cell; `by_page[name]` has one row a page: tp, predicted, gold (and more, unused)."""
    if method(len(pages), how) == "logit-t":
        return {name: Intervals(*(_logit_t(*_ratio(counts, mix)) for mix in SCORES.values())) for name, counts in by_page.items()}
    stacked = np.concatenate([counts[:, :3] for counts in by_page.values()], axis=1) if by_page else np.empty((len(pages), 0))
    sums = replicate_sums(stacked, pages, seed, replicates).reshape(replicates, -1, 3)
    return {name: Intervals(*(_percentile(sums[:, n], mix) for mix in SCORES.values())) for n, name in enumerate(by_page)}


def _ratio(counts: Floats, mix: tuple[float, float]) -> tuple[Floats, Floats]:
    """Numerator and denominator per page."""
    return counts[:, 0], mix[0] * counts[:, 1] + mix[1] * counts[:, 2]


def _percentile(sums: Floats, mix: tuple[float, float]) -> Interval | None:
    above, below = _ratio(sums, mix)
    defined = below > 0
    if 2 * defined.sum() < len(below):
        return None
    low, high = np.quantile(above[defined] / below[defined], [0.025, 0.975])
    return Interval(float(low), float(high))


def influence(above: Floats, below: Floats) -> Floats:
    """What each page adds to the error of the ratio of sums: (a - R·b) / Σb."""
    total: float = below.sum()
    part: Floats = (above - above.sum() / total * below) / total
    return part


def spread(values: Floats) -> float:
    """The standard error of a sum over independent pages of influences that sum to 0."""
    n = len(values)
    return math.sqrt(n / (n - 1) * float((values**2).sum()))


def _logit_t(above: Floats, below: Floats) -> Interval | None:
    n, total = len(below), float(below.sum())
    if n < 2 or not total:
        return None
    ratio = float(above.sum()) / total
    error = spread(influence(above, below))
    if not 0 < ratio < 1 or not error:
        return _wilson(ratio, total)
    reach = student_t(0.975, n - 1) * error / (ratio * (1 - ratio))
    centre = math.log(ratio / (1 - ratio))
    return Interval(_expit(centre - reach), _expit(centre + reach))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _wilson(ratio: float, items: float) -> Interval:
    z = NormalDist().inv_cdf(0.975)
    centre = (ratio + z * z / (2 * items)) / (1 + z * z / items)
    reach = z / (1 + z * z / items) * math.sqrt(ratio * (1 - ratio) / items + z * z / (4 * items * items))
    return Interval(0.0 if ratio == 0 else max(centre - reach, 0.0), 1.0 if ratio == 1 else min(centre + reach, 1.0))


def student_t(p: float, df: int) -> float:
    """The quantile of Student's t for p > 1/2 (Hill 1970, algorithm 396; exact for 1 and 2 degrees of freedom)."""
    tail = 2 * (1 - p)
    if df == 1:
        return 1 / math.tan(tail * math.pi / 2)
    if df == 2:
        return math.sqrt(2 / (tail * (2 - tail)) - 2)
    a = 1 / (df - 0.5)
    b = 48 / (a * a)
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * df
    y = (d * tail) ** (2 / df)
    if y > 0.05 + a:
        x = NormalDist().inv_cdf(tail / 2)
        y = x * x
        if df < 5:
            c += 0.3 * (df - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = math.expm1(a * y * y)
    else:
        y = ((1 / (((df + 6) / (df * y) - 0.089 * d - 0.822) * (df + 2) * 3) + 0.5 / (df + 4)) * y - 1) * (df + 1) / (
            df + 2
        ) + 1 / y
    return math.sqrt(df * y)


def page_keys(pages: pl.Series) -> Words:
    """A 64-bit key per page id: tabulation hashing (Zobrist 1970) of its bytes and their places."""
    if not len(pages):
        return np.empty(0, np.uint64)
    lengths = pages.str.len_bytes().to_numpy().astype(np.int64)
    data = np.frombuffer((pages.str.join("").item() or "").encode(), np.uint8)
    starts = np.cumsum(lengths) - lengths
    place = np.arange(len(data)) - np.repeat(starts, lengths)
    tabled = np.append(mix_in_place(((place << 8) + data + 1).view(np.uint64)), np.uint64(0))
    keys = np.add.reduceat(tabled, starts)
    return np.where(lengths > 0, keys, np.uint64(0))


class Units:
    """The units of resampling: the pages themselves, or from more than `BUCKETS` pages on as many buckets of them.

    A bucket is a pure function of the page id, so buckets of parts of a corpus add; with thousands of them an interval does not
    notice, and its cost no longer grows with the corpus.
    """

    def __init__(self, pages: pl.Series, number: int | None = None) -> None:
        self.pages = pages.n_unique() if number is None else number
        self.bucketed = self.pages > BUCKETS
        known = pages.clear() if self.bucketed else pages.unique().sort()
        self.names = [f"bucket {n}" for n in range(BUCKETS)] if self.bucketed else known.to_list()
        self._numbers = pl.DataFrame({"page": known}).with_row_index("unit")

    @classmethod
    def many(cls, pages: int) -> Units:
        """The buckets of so many different pages, more than `BUCKETS`."""
        return cls(pl.Series([], dtype=pl.String), pages)

    def of(self, pages: pl.Series) -> Ints:
        """The unit of each page."""
        if self.bucketed:
            return (page_keys(pages) % np.uint64(BUCKETS)).astype(np.int64)
        numbered = pl.DataFrame({"page": pages}).join(self._numbers, on="page", how="left", maintain_order="left")
        return numbered["unit"].cast(pl.Int64).to_numpy()


def words(keys: Words, seed: int, first: int, count: int, stream: str) -> Words:
    """(pages, count) random words: SplitMix64 (Steele et al. 2014) of page key, seed, stream and word number."""
    root = int.from_bytes(blake2b(f"{stream} {seed}".encode(), digest_size=8).digest(), "little")
    number = np.arange(first, first + count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return mix_in_place(mix(keys ^ np.uint64(root))[:, None] + number[None, :])


def mix(z: Words) -> Words:
    """The finaliser of SplitMix64: every bit of the result depends on every bit of `z`."""
    return mix_in_place(z.copy())


def mix_in_place(z: Words) -> Words:
    """`mix` without a second array, a block at a time."""
    flat = z.reshape(-1)
    for block in blocks(len(flat)):
        part = flat[block]
        part ^= part >> np.uint64(30)
        part *= np.uint64(0xBF58476D1CE4E5B9)
        part ^= part >> np.uint64(27)
        part *= np.uint64(0x94D049BB133111EB)
        part ^= part >> np.uint64(31)
    return z


def _poisson_table() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Poisson(1) by inversion from 16 bits."""
    cumulative, term = [], math.exp(-1)
    total = 0.0
    for k in range(9):
        total += term
        cumulative.append(round(total * (1 << 16)))
        term /= k + 1
    return np.searchsorted(cumulative, np.arange(1 << 16), side="right").astype(np.float32)


POISSON = _poisson_table()


def poisson_weights(pages: Sequence[str], seed: int, replicates: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """(pages, replicates) weights of the bootstrap."""
    drawn = words(page_keys(pl.Series(pages, dtype=pl.String)), seed, 0, -(-replicates // LANES), "poisson")
    weights: np.ndarray[Any, np.dtype[np.float32]] = POISSON[drawn.astype("<u8").view("<u2")[:, :replicates]]
    return weights


def replicate_sums(counts: Floats, pages: Sequence[str], seed: int = 0, replicates: int = REPLICATES) -> Floats:
    """(replicates, columns): the sums of (pages, columns) counts under each replicate's weights. Sums over parts of a corpus
    add.
    """
    sums = np.zeros((replicates, counts.shape[1]))
    exact_in_single = float(counts.max(initial=0)) * 9 * BLOCK < 1 << 24 and bool((counts == np.rint(counts)).all())
    kind = np.float32 if exact_in_single else np.float64
    for begin in range(0, len(pages), BLOCK):
        block = slice(begin, begin + BLOCK)
        sums += poisson_weights(pages[block], seed, replicates).T.astype(kind) @ counts[block].astype(kind)
    return sums


def swaps(pages: Sequence[str], seed: int, permutations: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(permutations, pages) of 0 and 1: all 2**pages ways where they are no more than `permutations`, else keyed coin flips."""
    n = len(pages)
    if n < 63 and 1 << n <= permutations:
        return ((np.arange(1 << n)[:, None] >> np.arange(n)[None, :]) & 1).astype(np.float64)
    drawn = words(page_keys(pl.Series(pages, dtype=pl.String)), seed, 0, -(-permutations // 64), "swap")
    bits = np.unpackbits(drawn.astype("<u8").view(np.uint8), axis=1, bitorder="little", count=permutations)
    return bits.T.astype(np.float64)
