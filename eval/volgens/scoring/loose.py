"""Types of a corpus that has one where we have two: how a prediction is read depends on what it meets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from volgens.scoring import matching
from volgens.scoring.matching import Sides
from volgens.scoring.spans import overlaps
from volgens.scoring.tables import Tables


def as_met(sides: Sides, gold: Tables, predicted: Tables) -> tuple[Tables, Sides]:
    """Read a predicted ORG that meets a MISC of the gold and no ORG as a MISC: the corpus calls makers by their products."""
    met = overlaps(sides.gold, sides.predicted)
    kind = gold.entities["type"].gather(met.left).to_numpy()
    rows = np.arange(len(predicted.entities))
    on_misc, on_org = (np.isin(rows, met.right[kind == name]) for name in ("MISC", "ORG"))
    loose = pl.Series(on_misc & ~on_org) & (predicted.entities["type"] == "ORG")
    kinds = pl.when(loose.fill_null(False)).then(pl.lit("MISC")).otherwise("type").alias("type")
    predicted = replace(predicted, entities=predicted.entities.with_columns(kinds))
    return predicted, matching.sides(gold, predicted, "entities")
