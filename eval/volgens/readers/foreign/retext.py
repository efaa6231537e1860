"""Offsets into another text than the gold's, where that was made of tokens and the two differ in white space alone.

Columns of tokens do not say how their text was spaced, so the white space of such gold is our own (`tokens.detokenised`).
Offsets into the real text are carried over character by character, white space aside, and that is counted; offsets into a
text that differs in anything else stay, for the check to report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import polars as pl

from volgens.model.documents import LAYERS
from volgens.readers.foreign.reading import TOKENS, Row, squeezed

CARRIED = "documents whose text differs from the gold's in white space alone: offsets carried over"


def of_tokens(gold: pl.DataFrame) -> dict[str, str]:
    """The documents of the gold whose text was made of tokens, with it."""
    if not {"kind", "text"} <= set(gold.columns) or gold["kind"].dtype != pl.String:
        return {}
    made = gold.filter((pl.col("kind") == TOKENS) & pl.col("text").is_not_null())
    return dict(zip(made["id"], made["text"], strict=True))


def carried_over(row: Row, made: Mapping[str, str], notes: Counter[str]) -> Row:
    """The row with offsets into the gold's text, and that text, where its own differs from it in white space alone. `made`: the
    texts that were made of tokens, by document; others stay."""
    own, text = row.get("text"), made.get(row["id"])
    if not isinstance(own, str) or text is None or own == text:
        return row
    if squeezed(own) != squeezed(text):
        return row
    before = [0, *accumulate(not character.isspace() for character in own)]
    letters = [n for n, character in enumerate(text) if not character.isspace()]
    try:
        layers = {layer: _moved(row[layer], own, before, letters) for layer in LAYERS if layer in row}
    except ValueError:
        return row
    notes[CARRIED] += 1
    beside: Row = {name: None for name in ("length", "sha256") if name in row}  # those of its own text
    return {**row, **beside, "text": text, **layers}


def _moved(value: Any, own: str, before: list[int], letters: list[int]) -> Any:
    """A value in which the offsets of every span are moved: `before` counts the letters before an offset of the own text,
    `letters` are the offsets of those of the other. Raises ValueError for offsets that are no span from a letter to a letter."""
    if isinstance(value, list):
        return [_moved(inner, own, before, letters) for inner in value]
    if not isinstance(value, dict):
        return value
    moved = {name: _moved(inner, own, before, letters) for name, inner in value.items()}
    start, end = value.get("start"), value.get("end")
    if start is None and end is None:
        return moved
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(own):
        raise ValueError("no span of the text")
    if own[start].isspace() or own[end - 1].isspace():
        raise ValueError("white space at an edge")
    if value.get("text") == own[start:end]:
        del moved["text"]
    return {**moved, "start": letters[before[start]], "end": letters[before[end] - 1] + 1}
