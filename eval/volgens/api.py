"""`volgens.score`: from anything that holds gold and predictions to a scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from volgens.model.problem import ProblemsFound
from volgens.readers.corpus import read_gold, sound
from volgens.readers.native import PLAIN, Reading, held, opened
from volgens.readers.native import predictions as read_predictions
from volgens.readers.shape import Lines
from volgens.scoring.batches import score_batches
from volgens.scoring.measures import Measure, select
from volgens.scoring.parallel import both
from volgens.scoring.score import Scorecard, Scoring
from volgens.scoring.score import score as score_frames
from volgens.scoring.views import View

LARGE = 200_000
"""From so many documents on, Parquet files are scored in batches: the same numbers in little memory, without a ledger."""


def score(
    predictions: Any,
    gold: Any = None,
    *,
    config: str = "own",
    split: str = "test",
    missing: str = "refuse",
    view: str = "flat",
    measures: Iterable[str | Measure] | None = None,
    labels: str = "scheme",
    form: str | None = None,
    scheme: str | None = None,
    mapping: Mapping[str, str] | None = None,
    decimals: str | None = None,
    tolerance: float = 0.0,
    seed: int = 0,
) -> Scorecard:
    """Score predictions against gold.

    Each is a path (JSON lines or Parquet, also gzip), a list of dictionaries, a `datasets.Dataset`, or a polars or pandas frame;
    `gold` may also be a dataset folder, and is the installed gold of `config` and `split` for None. Predictions may be a file of
    another tool, told by its content or named by `form`. Offsets are code points, end exclusive.

    `missing="empty"` counts a document without predictions as silence. `view` is a `views.View` by name, `measures` are names or
    `Measure`s (all for None), `tolerance` is the share of the gold's number by which a number may be off. `labels`, `scheme`,
    `mapping` and `decimals` are those of `predictions.native.Reading`. Raises `ProblemsFound` with all problems.
    """
    table = select(measures)
    how = Reading(form, scheme, mapping or {}, labels, decimals, missing)
    if form is None and not mapping and _are_large(gold, predictions):
        scoring = Scoring(View.parse(view), table, {}, seed, tolerance)
        return score_batches(Path(gold), Path(predictions), scoring, how)
    golds, begun = both(lambda: read_gold(config, split, gold), lambda: opened(predictions, how))
    frame, lines = both(lambda: sound(golds, gold, labels), lambda: held(begun, predictions, golds.frame, how))
    lines = _without_problems(lines)
    settings = _settings(frame, config, split, gold) | how.settings(lines.form, lines.applied)
    found = score_frames(frame, lines.frame, view=view, measures=table, seed=seed, tolerance=tolerance, settings=settings)
    return replace(found, notes=lines.notes)


def checked(predictions: Any, gold: pl.DataFrame, how: Reading = PLAIN) -> Lines:
    """The predictions as read. Raises `ProblemsFound`; a missing document is a problem unless `how.missing` is `empty`."""
    return _without_problems(read_predictions(predictions, gold, how))


def _without_problems(lines: Lines) -> Lines:
    if lines.problems:
        raise ProblemsFound(lines.problems)
    return lines


def _are_large(*sources: Any) -> bool:
    """Whether the sources are Parquet files that are scored in batches."""
    paths = [Path(source) for source in sources if isinstance(source, str | Path)]
    if len(paths) < len(sources) or any(path.suffix != ".parquet" or not path.is_file() for path in paths):
        return False
    try:
        return any(pl.scan_parquet(path).select(pl.len()).collect().item() > LARGE for path in paths)
    except (pl.exceptions.PolarsError, OSError):
        return False


def _settings(gold: pl.DataFrame, config: str, split: str, source: Any) -> dict[str, Any]:
    if source is None:
        return {"config": config, "split": split}
    named = {name: gold[name].unique().drop_nulls().sort().to_list() for name in ("config", "split")}
    return {name: "+".join(values) for name, values in named.items() if values}
