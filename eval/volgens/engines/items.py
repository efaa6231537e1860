"""What is kept of single items: the ledger, written by the executors, and the documents with most errors, for a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from volgens.engines import steps
from volgens.engines.buckets import Bucket, Task
from volgens.engines.wire import together, written
from volgens.report.html.kinds import errors
from volgens.scorecard import Scorecard, card
from volgens.scoring.ledger import COLUMNS, ledger
from volgens.scoring.measures import Measure
from volgens.scoring.score import part, score

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

LEDGER = ", ".join(f"`{name}` {steps.type_of(kind)}" for name, kind in COLUMNS.items())
"""The columns of the ledger as Spark writes them."""


class Worst(NamedTuple):
    """The documents with most errors: their scorecard, gold and predictions."""

    card: Scorecard
    gold: pl.DataFrame
    predictions: pl.DataFrame


def ledger_rows(dealt: DataFrame, task: Task, partitions: int, measures: Sequence[Measure]) -> DataFrame:
    """The ledger (`scoring.ledger`), one partition of documents after another."""

    def rows(bucket: Bucket) -> pl.DataFrame:
        return _ledger(bucket, task, measures).with_columns(pl.col(pl.UInt32).cast(pl.Int64))

    return steps.made(dealt, task, partitions, rows, LEDGER)


def worst(dealt: DataFrame, task: Task, partitions: int, measures: Sequence[Measure], most: int) -> Worst:
    """So many documents with most errors, of equally many those whose ids come first."""

    def ranked(bucket: Bucket) -> pl.DataFrame:
        return _wrong(bucket, task, measures).sort("errors", "id", descending=[True, False]).head(most)

    found = steps.made(dealt, task, partitions, ranked, "id string, errors bigint")
    chosen = [name for (name,) in found.orderBy("errors", "id", ascending=[False, True]).limit(most).select("id").collect()]
    ids = pl.Series(chosen, dtype=pl.String)

    def taken(bucket: Bucket) -> pl.DataFrame:
        sides = [side.filter(pl.col("id").is_in(ids.implode())) for side in (bucket.gold, bucket.predictions)]
        kept = {name: [written(side)] for name, side in zip(("gold", "predictions"), sides, strict=True)}
        return pl.DataFrame(kept if len(sides[0]) else {name: [] for name in kept}, schema=dict.fromkeys(kept, pl.Binary))

    rows = steps.made(dealt, task, partitions, taken, "gold binary, predictions binary").collect()
    gold, predictions = (together([bytes(row[n]) for row in rows]).sort("id") for n in (0, 1))
    return Worst(card(score(gold, predictions, task.scoring)), gold, predictions)


def _ledger(bucket: Bucket, task: Task, measures: Sequence[Measure]) -> pl.DataFrame:
    _, evidence, documents = part(bucket.gold, bucket.predictions, task.scoring, task.units)
    return ledger(evidence, documents, measures)


def _wrong(bucket: Bucket, task: Task, measures: Sequence[Measure]) -> pl.DataFrame:
    """The errors of every document, also of those without one."""
    counted = errors(_ledger(bucket, task, measures)).group_by("document").agg(pl.len().cast(pl.Int64).alias("errors"))
    known = bucket.gold.select("id").join(counted, left_on="id", right_on="document", how="left")
    return known.select("id", pl.col("errors").fill_null(0))
