"""Documents that a system seems to have read in part: nothing is predicted beyond some point, though the gold has items there.

Models cut off what is longer than their input, and say nothing of it. At the rate at which a system misses items before its last
one in a document, chance leaves the k items after it all missed in miss_rate ** k of documents. Where that is less than `CHANCE`,
over all documents together, the document counts as cut off: a system that finds little needs many items for it, one that finds
nearly all a few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from volgens.model.documents import LAYERS
from volgens.scoring.evidence import Evidence
from volgens.scoring.layer import Layer
from volgens.scoring.measures import Measure
from volgens.scoring.tables import column
from volgens.stats.arrays import Bools, Ints

CHANCE = 0.001


class CutOff(NamedTuple):
    """Of a layer: the ids of the `documents` that seem cut off, the gold's `items` beyond the last prediction in them, and the
    median offset `at` which that ends."""

    documents: tuple[str, ...]
    items: int
    at: int


def cut_off(evidence: Evidence, documents: pl.DataFrame, measures: Sequence[Measure]) -> Mapping[str, CutOff]:
    """Layer → what seems cut off, of the headline measures among `measures`; layers without such documents are left out.

    `documents` has number, id and length (null where unknown) of each. Documents without any prediction of a layer say nothing.
    """
    layers = [m.layer for m in measures if m.name in LAYERS]
    found = {layer: _of_layer(evidence.layer(layer), documents) for layer in layers}
    return {layer: one for layer, one in found.items() if one is not None}


def _of_layer(layer: Layer, documents: pl.DataFrame) -> CutOff | None:
    last = _last(layer.predicted, documents)
    known = layer.gold.filter(pl.col("start").is_not_null())
    document, start = column(known, "document"), column(known, "start")
    read, beyond = last[document] >= 0, start >= last[document]
    if not (read & beyond).any():
        return None
    before = read & ~beyond
    missed = before & ~np.isin(column(known, "row"), layer.paired.select("gold_row").collect()["gold_row"].to_numpy())
    rate = (missed.sum() + 1) / (before.sum() + 2)
    after = np.bincount(document[read & beyond], minlength=len(documents))
    cut = _beyond_chance(after, rate, int((last >= 0).sum()))
    if not cut.any():
        return None
    names = tuple(documents["id"].gather(np.flatnonzero(cut)).to_list())
    return CutOff(names, int(after[cut].sum()), int(np.median(last[cut])))


def _last(predicted: pl.DataFrame, documents: pl.DataFrame) -> Ints:
    """Per document where its last predicted item ends, -1 where there is none; items that were not located stand nowhere."""
    last = np.full(len(documents), -1, np.int64)
    lengths = documents["length"].fill_null(np.iinfo(np.int64).max).to_numpy()
    placed = predicted.filter(pl.col("start").is_not_null())
    document, start, end = (column(placed, name) for name in ("document", "start", "end"))
    inside = start < lengths[document]
    np.maximum.at(last, document[inside], end[inside])
    return last


def _beyond_chance(after: Ints, rate: float, documents: int) -> Bools:
    """Per document whether so many items would all be missed by chance less often than `CHANCE`, over so many documents."""
    found: Bools = after * np.log(rate) < np.log(CHANCE / documents)
    return found
