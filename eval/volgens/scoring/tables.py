"""Documents as columns: one table a layer, one row an item.

`Tables` holds the items of a frame (`model.columns`), each with `document` (row of the document in `documents`), `item` (position
in the list it came from) and its fields; spans are code points, end exclusive. Rows are in text order, and that order does not
depend on the order in which documents or items were given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from volgens.model.columns import (
    ITEMS,
    LINK,
    PLACING,
    SCHEMA,
    TYPE,
    annotated,
    column,
    filled,
    frame,
    items,
    not_in,
)
from volgens.model.documents import LAYERS
from volgens.model.layers import ALL, BY_NAME, Field, Layer
from volgens.stats.arrays import Bools, Ints, as_one

__all__ = [
    "ITEMS", "LINK", "PLACING", "SCHEMA", "TYPE", "Tables", "column", "filled", "frame", "items", "not_in", "tables",
]  # fmt: skip


class Given(NamedTuple):
    """Which fields a side gives: `fields` (`figures.unit`) are those that some item gives; a layer in `empty` is given, has no
    item, and gives all of its fields. Those of parts of a corpus add up with `|`.
    """

    fields: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()

    def gives(self, name: str) -> bool:
        """Whether the field is given."""
        return name in self.fields or name.partition(".")[0] in self.empty

    def __or__(self, other: Given) -> Given:
        fields = self.fields | other.fields
        return Given(fields, (self.empty | other.empty) - {name.partition(".")[0] for name in fields})

    def without(self, layers: set[str]) -> Given:
        """The same without some layers."""
        return Given(frozenset(name for name in self.fields if name.partition(".")[0] not in layers), self.empty - layers)


@dataclass(frozen=True)
class Tables:
    """The items of many documents. `parts` has one row per span of an attribution: `attribution` is its row, `part` its name.

    `given`: the fields that some item gives; an empty list is given, a null is not. `annotated[layer]`: per row of `documents`
    whether the layer was annotated there, or given (`columns.annotated`). `further` has the items of layers beside the three,
    `pieces` the spans of those among them that have parts.
    """

    documents: pl.DataFrame
    entities: pl.DataFrame
    figures: pl.DataFrame
    attributions: pl.DataFrame
    parts: pl.DataFrame
    given: Given = Given()  # noqa: RUF009 - immutable
    annotated: Mapping[str, Bools] = field(default_factory=dict)
    further: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    pieces: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def layer(self, name: str) -> pl.DataFrame:
        table: pl.DataFrame = self.further[name] if name in self.further else getattr(self, name)
        return table

    def pieces_of(self, name: str) -> pl.DataFrame:
        """The spans of a layer's parts: `owner` (row of the item), `part`, `start`, `end`."""
        return self.parts.rename({"attribution": "owner"}) if name == "attributions" else self.pieces[name]

    @cached_property
    def by_part(self) -> dict[str, pl.DataFrame]:
        """The rows of `parts` that each part has."""
        found = self.parts.partition_by("part", as_dict=True)
        return {part: found.get((part,), self.parts.clear()) for part in BY_NAME["attributions"].parts}


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
    opened = {layer.name: _opened(found[layer.name], layer) for layer in ALL}
    items = {name: rows for name, (rows, _) in opened.items()}
    pieces = {name: spans for name, (_, spans) in opened.items() if spans is not None}
    return Tables(
        documents,
        entities=items.pop("entities"),
        figures=items.pop("figures"),
        attributions=items.pop("attributions"),
        parts=pieces.pop("attributions").rename({"owner": "attribution"}),
        given=_given(found),
        annotated={layer: _annotated(known, document, layer, len(ids)) for layer in LAYERS},
        further=items,
        pieces=pieces,
    )


def _given(found: Mapping[str, pl.DataFrame]) -> Given:
    full = {layer: rows for layer, rows in found.items() if len(rows)}
    fields = {f"{layer}.{name}" for layer, rows in full.items() for name in rows.columns if rows[name].null_count() < len(rows)}
    if "attributions" in full and _has_quotation(full["attributions"]):
        fields.add("attributions.quotation")
    return Given(frozenset(fields), frozenset(found.keys() - full.keys()))


def _has_quotation(rows: pl.DataFrame) -> bool:
    """Whether some item has a content and no cue."""
    cue, content = (filled(rows[part].list.len(), 0) for part in ("cue", "content"))
    return bool(((cue == 0) & (content > 0)).any())


def _annotated(frame: pl.DataFrame, document: Ints, layer: str, documents: int) -> Bools:
    flags = np.zeros(documents, bool)
    flags[document] = annotated(frame, layer).to_numpy()
    return flags


def _items(frame: pl.DataFrame, document: Ints, layer: str) -> pl.DataFrame:
    nothing = pl.DataFrame(schema={**ITEMS[layer], "row": pl.UInt32, "item": pl.UInt32})
    found = items(frame, layer) if layer in frame.columns else nothing
    fields = [name for name in ITEMS[layer] if name != "id" or layer in LINK]
    found = found.select(pl.Series("document", document[found["row"].to_numpy()]), *fields, "item")
    implied = [field for field in BY_NAME[layer].fields if field.note.implied and found[field.name].null_count()]
    return found.with_columns(_implied(field) for field in implied)


def _implied(field: Field) -> pl.Expr:
    """A field with the values that another implies where it is not given."""
    assert field.note.implied is not None
    by, values = field.note.implied
    return pl.coalesce(field.name, pl.col(by).replace_strict(dict(values), default=None, return_dtype=pl.String))


def _opened(rows: pl.DataFrame, layer: Layer) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """The items in text order, spans as pairs of columns and links as rows, and the spans of their parts where they have any."""
    rows = rows.with_columns(
        pl.col(name).struct.field(edge).alias(f"{name}_{edge}") for name in layer.spans for edge in ("start", "end")
    ).drop(layer.spans)
    rows, pieces = _parts(rows, layer) if layer.parts else (_in_text_order(rows), None)
    return (_linked(rows, layer.link) if layer.link else rows), pieces


def _parts(rows: pl.DataFrame, layer: Layer) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Items, placed by the first part that they have, and their spans; rows of both in text order."""
    if not layer.has_place:
        edges = rows.select(pl.coalesce(_first(part, edge) for part in layer.placed_by).alias(edge) for edge in ("start", "end"))
        rows = pl.concat([rows, edges], how="horizontal")
    ordered = _in_text_order(rows)
    pieces = [
        ordered.lazy()
        .select(pl.int_range(pl.len()).alias("owner"), pl.lit(part).alias("part"), pl.col(part).alias("span"))
        .filter(pl.col("span").list.len() > 0)
        .explode("span")
        .select("owner", "part", *(pl.col("span").struct.field(edge).alias(edge) for edge in ("start", "end")))
        for part in layer.parts
    ]
    return ordered.drop(layer.parts), pl.concat(pieces).sort("owner", "part", "start", "end").collect()


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
    fields = [_key(rows, name) for name in sorted(rows.columns, key=lambda name: name == "id") if name not in (*place, "item")]
    order = np.arange(len(rows))
    sort = pl.arg_sort_by(pl.lit(pl.Series(key[tied])), *fields, nulls_last=True)
    order[tied] = tied[rows[tied].select(sort).to_series().to_numpy()]
    return rows[order]


def _key(rows: pl.DataFrame, name: str) -> pl.Expr:
    """A field as something to sort by; a part as the text of its spans in order."""
    if not isinstance(rows.schema[name], pl.List):
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
