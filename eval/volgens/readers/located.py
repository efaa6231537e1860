"""Items that say what but not where: their strings are located in the document's text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from volgens.model.documents import LAYERS
from volgens.model.layers import ALL
from volgens.model.problem import Problem, Where
from volgens.model.schema import bare
from volgens.readers.check import Source
from volgens.readers.locate import locate
from volgens.readers.shape import SCHEMA


def needs_locating(frame: pl.DataFrame) -> pl.Series:
    """Per row whether some place has a string and no offsets."""
    flags = []
    for layer in ALL:
        items, element = pl.col(layer.name), pl.element().struct
        flags += [_lacks(items)] if layer.has_place else []
        flags += [_lacks(items.list.eval(element.field(name))) for name in layer.spans]
        flags += [_lacks(items.list.eval(element.field(part).explode())) for part in layer.parts]
    return frame.select(pl.any_horizontal(flags).fill_null(False)).to_series()


def _lacks(places: pl.Expr) -> pl.Expr:
    place = pl.element().struct
    return places.list.eval(place.field("start").is_null() & place.field("text").is_not_null()).list.any()


def with_offsets(
    frame: pl.DataFrame, gold: pl.DataFrame, source: Source, *, must: bool = False
) -> tuple[pl.DataFrame, list[Problem]]:
    """The frame with offsets everywhere. What is not found is placed beyond the text, at its own length: it counts, and is wrong;
    with `must` (for gold) it is a problem.

    A document whose text may not travel cannot be searched: that is a problem.
    """
    wanted = needs_locating(frame)
    if not wanted.any():
        return frame, []
    texts = dict(gold.select("id", "text").iter_rows()) if "text" in gold.columns else {}
    rows, problems = [], []
    for n in wanted.arg_true().to_list():
        row = frame.row(n, named=True)
        text = texts.get(row["id"])
        if text is None:
            message, hint = (
                "an item without offsets, and the gold has no text to find it in",
                "Restore the text, or give offsets.",
            )
            problems.append(Problem(source.where(n, row["id"]), "no-text-to-locate", message, hint))
        else:
            located, lost = _located(row, text)
            rows.append(located)
            problems += [_lost(source.where(n, row["id"]), string) for string in lost if must]
    found = pl.DataFrame(rows, schema=SCHEMA) if rows else pl.DataFrame(schema=SCHEMA)
    return pl.concat([frame.filter(~wanted), found]), problems


def _lost(where: Where, string: str) -> Problem:
    return Problem(where, "not-in-text", f"{string!r:.80} is not in the text", "Write it as the text does, or give offsets.")


def _located(row: Mapping[str, Any], text: str) -> tuple[dict[str, Any], list[str]]:
    """The row with offsets, and the strings that were not found."""
    layers = {layer: row[layer] for layer in LAYERS if row[layer] is not None}
    prediction: dict[str, Any] = locate(text, bare(layers)).prediction
    beyond, lost = len(text) + 1, list[str]()
    for place in _places(prediction):
        if place.get("start") is None:
            lost.append(place["text"])
            place["start"], place["end"] = beyond, beyond + max(len(place["text"]), 1)
            beyond = place["end"] + 1
    return {**row, **{layer: prediction.get(layer) for layer in LAYERS}}, lost


def _places(prediction: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in ALL:
        for item in prediction.get(layer.name) or ():
            if layer.has_place:
                yield item
            yield from (item[name] for name in layer.spans if item.get(name))
            for part in layer.parts:
                yield from item.get(part) or ()
