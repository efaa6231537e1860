"""From gold and predictions to a scorecard: counts, evidence, settings. Pure: no files, no clock, no print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from volgens import __version__
from volgens.documents import LAYERS
from volgens.evidence import Evidence, Layer
from volgens.matching import Ints
from volgens.measures import GROUPS, HEADLINES, TABLE, Measure
from volgens.tables import SCHEMA, Tables, column, tables
from volgens.uncertainty import Intervals, intervals, method

MATCHING = "exact, then total Dice"


class Counts(NamedTuple):
    """True positives (a half counts too, in `semeval.partial` alone), predicted items, gold items, pairs where a side has the
    field.
    """

    tp: float
    predicted: int
    gold: int
    paired: int

    @property
    def precision(self) -> float | None:
        """tp / predicted, None where nothing was predicted."""
        return self.tp / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """tp / gold, None where the gold has nothing."""
        return self.tp / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """2 · tp / (predicted + gold), None where both are 0 (van Rijsbergen 1979)."""
        both = self.predicted + self.gold
        return 2 * self.tp / both if both else None

    @property
    def given(self) -> float | None:
        """The share of pairs that agree: the field's accuracy given a match, None without pairs."""
        return self.tp / self.paired if self.paired else None


Array = np.ndarray[Any, np.dtype[np.float64]]


class Macro(NamedTuple):
    """Means over documents of precision, recall and F1; None where no document defines it."""

    precision: float | None
    recall: float | None
    f1: float | None


def _macro(counts: Array) -> Macro:
    tp, predicted, gold = counts[:, 0], counts[:, 1], counts[:, 2]
    means = []
    for above, below in ((tp, predicted), (tp, gold), (2 * tp, predicted + gold)):
        defined = below > 0
        means.append(float((above[defined] / below[defined]).mean()) if defined.any() else None)
    return Macro(*means)


@dataclass(frozen=True)
class Scorecard:
    """What `score` returns. `card["figures.value"].f1` is a number or None; `card["entities[type=PER]"]` a row of a headline.

    `cells`: name → `Counts`. `pages`: the ids of the pages, the units of resampling, and `by_page[name]` an array
    (pages, 4) whose sum over pages is the cell. `not_attempted`: the measures whose fields the whole file never gives.
    """

    cells: Mapping[str, Counts]
    signature: Mapping[str, Any]
    not_attempted: tuple[str, ...]
    missing: tuple[str, ...]
    pages: tuple[str, ...] = field(repr=False)
    by_page: Mapping[str, Array] = field(repr=False)
    evidence: Evidence = field(repr=False)
    documents: pl.DataFrame = field(repr=False)
    table: tuple[Measure, ...] = field(default=TABLE, repr=False)
    seed: int = 0

    def __getitem__(self, name: str) -> Counts:
        return self.cells[name]

    @property
    def measures(self) -> dict[str, Counts]:
        """The cells without the rows by type and value."""
        return {name: counts for name, counts in self.cells.items() if "[" not in name}

    def __str__(self) -> str:
        from volgens.report.text import text

        return text(self)

    def to_json(self) -> str:
        """The whole scorecard as JSON, numbers unrounded."""
        from volgens.report.json import to_json

        return to_json(self)

    @cached_property
    def intervals(self) -> dict[str, Intervals]:
        """Per cell the 95 % intervals of precision, recall and F1; the signature says by which method."""
        return intervals(self.by_page, self.pages, seed=self.seed)

    def by_document(self, name: str) -> Array:
        """(documents, 4) counts of a measure, in the order of `documents`."""
        measure = next(m for m in self.table if m.name == name)
        layer, size = self.evidence.layer(measure.kind), len(self.documents)
        return next(counts for found, counts in _cells(measure, layer, np.arange(size), size) if found == name)

    @cached_property
    def macro(self) -> dict[str, Macro]:
        """Per headline measure the mean over the documents where each score is defined."""
        heads = [m.name for m in self.table if m.name in self.cells and m.name in HEADLINES]
        return {name: _macro(self.by_document(name)) for name in heads}

    @cached_property
    def ledger(self) -> pl.DataFrame:
        """One row per gold and per predicted item that counts: its outcome, its partner and what differed."""
        from volgens.ledger import ledger

        return ledger(self.evidence, self.documents, [m for m in self.table if m.name in self.cells and m.kind == m.layer])


def score(
    gold: pl.DataFrame,
    predictions: pl.DataFrame,
    *,
    view: str = "flat",
    measures: Sequence[Measure] = TABLE,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> Scorecard:
    """Score a frame of predictions against a frame of gold (`tables.frame`, or a Parquet file of the dataset).

    Every document of the gold counts; one that `predictions` lacks counts as silence and is listed in `missing`. Documents that
    the gold lacks must have been refused before. A layer absent as a column is not attempted. `settings` join the signature.
    """
    ids = gold["id"].sort()
    given = [layer for layer in LAYERS if layer in predictions.columns]
    guesses = predictions.with_columns(pl.lit([], SCHEMA[layer]).alias(layer) for layer in LAYERS if layer not in given)
    sides = tables(gold, ids), tables(guesses, ids)
    found = Evidence(*sides, view, _texts(gold, sides[0]))
    pages = _pages(gold, ids)
    attempted = [m for m in measures if m.layer in given and _attempted(m, *sides, found.texts)]
    names = pages.unique().sort()
    unit = column(pl.DataFrame({"page": pages.rank("dense")}), "page") - 1
    by_page = {name: counts for m in attempted for name, counts in _cells(m, found.layer(m.kind), unit, len(names))}
    missing = ids.filter(~ids.is_in(predictions["id"].implode()))
    signature = {
        "volgens": __version__,
        **(settings or {}),
        "gold": digest(sides[0]),
        "predictions": digest(sides[1]),
        "documents": len(ids),
        "missing": len(missing),
        "view": view,
        "matching": MATCHING,
        "interval": method(len(names)),
        "seed": seed,
    }
    return Scorecard(
        cells={name: total(counts) for name, counts in by_page.items()},
        signature=signature,
        not_attempted=tuple(m.name for m in measures if m not in attempted),
        missing=tuple(missing),
        pages=tuple(names),
        by_page=by_page,
        evidence=found,
        documents=_documents(gold, sides[0]),
        table=tuple(measures),
        seed=seed,
    )


def _pages(gold: pl.DataFrame, ids: pl.Series) -> pl.Series:
    if "page" not in gold.columns:
        return ids
    page = pl.coalesce("page", "id").alias("page")
    return pl.DataFrame({"id": ids}).join(gold.select("id", page), on="id", how="left", maintain_order="left")["page"]


def total(by_page: Array) -> Counts:
    """The sum over pages."""
    tp, predicted, gold, paired = by_page.sum(axis=0).tolist()
    return Counts(int(tp) if tp == int(tp) else tp, int(predicted), int(gold), int(paired))


def _texts(gold: pl.DataFrame, side: Tables) -> pl.DataFrame | None:
    """The texts by document number, None where one may not travel."""
    if "text" not in gold.columns or gold["text"].null_count():
        return None
    return side.documents.join(gold.select("id", "text"), on="id").select(pl.col("document").cast(pl.Int64), "text")


def _documents(gold: pl.DataFrame, side: Tables) -> pl.DataFrame:
    """Number, id and, where it is known, length of the documents."""
    length = pl.col("length") if "length" in gold.columns else pl.lit(None, pl.Int64).alias("length")
    return side.documents.join(gold.select("id", length), on="id", how="left", maintain_order="left")


def _attempted(measure: Measure, gold: Tables, predicted: Tables, texts: pl.DataFrame | None) -> bool:
    """Whether the predictions give the fields at all; what the gold does not have either is undefined, not unattempted."""
    if measure.kind == "entities@set" and texts is None:
        return False
    named = ([name if "." in name else f"{measure.layer}.{name}" for name in field.split("|")] for field in measure.fields)
    return all(predicted.given.intersection(names) or not gold.given.intersection(names) for names in named)


def _cells(measure: Measure, layer: Layer, unit: Ints, units: int) -> Iterator[tuple[str, Array]]:
    """The cell of a measure and, for a headline, of each value of its groups: (units, 4) arrays.

    In a row by value an agreeing pair stands under the gold's value and every other item under its own, so rows add up to the
    total.
    """
    groups = GROUPS.get(measure.name, ())
    pairs = layer.pairs.select("document", "predicted_row", *groups, credit=measure.credit, either=measure.either)
    gold = layer.gold.filter(measure.counts) if measure.carried else layer.gold
    predicted = layer.predicted.filter(measure.counts) if measure.carried else layer.predicted
    right, paired = pairs.filter(pl.col("credit") > 0), pairs.filter("either")
    yield measure.name, _count((right, predicted, gold, paired), unit, units)
    for name in groups:
        moved = _under_gold(layer.predicted, right, name)
        for value in sorted(set(gold[name].drop_nulls()) | set(moved.drop_nulls())):
            sides = (right, predicted.with_columns(moved.alias(name)), gold, paired)
            yield f"{measure.name}[{name}={value}]", _count([s.filter(pl.col(name) == value) for s in sides], unit, units)


def _under_gold(predicted: pl.DataFrame, right: pl.DataFrame, name: str) -> pl.Series:
    return predicted[name].scatter(right["predicted_row"], right[name])


def _count(sides: Sequence[pl.DataFrame], unit: Ints, units: int) -> Array:
    weights = [sides[0]["credit"].to_numpy(), None, None, None]
    counts = [np.bincount(unit[column(side, "document")], w, units) for side, w in zip(sides, weights, strict=True)]
    return np.stack(counts, axis=1).astype(np.float64)


def digest(side: Tables) -> str:
    """A digest of what the tables say, the same for any order of documents and items; ids of items do not enter it."""
    state = blake2b(digest_size=16)
    for table in (side.documents, side.entities, side.figures, side.attributions, side.parts):
        for name in table.columns:
            values = table[name]
            if name in ("item", "id") and table is not side.documents:
                continue
            state.update(name.encode())
            if values.dtype == pl.String:
                values = values.fill_null("\0")
                state.update(values.str.len_bytes().to_numpy().tobytes())
                state.update((values.str.join("").item() or "").encode())
            elif values.dtype != pl.List:
                state.update(values.is_null().to_numpy().tobytes())
                state.update(values.fill_null(0).cast(pl.Float64 if values.dtype.is_float() else pl.Int64).to_numpy().tobytes())
    return state.hexdigest()
