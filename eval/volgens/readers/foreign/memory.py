"""Frames, Datasets and Parquet in the form of another tool, as the JSON lines of that form: `tokens` and `ner_tags`, `text`
and spans.

Numbers that stand for classes get their names where these are known: from a Dataset's features, which its Parquet files carry
too.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from volgens.readers.foreign.detect import OURS, SAMPLE, detect


class InMemory(NamedTuple):
    """Rows in a foreign form: its name, and the rows as JSON lines."""

    form: str
    data: bytes


def in_memory(source: Any, form: str | None = None) -> InMemory | None:
    """The foreign form of a frame, a Dataset or a list of dictionaries; None for one of ours and for what is in no known form."""
    features = source.features.to_dict() if hasattr(source, "features") and hasattr(source.features, "to_dict") else {}
    return _lines(source, features, form)


def in_parquet(data: bytes, frame: pl.DataFrame, form: str | None = None) -> InMemory | None:
    """The foreign form of a Parquet file that has been read."""
    try:
        stored = pl.read_parquet_metadata(io.BytesIO(data)).get("huggingface", "{}")
        features = json.loads(stored).get("info", {}).get("features", {})
    except (ValueError, AttributeError, pl.exceptions.PolarsError):
        features = {}
    return _lines(frame, features, form)


def _lines(source: Any, features: Mapping[str, Any], form: str | None) -> InMemory | None:
    head = list(islice(_rows(source.head(SAMPLE) if hasattr(source, "head") else source, features), SAMPLE))
    try:
        told = form or detect(_json(head), Path("rows"))
        if not head or not isinstance(told, str) or told == OURS:
            return None
        return InMemory(told, _json(_rows(source, features)))
    except (TypeError, ValueError):  # what is no JSON is no form of another tool: the reader of our own says what it is
        return None


def _json(rows: Iterable[Any]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8", "surrogatepass")


def _rows(source: Any, features: Mapping[str, Any]) -> Iterator[Any]:
    if isinstance(source, pl.DataFrame):
        given: Iterable[Any] = source.iter_rows(named=True)
    elif hasattr(source, "to_dict") and hasattr(source, "columns"):
        given = pl.from_pandas(source).iter_rows(named=True)
    elif isinstance(source, list | tuple) or hasattr(source, "features"):
        given = source
    else:
        given = ()
    return (_named(row, features) for row in given)


def _named(value: Any, feature: Any) -> Any:
    """The value with the names of its classes. Fields that are lists side by side become a list of objects, as spans are."""
    if not isinstance(feature, Mapping):
        return value
    if isinstance(feature.get("names"), list) and feature.get("_type") == "ClassLabel":
        known = type(value) is int and 0 <= value < len(feature["names"])
        return feature["names"][value] if known else value
    inner = feature.get("feature") if "_type" in feature else None
    if inner is not None and isinstance(value, Mapping):
        columns = {name: list(column) for name, column in value.items()}
        value = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if inner is not None and isinstance(value, list):
        return [_named(one, inner) for one in value]
    if isinstance(value, Mapping):
        return {name: _named(one, feature.get(name)) for name, one in value.items()}
    return value
