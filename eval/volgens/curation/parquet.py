"""The rows of a split as Parquet."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.curation.features import arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa


def write_parquet(path: Path, rows: Sequence[Mapping[str, Any]], given: Collection[str] = ()) -> None:
    """Rows of the dataset as Parquet, from a plain Arrow schema with the sparse fields `given`. Atomic; a file that holds the
    same already is left alone.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        pq.write_table(
            pa.Table.from_pylist(list(rows), schema=arrow_schema(given)), temporary, compression="zstd", store_schema=False
        )
        if not (path.exists() and _content(path) == _content(temporary)):
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _content(path: Path) -> tuple[pa.Schema, list[dict[str, Any]]]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return table.schema, table.to_pylist()
