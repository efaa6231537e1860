"""Intervals and tests: the same numbers in any order and in parts, and those of scipy where it can say."""

import numpy as np
import polars as pl
import pytest
from builders import document, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from volgens import ProblemsFound
from volgens.comparison import compare, holm, p_value
from volgens.stats.uncertainty import BUCKETS, Units, intervals, page_keys, poisson_weights, replicate_sums, student_t, swaps

PAGES = [f"p{n:04d}" for n in range(800)]


def counts(pages=PAGES, seed=1, right=0.7):
    rng = np.random.default_rng(seed)
    gold = rng.poisson(6, len(pages))
    tp = rng.binomial(gold, right)
    return np.stack([tp, tp + rng.poisson(2, len(pages)), gold, gold], axis=1).astype(float)


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 799))
def test_order_and_batches_change_nothing(random, cut):
    table = counts()
    whole = replicate_sums(table, PAGES, seed=3, replicates=50)
    order = list(range(len(PAGES)))
    random.shuffle(order)
    assert (replicate_sums(table[order], [PAGES[n] for n in order], seed=3, replicates=50) == whole).all()
    parts = [replicate_sums(table[part], PAGES[part], seed=3, replicates=50) for part in (slice(cut), slice(cut, None))]
    assert (sum(parts) == whole).all()


def test_weights_are_these_on_every_machine():
    assert poisson_weights(["own-000", "own-001"], seed=0, replicates=12).astype(int).tolist() == [
        [4, 0, 0, 0, 1, 3, 0, 0, 0, 1, 0, 1],
        [0, 1, 0, 3, 0, 2, 0, 1, 1, 1, 1, 1],
    ]
    assert poisson_weights(["own-000"], 0, 12).tolist() == poisson_weights(["x", "own-000"], 0, 40)[1:, :12].tolist()
    assert poisson_weights(["own-000"], 1, 40).tolist() != poisson_weights(["own-000"], 0, 40).tolist()


def test_weights_are_poisson_and_independent():
    weights = poisson_weights(PAGES, 0, 1000)
    assert weights.mean() == pytest.approx(1, abs=0.01)
    assert weights.var() == pytest.approx(1, abs=0.02)
    between = np.corrcoef(weights[:200])
    assert np.abs(between[np.triu_indices(200, 1)]).max() < 0.2


def test_percentile_interval_is_scipys_bootstrap():
    table = counts()
    ours = intervals({"m": table}, PAGES)["m"].recall
    resampled = stats.bootstrap(
        (table[:, 0], table[:, 2]),
        lambda tp, gold, axis: tp.sum(axis) / gold.sum(axis),
        paired=True,
        n_resamples=2000,
        method="percentile",
        rng=0,
    )
    scipys = resampled.confidence_interval
    assert ours == pytest.approx((scipys.low, scipys.high), abs=0.003)


def test_few_pages_get_a_t_interval_that_covers():
    hits, trials = 0, 400
    for seed in range(trials):
        pages = [f"{seed}-{n}" for n in range(12)]
        low, high = intervals({"m": counts(pages, seed)}, pages)["m"].recall
        hits += low <= 0.7 <= high
    assert hits / trials > 0.92


@pytest.mark.parametrize("df", [1, 2, 3, 4, 7, 30, 299])
def test_student_t(df):
    assert student_t(0.975, df) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-5)


def test_what_has_no_interval():
    one_page = intervals({"m": counts(["p"])}, ["p"])["m"]
    assert one_page == (None, None, None)
    nothing = intervals({"m": np.zeros((5, 4))}, PAGES[:5])["m"]
    assert nothing == (None, None, None)
    every_page_right = intervals({"m": np.tile([3.0, 3.0, 3.0, 3.0], (5, 1))}, PAGES[:5])["m"]
    assert every_page_right.f1.high == 1.0
    assert 0.5 < every_page_right.f1.low < 1.0


def test_many_pages_share_buckets_and_the_interval_stays():
    pages = pl.Series([f"p{n}" for n in range(3 * BUCKETS)])
    table = counts(list(pages))
    names, unit = Units(pages).names, Units(pages).of(pages)
    bucketed = np.stack([np.bincount(unit, table[:, k], len(names)) for k in range(4)], axis=1)
    assert (bucketed.sum(axis=0) == table.sum(axis=0)).all()
    coarse, fine = (intervals({"m": t}, list(n))["m"].f1 for t, n in ((bucketed, names), (table, pages)))
    assert coarse == pytest.approx(fine, abs=0.001)
    assert len(set(page_keys(pages).tolist())) == len(pages)


def test_all_swaps_are_the_exact_test():
    x, y = counts(PAGES[:8], 1, 0.5), counts(PAGES[:8], 2, 0.9)

    assert swaps(PAGES[:8], 0, 10_000).shape == (256, 8)
    constant = x.copy()
    constant[:, 1:3] = y[:, 1:3] = 10.0
    ours = p_value(constant, y, PAGES[:8], 0)
    exact = stats.permutation_test(
        (constant[:, 0], y[:, 0]), lambda a, b: b.sum() - a.sum(), permutation_type="samples", n_resamples=np.inf
    ).pvalue  # fmt: skip
    assert ours == pytest.approx(exact)


def test_null_systems_are_seldom_told_apart():
    rejected = 0
    for seed in range(200):
        a, b = counts(PAGES[:60], 2 * seed), counts(PAGES[:60], 2 * seed + 1)
        rejected += p_value(a, b, [f"{seed}{p}" for p in PAGES[:60]], 0) < 0.05
    assert rejected <= 20


def test_holm():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def rows(right):
    return [document(f"d{n}", [(0, 4, "PER")] if n < right else [(5, 9, "PER")]) for n in range(12)]


def test_compare():
    gold = rows(12)
    cards = {"good": scored(gold, rows(11)), "bad": scored(gold, rows(1)), "twin": scored(gold, rows(11))}
    found = compare(cards, ["entities"])
    assert found.ranks["entities"] == {"good": (1, 2), "bad": (3, 3), "twin": (1, 2)}
    better = next(d for d in found.differences if (d.a, d.b) == ("good", "bad"))
    assert better.difference == pytest.approx(-10 / 12)
    assert (better.win, better.tie, better.loss) == (0, 2, 10)
    assert better.interval.low < better.difference < better.interval.high < 0
    same = next(d for d in found.differences if (d.a, d.b) == ("good", "twin"))
    assert (same.difference, same.p) == (0.0, 1.0)


def test_compare_refuses_other_gold_and_says_which_part_differs():
    cards = {"a": scored(rows(12), rows(11)), "b": scored(rows(10), rows(11), view="nested")}
    with pytest.raises(ProblemsFound) as found:
        compare(cards, ["entities"])
    assert {p.where.field for p in found.value.problems} == {"gold", "view"}
