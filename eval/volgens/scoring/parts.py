"""A part of a corpus as sums: parts add, in any order, and the sum says what scoring all at once does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from volgens.scoring.counts import Tally, in_order
from volgens.scoring.curves import ByScore, by_score, curves
from volgens.scoring.cutoff import Ends, cut_off, ends
from volgens.scoring.errors import ways
from volgens.scoring.score import Scored, Scoring, asked, part
from volgens.stats.uncertainty import Units

NO_DOCUMENTS = pl.DataFrame(schema={"document": pl.UInt32, "id": pl.String, "length": pl.Int64})


@dataclass(frozen=True)
class Part:
    """The tally of a part, its items by score, how its documents end, and the ways in which it is wrong."""

    tally: Tally
    by_score: Mapping[str, ByScore]
    ends: Mapping[str, Ends]
    ways: Counter[str]

    def __add__(self, other: Part) -> Part:
        return Part(
            tally=self.tally + other.tally,
            by_score={layer: each + other.by_score[layer] for layer, each in self.by_score.items()},
            ends={layer: each + other.ends[layer] for layer, each in self.ends.items()},
            ways=self.ways + other.ways,
        )


def part_of(gold: pl.DataFrame, predictions: pl.DataFrame, how: Scoring, units: Units) -> Part:
    """The sums of some documents; `gold` has those of the view alone, `units` are those of the whole corpus, and `predictions`
    has the layers as columns that the whole has.
    """
    tally, evidence, documents = part(gold, predictions, how, units)
    measures = asked(how, tally)
    return Part(
        tally,
        by_score(evidence, predictions, documents["id"], measures),
        ends(evidence, documents, measures),
        ways(evidence, documents["length"], [m for m in measures if m.kind == m.layer]),
    )


def scored(found: Part, how: Scoring, units: Units, notes: Mapping[str, int] = MappingProxyType({})) -> Scored:
    """What scoring all at once gives, without the evidence."""
    tally = replace(found.tally, by_unit=in_order(found.tally.by_unit, how.measures), missing=tuple(sorted(found.tally.missing)))
    sure, cut = curves(found.by_score), cut_off(found.ends)
    return Scored(tally, how, units, None, NO_DOCUMENTS, sure, cut, found.ways, notes)
