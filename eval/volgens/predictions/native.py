"""Read predictions in their own form, from a file or from Python, and hold them to the contract before anything is scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from volgens.contract import Problem, Where
from volgens.documents import LAYERS
from volgens.predictions.check import Source, check
from volgens.predictions.files import is_parquet, read_bytes
from volgens.predictions.jsonl import Lines, read_jsonl
from volgens.predictions.located import with_offsets
from volgens.predictions.patterns import mistakes
from volgens.predictions.shape import conform, from_rows, read_parquet


def read(source: Any, schema: str = "prediction") -> Lines:
    """A path (JSON lines or Parquet, also gzip), a polars or pandas frame, a `datasets.Dataset` or dictionaries → a frame.

    `schema` is `prediction` or `gold`. Problems are those of the form alone; `predictions` holds them against the gold too.
    """
    if isinstance(source, str | Path):
        data = read_bytes(Path(source))
        if isinstance(data, Problem):
            return from_rows([], schema, str(source))._replace(problems=[data])
        return read_parquet(data, Path(source)) if is_parquet(data) else read_jsonl(data, Path(source), schema)
    if isinstance(source, pl.DataFrame):
        return conform(source)
    if hasattr(source, "to_polars"):
        return conform(source.to_polars())
    if hasattr(source, "to_dict") and hasattr(source, "columns"):
        return conform(pl.from_pandas(source))
    if isinstance(source, Iterable) and not isinstance(source, Mapping | bytes):
        return from_rows([dict(row) for row in source], schema, "rows")
    found = Problem(
        Where(), "no-documents", f"{type(source).__name__} holds no documents", "Give a path, a frame or a list of dicts."
    )
    return from_rows([], schema, "rows")._replace(problems=[found])


def predictions(source: Any, gold: pl.DataFrame, *, labels: str = "scheme") -> Lines:
    """Predictions with all their problems, those against the gold included. A layer that no document gives is no column."""
    lines = read(source)
    name = str(source) if isinstance(source, str | Path) else None
    if not len(lines.frame):
        return lines
    classic = list(mistakes(lines.frame, gold, name))
    found = classic + lines.problems + check(lines.frame, gold, Source(name, lines.line), labels=labels)
    frame, unfound = with_offsets(lines.frame, gold, Source(name, lines.line)) if not found else (lines.frame, [])
    absent = [layer for layer in LAYERS if lines.frame[layer].null_count() == len(lines.frame)]
    return lines._replace(frame=frame.drop(absent), problems=list(dict.fromkeys([*found, *unfound])))
