"""A threshold of confidence: the items of predictions that are sure enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    found = confidence(frame)
    if wrong := unsure(found, file):
        return Kept(frame, {}, wrong)
    return sure(frame, threshold, [layer for layer, each in found.items() if each.scored])


class Confidence(NamedTuple):
    """The items of a layer, those with a score, and the first document with one that has none. Those of parts add."""

    items: int = 0
    scored: int = 0
    lacking: str | None = None

    def plus(self, other: Confidence) -> Confidence:
        return Confidence(self.items + other.items, self.scored + other.scored, self.lacking or other.lacking)


def confidence(frame: pl.DataFrame) -> dict[str, Confidence]:
    """Layer → how many of its items have scores."""
    return {layer: _confidence(frame, layer) for layer in LAYERS if layer in frame.columns}


def unsure(found: Mapping[str, Confidence], file: str | None) -> list[Problem]:
    """What stands in the way of a threshold."""
    scored = {layer: each for layer, each in found.items() if each.scored}
    if not scored:
        why = "no item of the predictions has a score"
        return [without_effect("threshold", why)._replace(where=Where(file, field="threshold"))]
    return [_unscored(layer, each, file) for layer, each in scored.items() if each.items > each.scored]


def sure(frame: pl.DataFrame, threshold: float, layers: Sequence[str]) -> Kept:
    """The items of the layers with a score of `threshold` or more; all of them have one."""
    kept = frame.with_columns(pl.col(layer).list.eval(pl.element().filter(ITEM.ge(threshold))) for layer in layers)
    left = {layer: _items(frame, layer) - _items(kept, layer) for layer in layers}
    return Kept(kept, {f"{layer} below the threshold left out": n for layer, n in left.items() if n}, [])


def _items(frame: pl.DataFrame, layer: str) -> int:
    return int(frame[layer].list.len().sum() or 0)


def _confidence(frame: pl.DataFrame, layer: str) -> Confidence:
    scored = frame.select(pl.col(layer).list.eval(ITEM.is_not_null()).list.sum().sum()).item()
    lacking = frame.filter(pl.col(layer).list.eval(ITEM.is_null()).list.any())["id"]
    return Confidence(_items(frame, layer), int(scored or 0), lacking[0] if len(lacking) else None)


def _unscored(layer: str, found: Confidence, file: str | None) -> Problem:
    message = f"{found.items - found.scored} of {found.items} {layer} have no score, so that the threshold says nothing of them"
    hint = "Give every item of the layer a score, or score without --threshold."
    return Problem(Where(file, document=found.lacking, field=layer), "no-score", message, hint)
