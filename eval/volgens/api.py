"""`volgens.score`: from anything that holds gold and predictions to a scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from volgens.contract import Problem, Where
from volgens.corpus import ProblemsFound, load_gold
from volgens.measures import Measure, select
from volgens.predictions.native import predictions as read_predictions
from volgens.scoring import Scorecard
from volgens.scoring import score as score_frames


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
) -> Scorecard:
    """Score predictions against gold.

    Each is a path (JSON lines or Parquet, also gzip), a list of dictionaries, a `datasets.Dataset`, or a polars or pandas frame;
    `gold` may also be a dataset folder, and is the installed gold of `config` and `split` for None. Offsets are code points, end
    exclusive. `missing="empty"` counts a document without predictions as silence. Raises `ProblemsFound` with all problems.
    """
    table = select(measures)
    frame = load_gold(config, split, gold)
    guesses = checked(predictions, frame, missing=missing, labels=labels)
    return score_frames(frame, guesses, view=view, measures=table, seed=seed, settings=_settings(frame, config, split, gold))


def checked(predictions: Any, gold: pl.DataFrame, *, missing: str = "refuse", labels: str = "scheme") -> pl.DataFrame:
    """The predictions as a frame. Raises `ProblemsFound`; a missing document is a problem unless `missing="empty"`."""
    lines = read_predictions(predictions, gold, labels=labels)
    problems = lines.problems or (absent(lines.frame, gold) if missing == "refuse" else [])
    if problems:
        raise ProblemsFound(problems)
    return lines.frame


def absent(predictions: pl.DataFrame, gold: pl.DataFrame) -> list[Problem]:
    """The gold's documents that have no line."""
    ids = gold["id"].filter(~gold["id"].is_in(predictions["id"].implode())).sort()
    cure = "Predict it (an empty list says that there is nothing), or count it as silence with `--missing empty`."
    return [Problem(Where(document=i), "missing-document", "the document has no prediction", cure) for i in ids]


def _settings(gold: pl.DataFrame, config: str, split: str, source: Any) -> Mapping[str, Any]:
    if source is None:
        return {"config": config, "split": split}
    named = {name: gold[name].unique().drop_nulls().sort().to_list() for name in ("config", "split")}
    return {name: "+".join(values) for name, values in named.items() if values}
