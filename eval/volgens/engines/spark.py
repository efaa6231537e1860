"""`volgens.score` on Spark: the same readers, checks and counts, where the data lie, and the same numbers to the last unit."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens import options
from volgens.api import idle, register_for, rules
from volgens.atomic import atomic
from volgens.corpus import Gold, refuse, swapped_by
from volgens.engines import steps
from volgens.engines.buckets import Sum, Task, nothing
from volgens.engines.facts import Facts
from volgens.engines.items import ledger_rows
from volgens.engines.items import worst as worst_of
from volgens.engines.reading import Side
from volgens.engines.session import failures, session, settings
from volgens.engines.sources import Source, gold_source, source
from volgens.engines.telling import problems
from volgens.model.problem import Problem, Where
from volgens.options import Decimals, Labels, Missing
from volgens.readers.native import Reading
from volgens.scorecard import Scorecard, card
from volgens.scorecard.looks import looks_like
from volgens.scoring.measures import Measure, select
from volgens.scoring.parts import Part, part_of, scored
from volgens.scoring.score import Scoring
from volgens.scoring.views import View
from volgens.stats.uncertainty import Units

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BUCKET = 20_000
"""Documents that are scored at once."""
MOST = 200_000
"""Documents that a task deals at once, at most; where there are many buckets, so many that each gets a few."""


def score(
    gold: Any,
    predictions: Any,
    *,
    config: str | None = None,
    split: str | None = None,
    missing: Missing = "refuse",
    view: str | View = "flat",
    measures: str | Iterable[str | Measure] | None = None,
    labels: Labels = "scheme",
    map: Mapping[str, str] | None = None,
    decimals: Decimals | None = None,
    tolerance: float = 0.0,
    seed: int = 0,
    register: Mapping[str, str] | str | Path | None = None,
    threshold: float | None = None,
    chosen_on: str | None = None,
    ledger: str | Path | None = None,
    html: str | Path | None = None,
    worst: int = 500,
    spark: SparkSession | None = None,
    partitions: int | None = None,
    progress: bool = False,
) -> Scorecard:
    """Score predictions against gold on Spark; mind the order of the two.

    Each is a Spark frame, the name of a table, or a path that Spark reads (a file, a folder or a pattern; on this machine or
    in a lake): JSON lines by their ending, else Parquet. `gold` may also be None or a dataset folder, as in `volgens.score`,
    whose options these are. `spark` is the session, the active one for None, or a new one on this machine. `partitions`: into
    how many the documents are dealt by their ids, by default about 20,000 in each. `progress` writes the steps to standard error.

    The scorecard is that of `volgens.score` but for `engine` in the signature and the evidence of single items, which is not
    kept. `ledger`: a folder, on this machine or in a lake, for the executors' Parquet, one file a partition (`scoring.ledger`);
    `html`: a page of the `worst` documents, those with most errors. A frame is read more than once: persist one that is costly.
    Raises `ProblemsFound` with all problems (at most 10,000 in full, the others counted), also for what Spark fails of.
    """
    how = Reading(None, None, map or {}, labels, decimals, missing, None, "refuse", threshold, chosen_on)
    given = gold if isinstance(gold, Gold) else Gold(gold, config, split, labels=labels)
    options.check(config=given.config, split=given.split, labels=labels, decimals=decimals, missing=missing, map=how.map,
                  threshold=threshold, chosen_on=chosen_on, tolerance=tolerance, seed=seed, register=register)  # fmt: skip
    scoring = rules(view, measures, tolerance, seed)
    refuse([*idle(given, scoring, how), *_unfit("partitions", partitions), *_unfit("worst", worst), *_taken(ledger)])
    with opened(given, predictions, how, scoring, spark or session(), partitions, progress) as corpus:
        how_scored = corpus.scoring(register)
        found = corpus.card(how_scored)
        if ledger is not None:
            corpus.write_ledger(found, how_scored, str(ledger))
        if html is not None:
            corpus.write_page(found, how_scored, Path(html), worst, Path(str(predictions)).name.split(".")[0])
        return found


def _unfit(name: str, value: int | None) -> Iterator[Problem]:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        message, hint = f"{name} cannot be {value!r}", "Give a whole number of 1 or more, or leave it out."
        yield Problem(Where(field=name), "unknown-option-value", message, hint)


def _taken(ledger: str | Path | None) -> Iterator[Problem]:
    if ledger is not None and Path(ledger).exists():
        message, hint = "there is something already", "Name a folder that does not exist yet: the executors write into it."
        yield Problem(Where(str(ledger)), "ledger-exists", message, hint)


@dataclass(frozen=True)
class Corpus:
    """Gold and predictions, read and dealt into buckets, with what is true of each as a whole."""

    dealt: DataFrame
    facts: tuple[Facts, Facts]
    task: Task
    partitions: int
    settings: Mapping[str, str]
    told: bool

    def summed(self, scoring: Scoring) -> Sum:
        """What all documents add up to. Raises `ProblemsFound`."""
        with failures():
            found = steps.summed(self.dealt, replace(self.task, scoring=scoring), self.partitions)
        refuse(problems(self.facts, found, self.task))
        return found

    def scoring(self, register: Mapping[str, str] | str | Path | None = None) -> Scoring:
        """How it is scored, with what joins the signature."""
        return replace(self.task.scoring, settings=self.settings, register=register_for(register, self.facts[0].ours))

    def card(self, scoring: Scoring) -> Scorecard:
        """The scorecard. Raises `ProblemsFound`."""
        _tell(self.told, f"checking and scoring {self.facts[0].rows:,} documents in {self.partitions:,} partitions")
        found = self._counted(scoring)
        looks = looks_like(found.cells, str(scoring.view))
        return replace(found, beside={view: self._names(scoring, view) for view in looks.views}) if looks else found

    def write_ledger(self, found: Scorecard, scoring: Scoring, path: str) -> None:
        """Let the executors write one row per item that counts."""
        _tell(self.told, f"writing the ledger to {path}")
        task = replace(self.task, scoring=scoring)
        with failures():
            ledger_rows(self.dealt, task, self.partitions, found.itemised).write.parquet(path)

    def write_page(self, found: Scorecard, scoring: Scoring, path: Path, most: int, system: str) -> None:
        """Write the page of the documents with most errors."""
        from volgens.report.html import html

        _tell(self.told, f"looking for the {most:,} documents with most errors")
        task = replace(self.task, scoring=scoring)
        with failures():
            part = worst_of(self.dealt, task, self.partitions, found.itemised, most)
        with atomic(path) as file:
            file.write_text(html(part.card, part.gold, part.predictions, system=system, whole=found), encoding="utf-8")

    def _counted(self, scoring: Scoring) -> Scorecard:
        found = self.summed(scoring)
        part = self._nothing(scoring) if found.part is None else found.part
        notes = {**self.facts[1].notes, **found.notes}
        return card(scored(part, scoring, self.task.units, notes))

    def _names(self, scoring: Scoring, view: str) -> Any:
        """The names in another view."""
        again = replace(scoring, view=replace(scoring.view, names=view), measures=select("entities"))
        return self._counted(again)["entities"]

    def _nothing(self, scoring: Scoring) -> Part:
        """The sums of no documents, where the view leaves none."""
        gold, predictions = nothing()
        return part_of(gold, predictions.drop(self.task.absent), scoring, self.task.units)


@contextmanager
def opened(
    gold: Gold, predictions: Any, how: Reading, scoring: Scoring, spark: SparkSession, partitions: int | None, told: bool
) -> Iterator[Corpus]:
    """The corpus, read; what Spark keeps of it is given back at the end. Raises `ProblemsFound` where it could not be read."""
    from pyspark import StorageLevel

    with settings(spark):
        with failures():
            sources = gold_source(spark, gold), source(spark, predictions)
        _tell(told, "counting documents")
        with failures():
            buckets = partitions or max(1, math.ceil(max(each.frame.count() for each in sources) / BUCKET))
        sides = _sides(sources, gold, how, scoring, buckets)
        kept = steps.dealt(sources[0].frame, sides[0]).unionByName(steps.dealt(sources[1].frame, sides[1]))
        kept = kept.persist(StorageLevel.DISK_ONLY)
        try:
            _tell(told, "reading, and dealing the documents by their ids")
            with failures():
                facts = steps.facts(kept)
                _refuse_unread(facts, sides, predictions)
                units = steps.units(kept)
            yield _corpus(kept, facts, sides, gold, how, scoring, units, buckets, told)
        finally:
            kept.unpersist()


def _sides(sources: tuple[Source, Source], gold: Gold, how: Reading, scoring: Scoring, buckets: int) -> tuple[Side, Side]:
    dealt = min(MOST, max(BUCKET, 50 * buckets))
    golds = Reading(labels=gold.labels)
    one, other = (
        Side(is_gold, each.name, each.lines, reading, scoring.view, buckets, dealt)
        for each, is_gold, reading in zip(sources, (True, False), (golds, how), strict=True)
    )
    return one, other


def _refuse_unread(facts: tuple[Facts, Facts], sides: tuple[Side, Side], predictions: Any) -> None:
    """Raise `ProblemsFound` where there is nothing to hold against the other side."""
    gold, guesses = facts
    if gold.found.times:
        refuse(gold.found.told(gold.lines))
    if not gold.rows:
        refuse([Problem(Where(sides[0].name), "no-documents", "the gold has no documents", "Give a file of gold documents.")])
    if not guesses.rows and sides[1].lines and not guesses.found.times:
        refuse([Problem(Where(sides[1].name), "empty-file", "the file is empty", "Write one line of JSON per document.")])
    if not guesses.rows and guesses.found.times:
        refuse(dict.fromkeys(guesses.found.told(guesses.lines)))
    refuse(swapped_by([sorted(each.gold_alone) for each in facts], predictions))


def _corpus(
    kept: DataFrame, facts: tuple[Facts, Facts], sides: tuple[Side, Side], gold: Gold, how: Reading, scoring: Scoring,
    units: Units, buckets: int, told: bool,
) -> Corpus:  # fmt: skip
    guesses = facts[1]
    task = Task(
        names=(sides[0].name, sides[1].name),
        trusted=gold.source is None,
        reading=replace(how, missing="empty") if guesses.unread else how,  # what a line that is no JSON was about is not known
        scoring=scoring,
        units=units,
        absent=guesses.absent,
        scored=[layer for layer, each in guesses.confidence.items() if each.scored],
    )
    chosen = gold.settings if gold.source is None else facts[0].settings
    named = {**chosen, **how.settings("volgens", guesses.applied), "engine": "spark"}
    return Corpus(kept, facts, task, buckets, named, told)


def _tell(told: bool, step: str) -> None:
    if told:
        print(f"volgens on Spark: {step}", file=sys.stderr, flush=True)
