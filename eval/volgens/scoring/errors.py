"""The commonest ways to be wrong, counted from the evidence's columns: no row is made per item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from volgens.model.documents import LAYERS
from volgens.scoring.counts import Counts
from volgens.scoring.evidence import Evidence
from volgens.scoring.layer import Layer
from volgens.scoring.measures import Measure, measure
from volgens.scoring.tables import TYPE, column
from volgens.stats.arrays import Bools

SPAN = {
    "entities": ("entities.span",),
    "figures": ("figures.span",),
    "attributions": ("attributions.cue.exact", "attributions.content.exact", "attributions.source.exact"),
}
"""The measures by which an item of a layer stands where it should."""

ASIDE = ("link",)
"""Fields that make no item wrong: a thing that is the right one may be called otherwise than in other documents."""

TOLD = (*ASIDE, "span", "type", "kind", "cue.exact", "content.exact", "source.exact", "counted.exact")
"""Fields without a line of their own: place and label have theirs."""


def misplaced(layer: str) -> pl.Expr:
    """Per pair: does the place differ?"""
    return pl.any_horizontal(m.either & ~m.agrees for m in map(measure, SPAN.get(layer, (f"{layer}.span",))))


def repeated(layer: str, items: pl.DataFrame) -> pl.Series:
    """Per predicted item, in text order: are there others of the same place and label? Attributions have no one place."""
    found = np.zeros(len(items), bool)
    if layer != "attributions" and len(items):
        places = [column(items, name) for name in ("document", "start", "end")]
        same = np.logical_and.reduce([place[1:] == place[:-1] for place in places])
        near = np.flatnonzero(np.append(same, False) | np.append(False, same))
        twice = pl.struct("document", "start", "end", TYPE[layer]).is_duplicated()
        found[near] = items[near].select(twice).to_series().to_numpy()
    return pl.Series("repeated", found)


def field(measure: Measure) -> str:
    """The field a measure speaks of: `figures.counted.exact` → `counted.exact`; a headline speaks of no one field."""
    return measure.name.partition(".")[2] or measure.name


def commonest(
    evidence: Evidence, lengths: pl.Series, measures: Sequence[Measure], cells: Mapping[str, Counts], most: int = 5
) -> list[tuple[str, int]]:
    """The commonest ways to be wrong, as a sentence and how often: missed and spurious labels, labels taken for others, wrong
    boundaries, fields that differ though the item is found.

    `measures` are over items, `cells` hold what each counts, `lengths` are the characters of each document, null where unknown.
    """
    return most_of(ways(evidence, lengths, measures), measures, cells, most)


def ways(evidence: Evidence, lengths: pl.Series, measures: Sequence[Measure]) -> Counter[str]:
    """The ways to be wrong that are not read off the cells, and how often; those of parts of a corpus add."""
    times: Counter[str] = Counter()
    for layer in _over(measures):
        times.update(_of_layer(layer, evidence.layer(layer), lengths))
    return times


def most_of(
    times: Mapping[str, int], measures: Sequence[Measure], cells: Mapping[str, Counts], most: int
) -> list[tuple[str, int]]:
    """The commonest of `ways` and of what the cells tell, of the layers of the measures."""
    layers = _over(measures)
    found = {way: n for way, n in times.items() if way.partition(":")[0] in layers}
    for layer in layers:
        found |= dict(_fields(layer, [m for m in measures if m.layer == layer], cells))
    return sorted(((line, n) for line, n in found.items() if n), key=lambda one: (-one[1], one[0]))[:most]


def _over(measures: Sequence[Measure]) -> list[str]:
    return [layer for layer in LAYERS if any(m.layer == layer for m in measures)]


def _of_layer(name: str, layer: Layer, lengths: pl.Series) -> dict[str, int]:
    label = TYPE[name]
    asked = pl.col(label), pl.col(f"{label}_predicted").alias("other"), misplaced(name).alias("misplaced")
    pairs = layer.paired.select("gold_row", "predicted_row", *asked).collect()
    gold = layer.gold.filter(_alone(layer.gold, pairs["gold_row"])).select(label)
    guesses = layer.predicted.select("row", "document", "start", label, repeated(name, layer.predicted))
    guesses = guesses.filter(_alone(guesses, pairs["predicted_row"]))
    beyond = guesses["start"] > lengths.gather(column(guesses, "document"))
    how = pl.when("repeated").then(pl.lit("duplicate")).when(beyond.fill_null(False)).then(pl.lit("unlocated"))
    taken = pairs.filter(pl.col(label).fill_null("?") != pl.col("other").fill_null("?"))
    return {
        **_counted(gold, f"{name}: {{}} missed", label),
        **_counted(guesses.select(label, how=how.otherwise(pl.lit("spurious"))), f"{name}: {{}} {{}}", label, "how"),
        **_counted(taken, f"{name}: {{}} taken for {{}}", label, "other"),
        **_counted(pairs.filter("misplaced"), f"{name}: {{}} with a wrong boundary", label),
    }


def _alone(side: pl.DataFrame, paired: pl.Series) -> Bools:
    """Per item of a side: does it stand in no pair?"""
    row = column(side, "row")
    free = np.ones(int(max(row.max(initial=0), paired.max() or 0)) + 1, bool)
    free[paired.to_numpy()] = False
    alone: Bools = free[row]
    return alone


def _counted(rows: pl.DataFrame, words: str, *names: str) -> dict[str, int]:
    found = rows.group_by(*names).len().iter_rows()
    return {words.format(*("?" if value is None else value for value in values)): times for *values, times in found}


def _fields(layer: str, measures: Sequence[Measure], cells: Mapping[str, Counts]) -> Iterator[tuple[str, int]]:
    """Fields that differ though the item is found: the pairs that carry them and do not agree."""
    for m in measures:
        if "." in m.name and field(m) not in TOLD:
            yield f"{layer}: wrong {field(m)}", int(cells[m.name].paired - cells[m.name].tp)
