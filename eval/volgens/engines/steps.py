"""The steps of a score as Spark runs them: read and deal, then bucket by bucket, then sums added by a tree."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import polars as pl

from volgens.engines.buckets import Row, Sum, Task, each_bucket, sums
from volgens.engines.facts import Facts
from volgens.engines.reading import Dealt, Side, read_frames, read_lines
from volgens.engines.wire import packed, unpacked
from volgens.stats.uncertainty import BUCKETS, Units

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

DEALT = "bucket int, side int, documents binary, pages array<string>, facts binary"
AT_ONCE = 1 << 24
"""Bytes that a task hands on at once."""
TYPES: dict[Any, str] = {
    pl.String: "string", pl.Int64: "bigint", pl.UInt32: "bigint", pl.Float64: "double", pl.Boolean: "boolean",
}  # fmt: skip
FAN = 16
"""Sums that are added by one task."""


def dealt(frame: DataFrame, side: Side) -> DataFrame:
    """The side read and dealt into buckets (columns `DEALT`)."""

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        made = read_lines(_lines(batches), side) if side.lines else read_frames(_frames(batches), side)
        yield from _handed_on(made, 1 - side.is_gold)

    return frame.mapInArrow(read, DEALT)


def _lines(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[bytes, str, int]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _frames(batches: Iterable[pa.RecordBatch]) -> Iterator[pl.DataFrame]:
    for batch in batches:
        if batch.num_rows:
            yield pl.DataFrame(pl.from_arrow(batch))


def _handed_on(made: Iterable[Dealt], side: int) -> Iterator[pa.RecordBatch]:
    rows, size = list[dict[str, Any]](), 0
    for one in made:
        rows.append({**one._asdict(), "side": side, "facts": None if one.facts is None else packed(one.facts)})
        size += len(one.documents or b"") + 50 * len(one.pages or ())
        if size >= AT_ONCE:
            yield _batch(rows)
            rows, size = [], 0
    if rows:
        yield _batch(rows)


def _batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    import pyarrow as pa

    kinds = [("bucket", pa.int32()), ("side", pa.int32()), ("documents", pa.binary()), ("pages", pa.list_(pa.string()))]
    return pa.RecordBatch.from_pylist(rows, schema=pa.schema([*kinds, ("facts", pa.binary())]))


def facts(found: DataFrame) -> tuple[Facts, Facts]:
    """What is true of gold and of predictions."""
    rows = found.filter("facts is not null").select("side", "facts").collect()
    sides: tuple[list[Facts], list[Facts]] = ([], [])
    for side, data in rows:
        sides[side].append(unpacked(data))
    gold, predictions = (reduce(add, each, Facts()) for each in sides)
    return gold, predictions


def units(found: DataFrame) -> Units:
    """The units of resampling of all pages."""
    pages = found.selectExpr("explode(pages) as page").distinct()
    few = [page for (page,) in pages.limit(BUCKETS + 1).collect()]
    if len(few) <= BUCKETS:
        return Units(pl.Series(few, dtype=pl.String))
    return Units.many(pages.count())


def ordered(found: DataFrame, partitions: int) -> DataFrame:
    """The documents, every bucket in one partition, one after another."""
    rows = found.filter("documents is not null").select("bucket", "side", "documents")
    return rows.repartition(partitions, "bucket").sortWithinPartitions("bucket", "side")


def summed(found: DataFrame, task: Task, partitions: int) -> Sum:
    """What all buckets add up to."""

    def count(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield _one(sums(_rows(batches), task))

    rows = ordered(found, partitions).mapInArrow(count, "sum binary")
    for width in _levels(partitions):
        rows = rows.repartition(width).mapInArrow(_added, "sum binary")
    return reduce(add, (unpacked(data) for (data,) in rows.collect()), Sum())


def _levels(partitions: int) -> Iterator[int]:
    """How many sums are left after each step of the tree, but for the last, which is made here."""
    while partitions > FAN:
        partitions = math.ceil(partitions / FAN)
        yield partitions


def _added(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield _one(reduce(add, (unpacked(data) for batch in batches for data in batch.column(0).to_pylist()), Sum()))


def _one(value: Sum) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict({"sum": pa.array([packed(value)], pa.binary())})


def in_arrow(frame: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    """The frame as Spark takes it."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    yield from table.cast(_small(table.schema)).to_batches()


def type_of(kind: Any) -> str:
    """A type of a column as Spark writes it; it has no unsigned numbers."""
    if isinstance(kind, pl.List):
        return f"array<{type_of(kind.inner)}>"
    if isinstance(kind, pl.Struct):
        return f"struct<{', '.join(f'`{field.name}`: {type_of(field.dtype)}' for field in kind.fields)}>"
    return TYPES[kind if isinstance(kind, type) else type(kind)]


def _small(schema: pa.Schema) -> pa.Schema:
    """The schema with offsets of 32 bits, which are the only ones that Spark takes in lists."""
    import pyarrow as pa

    def small(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_large_list(kind):
            return pa.list_(small(kind.value_type))
        if pa.types.is_struct(kind):
            return pa.struct([(field.name, small(field.type)) for field in kind])
        if pa.types.is_large_string(kind):
            return pa.string()
        return pa.binary() if pa.types.is_large_binary(kind) else kind

    return pa.schema([(field.name, small(field.type)) for field in schema])


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[Row]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def made(found: DataFrame, task: Task, partitions: int, what: Callable[[Any], pl.DataFrame], schema: Any) -> DataFrame:
    """Rows (`schema`, as Spark writes it) that are made of each bucket."""

    def make(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for frame in each_bucket(_rows(batches), task, what):
            yield from in_arrow(frame)

    return ordered(found, partitions).mapInArrow(make, schema)
