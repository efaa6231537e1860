"""Frames of any origin (Parquet, pandas, datasets, dictionaries) → the columns of `jsonl.SCHEMA`; what does not fit is a
problem.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl

from volgens.model.columns import predicted_items
from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, Where
from volgens.readers.numbers import numbers_in

SEGMENTS = pl.List(pl.Struct({"kind": pl.String, "start": pl.Int64, "end": pl.Int64, "sha256": pl.String}))
STRINGS = ("page", "kind", "config", "split", "text", "sha256", "section", "age", "canary")
PROVENANCE = pl.Struct(
    {
        "annotator": pl.String,
        "readings": pl.Int64,
        "blind": pl.Boolean,
        "adjudicated": pl.Boolean,
        "guidelines": pl.String,
        "date": pl.String,
    }
)


CORE = ("id", *LAYERS)


SCHEMA: dict[str, Any] = {
    "id": pl.String,
    **{layer: pl.List(predicted_items(layer)) for layer in LAYERS},
    **dict.fromkeys(STRINGS, pl.String),
    "length": pl.Int64,
    "segments": SEGMENTS,
    "places": pl.List(pl.String),
    "agencies": pl.List(pl.String),
    "provenance": PROVENANCE,
}
"""Every field that a line of gold or of predictions may have."""


class Lines(NamedTuple):
    """The frame of a file (`SCHEMA`), the number of each row's line (from 1; None where there are no lines), and the problems;
    with problems the frame is partial. `form` is the format that was read, `notes` what a user should know of it, counted;
    `applied` the options that changed what was read.
    """

    frame: pl.DataFrame
    line: Sequence[int] | None
    problems: list[Problem]
    form: str = "volgens"
    notes: Mapping[str, int] = MappingProxyType({})
    applied: Set[str] = frozenset()
    places: Mapping[tuple[str, str], tuple[str | None, int]] = MappingProxyType({})

    def placed(self, problem: Problem) -> Problem:
        """The problem with its line, where `places` knows one: file and line by document and item (`entities[2]`; "" for the
        document)."""
        where = problem.where
        if where.line is not None or where.document is None:
            return problem
        item = (where.field or "").partition(".")[0]
        found = self.places.get((where.document, item)) or self.places.get((where.document, ""))
        if found is None:
            return problem
        return problem._replace(where=where._replace(file=found[0] or where.file, line=found[1]))


BESIDE = tuple(name for name in SCHEMA if name not in CORE)


def narrowed(occurring: Set[str]) -> dict[str, Any]:
    """`SCHEMA` with those fields only, of `BESIDE`, that occur."""
    columns = {name: kind for name, kind in SCHEMA.items() if name in CORE or name in occurring}
    return columns if "text" in occurring else {name: _without_text(kind) for name, kind in columns.items()}


def _without_text(kind: Any) -> Any:
    if isinstance(kind, pl.List):
        return pl.List(_without_text(kind.inner))
    if isinstance(kind, pl.Struct):
        return pl.Struct({f.name: _without_text(f.dtype) for f in kind.fields if f.name != "text"})
    return kind


def read_parquet(data: bytes, path: Path, decimals: str | None = None) -> Lines:
    """A Parquet file as a frame of `SCHEMA`'s columns."""
    nothing = Lines(pl.DataFrame(schema=SCHEMA), None, [])
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
        message = f"the Parquet file cannot be read: {str(error).splitlines()[0]}"
        return nothing._replace(problems=[Problem(Where(str(path)), "broken-parquet", message, "Write or copy the file again.")])
    return conform(frame, str(path), decimals)


def conform(frame: pl.DataFrame, file: str | None = None, decimals: str | None = None) -> Lines:
    """Bring a frame to `SCHEMA`: absent columns and fields become null, unknown ones and other types are problems; floats that
    are whole will do for offsets, and NaN is null. Strings are numbers where the decimal sign is stated. In one chunk, so that
    lists open without a copy.
    """
    given = frame.schema
    frame, strings = numbers_in(frame, decimals, file)
    if strings:
        return Lines(pl.DataFrame(schema=SCHEMA), None, strings)
    applied = frozenset({"decimals"} if frame.schema != given else ())
    problems = [p for name, kind in frame.schema.items() for p in _misfits(kind, SCHEMA.get(name), name, file)]
    if "id" not in frame.columns:
        problems.append(Problem(Where(file, field="id"), "missing-field", "there is no column `id`", "Add the documents' ids."))
    if problems:
        return Lines(pl.DataFrame(schema=SCHEMA), None, problems)
    columns = [
        _fit(pl.col(name), frame.schema[name], kind).alias(name) if name in frame.columns else pl.lit(None, kind).alias(name)
        for name, kind in SCHEMA.items()
    ]
    ids = frame["id"].alias("document")
    fractions = [p for name in frame.columns for p in _fractions(ids, frame[name].alias("value"), SCHEMA[name], name, file)]
    if fractions:
        return Lines(pl.DataFrame(schema=SCHEMA), None, fractions)
    return Lines(frame.select(columns).rechunk(), None, [], applied=applied)


def _misfits(found: pl.DataType, wanted: Any, path: str, file: str | None) -> Iterator[Problem]:
    where = Where(file, field=path)
    if wanted is None:
        yield Problem(where, "unknown-field", "no such field here", "Remove or rename the column.")
    elif found == pl.Null:
        return
    elif isinstance(wanted, pl.List):
        if isinstance(found, pl.List | pl.Array):
            yield from _misfits(found.inner, wanted.inner, f"{path}[]", file)  # type: ignore[arg-type]
        else:
            yield Problem(where, "wrong-type", f"a column of {found}", f"Give {wanted}.")
    elif isinstance(wanted, pl.Struct):
        if isinstance(found, pl.Struct):
            known = {f.name: f.dtype for f in wanted.fields}
            for field in found.fields:
                yield from _misfits(field.dtype, known.get(field.name), f"{path}.{field.name}", file)  # type: ignore[arg-type]
        else:
            yield Problem(where, "wrong-type", f"a column of {found}", f"Give {wanted}.")
    elif not _castable(found, wanted):
        yield Problem(
            where, "wrong-type", f"a column of {found}", f"Give {wanted}; a number is not a string, an offset is whole."
        )


def _fractions(ids: pl.Series, values: pl.Series, wanted: Any, path: str, file: str | None) -> Iterator[Problem]:
    """Floats that are not whole where offsets should be, each with its document."""
    kind = values.dtype
    if isinstance(wanted, pl.List) and isinstance(kind, pl.List | pl.Array) and _has_floats(kind, wanted):
        opened = pl.DataFrame([ids, values.arr.to_list() if isinstance(kind, pl.Array) else values]).explode("value")
        yield from _fractions(opened["document"], opened["value"], wanted.inner, f"{path}[]", file)
    elif isinstance(wanted, pl.Struct) and isinstance(kind, pl.Struct):
        known = {f.name: f.dtype for f in wanted.fields}
        for field in kind.fields:
            inner = values.struct.field(field.name).alias("value")
            yield from _fractions(ids, inner, known[field.name], f"{path}.{field.name}", file)
    elif wanted == pl.Int64 and kind.is_float():
        broken = pl.DataFrame([ids, values]).filter(pl.col("value").is_not_nan() & (pl.col("value").floor() != pl.col("value")))
        for document, value in broken.iter_rows():
            where = Where(file, document=document, field=path)
            yield Problem(where, "wrong-type", f"{value} is not an integer", "Give offsets and lengths as whole numbers.")


def _has_floats(kind: Any, wanted: Any) -> bool:
    """Whether a column type has floats where whole numbers are wanted."""
    if isinstance(wanted, pl.List) and isinstance(kind, pl.List | pl.Array):
        return _has_floats(kind.inner, wanted.inner)
    if isinstance(wanted, pl.Struct) and isinstance(kind, pl.Struct):
        known = {f.name: f.dtype for f in wanted.fields}
        return any(_has_floats(field.dtype, known[field.name]) for field in kind.fields)
    return bool(wanted == pl.Int64 and kind.is_float())


def _castable(found: pl.DataType, wanted: Any) -> bool:
    if wanted == pl.String:
        return found == pl.String or isinstance(found, pl.Categorical | pl.Enum)
    if wanted == pl.Int64:
        return found.is_integer() or found.is_float()
    if wanted == pl.Float64:
        return found.is_numeric()
    return bool(found == wanted)


def _fit(column: pl.Expr, found: pl.DataType, wanted: Any) -> pl.Expr:
    if wanted == pl.Float64 and found.is_float():
        return column.cast(wanted).fill_nan(None)
    if wanted == pl.Int64 and found.is_float():
        return column.fill_nan(None).cast(pl.Float64).cast(pl.Int64)
    if found == pl.Null or found == wanted:
        return column.cast(wanted)
    if isinstance(wanted, pl.List):
        inner = found.inner if isinstance(found, pl.List | pl.Array) else pl.Null()
        lists = column.arr.to_list() if isinstance(found, pl.Array) else column
        return lists.list.eval(_fit(pl.element(), inner, wanted.inner))  # type: ignore[arg-type]
    if isinstance(wanted, pl.Struct) and isinstance(found, pl.Struct):
        have = {f.name: f.dtype for f in found.fields}
        fields = [
            _fit(column.struct.field(f.name), have[f.name], f.dtype).alias(f.name)  # type: ignore[arg-type]
            if f.name in have
            else pl.lit(None, f.dtype).alias(f.name)
            for f in wanted.fields
        ]
        return pl.when(column.is_not_null()).then(pl.struct(fields))
    return column.cast(wanted)
