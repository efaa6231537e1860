"""Frames of any origin (Parquet, pandas, datasets, dictionaries) → the columns of `jsonl.SCHEMA`; what does not fit is a
problem.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from volgens.contract import Problem, Where
from volgens.predictions.jsonl import SCHEMA, Lines, read_jsonl


def read_parquet(data: bytes, path: Path) -> Lines:
    """A Parquet file as a frame of `SCHEMA`'s columns."""
    nothing = Lines(pl.DataFrame(schema=SCHEMA), None, [])
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
        message = f"the Parquet file cannot be read: {str(error).splitlines()[0]}"
        return nothing._replace(problems=[Problem(Where(str(path)), "broken-parquet", message, "Write or copy the file again.")])
    return conform(frame, str(path))


def conform(frame: pl.DataFrame, file: str | None = None) -> Lines:
    """Bring a frame to `SCHEMA`: absent columns and fields become null, unknown ones and other types are problems."""
    problems = [p for name, kind in frame.schema.items() for p in _misfits(kind, SCHEMA.get(name), name, file)]
    if "id" not in frame.columns:
        problems.append(Problem(Where(file, field="id"), "missing-field", "there is no column `id`", "Add the documents' ids."))
    if problems:
        return Lines(pl.DataFrame(schema=SCHEMA), None, problems)
    columns = [
        _fit(pl.col(name), frame.schema[name], kind).alias(name) if name in frame.columns else pl.lit(None, kind).alias(name)
        for name, kind in SCHEMA.items()
    ]
    return Lines(frame.select(columns), None, [])


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


def _castable(found: pl.DataType, wanted: Any) -> bool:
    if wanted == pl.String:
        return found == pl.String or isinstance(found, pl.Categorical | pl.Enum)
    if wanted == pl.Int64:
        return found.is_integer()
    if wanted == pl.Float64:
        return found.is_numeric()
    return bool(found == wanted)


def _fit(column: pl.Expr, found: pl.DataType, wanted: Any) -> pl.Expr:
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
