"""The assignment is the largest there is, whatever the order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from volgens.scoring.assignment import assign, hungarian


@st.composite
def components(draw):
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    rows, columns = draw(st.integers(1, 13)), draw(st.integers(1, 13))
    top = draw(st.sampled_from([2, 5, 1 << 26]))
    return (rng.random((rows, columns)) < draw(st.sampled_from([0.15, 0.5, 0.95]))) * rng.integers(1, top, (rows, columns))


@settings(max_examples=300, deadline=None)
@given(components(), st.randoms(use_true_random=False))
def test_total_is_scipys_and_order_is_nothing(weights, random):
    left, right = np.nonzero(weights)
    weight = weights[left, right]
    chosen = assign(left, right, weight)
    assert len(set(left[chosen])) == len(set(right[chosen])) == len(chosen)
    assert weight[chosen].sum() == weights[linear_sum_assignment(weights, maximize=True)].sum()
    order = list(range(len(left)))
    random.shuffle(order)
    assert {order[i] for i in assign(left[order], right[order], weight[order])} == set(chosen.tolist())
    assert weight[assign(right, left, weight)].sum() == weight[chosen].sum()


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([(0, 0, 5)], [(0, 0)]),
        ([(0, 0, 5), (0, 1, 5)], [(0, 0)]),
        ([(0, 0, 5), (0, 1, 6), (1, 1, 6)], [(0, 0), (1, 1)]),
        ([(0, 0, 3), (0, 1, 2), (1, 0, 2)], [(0, 1), (1, 0)]),
        ([(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)], [(0, 0), (1, 1)]),
    ],
    ids=["alone", "star-tie-goes-first", "chain", "two-beat-one", "like-with-like"],
)
def test_small_cases(edges, expected):
    left, right, weight = (np.array(column) for column in zip(*edges, strict=True))
    assert [(int(left[i]), int(right[i])) for i in assign(left, right, weight)] == expected


def test_a_large_component():
    weights = np.random.default_rng(0).integers(1, 1 << 26, (60, 90))
    left, right = np.nonzero(weights)
    largest = weights[linear_sum_assignment(weights, True)].sum()
    assert weights[left, right][assign(left, right, weights[left, right])].sum() == largest
    assert weights[left, right][assign(right, left, weights[left, right])].sum() == largest


def test_some_come_first():
    left, right = np.nonzero(np.ones((2, 2)))
    weight = np.array([9, 1, 1, 9])
    assert assign(left, right, weight).tolist() == [0, 3]
    assert assign(left, right, (weight < 9).astype(np.int64), weight).tolist() == [1, 2]


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (7, 7), (9, 14)])
def test_many_matrices_at_once(shape):
    weights = np.random.default_rng(1).integers(0, 9, (50, *shape))
    for weight, columns in zip(weights, hungarian(weights), strict=True):
        assert len(set(columns)) == shape[0]
        assert weight[np.arange(shape[0]), columns].sum() == weight[linear_sum_assignment(weight, True)].sum()


def test_nothing_to_assign():
    nothing = np.empty(0, np.int64)
    assert len(assign(nothing, nothing, nothing)) == 0
