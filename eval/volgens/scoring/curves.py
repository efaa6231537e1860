"""Precision and recall of a layer by confidence: the pairs are fixed once, and items come in by falling score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from volgens.model.columns import items
from volgens.model.documents import LAYERS
from volgens.scoring.evidence import Evidence
from volgens.scoring.measures import Measure
from volgens.stats.arrays import Floats, Ints

POINTS = 500
"""Points that are written down, at most."""


class Point(NamedTuple):
    """Precision, recall and F1 of the items with a score of `threshold` or more."""

    threshold: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, eq=False)
class Curve:
    """The curve of a headline measure. Per distinct score, from the highest: `thresholds`, and how many items with that score or
    more are right (`tp`) and there are (`predicted`). `gold`: its items.
    """

    thresholds: Floats
    tp: Ints
    predicted: Ints
    gold: int

    @cached_property
    def precision(self) -> Floats:
        found: Floats = self.tp / self.predicted
        return found

    @cached_property
    def recall(self) -> Floats:
        found: Floats = self.tp / self.gold
        return found

    @cached_property
    def f1(self) -> Floats:
        found: Floats = 2 * self.tp / (self.predicted + self.gold)
        return found

    @property
    def average_precision(self) -> float:
        """The sum over thresholds of precision times what recall has grown, as scikit-learn's `average_precision_score`; recall
        is that of all the gold, so what is never predicted counts."""
        return float(np.sum(np.diff(self.recall, prepend=0.0) * self.precision))

    @property
    def best(self) -> Point:
        """The highest F1, of equal ones that of the highest threshold."""
        return self.point(int(self.f1.argmax()))

    def point(self, n: int) -> Point:
        return Point(*(float(each[n]) for each in (self.thresholds, self.precision, self.recall, self.f1)))

    def points(self, most: int = POINTS) -> list[Point]:
        """The points, or so many of them at equal distances, the first and the last among them."""
        picked = np.unique(np.linspace(0, len(self.thresholds) - 1, min(most, len(self.thresholds))).round().astype(int))
        return [self.point(n) for n in picked.tolist()]

    def to_dict(self) -> dict[str, Any]:
        return {
            "average_precision": self.average_precision,
            "best": self.best._asdict(),
            "thresholds": len(self.thresholds),
            "points": [point._asdict() for point in self.points()],
        }


class Curves(NamedTuple):
    """Layer → its curve, and what is said of layers of which not every item has a score."""

    found: Mapping[str, Curve]
    notes: Mapping[str, int]


NO_CURVES = Curves({}, {})


NOTHING = pl.DataFrame(schema={"score": pl.Float64, "credit": pl.Int64, "len": pl.Int64})


@dataclass(frozen=True, eq=False)
class ByScore:
    """What a curve is made of, of a corpus or a part of it: whether any predicted item has a score, how many counted ones have
    none, the gold's items, and per distinct score (`rows`) the items that are right (`credit`) and that there are (`len`).
    """

    given: bool = False
    unscored: int = 0
    gold: int = 0
    rows: pl.DataFrame = field(default_factory=lambda: NOTHING)

    def __add__(self, other: ByScore) -> ByScore:
        both = [side.rows for side in (self, other) if len(side.rows)]
        rows = _by_score(pl.concat(both)) if len(both) > 1 else (both or [NOTHING])[0]
        return ByScore(self.given or other.given, self.unscored + other.unscored, self.gold + other.gold, rows)

    @property
    def curve(self) -> Curve | None:
        """The curve; None where some item has no score, or there is nothing on a side."""
        if self.unscored or not self.gold or not len(self.rows):
            return None
        ordered = self.rows.sort("score", descending=True)
        tp, predicted = (ordered[name].cum_sum().to_numpy() for name in ("credit", "len"))
        return Curve(ordered["score"].to_numpy(), tp, predicted, self.gold)


def _by_score(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("score").agg(pl.col("credit", "len").sum().cast(pl.Int64))


def by_score(evidence: Evidence, predictions: pl.DataFrame, ids: pl.Series, measures: Sequence[Measure]) -> dict[str, ByScore]:
    """Layer → its items by score, of the headline measures of a layer among `measures`. `ids`: the documents by number."""
    heads = [measure for measure in measures if measure.name in LAYERS]
    return {measure.layer: _items_by_score(evidence, predictions, ids, measure) for measure in heads}


def _items_by_score(evidence: Evidence, predictions: pl.DataFrame, ids: pl.Series, measure: Measure) -> ByScore:
    layer = evidence.layer(measure.kind)
    if (given := _scores(predictions, measure.layer, ids)) is None:
        return ByScore(False, len(layer.predicted), len(layer.gold))
    right = layer.paired.select(pl.col("predicted_row").alias("row"), measure.credit.alias("credit")).collect()
    rows = layer.predicted.select("row", "document", "item").with_columns(pl.col("document", "item").cast(pl.Int64))
    rows = rows.join(right, on="row", how="left").join(given, on=["document", "item"], how="left")
    scored = rows.select("score", pl.col("credit").fill_null(0), pl.lit(1).alias("len")).drop_nulls("score")
    return ByScore(True, rows["score"].null_count(), len(layer.gold), _by_score(scored))


def curves(found: Mapping[str, ByScore]) -> Curves:
    """The curves of the layers whose counted items all have a score, and a note of those of which only some have."""
    scored = {layer: each for layer, each in found.items() if each.given}
    notes = {
        f"{layer} without a score, so no curve of precision and recall": each.unscored
        for layer, each in scored.items()
        if each.unscored
    }
    return Curves({layer: curve for layer, each in scored.items() if (curve := each.curve) is not None}, notes)


def _scores(predictions: pl.DataFrame, layer: str, ids: pl.Series) -> pl.DataFrame | None:
    """The score of each item, by the number of its document and its place in the list; None where none is given."""
    if layer not in predictions.columns or "score" not in _fields(predictions.schema[layer]):
        return None
    bare = predictions[layer].drop_nulls().explode(empty_as_null=False, keep_nulls=False).struct.field("score")
    if bare.null_count() == len(bare):
        return None
    opened = items(predictions, layer)
    numbers = pl.DataFrame({"id": ids}).with_row_index("document").with_columns(pl.col("document").cast(pl.Int64))
    rows = predictions.select("id").with_row_index("row").join(numbers, on="id", how="inner")
    return opened.select("row", pl.col("item").cast(pl.Int64), "score").join(rows, on="row").select("document", "item", "score")


def _fields(kind: pl.DataType) -> Iterator[str]:
    inner = kind.inner if isinstance(kind, pl.List) else None
    return (field.name for field in inner.fields) if isinstance(inner, pl.Struct) else iter(())
