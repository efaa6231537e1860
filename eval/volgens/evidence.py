"""The evidence behind a score: the items that count on each side and the table of pairs with all that the measures ask of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from volgens import matching
from volgens.documents import LAYERS, PARTS
from volgens.matching import Ints, Pairs, column
from volgens.tables import Tables

VIEWS = {
    "flat": "outermost names only; a nested name that is right, in a name that is right, counts neither for nor against",
    "nested": "every name, also those inside others",
}


class Layer(NamedTuple):
    """`gold` and `predicted` are the items that count; `pairs` has the rows of both (`gold_row`, `predicted_row`) and their fields,
    the prediction's with `_predicted` behind."""

    gold: pl.DataFrame
    predicted: pl.DataFrame
    pairs: pl.DataFrame


def evidence(gold: Tables, predicted: Tables, view: str = "flat") -> dict[str, Layer]:
    """The evidence of all layers. Both sides must have been made with the same `ids`."""
    if view == "flat":
        gold, predicted = _flat(gold, predicted)
    attributions = matching.pair_attributions(gold, predicted)
    figures = matching.pair_layer(gold, predicted, "figures")
    found = {
        "entities": _entities(gold, predicted),
        "figures": _figures(gold, predicted, figures),
        "attributions": _attributions(gold, predicted, attributions),
    }
    return {name: found[name] for name in LAYERS}


def _flat(gold: Tables, predicted: Tables) -> tuple[Tables, Tables]:
    """Leave out the gold's nested names, and of the predicted ones only those that equal one of them and stand in a name that was
    itself predicted exactly: so the gold's total is fixed, and no wrong prediction can make another one disappear."""
    from dataclasses import replace

    wide = matching.width(gold, predicted)
    places, guesses = matching.spans(gold.entities, wide), matching.spans(predicted.entities, wide)
    outer = matching.nested(places)
    if (outer < 0).all():
        return gold, predicted
    types = matching.codes(gold.entities["type"], predicted.entities["type"])
    exact = matching.same_keys([*places, types[0]], [*guesses, types[1]])
    predicted_as = np.full(len(outer), -1, np.int64)
    predicted_as[exact.gold] = exact.predicted
    neutral = predicted_as[(outer >= 0) & (predicted_as >= 0) & (predicted_as[outer] >= 0)]
    keep = np.ones(len(guesses.start), bool)
    keep[neutral] = False
    return replace(gold, entities=gold.entities.filter(outer < 0)), replace(predicted, entities=predicted.entities.filter(keep))


def _entities(gold: Tables, predicted: Tables) -> Layer:
    pairs = matching.pair_layer(gold, predicted, "entities")
    return Layer(gold.entities, predicted.entities, _paired(gold.entities, predicted.entities, pairs))


def _figures(gold: Tables, predicted: Tables, pairs: Pairs) -> Layer:
    claims = matching.claimants(gold), matching.claimants(predicted)
    g, p = (_with_number(side.figures, claim) for side, claim in zip((gold, predicted), claims, strict=True))
    table = _paired(g, p, pairs).with_columns(
        counted_shared=pl.min_horizontal("counted_end", "counted_end_predicted")
        - pl.max_horizontal("counted_start", "counted_start_predicted"),
        part_of_same=_same_target(pairs, g, p, "part_of_row"),
        claim_dice=_claim_dice(gold, predicted, claims[0][pairs.gold], claims[1][pairs.predicted]),
    )
    return Layer(g, p, table)


def _with_number(figures: pl.DataFrame, claimant: Ints) -> pl.DataFrame:
    number = pl.coalesce("value", "min", "max").alias("number")
    return figures.with_columns(number, pl.Series("claimant", np.where(claimant < 0, 0, claimant)).set(pl.Series(claimant < 0), None))


def _claim_dice(gold: Tables, predicted: Tables, g: Ints, p: Ints) -> pl.Series:
    """Dice of the sources of two claiming attributions; NaN where both have none or a side has no claim."""
    shared = matching.shared_by_pair(gold, predicted, g, p, "source")
    total = np.append(matching.lengths(gold, "source"), 0)[g] + np.append(matching.lengths(predicted, "source"), 0)[p]
    return pl.Series(matching.dice(shared, total))


def _attributions(gold: Tables, predicted: Tables, pairs: Pairs) -> Layer:
    g, p = _with_lengths(gold), _with_lengths(predicted)
    table = _paired(g, p, pairs).with_columns(parent_same=_same_target(pairs, g, p, "parent_row"))
    for part in PARTS:
        shared = matching.shared_by_pair(gold, predicted, pairs.gold, pairs.predicted, part)
        total = matching.lengths(gold, part)[pairs.gold] + matching.lengths(predicted, part)[pairs.predicted]
        table = table.with_columns(pl.Series(f"{part}_dice", matching.dice(shared, total)))
    return Layer(g, p, table)


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
