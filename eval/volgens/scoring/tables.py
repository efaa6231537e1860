"""Documents as columns: one table a layer, one row an item. The only place that knows the columns.

A *frame* is a polars frame of documents in the form of the dataset (`id` and lists of structs). `Tables` holds its items, each
with `document` (row of the document in `documents`), `item` (position in the list it came from) and its fields; spans are code
points, end exclusive. Rows are in text order, and that order does not depend on the order in which documents or items were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from volgens.model.documents import LAYERS, PARTS
from volgens.stats.arrays import Ints, as_one

SPAN = pl.Struct({"start": pl.Int64, "end": pl.Int64})
PLACED = {"id": pl.String, "start": pl.Int64, "end": pl.Int64}
ITEMS: dict[str, dict[str, Any]] = {
    "entities": {**PLACED, "type": pl.String, "role": pl.String, "ref": pl.String},
    "figures": {
        **PLACED,
        **dict.fromkeys(("kind", "bound"), pl.String),
        **dict.fromkeys(("value", "min", "max"), pl.Float64),
        "approx": pl.Boolean,
        "unit": pl.String,
        "counted": SPAN,
        "head": SPAN,
        "part_of": pl.String,
    },
    "attributions": {
        "id": pl.String,
        **{part: pl.List(SPAN) for part in PARTS},
        **dict.fromkeys(("kind", "source_kind", "source_ref", "stance"), pl.String),
        "hedged": pl.Boolean,
        "parent": pl.String,
    },
}
"""The fields of each layer in the gold's own form."""

SCHEMA: dict[str, Any] = {"id": pl.String, **{layer: pl.List(pl.Struct(ITEMS[layer])) for layer in LAYERS}}
"""The columns of a frame that scoring needs; a gold frame has `page`, `kind`, `text` and more beside them."""

TYPE = {"entities": "type", "figures": "kind", "attributions": "kind"}
"""The field that exact agreement prefers in each layer."""

LINK = {"figures": "part_of", "attributions": "parent"}


@dataclass(frozen=True)
class Tables:
    """The items of many documents. `parts` has one row per span of an attribution: `attribution` is its row, `part` its name.

    `given`: the fields (`figures.unit`) that some item gives; an empty list is given, a null is not. A layer without items gives
    all.
    """

    documents: pl.DataFrame
    entities: pl.DataFrame
    figures: pl.DataFrame
    attributions: pl.DataFrame
    parts: pl.DataFrame
    given: frozenset[str] = frozenset()

    def layer(self, name: str) -> pl.DataFrame:
        table: pl.DataFrame = getattr(self, name)
        return table

    @cached_property
    def by_part(self) -> dict[str, pl.DataFrame]:
        """The rows of `parts` that each part has."""
        found = self.parts.partition_by("part", as_dict=True)
        return {part: found.get((part,), self.parts.clear()) for part in PARTS}


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows in the form of the dataset → a frame. They must satisfy the contract; a missing layer becomes an empty list."""
    plain = [{name: row.get(name) for name in SCHEMA} for row in rows]
    return pl.DataFrame(plain, schema=SCHEMA, strict=True)


def tables(frame: pl.DataFrame, ids: pl.Series) -> Tables:
    """Split a frame into its layers; one that is no column has no items. `ids` (sorted, unique) are the documents to tell of;
    others in the frame are left aside.
    """
    documents = pl.DataFrame({"id": ids}).with_row_index("document")
    known = frame.select("id", *(layer for layer in LAYERS if layer in frame.columns))
    if not known["id"].equals(ids):
        known = known.join(documents, on="id", how="inner", maintain_order="left")
        document = column(known, "document")
    else:
        document = np.arange(len(ids))
    found = {layer: _items(known, document, layer) for layer in LAYERS}
    attributions, parts = _parts(found["attributions"])
    figures = _in_text_order(_figures(found["figures"]))
    return Tables(
        documents=documents,
        entities=_in_text_order(found["entities"]),
        figures=_linked(figures, "part_of"),
        attributions=_linked(attributions, "parent"),
        parts=parts,
        given=frozenset(f"{layer}.{name}" for layer, rows in found.items() for name in rows.columns if _is_given(rows, name)),
    )


def annotated(frame: pl.DataFrame, layer: str) -> pl.Series:
    """Per document of a gold frame: is the layer annotated there? A null is not; an empty list is."""
    return frame[layer].is_not_null() if layer in frame.columns else pl.repeat(False, len(frame), dtype=pl.Boolean, eager=True)


def _is_given(rows: pl.DataFrame, name: str) -> bool:
    return not len(rows) or rows[name].null_count() < len(rows)


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


def _items(frame: pl.DataFrame, document: Ints, layer: str) -> pl.DataFrame:
    nothing = pl.DataFrame(schema={**ITEMS[layer], "row": pl.UInt32, "item": pl.UInt32})
    found = items(frame, layer) if layer in frame.columns else nothing
    fields = [name for name in ITEMS[layer] if name != "id" or layer in LINK]
    return found.select(pl.Series("document", document[found["row"].to_numpy()]), *fields, "item")


def _figures(rows: pl.DataFrame) -> pl.DataFrame:
    flat = [
        pl.col(field).struct.field(edge).alias(f"{field}_{edge}") for field in ("counted", "head") for edge in ("start", "end")
    ]
    return rows.with_columns(flat).drop("counted", "head")


PLACING = ("cue", "content", "source", "antecedent")
"""The parts by which an attribution is placed: the first that it has."""


def _parts(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Attributions with the `start` and `end` of their first cue (else content), and their spans; rows of both in text order."""
    edges = rows.select(pl.coalesce(_first(part, edge) for part in PLACING).alias(edge) for edge in ("start", "end"))
    ordered = _in_text_order(pl.concat([rows, edges], how="horizontal"))
    pieces = [
        ordered.lazy()
        .select(pl.int_range(pl.len()).alias("attribution"), pl.lit(part).alias("part"), pl.col(part).alias("span"))
        .filter(pl.col("span").list.len() > 0)
        .explode("span")
        .select("attribution", "part", *(pl.col("span").struct.field(edge).alias(edge) for edge in ("start", "end")))
        for part in PARTS
    ]
    parts = pl.concat(pieces).sort("attribution", "part", "start", "end").collect()
    return ordered.drop(PARTS), parts


def _first(part: str, edge: str) -> pl.Expr:
    return pl.col(part).list.eval(pl.element().struct.field(edge)).list.min()


def _in_text_order(rows: pl.DataFrame) -> pl.DataFrame:
    """By document, start and end; only where items share a place do their other fields decide, the position in the list never."""
    place = ["document", "start", "end"]
    key = as_one([column(rows.select(pl.col(name).fill_null(-1)), name) for name in place])
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        rows, key = rows[order], key[order]
    same = key[1:] == key[:-1]
    if not same.any():
        return rows
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    fields = [_key(name) for name in sorted(rows.columns, key=lambda name: name == "id") if name not in (*place, "item")]
    order = np.arange(len(rows))
    sort = pl.arg_sort_by(pl.lit(pl.Series(key[tied])), *fields, nulls_last=True)
    order[tied] = tied[rows[tied].select(sort).to_series().to_numpy()]
    return rows[order]


def _key(name: str) -> pl.Expr:
    """A field as something to sort by; a part as the text of its spans in order."""
    if name not in PARTS:
        return pl.col(name)
    span = pl.concat_str(pl.element().struct.field("start"), pl.element().struct.field("end"), separator="-")
    return pl.col(name).list.eval(span).list.sort().list.join(",")


def _linked(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """Add `<field>_row`: the row of the item that `field` names, null where it names none."""
    numbered = rows.with_row_index("row")
    targets = numbered.select("document", pl.col("id").alias(field), pl.col("row").cast(pl.Int64).alias(f"{field}_row"))
    if rows[field].null_count() == len(rows):
        return rows.with_columns(pl.lit(None, pl.Int64).alias(f"{field}_row"))
    unique = targets.filter(pl.col(field).is_not_null()).unique(["document", field], keep="first", maintain_order=True)
    return rows.join(unique, on=["document", field], how="left", maintain_order="left")


def filled(values: pl.Series, value: Any) -> pl.Series:
    """The values with `value` for null; quick where there is none."""
    return values.fill_null(value) if values.null_count() else values


def column(table: pl.DataFrame, name: str) -> Ints:
    """An integer column as int64, without nulls."""
    return table[name].cast(pl.Int64).to_numpy()


def not_in(ids: pl.Series, others: pl.Series) -> pl.Series:
    """The ids that are not among the others; nothing is looked up where both are the same."""
    return ids.clear() if ids.equals(others) else ids.filter(~ids.is_in(others.implode()))
