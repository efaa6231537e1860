"""Predictions on what the scheme leaves out by rule count neither for nor against: the agencies that a dateline credits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from volgens.scoring.tables import Tables, column
from volgens.scoring.views import View
from volgens.stats.arrays import Bools


def in_scope(gold: pl.DataFrame, golds: Tables, predicted: Tables, view: View) -> tuple[Tables, int]:
    """The predictions without names that lie in a dateline with agencies and touch no name of the gold, and how many these are.

    `gold` is the frame whose rows `golds.documents` numbers. Where it says nothing of segments or agencies, or the view leaves
    datelines out, everything stays.
    """
    known = {"segments", "agencies"} <= set(gold.columns)
    counted = not view.counted_segments or "dateline" in view.counted_segments
    if not known or not counted or predicted.entities.is_empty():
        return predicted, 0
    credited = _datelines(gold)
    if credited.is_empty():
        return predicted, 0
    inside = _inside(predicted.entities, credited, len(gold))
    aside = inside & ~_touching(predicted.entities, golds.entities, inside)
    if not aside.any():
        return predicted, 0
    return replace(predicted, entities=predicted.entities.filter(~pl.Series(aside))), int(aside.sum())


def _datelines(gold: pl.DataFrame) -> pl.DataFrame:
    """Document, start and end of the datelines that credit an agency."""
    held = gold.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("document"), "agencies", "segments")
    held = held.filter(pl.col("agencies").list.len() > 0).select("document", "segments").explode("segments").unnest("segments")
    return held.filter(pl.col("kind") == "dateline").select("document", "start", "end").unique("document", keep="first")


def _inside(names: pl.DataFrame, places: pl.DataFrame, documents: int) -> Bools:
    """Per name: does it lie within the dateline of its document?"""
    start, end = np.full(documents, np.iinfo(np.int64).max), np.full(documents, -1)
    of = column(places, "document")
    start[of], end[of] = column(places, "start"), column(places, "end")
    document = column(names, "document")
    inside: Bools = (column(names, "start") >= start[document]) & (column(names, "end") <= end[document])
    return inside


def _touching(names: pl.DataFrame, gold: pl.DataFrame, which: Bools) -> Bools:
    """Per name of those asked for: does it share a character with a name of the gold?"""
    asked = names.select("document", "start", "end").with_row_index("row").filter(pl.Series(which))
    met = asked.join(gold.select("document", "start", "end"), on="document", suffix="_gold")
    met = met.filter((pl.col("start") < pl.col("end_gold")) & (pl.col("start_gold") < pl.col("end")))
    found = np.zeros(len(names), bool)
    found[met["row"].unique().to_numpy()] = True
    return found
