"""What Python holds documents in (pandas, datasets, numpy, iterables of dictionaries) → a frame, or rows of plain values.

Values that stand for "nothing here" (None, NaN, NaT, `pandas.NA`) become None; numpy scalars and arrays become numbers and lists;
numbers of a `ClassLabel` become its names. Nothing else is changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from volgens.model.layers import ALL, BY_NAME
from volgens.model.problem import Problem, Where

Rows = list[dict[str, Any]]

HOLDERS = "Give a path, a frame, a Dataset, or an iterable of dictionaries, one a document."


def opened(source: Any) -> pl.DataFrame | Rows | Problem:
    """The documents of a source that is no file: a frame, or rows to be read as lines of JSON are."""
    if isinstance(source, pl.LazyFrame):
        return source.collect()
    if isinstance(source, pl.DataFrame):
        return source
    if isinstance(source, Mapping):
        return _of_splits(source)
    if hasattr(source, "features") and (_has_classes(source.features) or _has_side_by_side(source.features)):
        return [_named(_side_by_side(row), source.features) for row in source]
    if hasattr(source, "to_polars"):
        frame: pl.DataFrame = source.to_polars()
        return frame
    if hasattr(source, "to_dict") and hasattr(source, "columns"):
        return _of_pandas(source)
    if hasattr(source, "__arrow_c_stream__"):
        return pl.DataFrame(source)
    if isinstance(source, Iterable) and not isinstance(source, str | bytes):
        return rows(source)
    return Problem(Where(), "no-documents", f"{type(source).__name__} holds no documents", HOLDERS)


def rows(source: Iterable[Any]) -> Rows | Problem:
    """Dictionaries (or documents of ours) as rows of plain values."""
    found: Rows = []
    for n, row in enumerate(source):
        plain = _plain(row.to_dict() if hasattr(row, "to_dict") else row)
        if not isinstance(plain, dict):
            return Problem(Where(), "no-document", f"item {n} is {type(row).__name__}, no dictionary", HOLDERS)
        found.append(plain)
    return found


def _of_splits(source: Mapping[Any, Any]) -> pl.DataFrame | Rows | Problem:
    """A DatasetDict, or any dictionary of splits, that holds one."""
    held = [name for name, split in source.items() if hasattr(split, "to_polars") or hasattr(split, "columns")]
    if not source or len(held) < len(source):
        return Problem(Where(), "no-documents", "a dictionary is one document, or none", "Give a list of documents.")
    if len(held) == 1:
        return opened(source[held[0]])
    names = ", ".join(map(str, held))
    return Problem(Where(), "several-splits", f"the splits {names} in one", f"Give one of them: `[{held[0]!r}]` of it.")


def _of_pandas(source: Any) -> pl.DataFrame | Rows | Problem:
    """A pandas frame; by its rows where its columns mix lists with what stands for nothing, or Arrow is not installed."""
    try:
        return _without_noise(pl.from_pandas(source))
    except (ImportError, ValueError, TypeError, pl.exceptions.PolarsError):
        return rows(source.to_dict("records"))
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "pyarrow":
            raise
        return rows(source.to_dict("records"))


def _without_noise(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without the noise of `pandas.read_json`, which reads 0.3333 as 0.33330000000000004."""
    for layer in ALL:
        kind = frame.schema.get(layer.name)
        if not isinstance(kind, pl.List) or not isinstance(kind.inner, pl.Struct):
            continue
        for name in [field.name for field in kind.inner.fields if field.name in layer.numbers and field.dtype.is_float()]:
            values = frame[layer.name].explode().struct.field(name).drop_nulls().unique().to_list()
            meant = {value: short for value in values if (short := _short(value)) != value}
            if meant:
                exact = pl.element().struct.field(name).replace(meant).alias(name)
                frame = frame.with_columns(pl.col(layer.name).list.eval(pl.element().struct.with_fields(exact)))
    return frame


def _short(value: float) -> float:
    """The number of 12 digits at most that a double with noise in its last digit stands for, else the number itself."""
    short = float(f"{value:.12g}")
    return short if abs(value - short) <= 2 * math.ulp(value) else value


def _plain(value: Any) -> Any:
    """The value in plain types; what has none stays, for the reader to name."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value != value:
        return None
    return None if type(value).__name__ in ("NAType", "NaTType") else value


def unfit(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values in a plain row that JSON cannot say, each with its address."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from unfit(inner, f"{path}.{name}" if path else str(name))
            if not isinstance(name, str):
                yield path, name
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from unfit(inner, f"{path}[{n}]")
    elif not isinstance(value, str | int | float | None):
        yield path, value


def _has_classes(features: Any) -> bool:
    if isinstance(features, Mapping):
        return any(map(_has_classes, features.values()))
    if isinstance(features, list | tuple):
        return any(map(_has_classes, features))
    return hasattr(features, "int2str") or _has_classes(getattr(features, "feature", ()))


def _has_side_by_side(features: Any) -> bool:
    return isinstance(features, Mapping) and any(
        isinstance(features.get(name), Mapping) or isinstance(getattr(features.get(name), "feature", None), Mapping)
        for name in BY_NAME
        if not isinstance(features.get(name), list)
    )


def _side_by_side(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with layers that are lists side by side as lists of objects."""
    return {name: _zipped(value) if name in BY_NAME and isinstance(value, Mapping) else value for name, value in row.items()}


def _zipped(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _named(value: Any, feature: Any) -> Any:
    """The value with the names of its classes."""
    if hasattr(feature, "int2str"):
        known = type(value) is int and 0 <= value < feature.num_classes
        return feature.int2str(value) if known else value
    inner = feature[0] if isinstance(feature, list) and feature else getattr(feature, "feature", None)
    if isinstance(value, list) and isinstance(feature, Mapping):
        return [_named(one, {name: getattr(f, "feature", f) for name, f in feature.items()}) for one in value]
    if inner is not None and isinstance(value, list):
        return [_named(one, inner) for one in value]
    if isinstance(feature, Mapping) and isinstance(value, Mapping):
        return {name: _named(one, feature.get(name)) for name, one in value.items()}
    return value
