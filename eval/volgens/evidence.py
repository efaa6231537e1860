"""The evidence behind a score: the items that count on each side and the table of pairs with all that the measures ask of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl

from volgens import matching, units
from volgens.documents import PARTS
from volgens.matching import Ints, Pairs
from volgens.tables import Tables, column
from volgens.views import View


class Layer(NamedTuple):
    """`gold` and `predicted` are the items that count, numbered by `row`; `pairs` has the rows of both (`gold_row`,
    `predicted_row`) and their fields, the prediction's with `_predicted` behind."""

    gold: pl.DataFrame
    predicted: pl.DataFrame
    pairs: pl.DataFrame


class Evidence:
    """The evidence of a scoring, each kind made when it is asked for.

    Kinds are the layers, `entities@strict|exact|type` (the names paired as SemEval-2013 does) and `<layer>@set` (what a document
    says, each thing once, without offsets). Both sides must have been made with the same ids. `texts` (document, text) serve the
    sets of names; `segments` (document, start, end of those that count) leave out the items of others.
    """

    def __init__(
        self,
        gold: Tables,
        predicted: Tables,
        view: View,
        texts: pl.DataFrame | None = None,
        segments: pl.DataFrame | None = None,
    ) -> None:
        gold, predicted = (replace(side, entities=view.entities(side.entities)) for side in (gold, predicted))
        self.gold, self.predicted = _flat(gold, predicted) if view.is_flat else (gold, predicted)
        self.texts, self.segments = texts, segments

    @cache  # noqa: B019 - an Evidence lives as long as its scorecard
    def layer(self, kind: str) -> Layer:
        """The evidence of one kind. Raises KeyError for an unknown one."""
        name, _, how = kind.partition("@")
        if how == "set":
            return SETS[name](self)
        found = _semeval(self.gold, self.predicted, how) if how else LAYER[name](self.gold, self.predicted)
        return found if self.segments is None else _within(found, self.segments)


def _within(layer: Layer, segments: pl.DataFrame) -> Layer:
    """The items that begin in one of the segments; a prediction goes with its partner where it has one."""
    gold = layer.gold.filter(_inside(layer.gold, segments))
    counts = pl.col("gold_row").is_in(gold["row"].implode())
    partners = layer.pairs.select(pl.col("predicted_row").alias("row"), counts.alias("with_partner"))
    own = layer.predicted.with_columns(_inside(layer.predicted, segments).alias("inside"))
    predicted = own.join(partners, on="row", how="left", maintain_order="left").filter(pl.coalesce("with_partner", "inside"))
    return Layer(gold, predicted.drop("inside", "with_partner"), layer.pairs.filter(counts))


def _inside(table: pl.DataFrame, segments: pl.DataFrame) -> pl.Series:
    ends = pl.concat([table["start"], segments["end"]])
    wide = int(ends.max() or 0) + 1  # type: ignore[arg-type]
    ordered = segments.sort("document", "start")
    start, end = (column(ordered, "document") * wide + column(ordered, edge) for edge in ("start", "end"))
    place = column(table, "document") * wide + column(table, "start")
    before = np.searchsorted(start, place, side="right") - 1
    return pl.Series((before >= 0) & (place < np.append(end, -1)[before]))


def _flat(gold: Tables, predicted: Tables) -> tuple[Tables, Tables]:
    """Leave out the gold's nested names, and of the predicted ones only those that equal one of them and stand in a name that was
    itself predicted exactly: so the gold's total is fixed, and no wrong prediction can make another one disappear.
    """
    wide = matching.width(gold, predicted)
    places, guesses = matching.spans(gold.entities, wide), matching.spans(predicted.entities, wide)
    outer = matching.nested(places)
    if (outer < 0).all():
        return gold, predicted
    types = matching.codes(gold.entities["type"], predicted.entities["type"])
    exact = matching.same_keys([*matching.placed(places), types[0]], [*matching.placed(guesses), types[1]])
    predicted_as = np.full(len(outer), -1, np.int64)
    predicted_as[exact.gold] = exact.predicted
    neutral = predicted_as[(outer >= 0) & (predicted_as >= 0) & (predicted_as[outer] >= 0)]
    keep = np.ones(len(guesses.start), bool)
    keep[neutral] = False
    return replace(gold, entities=gold.entities.filter(outer < 0)), replace(predicted, entities=predicted.entities.filter(keep))


def _entities(gold: Tables, predicted: Tables) -> Layer:
    pairs = matching.pair_layer(gold, predicted, "entities")
    return _numbered(gold.entities, predicted.entities, _paired(gold.entities, predicted.entities, pairs))


def _numbered(gold: pl.DataFrame, predicted: pl.DataFrame, pairs: pl.DataFrame) -> Layer:
    sides = [side.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64)) for side in (gold, predicted)]
    return Layer(sides[0], sides[1], pairs)


def _figures(gold: Tables, predicted: Tables) -> Layer:
    pairs = matching.pair_layer(gold, predicted, "figures")
    claims = matching.claimants(gold), matching.claimants(predicted)
    g, p = (_with_number(side.figures, claim) for side, claim in zip((gold, predicted), claims, strict=True))
    table = _paired(g, p, pairs).with_columns(
        counted_shared=pl.min_horizontal("counted_end", "counted_end_predicted")
        - pl.max_horizontal("counted_start", "counted_start_predicted"),
        part_of_same=_same_target(pairs, g, p, "part_of_row"),
        claim_dice=_claim_dice(gold, predicted, claims[0][pairs.gold], claims[1][pairs.predicted]),
    )
    return _numbered(g, p, table)


def _with_number(figures: pl.DataFrame, claimant: Ints) -> pl.DataFrame:
    number = pl.coalesce("value", "min", "max").alias("number")
    by_row = pl.Series("claimant", claimant)
    return figures.with_columns(units.code(pl.col("unit")), number, by_row.set(by_row < 0, None))


def _claim_dice(gold: Tables, predicted: Tables, g: Ints, p: Ints) -> pl.Series:
    """Dice of the sources of two claiming attributions; NaN where both have none or a side has no claim."""
    shared = matching.shared_by_pair(gold, predicted, g, p, "source")
    total = np.append(matching.lengths(gold, "source"), 0)[g] + np.append(matching.lengths(predicted, "source"), 0)[p]
    return pl.Series(matching.dice(shared, total))


def _attributions(gold: Tables, predicted: Tables) -> Layer:
    pairs = matching.pair_attributions(gold, predicted)
    g, p = _with_lengths(gold), _with_lengths(predicted)
    table = _paired(g, p, pairs).with_columns(parent_same=_same_target(pairs, g, p, "parent_row"))
    for part in PARTS:
        shared = matching.shared_by_pair(gold, predicted, pairs.gold, pairs.predicted, part)
        total = matching.lengths(gold, part)[pairs.gold] + matching.lengths(predicted, part)[pairs.predicted]
        table = table.with_columns(pl.Series(f"{part}_dice", matching.dice(shared, total)))
    return _numbered(g, p, table)


def _with_lengths(side: Tables) -> pl.DataFrame:
    """The parts as their lengths in characters, null where a part is empty."""
    sizes = [pl.Series(part, matching.lengths(side, part)) for part in PARTS]
    return side.attributions.with_columns(s.set(s == 0, None) for s in sizes)


def _same_target(pairs: Pairs, gold: pl.DataFrame, predicted: pl.DataFrame, field: str) -> pl.Series:
    """Per pair: do the items that both point at form a pair too?"""
    partner = np.full(len(gold) + 1, -2, np.int64)
    partner[pairs.gold] = pairs.predicted
    g = column(gold.select(pl.col(field).fill_null(len(gold))), field)[pairs.gold]
    p = column(predicted.select(pl.col(field).fill_null(-1)), field)[pairs.predicted]
    return pl.Series(partner[g] == p)


def _paired(gold: pl.DataFrame, predicted: pl.DataFrame, pairs: Pairs) -> pl.DataFrame:
    left = gold[pairs.gold].with_columns(pl.Series("gold_row", pairs.gold))
    right = predicted[pairs.predicted].drop("document")
    right = right.rename({name: f"{name}_predicted" for name in right.columns})
    exact = (pl.col("start") == pl.col("start_predicted")) & (pl.col("end") == pl.col("end_predicted"))
    table = pl.concat([left, right.with_columns(pl.Series("predicted_row", pairs.predicted))], how="horizontal")
    return table.with_columns(exact.alias("exact"))


def _semeval(gold: Tables, predicted: Tables, how: str) -> Layer:
    wide = matching.width(gold, predicted)
    g, p = (side.entities.select("document", "start", "end", "type") for side in (gold, predicted))
    types = matching.codes(g["type"], p["type"])
    pairs = matching.pair_semeval(matching.spans(g, wide), matching.spans(p, wide), *types, how)
    return _numbered(g, p, _paired(g, p, pairs))


QUANTITY = ("bound", "value", "min", "max", "unit")


def _names(evidence: Evidence) -> Layer:
    """The names of a document: type and surface, each once."""
    gold, predicted = (_surfaces(side, evidence.texts) for side in evidence.layer("entities")[:2])
    return _sets(gold, predicted, ("surface", "type"))


def _surfaces(names: pl.DataFrame, texts: pl.DataFrame | None) -> pl.DataFrame:
    if texts is None:
        return names.with_columns(surface=pl.lit(None, pl.String))
    held = names.join(texts, on="document", how="left", maintain_order="left")
    return held.with_columns(surface=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start")))


def _quantities(evidence: Evidence) -> Layer:
    """The quantities of a document, each once."""
    layer = evidence.layer("figures")
    return _sets(layer.gold, layer.predicted, QUANTITY)


def _speakers(evidence: Evidence) -> Layer:
    """Who says something in a document, and with what stance, each once."""
    layer = evidence.layer("attributions")
    return _sets(layer.gold, layer.predicted, ("source_ref", "stance"))


def _claimed(evidence: Evidence) -> Layer:
    """Which quantities a document gives, and whom it names as their source, each once."""
    layer = evidence.layer("figures")
    sides = [_with_claimant(rows, side) for rows, side in zip(layer[:2], (evidence.gold, evidence.predicted), strict=True)]
    return _sets(sides[0], sides[1], ("source_ref", *QUANTITY))


def _with_claimant(figures: pl.DataFrame, side: Tables) -> pl.DataFrame:
    sources = side.attributions.select("source_ref").with_row_index("claimant").with_columns(pl.col("claimant").cast(pl.Int64))
    return figures.join(sources, on="claimant", how="left", maintain_order="left")


def _sets(gold: pl.DataFrame, predicted: pl.DataFrame, keys: Sequence[str]) -> Layer:
    """Distinct things of both sides, and the pairs of equal ones. What lacks its first key is no thing to compare."""
    sides = [
        side.filter(pl.col(keys[0]).is_not_null()).select("document", *keys).unique(maintain_order=True)
        for side in (gold, predicted)
    ]
    rows = [side.with_row_index(name) for side, name in zip(sides, ("gold_row", "predicted_row"), strict=True)]
    pairs = rows[0].join(rows[1], on=["document", *keys], nulls_equal=True)
    return Layer(sides[0], sides[1], pairs)


LAYER: dict[str, Callable[[Tables, Tables], Layer]] = {"entities": _entities, "figures": _figures, "attributions": _attributions}
SETS: dict[str, Callable[[Evidence], Layer]] = {
    "entities": _names,
    "figures": _quantities,
    "attributions": _speakers,
    "claims": _claimed,
}
