"""JSON lines → a frame, in bulk, with nothing coerced or dropped in silence.

Arrow parses a large file where it can (`arrow_lines`), else polars with a schema. What a schema-driven parser lets pass is found
by counting: a file has as many keys with a value as the frame has values, or some line has an unknown, misplaced or repeated key;
and no value may stand under a key of another type. Only the lines that fail are parsed again: explained by the JSON Schema, or,
where nothing is wrong with them but the way they are written (`12.0` for an offset), written anew.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl

from volgens.model.contract import NESTED
from volgens.model.documents import Document
from volgens.model.layers import ALL, Kind
from volgens.model.layers.declaration import declared
from volgens.model.problem import Problem, Where
from volgens.model.schema import OR_DECIMALS, enumeration, explain
from volgens.readers import arrow_lines
from volgens.readers.files import text_problem
from volgens.readers.numbers import BY_SIGN, read_numbers
from volgens.readers.shape import BESIDE, SCHEMA, Lines, conform, narrowed

CHUNK = 2_000
HEAD = 1 << 20
GIVEN = r'[^\\]"\s*:\s*[^n\s]'


def _keys(*kinds: Kind) -> str:
    """The fields that are of these kinds wherever they occur, as alternatives of a regular expression."""
    names = {name for layer in ALL for name in layer.of_kind(*kinds)}
    return "|".join(sorted(names - AMBIGUOUS))


TYPES = {(f.name, f.kind if f.kind in ("number", "boolean", "span", "spans") else "string") for layer in ALL for f in layer.said}
AMBIGUOUS = {name for name, kind in TYPES for other, another in TYPES if name == other and kind != another}
"""Fields that are of one type in one layer and of another in another: their lines are always looked at."""


WHOLE = frozenset(f.name for f in declared(Document, *NESTED) if f.kind == "integer") | {"start", "end", "readings"}
"""The fields that hold whole numbers."""

COERCED = (
    rf'"(?:text|{_keys("string", "closed", "slug", "link")})"\s*:\s*[^"n\s]'
    r'|"(?:start|end)"\s*:\s*(?:[^\d\s]|-?\d+[.eE])'
    rf'|"(?:{_keys("boolean")})"\s*:\s*[^tfn\s]|"(?:score|{_keys("number")})"\s*:\s*[^-\dn\s]'
    r"|\\u[dD][89a-fA-F]" + "".join(rf'|"{name}"\s*:' for name in sorted(AMBIGUOUS))
)


class Labels(NamedTuple):
    """What may stand for a type beside the scheme's own: the keys of a map (label → ours), or with `any` whatever there is."""

    mapping: Mapping[str, str] = MappingProxyType({})
    any: bool = False

    def explain(self, schema: str, row: dict[str, Any], where: Where) -> Iterator[Problem]:
        """What is wrong with a row, its labels aside where they are allowed."""
        known = {**row, "entities": [self._known(item) for item in row["entities"]]} if _listed(row) and self.mapping else row
        return (problem for problem in explain(schema, known, where) if not self.any or problem.id != "unknown-value")

    def _known(self, item: Any) -> Any:
        mapped = isinstance(item, dict) and isinstance(item.get("type"), str) and item["type"] in self.mapping
        return {**item, "type": enumeration("entity", "type")[0]} if mapped else item


def _listed(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("entities"), list)


SCHEME = Labels()
"""The labels of the scheme alone."""


class Line(NamedTuple):
    """A line with something in it: its number (from 1; None for an element of an array) and its text."""

    number: int | None
    text: str


class Rules(NamedTuple):
    """What a line is explained by: the file, the schema (`gold` or `prediction`), the labels allowed, the decimal sign."""

    path: Path
    schema: str
    labels: Labels
    decimals: str | None

    def told(self, problem: Problem) -> Problem:
        """The problem without the advice to state a decimal sign where one is stated."""
        if self.decimals is None:
            return problem
        return problem._replace(hint=problem.hint.replace(OR_DECIMALS, BY_SIGN.format(self.decimals)))


def read_jsonl(data: bytes, path: Path, schema: str, labels: Labels = SCHEME, decimals: str | None = None) -> Lines:
    """Parse the JSON lines `data` of `path`, or one JSON array of the same objects; `schema` (`gold` or `prediction`) and
    `labels` explain what is wrong. Strings are numbers by the sign `decimals`, where it is stated. Blank lines are skipped.
    """
    nothing, rules = Lines(pl.DataFrame(schema=SCHEMA), [], []), Rules(path, schema, labels, decimals)
    if problem := text_problem(data, path):
        return nothing._replace(problems=[problem])
    elements = _array(data)
    given = data if elements is None else elements
    written = read_numbers(given, decimals) if decimals else given
    texts = enumerate(written.decode("utf-8-sig", "surrogatepass").split("\n"), 1)
    lines = [Line(None if elements else n, text) for n, text in texts if text and not text.isspace()]
    frame, problems = _table(lines, rules)
    applied = frozenset({"decimals"} if written != given else ())
    numbers = None if elements else [line.number or 0 for line in lines]
    return Lines(nothing.frame if frame is None else frame, numbers if frame is not None else [], problems, applied=applied)


def _array(data: bytes) -> bytes | None:
    """The elements of a file that is one JSON array, a line each; None where it is none."""
    if data.lstrip()[:1] != b"[":
        return None
    try:
        rows = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode("utf-8", "surrogatepass")


def _table(lines: Sequence[Line], rules: Rules) -> tuple[pl.DataFrame | None, list[Problem]]:
    """The lines as a frame, None where they are no table, and every problem."""
    texts = [line.text for line in lines]
    frame, suspects = _read(texts)
    if frame is None:
        suspects = [i for begin in range(0, len(texts), CHUNK) for i in _within(texts, begin)]
    elif not suspects:
        return frame, []
    problems: list[Problem] = []
    for i in suspects:
        text, found = _settled(lines[i], rules)
        problems += found
        texts[i] = text
    if problems:
        return frame, problems
    frame, _ = _read(texts)
    if frame is not None:
        return frame, []
    message, hint = "the lines are JSON but could not be read as a table", "Check for numbers beyond 2**63."
    return None, [Problem(Where(str(rules.path)), "unparsed", message, hint)]


def _within(texts: list[str], begin: int) -> Iterator[int]:
    """The lines of a chunk that are to be looked at."""
    part = texts[begin : begin + CHUNK]
    frame, suspects = _read(part)
    return (begin + i for i in (suspects if frame is not None else range(len(part))))


def _read(texts: list[str]) -> tuple[pl.DataFrame | None, list[int]]:
    """The lines as a frame and the rows to look at; None where they are no table.

    Fields beside the layers that do not occur at the beginning are not looked for, which takes a third of the time away; where
    they come later, their lines have keys too many, and all is read again with every field.
    """
    data = "\n".join(texts).encode("utf-8", "surrogatepass")
    narrow = narrowed({name for name in BESIDE if f'"{name}"'.encode() in data[:HEAD]})
    for wanted in (narrow, SCHEMA) if len(data) >= arrow_lines.WORTH else ():
        if (strict := arrow_lines.read(data, texts, wanted)) is not None:
            return conform(strict).frame, []
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


def _settled(line: Line, rules: Rules) -> tuple[str, list[Problem]]:
    """The line written as the table wants it, and what is wrong with it."""
    where = Where(str(rules.path), line.number)
    found: list[tuple[str, str]] = []
    try:
        row = json.loads(
            line.text, parse_constant=lambda name: found.append(("not-a-number", name)), object_pairs_hook=_unique(found)
        )
    except (ValueError, RecursionError) as error:
        return line.text, [Problem(where, "not-json", f"this is not JSON: {error}", "Write one JSON object a line.")]
    if not isinstance(row, dict):
        return line.text, [Problem(where, "not-an-object", "this is not a JSON object", "Write one JSON object a line.")]
    if isinstance(row.get("id"), str):
        where = where._replace(document=row["id"].encode("utf-8", "replace").decode())
    problems = [Problem(where, rule, f"{name!r} {FOUND[rule][0]}", FOUND[rule][1]) for rule, name in found]
    problems += [rules.told(problem) for problem in rules.labels.explain(rules.schema, row, where)]
    problems += _beyond(row, where)
    return json.dumps(_whole(row), ensure_ascii=False) if not problems else line.text, problems


def _whole(value: Any, name: str = "") -> Any:
    """The value with `12.0` as 12 where whole numbers belong."""
    if isinstance(value, dict):
        return {name: _whole(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and name in WHOLE and value.is_integer() else value


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
