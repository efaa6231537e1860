"""JSON lines → a frame, in bulk, with nothing coerced or dropped in silence.

polars parses the file with a schema. What a schema-driven parser lets pass is found by counting: a file has as many keys with a
value as the frame has values, or some line has an unknown, misplaced or repeated key; and no value may stand under a key of
another type. Only the lines that fail are parsed again and explained, by the JSON Schema.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from volgens.model.problem import Problem, Where
from volgens.model.schema import explain
from volgens.readers.files import text_problem
from volgens.readers.shape import BESIDE, SCHEMA, Lines, conform, narrowed

CHUNK = 2_000
HEAD = 1 << 20
GIVEN = r'[^\\]"\s*:\s*[^n\s]'
COERCED = (
    r'"(?:id|text|type|role|ref|kind|bound|unit|part_of|source_kind|source_ref|stance|parent)"\s*:\s*[^"n\s]'
    r'|"(?:start|end)"\s*:\s*(?:[^\d\s]|-?\d+[.eE])'
    r'|"(?:approx|hedged)"\s*:\s*[^tfn\s]|"(?:value|min|max)"\s*:\s*[^-\dn\s]'
    r"|\\u[dD][89a-fA-F]"
)


def read_jsonl(data: bytes, path: Path, schema: str) -> Lines:
    """Parse the JSON lines `data` of `path`; `schema` (`gold` or `prediction`) explains what is wrong. Blank lines are
    skipped.
    """
    nothing = Lines(pl.DataFrame(schema=SCHEMA), [], [])
    if problem := text_problem(data, path):
        return nothing._replace(problems=[problem])
    texts = data.decode("utf-8-sig").split("\n")
    numbered = [(n, text) for n, text in enumerate(texts, 1) if text and not text.isspace()]
    lines = [n for n, _ in numbered]
    frame, suspects = _read([text for _, text in numbered])
    if frame is not None:
        problems = [p for i in suspects for p in _explain(numbered[i], path, schema)]
        return Lines(frame, lines, problems)
    problems = [p for begin in range(0, len(numbered), CHUNK) for p in _chunk(numbered[begin : begin + CHUNK], path, schema)]
    if not problems:
        where = Where(str(path))
        problems = [
            Problem(where, "unparsed", "the lines are JSON but could not be read as a table", "Check for numbers beyond 2**63.")
        ]
    return nothing._replace(problems=problems)


def _read(texts: list[str]) -> tuple[pl.DataFrame | None, list[int]]:
    """The lines as a frame and the rows to look at; None where they are no table.

    Fields beside the layers that do not occur at the beginning are not looked for, which takes a third of the time away; where
    they come later, their lines have keys too many, and all is read again with every field.
    """
    data = "\n".join(texts).encode()
    narrow = narrowed({name for name in BESIDE if f'"{name}"'.encode() in data[:HEAD]})
    column = pl.Series(texts, dtype=pl.String)
    for wanted in (narrow, SCHEMA):
        frame = _parse(data, wanted)
        if frame is None or len(frame) != len(texts):
            return None, []
        suspects = _suspects(frame, column)
        if not suspects:
            break
    return frame, suspects


def _parse(data: bytes, wanted: dict[str, Any]) -> pl.DataFrame | None:
    try:
        return conform(pl.read_ndjson(io.BytesIO(data), schema=wanted)).frame
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None


def _chunk(numbered: list[tuple[int, str]], path: Path, schema: str) -> Iterator[Problem]:
    frame, suspects = _read([text for _, text in numbered])
    for i in suspects if frame is not None else range(len(numbered)):
        yield from _explain(numbered[i], path, schema)


def _suspects(frame: pl.DataFrame, texts: pl.Series) -> list[int]:
    """The rows whose line holds more keys with a value than the frame has values of it, or a value of another type."""
    keys = texts.str.count_matches(GIVEN).cast(pl.Int64)
    odd = texts.str.contains(COERCED)
    if keys.sum() == _values(frame).sum() and not odd.any():
        return []
    wrong = (keys != _values(frame)) | odd
    return wrong.arg_true().to_list()


def _values(frame: pl.DataFrame) -> pl.Series:
    """Per row the number of values under a key, at any depth."""
    total = pl.Series(dtype=pl.Int64, values=[0]).new_from_index(0, len(frame))
    for column in frame.get_columns():
        total = total + _count(column)
    return total


def _count(column: pl.Series) -> pl.Series:
    """Values under a key in a column of any type: itself, and what its structs hold."""
    own = column.is_not_null().cast(pl.Int64)
    kind = column.dtype
    if isinstance(kind, pl.Struct):
        for field in kind.fields:
            own = own + _count(column.struct.field(field.name))
        return own
    if isinstance(kind, pl.List) and isinstance(kind.inner, pl.Struct):
        size = column.list.len().fill_null(0)
        rows = pl.Series(range(len(column)), dtype=pl.Int64)
        owner = pl.DataFrame({"row": rows, "n": size}).select(pl.col("row").repeat_by("n").explode())["row"].drop_nulls()
        inside = _count(column.explode(empty_as_null=False, keep_nulls=False)) - 1
        sums = pl.DataFrame({"row": owner, "n": inside}).group_by("row").agg(pl.col("n").sum())
        return own + pl.DataFrame({"row": rows}).join(sums, on="row", how="left", maintain_order="left")["n"].fill_null(0)
    return own


def _explain(numbered: tuple[int, str], path: Path, schema: str) -> Iterator[Problem]:
    number, text = numbered
    where = Where(str(path), number)
    found: list[tuple[str, str]] = []
    try:
        row = json.loads(text, parse_constant=lambda name: found.append(("not-a-number", name)), object_pairs_hook=_unique(found))
    except (ValueError, RecursionError) as error:
        yield Problem(where, "not-json", f"this is not JSON: {error}", "Write one JSON object a line.")
        return
    if isinstance(row, dict) and isinstance(row.get("id"), str):
        where = where._replace(document=row["id"].encode("utf-8", "replace").decode())
    for rule, name in found:
        yield Problem(where, rule, f"{name!r} {FOUND[rule][0]}", FOUND[rule][1])
    if not isinstance(row, dict):
        yield Problem(where, "not-an-object", "the line is not a JSON object", "Write one JSON object a line.")
        return
    yield from explain(schema, row, where)
    yield from _beyond(row, where)


FOUND = {
    "not-a-number": ("is no number in JSON", "Use null where there is no value."),
    "repeated-key": ("occurs twice in one object", "Give every field once."),
}


def _unique(found: list[tuple[str, str]]) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        row = dict(pairs)
        if len(row) < len(pairs):
            names = [name for name, _ in pairs]
            found.extend(("repeated-key", name) for name in sorted({n for n in names if names.count(n) > 1}))
        return row

    return build


def _beyond(value: Any, where: Where, path: str = "") -> Iterator[Problem]:
    """What JSON can say and a table cannot hold: numbers without end, halves of a surrogate pair, 1.0 for an offset."""
    here = where._replace(field=path or None)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _beyond(inner, where, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _beyond(inner, where, f"{path}[{n}]")
    elif isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
        yield Problem(
            here, "lone-surrogate", "half of a surrogate pair", "Write the character itself, or both halves of its pair."
        )
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        yield Problem(here, "infinite", "the number is too large", "Give a number below 1e308.")
    elif isinstance(value, int) and abs(value) >= 1 << 63:
        yield Problem(here, "infinite", f"{value} is too large", "Give a number below 2**63.")
    elif isinstance(value, float) and path.rsplit(".", 1)[-1] in ("start", "end"):
        yield Problem(here, "wrong-type", f"{value} is not an integer", "Give offsets as whole numbers, without a point.")
