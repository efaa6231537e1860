"""Documents that a system seems to have read in part: nothing is predicted beyond some point, though the gold has items there.

Models cut off what is longer than their input, and say nothing of it. At the rate at which a system misses items before its last
one in a document, chance leaves the k items after it all missed in miss_rate ** k of documents. Where that is less than `CHANCE`,
over all documents together, the document counts as cut off: a system that finds little needs many items for it, one that finds
nearly all a few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class Ends:
    """What tells the documents of a layer that were read in part, of a corpus or a part of it: the gold's items before the last
    prediction of their document and the `missed` ones among them, the documents with a prediction, and of those with gold
    items `after` the `last` prediction how many and where that ends (`beyond`: id, after, last).
    """

    before: int
    missed: int
    documents: int
    beyond: pl.DataFrame

    def __add__(self, other: Ends) -> Ends:
        numbers = (self.before + other.before, self.missed + other.missed, self.documents + other.documents)
        return Ends(*numbers, pl.concat([self.beyond, other.beyond]))

    def cut(self, beyond: pl.DataFrame) -> pl.DataFrame:
        """The rows of `beyond` that chance does not explain, where the numbers are those of the whole corpus."""
        if not len(beyond):
            return beyond
        rate = (self.missed + 1) / (self.before + 2)
        return beyond.filter(pl.Series(_beyond_chance(column(beyond, "after"), rate, self.documents)))

    @property
    def found(self) -> CutOff | None:
        """The documents that seem cut off, None where none do."""
        cut = self.cut(self.beyond).sort("id")
        if not len(cut):
            return None
        return CutOff(tuple(cut["id"].to_list()), int(cut["after"].sum()), int(np.median(column(cut, "last"))))


def ends(evidence: Evidence, documents: pl.DataFrame, measures: Sequence[Measure]) -> dict[str, Ends]:
    """Layer → how its documents end, of the headline measures among `measures`.

    `documents` has number, id and length (null where unknown) of each. Documents without any prediction of a layer say nothing.
    """
    layers = [m.layer for m in measures if m.name in LAYERS]
    return {layer: _of_layer(evidence.layer(layer), documents) for layer in layers}


def cut_off(found: Mapping[str, Ends]) -> Mapping[str, CutOff]:
    """Layer → what seems cut off; layers without such documents are left out."""
    return {layer: one for layer, each in found.items() if (one := each.found) is not None}


def _of_layer(layer: Layer, documents: pl.DataFrame) -> Ends:
    last = _last(layer.predicted, documents)
    known = layer.gold.filter(pl.col("start").is_not_null())
    document, start = column(known, "document"), column(known, "start")
    read, beyond = last[document] >= 0, start >= last[document]
    before = read & ~beyond
    missed = before & ~np.isin(column(known, "row"), layer.paired.select("gold_row").collect()["gold_row"].to_numpy())
    after = np.bincount(document[read & beyond], minlength=len(documents)).astype(np.int64)
    some = np.flatnonzero(after)
    rows = pl.DataFrame({"id": documents["id"].gather(some), "after": after[some], "last": last[some]})
    return Ends(int(before.sum()), int(missed.sum()), int((last >= 0).sum()), rows)


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
