"""`volgens.score`: from anything that holds gold and predictions to a scorecard."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from volgens.batches import score_batches
from volgens.corpus import ProblemsFound, load_gold
from volgens.measures import Measure, select
from volgens.predictions.native import predictions as read_predictions
from volgens.scoring import Scorecard, Scoring
from volgens.scoring import score as score_frames
from volgens.views import View

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
    seed: int = 0,
    tolerance: float = 0.0,
    decimals: str | None = None,
) -> Scorecard:
    """Score predictions against gold.

    Each is a path (JSON lines or Parquet, also gzip), a list of dictionaries, a `datasets.Dataset`, or a polars or pandas frame;
    `gold` may also be a dataset folder, and is the installed gold of `config` and `split` for None. Offsets are code points, end
    exclusive. `missing="empty"` counts a document without predictions as silence. `view` is a `views.View` or its name.
    `tolerance` is the share of the gold's number by which a number may be off. `decimals` (`,` or `.`) reads numbers given as
    strings, which are a problem otherwise. `labels="any"` scores labels of another scheme. Raises `ProblemsFound` with all
    problems.
    """
    table = select(measures)
    if _are_large(gold, predictions):
        how = Scoring(View.parse(view), table, {}, seed, tolerance)
        return score_batches(Path(gold), Path(predictions), how, missing=missing, labels=labels)
    frame = load_gold(config, split, gold)
    guesses = checked(predictions, frame, missing=missing, labels=labels, decimals=decimals)
    settings = _settings(frame, config, split, gold) | ({"decimals": decimals} if decimals else {})
    return score_frames(frame, guesses, view=view, measures=table, seed=seed, tolerance=tolerance, settings=settings)


def checked(
    predictions: Any, gold: pl.DataFrame, *, missing: str = "refuse", labels: str = "scheme", decimals: str | None = None
) -> pl.DataFrame:
    """The predictions as a frame. Raises `ProblemsFound`; a missing document is a problem unless `missing="empty"`."""
    lines = read_predictions(predictions, gold, labels=labels, decimals=decimals, missing=missing)
    if lines.problems:
        raise ProblemsFound(lines.problems)
    return lines.frame


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
