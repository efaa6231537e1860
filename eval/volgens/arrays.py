"""Types of arrays, and several integer columns as one key, so that to compare or sort rows is to compare or sort numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Words = np.ndarray[Any, np.dtype[np.uint64]]


def as_one(columns: Sequence[Ints]) -> Ints:
    """The columns as one key per row, in the order of the rows: by arithmetic where it fits in 63 bits, else by ranks of the
    distinct rows.
    """
    lows = [int(values.min(initial=0)) for values in columns]
    sizes = [int(values.max(initial=0)) - low + 1 for values, low in zip(columns, lows, strict=True)]
    if math.prod(sizes) >= 1 << 62:
        return np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)[1].reshape(-1)
    key = columns[0] - lows[0]
    for values, low, size in zip(columns[1:], lows[1:], sizes[1:], strict=True):
        key *= size
        key += values
        key -= low
    return key
