"""`volgens.score`: from anything that holds gold and predictions to a scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import polars as pl

from volgens import options
from volgens.corpus import Corpus, Gold, load, refuse, swapped
from volgens.model.documents import CANARY
from volgens.model.problem import Problem, Where
from volgens.options import Decimals, Labels, Missing, Scheme, Unusable, without_effect
from volgens.readers.native import PLAIN, Reading
from volgens.readers.native import predictions as read_predictions
from volgens.readers.register import Register, installed, register_of
from volgens.readers.shape import Lines
from volgens.scorecard import Counts, Scorecard, card
from volgens.scorecard.looks import looks_like
from volgens.scoring.batches import score_batches
from volgens.scoring.measures import Measure, needs_numbers, select
from volgens.scoring.score import Scoring
from volgens.scoring.score import score as score_frames
from volgens.scoring.views import View

LARGE = 200_000
"""From so many documents on, Parquet files are scored in batches: the same numbers in little memory, without a ledger."""


def score(
    predictions: Any,
    gold: Any = None,
    *,
    config: str | None = None,
    split: str | None = None,
    missing: Missing = "refuse",
    view: str | View = "flat",
    measures: str | Iterable[str | Measure] | None = None,
    labels: Labels = "scheme",
    from_: str | None = None,
    scheme: Scheme | None = None,
    map: Mapping[str, str] | None = None,
    decimals: Decimals | None = None,
    tolerance: float = 0.0,
    seed: int = 0,
    register: Mapping[str, str] | str | Path | None = None,
    items: bool = False,
    columns: str | None = None,
    unusable: Unusable = "refuse",
    threshold: float | None = None,
    chosen_on: str | None = None,
    gold_reading: Reading = PLAIN,
) -> Scorecard:
    """Score predictions against gold.

    Each is a path (JSON lines or Parquet, also gzip), a list of dictionaries, a `datasets.Dataset`, or a polars or pandas frame;
    `gold` may also be a dataset folder or a `corpus.Gold` (which is read once for many scores); None is the installed gold of
    `config` and `split` (`own` and `test` for None). Predictions may be a file of another tool, told by its content or named by
    `from_`. Offsets are code points, end exclusive.

    `missing="empty"` counts a document without predictions as an empty prediction. `view` is a `views.View` or its name,
    `measures` are names (also as one string, joined by commas) or `Measure`s, all for None; `tolerance` is the share of the
    gold's number by which a number may be off. `from_`, `labels`, `scheme`, `map`, `decimals`, `columns`, `unusable`,
    `threshold` and `chosen_on` are those of `readers.native.Reading`; `gold_reading` is that of a gold in another tool's form.
    `register` says what else the things of a gold of one's own are called (a file as `readers.register` reads it, or alias →
    slug); our gold has its own. `items=True` refuses what would be scored without a ledger. Raises `ProblemsFound` with all
    problems, also for an option that may not have its value or would change nothing, and `UnknownName` for a view or measure.
    """
    given = gold if isinstance(gold, Gold) else Gold(gold, config, split, gold_reading, labels, scheme)
    how = Reading(from_, scheme, map or {}, labels, decimals, missing, columns, unusable, threshold, chosen_on)
    asked = {"tolerance": tolerance, "seed": seed, "register": register, "items": items}
    options.check(config=given.config, split=given.split, **_options(how), **asked)
    scoring = rules(view, measures, tolerance, seed)
    refuse([*idle(given, scoring, how), *_said_already(given is gold, config, split, gold_reading)])
    if in_batches(given, predictions, how):
        refuse([_too_many(predictions)] if items else [])
        return _score_batches(Path(given.source), Path(predictions), how, scoring, register)
    return score_corpus(load(predictions, given, how), scoring, register)


def _score_batches(
    gold: Path, predictions: Path, how: Reading, scoring: Scoring, register: Mapping[str, str] | str | Path | None
) -> Scorecard:
    golds = pl.scan_parquet(gold)
    refuse(swapped(golds, pl.scan_parquet(predictions), predictions))
    scoring = replace(scoring, settings=how.confidence, register=_register(register, golds))
    return card(score_batches(gold, predictions, scoring, how))


def rules(
    view: str | View = "flat",
    measures: str | Iterable[str | Measure] | None = None,
    tolerance: float = 0.0,
    seed: int = 0,
) -> Scoring:
    """How to score, by the options of `score`. Raises as it does."""
    options.check(tolerance=tolerance, seed=seed)
    return Scoring(View.parse(view) if isinstance(view, str) else view, select(measures), {}, seed, tolerance)


def whole(predictions: Any, gold: Gold, how: Reading, scoring: Scoring) -> Corpus:
    """Gold and predictions of which the items are wanted: `corpus.load`, but for what `score` scores in batches.

    Raises `ProblemsFound`, also for an option that would change nothing.
    """
    options.check(config=gold.config, split=gold.split, **_options(how))
    too_many = [_too_many(predictions)] if in_batches(gold, predictions, how) else []
    refuse([*idle(gold, scoring, how), *too_many])
    return load(predictions, gold, how)


def score_corpus(corpus: Corpus, scoring: Scoring, register: Mapping[str, str] | str | Path | None = None) -> Scorecard:
    """Score what has been read; `register` as in `score`."""
    scoring = replace(scoring, settings=corpus.settings, register=_register(register, corpus.gold.lazy()))
    found = card(score_frames(corpus.gold, corpus.predictions, scoring), corpus.notes)
    looks = looks_like(found.cells, str(scoring.view))
    return replace(found, beside={view: _names(corpus, scoring, view) for view in looks.views}) if looks else found


def _names(corpus: Corpus, scoring: Scoring, view: str) -> Counts:
    """The names in another view, of the same documents and segments."""
    again = replace(scoring, view=replace(scoring.view, names=view), measures=select("entities"))
    return card(score_frames(corpus.gold, corpus.predictions, again))["entities"]


def checked(predictions: Any, gold: pl.DataFrame, how: Reading = PLAIN) -> Lines:
    """The predictions as read. Raises `ProblemsFound`; a missing document is a problem unless `how.missing` is `empty`."""
    lines = read_predictions(predictions, gold, how)
    refuse(lines.problems)
    return lines


def _options(how: Reading) -> dict[str, Any]:
    return {f.name: getattr(how, f.name) for f in fields(Reading)}


def idle(gold: Gold, scoring: Scoring, how: Reading) -> Iterator[Problem]:
    """Options that would change nothing or lack another, as far as it is known before anything is read."""
    for name in ("config", "split"):
        if gold.is_one and getattr(gold, name) is not None:
            yield without_effect(name, "it chooses from a dataset folder or from what is installed, and the gold is given")
    if scoring.tolerance and not any(map(needs_numbers, scoring.measures)):
        yield without_effect("tolerance", "none of the measures compares numbers")
    yield from _unsaid(how.threshold, how.chosen_on)


def _said_already(itself: bool, config: str | None, split: str | None, gold_reading: Reading) -> Iterator[Problem]:
    """What was said again of a gold that says it itself."""
    for name, given in (("config", config), ("split", split), ("gold_reading", gold_reading != PLAIN)):
        if itself and given:
            yield without_effect(name, "the gold says itself what it is and how it is read")


def _unsaid(threshold: float | None, chosen_on: str | None) -> Iterator[Problem]:
    """A threshold of which it is not said where it was chosen, or the other way round."""
    if threshold is not None and chosen_on is None:
        message = "it is not said on which split the threshold was chosen"
        hint = "Say it: --chosen-on validation, or --chosen-on none where no split was looked at. It joins the signature."
        yield Problem(Where(field="chosen_on"), "threshold-unsaid", message, hint)
    if threshold is None and chosen_on is not None:
        yield without_effect("chosen_on", "it says where a threshold was chosen, and there is none")


def _register(given: Mapping[str, str] | str | Path | None, gold: pl.LazyFrame) -> Register:
    """The register that is given; for gold of ours, which its canary tells, else the one installed."""
    if given is not None or "canary" not in gold.collect_schema():
        return register_of(given)
    return register_for(None, gold.select((pl.col("canary") == CANARY).any()).collect().item())


def register_for(given: Mapping[str, str] | str | Path | None, ours: bool) -> Register:
    """The register that is given; without one, for gold of `ours` the one installed."""
    return installed() if given is None and ours else register_of(given)


def _too_many(predictions: Any) -> Problem:
    message = f"Parquet of more than {LARGE:,} documents is scored in batches, which keep counts and no items"
    return Problem(Where(str(predictions)), "too-many-documents", message, "Score a part of both files to see its items.")


def in_batches(gold: Gold, predictions: Any, how: Reading) -> bool:
    """Whether these are Parquet files of our own form that are scored in batches."""
    return not (how.from_ or how.map or how.scheme) and _are_large(gold.source, predictions)


def _are_large(*sources: Any) -> bool:
    """Whether the sources are Parquet files that are scored in batches."""
    paths = [Path(source) for source in sources if isinstance(source, str | Path)]
    if len(paths) < len(sources) or any(path.suffix != ".parquet" or not path.is_file() for path in paths):
        return False
    try:
        return any(pl.scan_parquet(path).select(pl.len()).collect().item() > LARGE for path in paths)
    except (pl.exceptions.PolarsError, OSError):
        return False
