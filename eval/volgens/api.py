"""`volgens.score`: from anything that holds gold and predictions to a scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from volgens import options
from volgens.model.documents import CANARY
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.options import Decimals, Labels, Missing, Scheme, Unusable, without_effect
from volgens.readers.corpus import read_gold, sound
from volgens.readers.native import PLAIN, Reading, held, opened
from volgens.readers.native import predictions as read_predictions
from volgens.readers.register import Register, installed, register_of
from volgens.readers.shape import Lines
from volgens.scorecard import Scorecard, card
from volgens.scoring.batches import score_batches
from volgens.scoring.measures import Measure, needs_numbers, select
from volgens.scoring.parallel import both
from volgens.scoring.score import Scoring
from volgens.scoring.score import score as score_frames
from volgens.scoring.views import View

LARGE = 200_000
"""From so many documents on, Parquet files are scored in batches: the same numbers in little memory, without a ledger."""

GOLD_ALONE = ("page", "segments", "provenance")
"""Columns that only gold has. Predictions that have them, against a gold that has none, are the gold."""


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
    form: str | None = None,
    scheme: Scheme | None = None,
    mapping: Mapping[str, str] | None = None,
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
    `gold` may also be a dataset folder, and is the installed gold of `config` and `split` (`own` and `test` for None) for None.
    Predictions may be a file of another tool, told by its content or named by `form`. Offsets are code points, end exclusive.

    `missing="empty"` counts a document without predictions as an empty prediction. `view` is a `views.View` or its name,
    `measures` are names (also as one string, joined by commas) or `Measure`s, all for None; `tolerance` is the share of the
    gold's number by which a number may be off. `labels`, `scheme`, `mapping`, `decimals`, `columns` and `unusable` are those
    of `readers.native.Reading`. `threshold` leaves out the items with a lower `score`; `chosen_on` must say on which split it was
    chosen, and joins the signature. `gold` too may be in another tool's form: `gold_reading` says what there is to say of it (its
    scheme, where it states none, is that of the predictions). `register` says what else the things of a gold of one's own are
    called (a file as `readers.register` reads it, or alias → slug); our gold has its own. `items=True` refuses what would be
    scored without a ledger: Parquet of very many documents. Raises `ProblemsFound` with all problems, also for an option with a
    value that it may not have or that would change nothing, and `UnknownName` for an unknown view or measure.
    """
    options.check(
        config=config, split=split, missing=missing, labels=labels, form=form, scheme=scheme, mapping=mapping,
        decimals=decimals, tolerance=tolerance, seed=seed, register=register, items=items,
        columns=columns, unusable=unusable, threshold=threshold, chosen_on=chosen_on,
    )  # fmt: skip
    table = select(measures)
    view = View.parse(view) if isinstance(view, str) else view
    _refuse([*_idle(gold, config, split, tolerance, table), *_unsaid(threshold, chosen_on)])
    how = Reading(form, scheme, mapping or {}, labels, decimals, missing, columns, unusable, threshold, chosen_on)
    if form is None and not mapping and not scheme and _are_large(gold, predictions):
        _refuse([_too_many(predictions)] if items else [])
        _refuse(_swapped(pl.scan_parquet(gold), pl.scan_parquet(predictions), predictions))
        known = _register(register, pl.scan_parquet(gold))
        return card(score_batches(Path(gold), Path(predictions), Scoring(view, table, how.sureness, seed, tolerance, known), how))
    golds, begun = both(
        lambda: read_gold(config, split, gold, gold_reading, labels=labels, scheme=scheme), lambda: opened(predictions, how)
    )
    frame, lines = both(lambda: sound(golds, gold, labels), lambda: held(begun, predictions, golds.frame, how))
    _refuse([*_swapped(golds.frame.lazy(), lines.frame.lazy(), predictions)] or lines.problems)
    known = _register(register, frame.lazy())
    settings = _settings(frame, config, split, gold) | how.settings(lines.form, lines.applied)
    return card(
        score_frames(frame, lines.frame, Scoring(view, table, settings, seed, tolerance, known)),
        {**{f"gold: {note}": times for note, times in golds.notes.items()}, **lines.notes},
    )


def checked(predictions: Any, gold: pl.DataFrame, how: Reading = PLAIN) -> Lines:
    """The predictions as read. Raises `ProblemsFound`; a missing document is a problem unless `how.missing` is `empty`."""
    lines = read_predictions(predictions, gold, how)
    _refuse(lines.problems)
    return lines


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise ProblemsFound(found)


def _idle(gold: Any, config: str | None, split: str | None, tolerance: float, table: Iterable[Measure]) -> Iterator[Problem]:
    """Options that would change nothing, as far as it is known before anything is read."""
    for name, value in (("config", config), ("split", split)):
        if _is_one_gold(gold) and value is not None:
            yield without_effect(name, "it chooses from a dataset folder or from what is installed, and the gold is given")
    if tolerance and not any(map(needs_numbers, table)):
        yield without_effect("tolerance", "none of the measures compares numbers")


def _unsaid(threshold: float | None, chosen_on: str | None) -> Iterator[Problem]:
    """A threshold of which it is not said where it was chosen, or the other way round."""
    if threshold is not None and chosen_on is None:
        message = "it is not said on which split the threshold was chosen"
        cure = "Say it: --chosen-on validation, or --chosen-on none where no split was looked at. It joins the signature."
        yield Problem(Where(field="chosen_on"), "threshold-unsaid", message, cure)
    if threshold is None and chosen_on is not None:
        yield without_effect("chosen_on", "it says where a threshold was chosen, and there is none")


def _register(given: Mapping[str, str] | str | Path | None, gold: pl.LazyFrame) -> Register:
    """The register that is given; for gold of ours, which its canary tells, else the one installed."""
    if given is not None or "canary" not in gold.collect_schema():
        return register_of(given)
    ours = gold.select((pl.col("canary") == CANARY).any()).collect().item()
    return installed() if ours else register_of(None)


def _is_one_gold(gold: Any) -> bool:
    """Whether the gold is given itself, not as what is installed or as a dataset folder to choose from."""
    return gold is not None and not (isinstance(gold, str | Path) and Path(gold).is_dir())


def _swapped(gold: pl.LazyFrame, guesses: pl.LazyFrame, predictions: Any) -> Iterator[Problem]:
    """Whether the sides were given the wrong way round."""
    sides = [_of_gold_alone(frame) for frame in (gold, guesses)]
    if sides[1] and not sides[0]:
        file = str(predictions) if isinstance(predictions, str | Path) else None
        message = f"the predictions have {' and '.join(sides[1])}, as gold has, and the gold has not"
        yield Problem(Where(file), "swapped-sides", message, "Give the predictions first and the gold second.")


def _of_gold_alone(frame: pl.LazyFrame) -> list[str]:
    """The columns that only gold has, and that say something somewhere."""
    have = [name for name in GOLD_ALONE if name in frame.collect_schema()]
    said = frame.select(pl.col(have).is_not_null().any()).collect().row(0) if have else ()
    return [name for name, any_ in zip(have, said, strict=True) if any_]


def _too_many(predictions: Any) -> Problem:
    message = f"Parquet of more than {LARGE:,} documents is scored in batches, which keep counts and no items"
    return Problem(Where(str(predictions)), "too-many-documents", message, "Score a part of both files to see its items.")


def _are_large(*sources: Any) -> bool:
    """Whether the sources are Parquet files that are scored in batches."""
    paths = [Path(source) for source in sources if isinstance(source, str | Path)]
    if len(paths) < len(sources) or any(path.suffix != ".parquet" or not path.is_file() for path in paths):
        return False
    try:
        return any(pl.scan_parquet(path).select(pl.len()).collect().item() > LARGE for path in paths)
    except (pl.exceptions.PolarsError, OSError):
        return False


def _settings(gold: pl.DataFrame, config: str | None, split: str | None, source: Any) -> dict[str, Any]:
    if source is None:
        return {"config": config or "own", "split": split or "test"}
    named = {name: gold[name].unique().drop_nulls().sort().to_list() for name in ("config", "split")}
    return {name: "+".join(values) for name, values in named.items() if values}
