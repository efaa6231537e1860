"""Keys and codes stand in for rows and values, also where numbers are too large to be packed or hashes share a slot."""

import numpy as np
import polars as pl
import pytest
from volgens.stats.arrays import BLOCK, as_one, factorize


@pytest.mark.parametrize("largest", [9, 1 << 60])
def test_keys_stand_in_for_rows(largest):
    columns = [np.random.default_rng(n).choice([0, 1, largest - n], 200) for n in range(3)]
    key, rows = as_one(columns), list(zip(*(values.tolist() for values in columns), strict=True))
    for n, other in enumerate(rows):
        assert (key < key[n]).tolist() == [row < other for row in rows]
        assert (key == key[n]).tolist() == [row == other for row in rows]


@pytest.mark.parametrize("distinct", [0, 1, 3, 1_000, 100_000])
def test_codes_stand_in_for_values(distinct):
    rng = np.random.default_rng(distinct)
    values = [None if n == 1 else f"v{n}" for n in rng.integers(0, distinct, BLOCK + 9).tolist()] if distinct else []
    given = pl.Series(values, dtype=pl.String)
    codes, found = factorize(given)
    assert found.n_unique() == len(found) == given.n_unique()
    assert found.gather(codes).eq_missing(given).all()
