"""What goes from task to task: documents as Arrow, sums as pickles, both compressed."""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from volgens.stats.arrays import Ints
from volgens.stats.uncertainty import mix, page_keys

SALT = np.uint64(0x5EED0FB0C4E75)
"""So that the bucket of a document says nothing of the bucket that its page has in resampling."""


def packed(value: Any) -> bytes:
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


def unpacked(data: bytes) -> Any:
    return pickle.loads(zlib.decompress(data))


def bucket_of(ids: pl.Series, buckets: int) -> Ints:
    """The bucket of each document: a pure function of its id, on any machine."""
    numbers: Ints = (mix(page_keys(ids.fill_null("")) ^ SALT) % np.uint64(buckets)).astype(np.int64)
    return numbers


def by_bucket(frame: pl.DataFrame, buckets: int) -> Iterator[tuple[int, bytes]]:
    """The documents of each bucket that has any."""
    frame = frame[[column.name for column in frame if column.null_count() < len(frame) or column.name == "id"]]
    number = bucket_of(frame["id"], buckets)
    order = np.argsort(number, kind="stable")
    ordered, number = frame[order], number[order]
    starts = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    for begin, end in zip(starts.tolist(), [*starts[1:].tolist(), len(number)], strict=True):
        yield int(number[begin]), written(ordered[begin:end])


def written(frame: pl.DataFrame) -> bytes:
    """A frame as compressed Arrow."""
    data = io.BytesIO()
    frame.write_ipc_stream(data, compression="zstd", compat_level=pl.CompatLevel.oldest())
    return data.getvalue()


def together(blobs: list[bytes]) -> pl.DataFrame:
    """The documents of several blobs, columns null where a blob lacks them."""
    return pl.concat([pl.read_ipc_stream(io.BytesIO(blob)) for blob in blobs], how="diagonal", rechunk=True)
