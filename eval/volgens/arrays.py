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


def as_one(*sides: Sequence[Ints]) -> tuple[Ints, ...]:
    """The columns of each side as one key per row, in the order of the rows: by arithmetic where it fits in 63 bits, else by
    ranks of the distinct rows. Keys mean the same on all sides.
    """
    lows = [min(int(values.min(initial=0)) for values in column) for column in zip(*sides, strict=True)]
    highs = [max(int(values.max(initial=0)) for values in column) for column in zip(*sides, strict=True)]
    sizes = [high - low + 1 for low, high in zip(lows, highs, strict=True)]
    if math.prod(sizes) < 1 << 62:
        return tuple(_packed(columns, lows, sizes) for columns in sides)
    rows = np.concatenate([np.stack(columns, axis=1) for columns in sides])
    inverse = np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
    ends = np.cumsum([len(columns[0]) for columns in sides])
    return tuple(np.split(inverse, ends[:-1]))


def _packed(columns: Sequence[Ints], lows: Sequence[int], sizes: Sequence[int]) -> Ints:
    key = columns[0] - lows[0]
    for values, low, size in zip(columns[1:], lows[1:], sizes[1:], strict=True):
        key *= size
        key += values
        key -= low
    return key
