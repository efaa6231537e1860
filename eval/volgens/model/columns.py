"""The columns of documents and their layers, read off the declarations, and how to open them.

A *frame* is a polars frame of documents in the form of the dataset: `id`, and for each layer a list of structs, which is null
where the layer is not annotated (in gold) or not given (in predictions); `[]` says that there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import polars as pl

from volgens.model.layers import ALL, BY_NAME, Kind, Layer

Ints = np.ndarray[Any, np.dtype[np.int64]]

SPAN = pl.Struct({"start": pl.Int64, "end": pl.Int64})
TEXT_SPAN = pl.Struct({"start": pl.Int64, "end": pl.Int64, "text": pl.String})
"""A place as predicted: a string may stand for its offsets, or beside them."""

OTHERS: Mapping[Kind, Any] = {
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "span": SPAN,
    "spans": pl.List(SPAN),
}


def type_of(kind: Kind) -> Any:
    """The column type of a kind of field; all that is not told here is a string."""
    return OTHERS.get(kind, pl.String)


def _fields(layer: Layer) -> dict[str, Any]:
    """The columns of a layer: id, the places in the order in which they are told, then all that is said."""
    names = [f.name for f in layer.fields if f.name in ("id", "start", "end")] + list(layer.parts)
    names += [f.name for f in layer.said if f.name not in layer.parts]
    return {name: type_of(layer.field(name).kind) for name in names}


ITEMS: dict[str, dict[str, Any]] = {layer.name: _fields(layer) for layer in ALL}
"""The fields of each layer in the gold's own form."""

SCHEMA: dict[str, Any] = {"id": pl.String, **{name: pl.List(pl.Struct(fields)) for name, fields in ITEMS.items()}}
"""The columns of a frame that scoring needs; a gold frame has `page`, `kind`, `text` and more beside them."""

TYPE = {layer.name: layer.type for layer in ALL}
"""The field that exact agreement prefers in each layer."""

LINK = {layer.name: layer.link for layer in ALL if layer.link}

CLOSED = {layer.name: layer.closed for layer in ALL}

ONE = {layer.name: layer.one for layer in ALL}
"""The word for one item of each layer."""

SPARSE = frozenset(field.name for layer in ALL for field in layer.fields if field.note.sparse)
"""Fields that add nothing where they are not given, so that what was written before they came stays the same."""

PLACING = BY_NAME["attributions"].placed_by
"""The parts by which an attribution is placed: the first that it has."""


def predicted_items(layer: str) -> pl.Struct:
    """A layer's items as they may be predicted: `text` may stand for offsets, `score` is how sure the extractor is."""
    places = {"span": TEXT_SPAN, "spans": pl.List(TEXT_SPAN)}
    fields = {name: places.get(BY_NAME[layer].field(name).kind, kind) for name, kind in ITEMS[layer].items()}
    text = {"text": pl.String} if BY_NAME[layer].has_place else {}
    return pl.Struct({**fields, **text, "score": pl.Float64})


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows in the form of the dataset → a frame. They must satisfy the contract; a missing layer is null."""
    plain = [{name: row.get(name) for name in SCHEMA} for row in rows]
    return pl.DataFrame(plain, schema=SCHEMA, strict=True)


def annotated(frame: pl.DataFrame, layer: str) -> pl.Series:
    """Per document whether the layer was annotated (in gold) or given (in predictions): its list is not null. `[]` is an answer.

    Boolean, without nulls, one value a row of the frame; false everywhere where the frame has no such column.
    """
    if layer not in frame.columns:
        return pl.Series(layer, [False]).new_from_index(0, len(frame))
    return frame[layer].is_not_null()


def items(frame: pl.DataFrame, layer: str) -> pl.DataFrame:
    """The items of a layer: their fields, their `row` in the frame and `item` in the list."""
    lists = frame[layer]
    sizes = filled(lists.list.len(), 0).to_numpy()
    row = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
    item = np.arange(len(row), dtype=np.uint32)
    item -= np.repeat(np.cumsum(sizes, dtype=np.uint32) - sizes, sizes)
    lists = lists if len(row) else lists.clear()
    inside = lists.explode(empty_as_null=False, keep_nulls=False).struct.unnest()
    return inside.with_columns(pl.Series("row", row), pl.Series("item", item))


def filled(values: pl.Series, value: Any) -> pl.Series:
    """The values with `value` for null; quick where there is none."""
    return values.fill_null(value) if values.null_count() else values


def column(table: pl.DataFrame, name: str) -> Ints:
    """An integer column as int64, without nulls."""
    return table[name].cast(pl.Int64).to_numpy()


def not_in(ids: pl.Series, others: pl.Series) -> pl.Series:
    """The ids that are not among the others; nothing is looked up where both are the same."""
    return ids.clear() if ids.equals(others) else ids.filter(~ids.is_in(others.implode()))
