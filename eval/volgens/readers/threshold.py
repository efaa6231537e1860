"""A threshold of confidence: the items of predictions that are sure enough."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, Where
from volgens.options import without_effect

ITEM = pl.element().struct.field("score")


class Kept(NamedTuple):
    """The frame with the items that are kept, how many of each layer were left out, and what stands in the way."""

    frame: pl.DataFrame
    left_out: dict[str, int]
    problems: list[Problem]


def above(frame: pl.DataFrame, threshold: float, file: str | None) -> Kept:
    """Keep the items with a `score` of `threshold` or more, in every layer whose items have scores; one without a score is a
    problem there. A layer without any score stays as it is; where no layer has one the threshold is a problem itself.
    """
    present = [layer for layer in LAYERS if layer in frame.columns]
    counts = {layer: _counts(frame, layer) for layer in present}
    scored = [layer for layer, (_, given) in counts.items() if given]
    if not scored:
        why = "no item of the predictions has a score"
        return Kept(frame, {}, [without_effect("threshold", why)._replace(where=Where(file, field="threshold"))])
    partly = [layer for layer in scored if counts[layer][0] > counts[layer][1]]
    if partly:
        return Kept(frame, {}, [_unscored(frame, layer, counts[layer], file) for layer in partly])
    sure_enough = ITEM.ge(threshold)
    sure = frame.with_columns(pl.col(layer).list.eval(pl.element().filter(sure_enough)) for layer in scored)
    left = {layer: counts[layer][0] - _counts(sure, layer)[0] for layer in scored}
    return Kept(sure, {f"{layer} below the threshold left out": n for layer, n in left.items() if n}, [])


def _counts(frame: pl.DataFrame, layer: str) -> tuple[int, int]:
    """The items of a layer, and those with a score."""
    found = frame.select(items=pl.col(layer).list.len().sum(), given=pl.col(layer).list.eval(ITEM.is_not_null()).list.sum().sum())
    items, given = found.row(0)
    return int(items or 0), int(given or 0)


def _unscored(frame: pl.DataFrame, layer: str, counts: tuple[int, int], file: str | None) -> Problem:
    lacking = frame.filter(pl.col(layer).list.eval(ITEM.is_null()).list.any())
    where = Where(file, document=lacking["id"][0], field=layer)
    message = f"{counts[0] - counts[1]} of {counts[0]} {layer} have no score, so that the threshold says nothing of them"
    return Problem(where, "no-score", message, "Give every item of the layer a score, or score without --threshold.")
