"""Read predictions in their own form, from a file or from Python, and hold them to the contract before anything is scored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from volgens.contract import Problem, Where
from volgens.documents import LAYERS
from volgens.predictions.check import Source, check, missing_documents
from volgens.predictions.files import is_parquet, read_bytes
from volgens.predictions.jsonl import read_jsonl
from volgens.predictions.located import with_offsets
from volgens.predictions.numbers import read_numbers
from volgens.predictions.patterns import mistakes
from volgens.predictions.shape import SCHEMA, Lines, conform, read_parquet


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


def from_rows(rows: list[dict[str, Any]], schema: str, name: str) -> Lines:
    """Python dictionaries as a frame, held to the same rules as a file of them."""
    try:
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    except TypeError as error:
        cure = "Give plain lists, dictionaries, strings and numbers."
        return Lines(pl.DataFrame(schema=SCHEMA), None, [Problem(Where(name), "not-json", str(error), cure)])
    return (
        read_jsonl(text.encode("utf-8", "surrogatepass"), Path(name), schema)
        if rows
        else Lines(pl.DataFrame(schema=SCHEMA), [], [])
    )


def read_with_numbers(source: Any, decimals: str) -> Lines:
    """Like `read`, with numbers that are given as strings read by the decimal sign."""
    if isinstance(source, str | Path):
        data = read_bytes(Path(source))
        if isinstance(data, bytes) and not is_parquet(data):
            return read_jsonl(read_numbers(data, decimals), Path(source), "prediction")
        return read(source)
    rows = "\n".join(json.dumps(row) for row in source) if isinstance(source, list) else None
    return read(source) if rows is None else read_jsonl(read_numbers(rows.encode(), decimals), Path("rows"), "prediction")


def predictions(
    source: Any, gold: pl.DataFrame, *, labels: str = "scheme", decimals: str | None = None, missing: str = "empty"
) -> Lines:
    """Predictions with all their problems, those against the gold included. A layer that no document gives is no column.

    `decimals` (`,` or `.`) is the decimal sign by which numbers given as strings are read; None makes them problems.
    `missing="refuse"` makes a document without a line one too.
    """
    lines = read(source) if decimals is None else read_with_numbers(source, decimals)
    name = str(source) if isinstance(source, str | Path) else None
    lines = held_against(lines, gold, name, labels=labels, missing=missing)
    return lines._replace(frame=lines.frame.drop(layers_absent(lines.frame)))


def held_against(lines: Lines, gold: pl.DataFrame, name: str | None, *, labels: str, missing: str) -> Lines:
    """The frame with offsets everywhere, and every problem against the gold; where nothing could be read, those of the form."""
    if lines.problems and not len(lines.frame):
        return lines
    source = Source(name, lines.line)
    found = [*mistakes(lines.frame, gold, name), *lines.problems, *check(lines.frame, gold, source, labels=labels)]
    found += missing_documents(lines.frame, gold, name) if missing == "refuse" else []
    frame, unfound = with_offsets(lines.frame, gold, source) if not found else (lines.frame, [])
    return lines._replace(frame=frame, problems=list(dict.fromkeys([*found, *unfound])))


def layers_absent(frame: pl.DataFrame) -> list[str]:
    """The layers that no document gives: not attempted."""
    return [layer for layer in LAYERS if frame[layer].null_count() == len(frame)]
