"""The evidence behind a score: the items that count on each side and the table of pairs with all that the measures ask of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from volgens.model import units
from volgens.model.documents import PARTS
from volgens.scoring import attributions, matching
from volgens.scoring.layer import Layer, layer_of
from volgens.scoring.loose import as_met
from volgens.scoring.matching import Met, Sides
from volgens.scoring.parallel import each
from volgens.scoring.references import Paired, aligned, linked
from volgens.scoring.spans import Pairs, dice, nested, overlaps
from volgens.scoring.tables import Tables, column
from volgens.scoring.views import View
from volgens.stats.arrays import Bools, Ints


class Names(NamedTuple):
    """What all pairings of names start from: how both sides meet, and the layer of the pairs that stand alone."""

    met: Met
    alone: Layer


class Evidence:
    """The evidence of a scoring, each kind made when it is asked for.

    Kinds are the layers, `entities@strict|exact|type` (the names paired as SemEval-2013 does) and `<layer>@set` (what a document
    says, each thing once, without offsets). Both sides must have been made with the same ids. `texts` (document, text) serve the
    sets of names; `segments` (document, start, end of those that count) leave out the items of others; `tolerance` is that of the
    numbers; `register` is what the gold calls things: alias, in small letters → slug.
    """

    def __init__(
        self,
        gold: Tables,
        predicted: Tables,
        view: View,
        texts: pl.DataFrame | None = None,
        segments: pl.DataFrame | None = None,
        tolerance: float = 0.0,
        register: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.tolerance = tolerance
        gold, predicted = (_in_view(side, view, register) for side in (gold, predicted))
        sides = matching.sides(gold, predicted, "entities")
        predicted, sides = as_met(sides, gold, predicted) if view.is_loose else (predicted, sides)
        self.gold, self.predicted, self.sides = _flat(gold, predicted, sides) if view.is_flat else (gold, predicted, sides)
        self.texts, self.segments = texts, segments
        self._layers: dict[str, Layer] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Without what is made when it is asked for."""
        made = ("names", "name_pairs", "attribution_pairs", "references")
        return {**{name: value for name, value in self.__dict__.items() if name not in made}, "_layers": {}}

    def layer(self, kind: str) -> Layer:
        """The evidence of one kind. Raises KeyError for an unknown one."""
        kind = self.same_as(kind)
        if kind not in self._layers:
            self._layers[kind] = self._made(kind)
        return self._layers[kind]

    def same_as(self, kind: str) -> str:
        """The kind that has the same evidence: where no names are contested, all ways of pairing them are one."""
        contested = kind.startswith("entities@") and kind != "entities@set" and len(self.names.met.contested.left)
        return kind if contested or kind.partition("@")[0] != "entities" or kind == "entities@set" else "entities"

    def prepare(self, kinds: Iterable[str]) -> None:
        """Make several kinds at once; those that others stand on come first."""
        asked = dict.fromkeys(kinds)
        if any(kind.startswith(("entities", "attributions", "claims")) for kind in asked):
            _ = self.references
        # The last ones of the table of measures take longest.
        each(self.layer, dict.fromkeys(self.same_as(kind) for kind in reversed(asked) if not kind.endswith("@set")))

    def _made(self, kind: str) -> Layer:
        name, _, how = kind.partition("@")
        if how == "set":
            return SETS[name](self)
        made = LAYER.get(name) or partial(_of_spans, name)
        found = self._entities(how) if name == "entities" else made(self)
        return found if self.segments is None else _within(found, self.segments)

    @cached_property
    def names(self) -> Names:
        """The names of both sides and how they meet, from which all their pairings are made."""
        met = matching.meet(self.sides)
        return Names(met, layer_of(_numbered(self.gold.entities), _numbered(self.predicted.entities), met.alone))

    def _entities(self, how: str) -> Layer:
        """The pairs of names as exact agreement and Dice have them, or a scheme of SemEval-2013."""
        met, alone = self.names
        if how:
            return layer_of(*alone.sides, matching.pair(self.sides, how, met))
        found = layer_of(*alone.sides, self.name_pairs) if len(met.contested.left) else alone
        return replace(found, paired=found.paired.with_columns(ref_same=pl.Series(self.references["entities"])))

    @cached_property
    def name_pairs(self) -> Pairs:
        return matching.pair(self.sides, "", self.names.met)

    @cached_property
    def attribution_pairs(self) -> Pairs:
        return attributions.pair_attributions(self.gold, self.predicted, self.tolerance)

    @cached_property
    def references(self) -> dict[str, Bools]:
        """Per pair of names and of attributions: do their references agree, by any spelling? All paired mentions of a document
        count for it, those of segments that are left out too.
        """
        names = Paired("entities", self.gold.entities, self.predicted.entities, self.name_pairs)
        said = Paired("attributions", self.gold.attributions, self.predicted.attributions, self.attribution_pairs)
        return aligned([names, said])


def _in_view(side: Tables, view: View, register: Mapping[str, str]) -> Tables:
    entities = linked(view.entities(side.entities), "entities", register)
    return replace(side, entities=entities, attributions=linked(side.attributions, "attributions", register))


def _within(layer: Layer, segments: pl.DataFrame) -> Layer:
    """The items that begin in one of the segments; a prediction goes with its partner where it has one."""
    gold = layer.gold.filter(_inside(layer.gold, segments))
    counts = pl.col("gold_row").is_in(gold["row"].implode())
    partners = layer.paired.select(pl.col("predicted_row").alias("row"), counts.alias("with_partner")).collect()
    own = layer.predicted.with_columns(_inside(layer.predicted, segments).alias("inside"))
    predicted = own.join(partners, on="row", how="left", maintain_order="left").filter(pl.coalesce("with_partner", "inside"))
    return Layer(gold, predicted.drop("inside", "with_partner"), layer.paired.filter(counts))


def _inside(table: pl.DataFrame, segments: pl.DataFrame) -> pl.Series:
    ends = pl.concat([table["start"], segments["end"]])
    wide = int(ends.max() or 0) + 1  # type: ignore[arg-type]
    ordered = segments.sort("document", "start")
    start, end = (column(ordered, "document") * wide + column(ordered, edge) for edge in ("start", "end"))
    place = column(table, "document") * wide + column(table, "start")
    before = np.searchsorted(start, place, side="right") - 1
    return pl.Series((before >= 0) & (place < np.append(end, -1)[before]))


def _flat(gold: Tables, predicted: Tables, sides: Sides) -> tuple[Tables, Tables, Sides]:
    """Leave out the gold's nested names, and of the predicted ones only those that equal one of them and stand in a name that was
    itself predicted exactly: so the gold's total is fixed, and no wrong prediction can make another one disappear.
    """
    outer = nested(sides.gold)
    if (outer < 0).all():
        return gold, predicted, sides
    exact = matching.equal(sides, overlaps(sides.gold, sides.predicted), with_type=True)
    predicted_as = np.full(len(outer), -1, np.int64)
    predicted_as[exact.gold] = exact.predicted
    neutral = predicted_as[(outer >= 0) & (predicted_as >= 0) & (predicted_as[outer] >= 0)]
    keep = np.ones(len(predicted.entities), bool)
    keep[neutral] = False
    gold, predicted = (
        replace(side, entities=side.entities.filter(kept)) for side, kept in ((gold, outer < 0), (predicted, keep))
    )
    return gold, predicted, matching.sides(gold, predicted, "entities")


def _numbered(side: pl.DataFrame) -> pl.DataFrame:
    return side.with_columns(pl.int_range(pl.len()).alias("row"))


def _figures(evidence: Evidence) -> Layer:
    gold, predicted = evidence.gold, evidence.predicted
    pairs = matching.pair(matching.sides(gold, predicted, "figures", evidence.tolerance))
    claims = attributions.claimants(gold), attributions.claimants(predicted)
    g, p = (_numbered(_with_number(side.figures, claim)) for side, claim in zip((gold, predicted), claims, strict=True))
    layer = layer_of(g, p, pairs)
    paired = layer.paired.with_columns(
        counted_shared=pl.min_horizontal("counted_end", "counted_end_predicted")
        - pl.max_horizontal("counted_start", "counted_start_predicted"),
        part_of_same=_same_target(pairs, g, p, "part_of_row"),
        claim_dice=_claim_dice(gold, predicted, claims[0][pairs.gold], claims[1][pairs.predicted]),
    )
    return replace(layer, paired=paired)


def _of_spans(name: str, evidence: Evidence) -> Layer:
    """A layer of single spans of which nothing more is asked than its fields."""
    gold, predicted = evidence.gold, evidence.predicted
    pairs = matching.pair(matching.sides(gold, predicted, name, evidence.tolerance))
    return layer_of(_numbered(gold.layer(name)), _numbered(predicted.layer(name)), pairs)


def _with_number(figures: pl.DataFrame, claimant: Ints) -> pl.DataFrame:
    number = pl.coalesce("value", "min", "max").alias("number")
    by_row = pl.Series("claimant", claimant)
    return figures.with_columns(units.code(pl.col("unit")), number, by_row.set(by_row < 0, None))


def _claim_dice(gold: Tables, predicted: Tables, g: Ints, p: Ints) -> pl.Series:
    """Dice of the sources of two claiming attributions; NaN where both have none or a side has no claim."""
    shared = attributions.shared_by_pair(gold, predicted, g, p, "source")
    total = np.append(attributions.lengths(gold, "source"), 0)[g] + np.append(attributions.lengths(predicted, "source"), 0)[p]
    return pl.Series(dice(shared, total))


def _attributions(evidence: Evidence) -> Layer:
    gold, predicted, pairs = evidence.gold, evidence.predicted, evidence.attribution_pairs
    layer = layer_of(_numbered(_with_lengths(gold)), _numbered(_with_lengths(predicted)), pairs)
    found = {
        "parent_same": _same_target(pairs, *layer.sides, "parent_row"),
        "source_ref_same": pl.Series(evidence.references["attributions"]),
    }
    for part in PARTS:
        shared = attributions.shared_by_pair(gold, predicted, pairs.gold, pairs.predicted, part)
        total = attributions.lengths(gold, part)[pairs.gold] + attributions.lengths(predicted, part)[pairs.predicted]
        found[f"{part}_dice"] = pl.Series(dice(shared, total))
    return replace(layer, paired=layer.paired.with_columns(**found))


def _with_lengths(side: Tables) -> pl.DataFrame:
    """The parts as their lengths in characters, null where a part is empty; `quotation` where a content stands without a cue."""
    sizes = [pl.Series(part, attributions.lengths(side, part)) for part in PARTS]
    rows = side.attributions.with_columns(s.set(s == 0, None) for s in sizes)
    return rows.with_columns(quotation=pl.when(pl.col("cue").is_null() & pl.col("content").is_not_null()).then(True))


def _same_target(pairs: Pairs, gold: pl.DataFrame, predicted: pl.DataFrame, field: str) -> pl.Series:
    """Per pair: do the items that both point at form a pair too?"""
    partner = np.full(len(gold) + 1, -2, np.int64)
    partner[pairs.gold] = pairs.predicted
    g = column(gold.select(pl.col(field).fill_null(len(gold))), field)[pairs.gold]
    p = column(predicted.select(pl.col(field).fill_null(-1)), field)[pairs.predicted]
    return pl.Series(partner[g] == p)


QUANTITY = ("bound", "value", "min", "max", "unit")


def _called(evidence: Evidence) -> Layer:
    """The names of a document: type and surface, each once."""
    gold, predicted = (_surfaces(side, evidence.texts) for side in evidence.layer("entities").sides)
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
    return _sets(layer.gold, layer.predicted, ("source_link", "stance"))


def _claimed(evidence: Evidence) -> Layer:
    """Which quantities a document gives, and whom it names as their source, each once."""
    layer = evidence.layer("figures")
    sides = [_with_claimant(rows, side) for rows, side in zip(layer.sides, (evidence.gold, evidence.predicted), strict=True)]
    return _sets(sides[0], sides[1], ("source_link", *QUANTITY))


def _with_claimant(figures: pl.DataFrame, side: Tables) -> pl.DataFrame:
    sources = side.attributions.select("source_link").with_row_index("claimant").with_columns(pl.col("claimant").cast(pl.Int64))
    return figures.join(sources, on="claimant", how="left", maintain_order="left")


def _sets(gold: pl.DataFrame, predicted: pl.DataFrame, keys: Sequence[str]) -> Layer:
    """Distinct things of both sides, and the pairs of equal ones. What lacks its first key is no thing to compare."""
    sides = [
        side.filter(pl.col(keys[0]).is_not_null()).select("document", *keys).unique(maintain_order=True)
        for side in (gold, predicted)
    ]
    rows = [side.with_row_index(name) for side, name in zip(sides, ("gold_row", "predicted_row"), strict=True)]
    pairs = rows[0].join(rows[1], on=["document", *keys], nulls_equal=True)
    return Layer(sides[0], sides[1], pairs.lazy())


LAYER: dict[str, Callable[[Evidence], Layer]] = {"figures": _figures, "attributions": _attributions}
SETS: dict[str, Callable[[Evidence], Layer]] = {
    "entities": _called,
    "figures": _quantities,
    "attributions": _speakers,
    "claims": _claimed,
}
