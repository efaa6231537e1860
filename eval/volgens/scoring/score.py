"""From gold and predictions to a scorecard: counts, evidence, settings. Pure: no files, no clock, no print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl

from volgens import __version__
from volgens.model.columns import annotated
from volgens.model.documents import LAYERS
from volgens.scoring.counts import Counts, Macro, Tally, macro, sums, total, whole
from volgens.scoring.digest import digests
from volgens.scoring.evidence import Evidence
from volgens.scoring.measures import TABLE, Measure, tolerant
from volgens.scoring.parallel import both
from volgens.scoring.tables import Tables, not_in, tables
from volgens.scoring.views import View
from volgens.stats.arrays import Floats, Ints
from volgens.stats.uncertainty import Intervals, Units, intervals, method

__all__ = ["Counts", "Macro", "Scorecard", "Scoring", "card", "page_of", "part", "score"]

MATCHING = "exact, then total Dice"

NUMBER = pl.int_range(pl.len(), dtype=pl.Int64).alias("document")


@dataclass(frozen=True)
class Scorecard:
    """What `score` returns. `card["figures.value"].f1` is a number or None; `card["entities[type=PER]"]` a row of a headline.

    `cells`: name → `Counts`. `pages`: the units of resampling (pages, or buckets of very many), and `by_page[name]` an array
    (pages, 4) whose sum is the cell. `macro`: headline → means over documents. `not_attempted`: the measures whose fields the
    whole file never gives. `held` is the evidence, None where the corpus was scored in batches. `notes`: what reading the
    predictions left out or located, counted.
    """

    cells: Mapping[str, Counts]
    signature: Mapping[str, Any]
    not_attempted: tuple[str, ...]
    missing: tuple[str, ...]
    pages: tuple[str, ...] = field(repr=False)
    by_page: Mapping[str, Floats] = field(repr=False)
    macro: Mapping[str, Macro] = field(repr=False)
    held: Evidence | None = field(repr=False)
    documents: pl.DataFrame = field(repr=False)
    table: tuple[Measure, ...] = field(default=TABLE, repr=False)
    seed: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)

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

    def by_document(self, name: str) -> Floats:
        """(documents, 4) counts of a measure, in the order of `documents`."""
        measure = next(m for m in self.table if m.name == name)
        return whole(measure, self.evidence.layer(measure.kind), len(self.documents))

    @cached_property
    def ledger(self) -> pl.DataFrame:
        """One row per gold and per predicted item that counts: its outcome, its partner and what differed."""
        from volgens.scoring.ledger import ledger

        return ledger(self.evidence, self.documents, [m for m in self.table if m.name in self.cells and m.kind == m.layer])

    @property
    def evidence(self) -> Evidence:
        """The items that count and the pairs. Raises ValueError where the corpus was scored in batches."""
        if self.held is None:
            raise ValueError("a corpus scored in batches keeps its counts, not its evidence; score a part of it to see the items")
        return self.held


@dataclass(frozen=True)
class Scoring:
    """How to score: the view, the measures, what else joins the signature, the seed, the tolerance of numbers."""

    view: View = View()  # noqa: RUF009 - frozen
    measures: tuple[Measure, ...] = TABLE
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    tolerance: float = 0.0


def score(
    gold: pl.DataFrame,
    predictions: pl.DataFrame,
    *,
    view: str | View = "flat",
    measures: Sequence[Measure] = TABLE,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    tolerance: float = 0.0,
) -> Scorecard:
    """Score a frame of predictions against a frame of gold (`tables.frame`, or a Parquet file of the dataset).

    Every document of the gold counts; one that `predictions` lacks counts as silence and is listed in `missing`. Documents that
    the gold lacks must have been refused before. A layer absent as a column is not attempted. `settings` join the signature.
    """
    how = Scoring(View.parse(view) if isinstance(view, str) else view, tuple(measures), settings or {}, seed, tolerance)
    gold = how.view.documents(gold)
    units = Units(page_of(gold)["page"])
    found, evidence, documents = part(gold, predictions, how, units)
    return card(found, how, units, evidence, documents)


def part(gold: pl.DataFrame, predictions: pl.DataFrame, how: Scoring, units: Units) -> tuple[Tally, Evidence, pl.DataFrame]:
    """The tally of some documents, its evidence, and the documents by number."""
    gold = gold if gold["id"].is_sorted() else gold.sort("id")
    ids = gold["id"]
    given = [layer for layer in LAYERS if layer in predictions.columns]
    held = {layer: annotated(gold, layer) for layer in LAYERS}
    golds, told = both(lambda: tables(gold, ids), lambda: tables(predictions, ids))
    left_out = {layer: ids.filter(~has) for layer, has in held.items() if not has.all()}
    guessed = tables(_leaving_out(predictions, left_out), ids) if left_out else told
    sides = golds, _without(guessed, set(LAYERS) - set(given))
    measures = [tolerant(m, how.tolerance) if how.tolerance else m for m in how.measures if m.layer in given]

    def counted() -> tuple[Evidence, tuple[dict[str, Floats], dict[str, Ints]]]:
        evidence = Evidence(*sides, how.view, _texts(gold), _segments(gold, how.view), how.tolerance)
        return evidence, sums(evidence, measures, units.of(page_of(gold)["page"]), len(units.names))

    (evidence, (by_unit, by_document)), found = both(counted, lambda: digests((golds, told), _rows(held)))
    tally = Tally(
        by_unit=by_unit,
        by_document=by_document,
        given=(sides[0].given, sides[1].given),
        has_texts=evidence.texts is not None,
        digests=found,
        documents=len(ids),
        missing=tuple(not_in(ids, predictions["id"])),
        annotated={layer: int(has.sum()) for layer, has in held.items()},
    )
    return tally, evidence, _documents(gold)


def _leaving_out(predictions: pl.DataFrame, documents: Mapping[str, pl.Series]) -> pl.DataFrame:
    """The predictions without the items of a layer in the documents in which the gold does not annotate it."""
    known = {layer: ids for layer, ids in documents.items() if layer in predictions.columns}
    return predictions.with_columns(
        pl.when(~pl.col("id").is_in(ids.implode())).then(pl.col(layer)).alias(layer) for layer, ids in known.items()
    )


def _rows(held: Mapping[str, pl.Series]) -> dict[str, Ints]:
    """Per layer the rows of the documents that do not have it, where there are any."""
    return {layer: (~has).arg_true().cast(pl.Int64).to_numpy() for layer, has in held.items() if not has.all()}


def _without(side: Tables, layers: set[str]) -> Tables:
    """Fields of layers that the predictions lack are not given, also where a measure of another layer asks for them."""
    return replace(side, given=frozenset(name for name in side.given if name.partition(".")[0] not in layers))


def card(found: Tally, how: Scoring, units: Units, evidence: Evidence | None, documents: pl.DataFrame) -> Scorecard:
    """The scorecard of a tally."""
    attempted = {m.name for m in how.measures if m.name in found.by_unit and found.attempts(m)}
    by_unit = {name: counts for name, counts in found.by_unit.items() if name.partition("[")[0] in attempted}
    signature = {
        "volgens": __version__,
        **how.settings,
        "gold": str(found.digests[0]),
        "predictions": str(found.digests[1]),
        "documents": found.documents,
        "pages": units.pages,
        "missing": len(found.missing),
        **_unannotated(found),
        "view": str(how.view),
        "matching": MATCHING,
        **({"tolerance": how.tolerance} if how.tolerance else {}),
        "interval": method(len(units.names)),
        "seed": how.seed,
    }
    return Scorecard(
        cells={name: total(counts) for name, counts in by_unit.items()},
        signature=signature,
        not_attempted=tuple(m.name for m in how.measures if m.name not in attempted),
        missing=found.missing,
        pages=tuple(units.names),
        by_page=by_unit,
        macro={name: macro(sums) for name, sums in found.by_document.items() if name in attempted},
        held=evidence,
        documents=documents,
        table=how.measures,
        seed=how.seed,
    )


def _unannotated(found: Tally) -> dict[str, str]:
    """For the signature: each layer that some documents lack in the gold, and how many those are."""
    lacking = {layer: found.documents - n for layer, n in found.annotated.items() if n < found.documents}
    return {"unannotated": ",".join(f"{layer}={n}" for layer, n in lacking.items())} if lacking else {}


def page_of(gold: pl.DataFrame) -> pl.DataFrame:
    """Each document's `id` and `page`, its own id where no page is given."""
    page = pl.coalesce("page", "id") if "page" in gold.columns else pl.col("id")
    return gold.select("id", page.alias("page"))


def _texts(gold: pl.DataFrame) -> pl.DataFrame | None:
    """The texts by document number (the row in the gold, sorted by id), None where one may not travel."""
    if "text" not in gold.columns or gold["text"].null_count():
        return None
    return gold.select(NUMBER, "text")


def _segments(gold: pl.DataFrame, view: View) -> pl.DataFrame | None:
    """The segments in which items count, None for all."""
    if not view.counted_segments:
        return None
    held = gold.select(NUMBER, "segments").explode("segments").unnest("segments")
    return held.filter(pl.col("kind").is_in(view.counted_segments)).select("document", "start", "end")


def _documents(gold: pl.DataFrame) -> pl.DataFrame:
    """Number, id and, where it is known, length of the documents."""
    length = pl.col("length") if "length" in gold.columns else pl.lit(None, pl.Int64).alias("length")
    return gold.select(NUMBER, "id", length)
