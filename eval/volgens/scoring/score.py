"""From gold and predictions to a tally and its evidence. Pure: no files, no clock, no print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl

from volgens import __version__, options
from volgens.model.columns import annotated
from volgens.model.documents import LAYERS
from volgens.readers.register import NO_REGISTER, Register
from volgens.scoring.counts import Tally, sums
from volgens.scoring.curves import NO_CURVES, Curves, by_score, curves
from volgens.scoring.cutoff import CutOff, cut_off, ends
from volgens.scoring.digest import digests
from volgens.scoring.evidence import Evidence
from volgens.scoring.measures import TABLE, Measure, tolerant
from volgens.scoring.parallel import both
from volgens.scoring.scope import in_scope
from volgens.scoring.tables import Tables, not_in, tables
from volgens.scoring.views import View
from volgens.stats.arrays import Floats, Ints
from volgens.stats.uncertainty import Units, method

MATCHING = "exact, then total Dice, then agreement"

NUMBER = pl.int_range(pl.len(), dtype=pl.Int64).alias("document")


@dataclass(frozen=True)
class Scoring:
    """How to score: the view, the measures, what else joins the signature, the seed, the tolerance of numbers, the register of
    the gold.
    """

    view: View = View()  # noqa: RUF009 - frozen
    measures: tuple[Measure, ...] = TABLE
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    tolerance: float = 0.0
    register: Register = NO_REGISTER

    def __post_init__(self) -> None:
        """Raise `ProblemsFound` for a seed or a tolerance that can be none."""
        options.check(seed=self.seed, tolerance=self.tolerance)


class Scored(NamedTuple):
    """What scoring gives: the tally, how it was made, the units of resampling, the evidence (None where it was not kept), the
    documents by number, the curves of layers whose items have scores, by layer the documents that seem cut off, and where
    the evidence was not kept the ways to be wrong (`errors.ways`) and what reading noted, both counted.
    """

    tally: Tally
    how: Scoring
    units: Units
    evidence: Evidence | None
    documents: pl.DataFrame
    curves: Curves = NO_CURVES
    cut_off: Mapping[str, CutOff] = MappingProxyType({})
    ways: Mapping[str, int] = MappingProxyType({})
    notes: Mapping[str, int] = MappingProxyType({})


def score(gold: pl.DataFrame, predictions: pl.DataFrame, how: Scoring) -> Scored:
    """Score a frame of predictions against a frame of gold (`tables.frame`, or a Parquet file of the dataset).

    Every document of the gold counts; one that `predictions` lacks counts as an empty prediction and is listed in `missing`.
    Documents that the gold lacks must have been refused before. A layer absent as a column is not attempted.
    """
    gold = how.view.documents(gold)
    units = Units(page_of(gold)["page"])
    found, evidence, documents = part(gold, predictions, how, units)
    measures = asked(how, found)
    sure = curves(by_score(evidence, predictions, documents["id"], measures))
    return Scored(found, how, units, evidence, documents, sure, cut_off(ends(evidence, documents, measures)))


def asked(how: Scoring, found: Tally) -> list[Measure]:
    """The measures of which the tally has counts, with the tolerance that they are asked with."""
    return [_tolerant(m, how) for m in how.measures if m.name in found.by_unit]


def part(gold: pl.DataFrame, predictions: pl.DataFrame, how: Scoring, units: Units) -> tuple[Tally, Evidence, pl.DataFrame]:
    """The tally of some documents, its evidence, and the documents by number."""
    gold = gold if gold["id"].is_sorted() else gold.sort("id")
    ids = gold["id"]
    given = [layer for layer in LAYERS if layer in predictions.columns]
    held = {layer: annotated(gold, layer) for layer in LAYERS}
    golds, told = both(lambda: tables(gold, ids), lambda: tables(predictions, ids))
    left_out = {layer: ids.filter(~has) for layer, has in held.items() if not has.all()}
    guessed = tables(_leaving_out(predictions, left_out), ids) if left_out else told
    guessed, aside = in_scope(gold, golds, guessed, how.view)
    sides = golds, _without(guessed, set(LAYERS) - set(given))
    measures = [_tolerant(m, how) for m in how.measures if m.layer in given]

    def counted() -> tuple[Evidence, tuple[dict[str, Floats], dict[str, Ints]]]:
        evidence = Evidence(*sides, how.view, _texts(gold), _segments(gold, how.view), how.tolerance, how.register.aliases)
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
        aside=aside,
    )
    return tally, evidence, _documents(gold)


def _tolerant(measure: Measure, how: Scoring) -> Measure:
    return tolerant(measure, how.tolerance) if how.tolerance else measure


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
    return replace(side, given=side.given.without(layers))


def signature(scored: Scored) -> dict[str, Any]:
    """Everything that changes the number."""
    found, how, units, *_ = scored
    return {
        "volgens": __version__,
        **how.settings,
        "gold": str(found.digests[0]),
        "predictions": str(found.digests[1]),
        "documents": found.documents,
        "pages": units.pages,
        "missing": len(found.missing),
        **({"unannotated": ",".join(f"{a}={n}" for a, n in found.unannotated.items())} if found.unannotated else {}),
        "view": str(how.view),
        "matching": MATCHING,
        **({"tolerance": how.tolerance} if how.tolerance else {}),
        **({"register": how.register.digest} if how.register.aliases else {}),
        "interval": method(len(units.names)),
        "seed": how.seed,
    }


def page_of(gold: pl.DataFrame) -> pl.DataFrame:
    """Each document's `id` and `page`, its own id where no page is given."""
    page = pl.coalesce("page", "id") if "page" in gold.columns else pl.col("id")
    return gold.select("id", page.alias("page"))


def _texts(gold: pl.DataFrame) -> pl.DataFrame | None:
    """The texts by document number (the row in the gold, sorted by id), None where one may not travel."""
    if "text" not in gold.columns or gold["text"].null_count():
        return None
    return gold.select(NUMBER, "text")


EVERYWHERE = 2**31
"""Behind the end of any text."""


def _segments(gold: pl.DataFrame, view: View) -> pl.DataFrame | None:
    """The segments in which items count, None for all; a document of which no segments are known has no dateline to leave out."""
    if not view.counted_segments:
        return None
    held = gold.select(NUMBER, "segments").explode("segments").unnest("segments")
    counted = held.filter(pl.col("kind").is_in(view.counted_segments)).select("document", "start", "end")
    if view.segments:
        return counted
    whole = held.filter(pl.col("start").is_null()).select("document", start=pl.lit(0, pl.Int64), end=pl.lit(EVERYWHERE, pl.Int64))
    return pl.concat([counted.cast({"start": pl.Int64, "end": pl.Int64}), whole])


def _documents(gold: pl.DataFrame) -> pl.DataFrame:
    """Number, id and, where it is known, length of the documents."""
    length = pl.col("length") if "length" in gold.columns else pl.lit(None, pl.Int64).alias("length")
    return gold.select(NUMBER, "id", length)
