"""Types of arrays, and columns as numbers, so that to compare or sort rows is to compare or sort numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Words = np.ndarray[Any, np.dtype[np.uint64]]
Codes = np.ndarray[Any, np.dtype[np.uint32]]

MOST_BITS = 16
"""So many bits of a hash are a slot. Values that share none need no sorting: nearly all, where few are distinct."""

BLOCK = 1 << 17
"""Rows worked on at a time, so that the arrays between stay in the processor's cache."""


def blocks(rows: int) -> Iterator[slice]:
    """So many rows in parts of `BLOCK`."""
    return (slice(begin, min(begin + BLOCK, rows)) for begin in range(0, rows, BLOCK))


def factorize(values: pl.Series) -> tuple[Codes, pl.Series]:
    """Each value as its place among the distinct values, and these; null is one of them. Told by 64-bit hashes."""
    hashes = values.hash().to_numpy()
    bits = min(len(hashes).bit_length() + 3, MOST_BITS)
    holder = np.full(1 << bits, -1)
    for part in blocks(len(hashes)):
        holder[_slot(hashes[part], bits)] = np.arange(part.start, part.stop)
    held = holder >= 0
    place, rows = np.cumsum(held) - 1, holder[held]
    codes, others = np.empty(len(hashes), np.uint32), [np.empty(0, np.int64)]
    for part in blocks(len(hashes)):
        code = codes[part] = place[_slot(hashes[part], bits)]
        others.append(part.start + np.flatnonzero(hashes[rows][code] != hashes[part]))
    rest = np.concatenate(others)
    _, first, within = np.unique(hashes[rest], return_index=True, return_inverse=True)
    codes[rest] = len(rows) + within
    return codes, values.gather(np.append(rows, rest[first]))


def _slot(hashes: Words, bits: int) -> Ints:
    return (hashes >> np.uint64(64 - bits)).view(np.int64)


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
