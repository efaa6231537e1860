"""How far two items agree beside their place: what decides between pairings of equal overlap.

First the type. Then the other fields, as the measures of the layer ask for them and by equal references: how many agree, and of
as many, which, in the order of the table of measures. Labels are compared, never ordered, so that their spelling decides nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from volgens.model import units
from volgens.scoring.measures import TABLE, same, tolerant
from volgens.scoring.spans import Overlaps
from volgens.scoring.tables import TYPE, Tables
from volgens.stats.arrays import Bools, Ints

REFS = {"entities": "ref", "attributions": "source_ref"}
"""The field of a layer that names what is referred to."""


class Agreement(NamedTuple):
    """The fields of both sides of a layer by row, the one that leads, and one expression per other field over pairs of rows."""

    gold: pl.DataFrame
    predicted: pl.DataFrame
    label: str
    others: tuple[pl.Expr, ...]

    @classmethod
    def of(cls, gold: Tables, predicted: Tables, layer: str, tolerance: float = 0.0) -> Agreement:
        """What the tables of a layer say; numbers agree within `tolerance` of the gold's."""
        sides = gold.layer(layer), predicted.layer(layer)
        others = _others(layer, tuple(sides[0].columns), tolerance)
        names = {TYPE[layer], *(root.removesuffix("_predicted") for e in others for root in e.meta.root_names())}
        gold_fields, predicted_fields = (side.select(sorted(names)) for side in sides)
        return cls(gold_fields, predicted_fields, TYPE[layer], others)

    def same_label(self, pairs: Overlaps) -> Bools:
        """Per pair: are the types equal? Two nulls are."""
        return self.gold[self.label].gather(pairs.left).eq_missing(self.predicted[self.label].gather(pairs.right)).to_numpy()

    def levels(self, pairs: Overlaps) -> tuple[Ints, Ints]:
        """Per pair 1 where the types are equal, and a number that is larger the more of the other fields agree."""
        label = self.same_label(pairs).astype(np.int64)
        if not self.others or not len(label):
            return label, np.zeros(len(label), np.int64)
        sides = _with_unit_codes(self.gold[pairs.left]), _with_unit_codes(self.predicted[pairs.right])
        both = pl.concat([sides[0], sides[1].rename(lambda name: f"{name}_predicted")], how="horizontal")
        agree = both.select(e.fill_null(False).alias(str(n)) for n, e in enumerate(self.others)).to_numpy().astype(np.int64)
        places = 1 << np.arange(len(self.others) - 1, -1, -1, dtype=np.int64)
        return label, (agree.sum(axis=1) << len(self.others)) + agree @ places


def _with_unit_codes(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(units.code(pl.col("unit"))) if "unit" in rows.columns else rows


def _others(layer: str, columns: tuple[str, ...], tolerance: float) -> tuple[pl.Expr, ...]:
    """The rules of the layer's measures that ask of fields alone, the type aside, and equality of what is referred to."""
    known = {*columns, *(f"{name}_predicted" for name in columns)}
    asked = (tolerant(m, tolerance) if tolerance else m for m in TABLE if m.kind == layer and m.carried)
    rules = [pl.all_horizontal(m.agree) for m in asked if m.carried != (TYPE[layer],)]
    found = [rule for rule in rules if (asked_of := set(rule.meta.root_names())) and asked_of <= known]
    return (*found, *(same(REFS[layer]) for _ in range(layer in REFS)))
