"""Numbers given as strings: the one place where they are read, after any reader, by the decimal sign that the user states.

A string is a number only where the sign is stated (`--decimals`): `12.000` is twelve thousand to one and twelve to the other.
Rows of dictionaries go through `with_numbers`, columns of strings through `numbers_in`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from volgens.model.columns import items
from volgens.model.layers import ALL
from volgens.model.problem import Problem, Where
from volgens.model.schema import OR_DECIMALS, shown

BY_SIGN = "; by the decimal sign `{}` this string is none"

FIELDS = {layer.name: layer.numbers for layer in ALL if layer.numbers}
"""The fields of each layer that hold a number."""

ALIKE = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f", " ") | {"\u2212": "-"})
"""No-break, thin and narrow no-break spaces are spaces, which may group thousands as the other sign may; the minus a hyphen."""


def _written(decimal: str, other: str) -> re.Pattern[str]:
    """A number by its decimal sign: digits, or groups of three joined throughout by one and the same sign."""
    sign, tail = r"[+-]?", rf"({re.escape(decimal)}\d+)?([eE][+-]?\d+)?"
    grouped = rf"[1-9]\d{{0,2}}(?P<by>[ {re.escape(other)}])\d{{3}}((?P=by)\d{{3}})*"
    return re.compile(rf"{sign}({grouped}|\d+){tail}", re.ASCII)


GROUPED = {",": _written(",", "."), ".": _written(".", ",")}


def parse_number(text: str, decimals: str) -> float | None:
    """The number that `text` writes, None where it writes none by this decimal sign.

    >>> parse_number("12.000", ","), parse_number("12.000", "."), parse_number("1,2e4", ","), parse_number("1 5", ",")
    (12000.0, 12.0, 12000.0, None)
    """
    plain = text.strip().translate(ALIKE)
    if not GROUPED[decimals].fullmatch(plain):
        return None
    grouping = str.maketrans("", "", " ." if decimals == "," else " ,")
    return float(plain.translate(grouping).replace(decimals, "."))


def with_numbers(row: dict[str, Any], decimals: str | None) -> dict[str, Any]:
    """The row with the strings in fields of numbers as numbers, if the decimal sign is stated. What is no number stays for the
    check, which names `--decimals`.
    """
    if decimals is None:
        return row
    changed = {name: _items(row[name], FIELDS[name], decimals) for name in FIELDS if isinstance(row.get(name), list)}
    return {**row, **changed}


def _items(items: list[Any], fields: tuple[str, ...], decimals: str) -> list[Any]:
    return [_item(item, fields, decimals) if isinstance(item, Mapping) else item for item in items]


def _item(item: Mapping[str, Any], fields: tuple[str, ...], decimals: str) -> Mapping[str, Any]:
    strings = {name: item[name] for name in fields if isinstance(item.get(name), str)}
    numbers = {name: parse_number(text, decimals) for name, text in strings.items()}
    return {**item, **{name: number for name, number in numbers.items() if number is not None}} if strings else item


GIVEN = re.compile(rb'"(?:' + "|".join(sorted({name for names in FIELDS.values() for name in names})).encode() + rb')"\s*:\s*"')
"""A number's field with a string, in JSON."""


def read_numbers(data: bytes, decimals: str) -> bytes:
    """JSON lines with the strings in fields of numbers as numbers; lines without any stay byte for byte."""
    if not GIVEN.search(data):
        return data
    return b"\n".join(_line(line, decimals) if GIVEN.search(line) else line for line in data.split(b"\n"))


def _line(line: bytes, decimals: str) -> bytes:
    try:
        row: Any = json.loads(line)
    except ValueError:
        return line
    changed = with_numbers(row, decimals) if isinstance(row, dict) else row
    return line if changed == row else json.dumps(changed, ensure_ascii=False).encode("utf-8", "surrogatepass")


def numbers_in(frame: pl.DataFrame, decimals: str | None, file: str | None = None) -> tuple[pl.DataFrame, list[Problem]]:
    """The frame with columns of strings in fields of numbers as numbers by the decimal sign that is stated, and every string that
    is none: without a sign all.
    """
    problems: list[Problem] = []
    for layer, fields in FIELDS.items():
        texts = [name for name in fields if name in _strings(frame, layer)]
        tables = {name: _numbers(frame[layer], name, decimals) for name in texts}
        problems += [p for name in texts for p in _unread(frame, layer, name, tables[name], decimals, file)]
        if texts:
            element = pl.element().struct
            read = [element.field(name).replace_strict(tables[name], default=None, return_dtype=pl.Float64) for name in texts]
            named = [column.alias(name) for column, name in zip(read, texts, strict=True)]
            frame = frame.with_columns(pl.col(layer).list.eval(element.with_fields(named)))
    return frame, problems


def _strings(frame: pl.DataFrame, layer: str) -> set[str]:
    """The fields of a layer that are strings."""
    kind = frame.schema.get(layer)
    if not isinstance(kind, pl.List) or not isinstance(kind.inner, pl.Struct):
        return set()
    return {field.name for field in kind.inner.fields if field.dtype == pl.String}


def _numbers(column: pl.Series, field: str, decimals: str | None) -> dict[str, float]:
    """The strings of a field that are numbers."""
    texts = column.explode().struct.field(field).drop_nulls().unique().to_list() if decimals else ()
    found = ((text, parse_number(text, decimals)) for text in texts if decimals)
    return {text: number for text, number in found if number is not None}


def _unread(
    frame: pl.DataFrame, layer: str, field: str, known: Mapping[str, float], decimals: str | None, file: str | None
) -> Iterator[Problem]:
    """The strings of a field that are no numbers."""
    hint = f"Give a JSON number or null{OR_DECIMALS if decimals is None else BY_SIGN.format(decimals)}."
    held = items(frame, layer).filter(pl.col(field).is_not_null() & ~pl.col(field).is_in(list(known)))
    documents = frame["id"] if "id" in frame.columns else None
    for row, item, text in held.select("row", "item", field).iter_rows():
        where = Where(file, document=documents[row] if documents is not None else None, field=f"{layer}[{item}].{field}")
        yield Problem(where, "wrong-type", f"{shown(text)} is not of type number or null", hint)
