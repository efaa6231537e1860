"""The ledger: one row per gold and per predicted item that counts, with its outcome and its partner. Every total is a sum over
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import polars as pl

from volgens.model.documents import LAYERS
from volgens.scoring.errors import ASIDE, field, misplaced, repeated
from volgens.scoring.evidence import Evidence
from volgens.scoring.layer import Layer
from volgens.scoring.measures import Measure
from volgens.scoring.parallel import each
from volgens.scoring.tables import TYPE

COLUMNS: dict[str, Any] = {
    **dict.fromkeys(("document", "layer", "side"), pl.String),
    "item": pl.UInt32, "start": pl.Int64, "end": pl.Int64, "label": pl.String,
    "outcome": pl.String, "partner": pl.UInt32, "partner_label": pl.String,
    **dict.fromkeys(("differs", "counts", "agrees"), pl.List(pl.String)),
}  # fmt: skip


def ledger(evidence: Evidence, documents: pl.DataFrame, measures: Sequence[Measure]) -> pl.DataFrame:
    """Columns: `document` (id), `layer`, `side` (gold or predicted), `item` (position in its list, from 0), `start`, `end` (of an
    attribution: its first cue), `label` (type or kind), `outcome`, `partner` (the other side's item, null without),
    `partner_label`, `differs` (the fields that differ from the partner), `counts` and `agrees` (the measures in which the item
    counts, and in which it is a true positive).

    Outcomes: correct, boundary, type (or kind), boundary and type, fields (place and type are right, another field is not),
    missed, spurious, duplicate (spurious, and the same place and label as another prediction), unlocated (spurious: its string
    was not found).
    """
    attempted = [name for name in LAYERS if any(m.layer == name for m in measures)]
    if not attempted:
        return pl.DataFrame(schema=COLUMNS)
    found = each(lambda name: _sides(name, evidence.layer(name), [m for m in measures if m.layer == name]), attempted)
    joined = pl.concat(chain.from_iterable(found)).join(
        documents.rename({"document": "number"}), left_on="document", right_on="number"
    )
    unlocated = (pl.col("outcome") == "spurious") & (pl.col("start") > pl.col("length"))
    joined = joined.with_columns(outcome=pl.when(unlocated).then(pl.lit("unlocated")).otherwise(pl.col("outcome")))
    named = joined.drop("document").rename({"id": "document"})
    return named.select(list(COLUMNS)).sort("document", "layer", "start", "end", "side", "item")


def _sides(name: str, layer: Layer, measures: Sequence[Measure]) -> list[pl.DataFrame]:
    flags = [m.agrees.alias(m.name) for m in measures]
    either = [m.either.alias(f"either {m.name}") for m in measures]
    pairs = layer.pairs.with_columns(*flags, *either)
    agrees = _names([m.name for m in measures], [pl.col(m.name) for m in measures])
    differs = _names([field(m) for m in measures], [pl.col(f"either {m.name}") & ~pl.col(m.name) for m in measures])
    pairs = pairs.with_columns(agrees.alias("agrees"), differs.list.unique(maintain_order=True).alias("differs"))
    pairs = pairs.with_columns(misplaced(name).alias("misplaced"))
    label = TYPE[name]
    sides = []
    for side, other, theirs in (("gold", "_predicted", layer.gold), ("predicted", "", layer.predicted)):
        partner = pairs.select(
            pl.col(f"{side}_row").alias("row"),
            pl.col(f"item{other}").alias("partner"),
            pl.col(f"{label}{other}").alias("partner_label"),
            "agrees", "differs", "misplaced",
        )  # fmt: skip
        counts = _names([m.name for m in measures], [m.counts for m in measures]).alias("counts")
        rows = theirs.with_columns(counts, repeated(name, theirs))
        rows = rows.join(partner, on="row", how="left", maintain_order="left").with_columns(
            pl.lit(name).alias("layer"), pl.lit(side).alias("side"), pl.col(label).alias("label")
        )
        empty = [pl.col(c).fill_null(pl.lit([], pl.List(pl.String))) for c in ("agrees", "differs")]
        rows = rows.with_columns(*empty).with_columns(_outcome(name, side).alias("outcome"))
        sides.append(rows.select("document", *(c for c in COLUMNS if c != "document")))
    return sides


def _names(names: Sequence[str], flags: Sequence[pl.Expr]) -> pl.Expr:
    if not names:
        return pl.lit([], pl.List(pl.String))
    picked = [pl.when(flag).then(pl.lit(name)) for name, flag in zip(names, flags, strict=True)]
    return pl.concat_list(picked).list.drop_nulls()


def _outcome(layer: str, side: str) -> pl.Expr:
    alone = "missed" if side == "gold" else "spurious"
    place = pl.col("misplaced")
    word = TYPE[layer]
    label = pl.col("label").ne_missing(pl.col("partner_label"))
    fields = pl.col("differs").list.set_difference(pl.lit([*LAYERS, *ASIDE], pl.List(pl.String))).list.len() > 0
    twice = pl.col("repeated") if side == "predicted" else pl.lit(False)
    return (
        pl.when(pl.col("partner").is_null() & twice).then(pl.lit("duplicate"))
        .when(pl.col("partner").is_null()).then(pl.lit(alone))
        .when(place & label).then(pl.lit(f"boundary and {word}"))
        .when(place).then(pl.lit("boundary"))
        .when(label).then(pl.lit(word))
        .when(fields).then(pl.lit("fields"))
        .otherwise(pl.lit("correct"))
    )  # fmt: skip
