"""Makes a corpus of the benchmark: `corpora.py FOLDER DOCUMENTS NESTED COPIES`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent))

from newswire import corpus
from processes import many, paths_of
from volgens.scoring.tables import SCHEMA


def make(folder: Path, documents: int, nested: int, copies: int) -> None:
    """Gold and predictions as JSON lines and Parquet; with copies, also one Parquet file a side that repeats them so often."""
    paths = paths_of(folder, documents, nested)
    for side, rows in zip(("gold", "predicted"), corpus(documents, seed=documents, nested=nested), strict=True):
        names = [{k: v for k, v in row.items() if k in ("id", "length", "entities")} for row in rows]
        for what, some in (("all", rows), ("names", names)):
            path = paths[f"{side} {what}"]
            path.write_text("".join(json.dumps(row) + "\n" for row in some), encoding="utf-8")
            frame = pl.read_ndjson(path, schema=schema(what, side))
            write_parquet(path.with_suffix(".parquet"), [frame])
            if copies and what == "all":
                write_parquet(many(path), (frame.with_columns(id=pl.lit(f"{n:05d}-") + pl.col("id")) for n in range(copies)))


def write_parquet(path: Path, frames: Iterable[pl.DataFrame]) -> None:
    """Frames as one file, written as the dataset is: by Arrow, with zstd, from a plain schema."""
    tables = (frame.to_arrow() for frame in frames)
    first = next(tables)
    with pq.ParquetWriter(path, first.schema, compression="zstd", store_schema=False) as file:
        for table in chain([first], tables):
            file.write_table(table)


def schema(what: str, side: str) -> dict[str, Any]:
    length = {"length": pl.Int64} if side == "gold" else {}
    return {**{k: v for k, v in SCHEMA.items() if what == "all" or k in ("id", "entities")}, **length}


if __name__ == "__main__":
    make(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
