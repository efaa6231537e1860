"""Any file of predictions that can be read → predictions in our own form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.model.problem import ProblemsFound
from volgens.model.schema import bare
from volgens.options import without_effect
from volgens.readers.native import PLAIN, Reading, against, layers_absent, opened, validated
from volgens.writers.native import native


class Converted(NamedTuple):
    """The bytes of the file, and what was read: `form` is the format, `notes` what a user should know of it, counted."""

    data: bytes
    documents: int
    layers: tuple[str, ...]
    form: str
    notes: Mapping[str, int]


def to_native(source: Any, gold: pl.DataFrame, how: Reading = PLAIN) -> Converted:
    """Predictions of the gold's documents in our own form: JSON lines sorted by id, the same bytes for the same predictions.

    Labels are mapped, numbers read and strings located, as in scoring; a string that stands nowhere keeps its `text`. Without the
    gold's texts the items keep no strings. Raises `ProblemsFound` with all that scoring would refuse.
    """
    from volgens.readers.foreign.strings import located

    if how.threshold is not None:
        why = "items are converted with their scores, and left out where they are scored"
        raise ProblemsFound([without_effect("threshold", why)])
    begun = opened(source, how)
    if problems := validated(begun, source, gold, how).problems:
        raise ProblemsFound(problems)
    lines = against(begun, gold, how)
    texts = dict(gold.select("id", "text").iter_rows()) if "text" in gold.columns else {}
    notes = dict(lines.notes)
    layers = tuple(layer for layer in LAYERS if layer not in layers_absent(lines.frame))
    rows = [bare({name: row[name] for name in ("id", *layers)}) for row in lines.frame.iter_rows(named=True)]
    found = [located(row, texts.get(row["id"]), Counter()) for row in rows]
    travels = bool(texts) and all(text is not None for text in texts.values())
    data = native([{**dict.fromkeys(layers), **row} for row in found], layers, strings=travels)
    return Converted(data, len(found), layers, lines.form, notes)
