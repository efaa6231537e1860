"""The items of a layer that count on each side, and the table of their pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from volgens.scoring.spans import Pairs


@dataclass(frozen=True)
class Layer:
    """`gold` and `predicted` are the items that count, numbered by `row`; `paired` has the rows of both (`gold_row`,
    `predicted_row`) and their fields, the prediction's with `_predicted` behind: made of those fields only that are asked for.
    """

    gold: pl.DataFrame
    predicted: pl.DataFrame
    paired: pl.LazyFrame

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """All fields of the pairs."""
        return self.paired.collect()

    @property
    def sides(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        return self.gold, self.predicted


def layer_of(gold: pl.DataFrame, predicted: pl.DataFrame, pairs: Pairs) -> Layer:
    """The layer of these items and pairs."""
    rows = pl.LazyFrame({"gold_row": pairs.gold, "predicted_row": pairs.predicted})
    fields = [pl.lit(values).gather(pl.col("gold_row")).alias(values.name) for values in gold.drop("row")]
    guesses = predicted.drop("row", "document")
    fields += [pl.lit(values).gather(pl.col("predicted_row")).alias(f"{values.name}_predicted") for values in guesses]
    exact = (pl.col("start") == pl.col("start_predicted")) & (pl.col("end") == pl.col("end_predicted"))
    return Layer(gold, predicted, rows.with_columns(fields).with_columns(exact=exact))
