"""Our scorer in a training loop: `compute_metrics` for transformers' `Trainer`. numpy and polars alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from volgens.api import score
from volgens.readers.foreign.pipeline import join

IGNORED = -100
"""The label of special tokens and of all pieces of a word but its first, as token-classification data has it."""


def make_compute_metrics(
    gold: pl.DataFrame, features: Sequence[Mapping[str, Any]], labels: Mapping[int, str], measures: Sequence[str] = ("entities",)
) -> Callable[[Any], dict[str, float]]:
    """`compute_metrics` for an evaluation set: precision, recall and F1 of our measures, undefined ones absent.

    `features` are the set's examples in order, each with `id` (its document) and `offset_mapping` ((start, end) per token, into
    the document's text); a long document may be several. `labels` is `model.config.id2label`. Scored are the gold's documents
    that occur.
    """
    texts = dict(gold.select("id", "text").iter_rows())
    asked = gold.filter(gold["id"].is_in(list({feature["id"] for feature in features})))

    def compute_metrics(evaluated: Any) -> dict[str, float]:
        logits, truth = evaluated
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in asked["id"]}
        for feature, best, wanted in zip(features, np.argmax(logits, axis=-1), truth, strict=True):
            words = _words(feature["offset_mapping"], [labels[int(n)] for n in best], wanted)
            names = join(words, texts[feature["id"]])
            rows[feature["id"]] += [{key: name[key] for key in ("start", "end", "type")} for name in names]
        predictions = [{"id": name, "entities": found} for name, found in rows.items()]
        card = score(predictions, asked, measures=measures)
        cells = {f"{name}_{part}": getattr(card[name], part) for name in measures for part in ("precision", "recall", "f1")}
        return {name: value for name, value in cells.items() if value is not None}

    return compute_metrics


def _words(offsets: Sequence[Sequence[int]], tags: Sequence[str], wanted: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Whole words: the tag of the first piece, up to where the last piece ends."""
    word: dict[str, Any] | None = None
    for (start, end), tag, label in zip(offsets, tags, wanted, strict=False):
        if label != IGNORED:
            if word is not None:
                yield word
            word = {"start": start, "end": end, "entity": tag}
        elif word is not None and start == word["end"] and end > start:
            word["end"] = end
    if word is not None:
        yield word
