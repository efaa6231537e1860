"""One key per row sorts and compares as the rows do, also where the numbers are too large to be packed."""

import numpy as np
import pytest
from volgens.arrays import as_one


@pytest.mark.parametrize("largest", [9, 1 << 60])
def test_keys_stand_in_for_rows(largest):
    columns = [np.random.default_rng(n).choice([0, 1, largest - n], 200) for n in range(3)]
    key, rows = as_one(columns), list(zip(*(values.tolist() for values in columns), strict=True))
    for n, other in enumerate(rows):
        assert (key < key[n]).tolist() == [row < other for row in rows]
        assert (key == key[n]).tolist() == [row == other for row in rows]
