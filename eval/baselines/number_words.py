"""Figures by text2num, which reads number words of Dutch. Run it by

    pip install --editable . --group systems
    volgens run eval/baselines/number_words.py:extract

text2num knows numbers, not what they mean: every one is taken for a count and a point. It leaves digits alone, so those are read
here, with the Dutch signs (1.200 and 2,5), and multiplied by the scale word after them. Ordinals and the article `een` are left
out; years and dates are not told apart from counts.

Licence: MIT (text2num). Its rules were written without this dataset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any, NamedTuple

from text_to_num import Token, find_numbers
from volgens.model.documents import Span
from volgens.readers.numbers import parse_number

from baselines.installed import python_versions

PIECE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|\S")
SCALE = 1000
"""The least number word that multiplies the digits before it (`2,5 miljoen`)."""
ARTICLE = "een"


class Piece(Token):  # type: ignore[misc]
    """A token as text2num wants it. Digits are none of its numbers."""

    def __init__(self, match: re.Match[str]) -> None:
        self.word, self.span = match[0], Span(*match.span())

    def text(self) -> str:
        return self.word


class Number(NamedTuple):
    """A number and where it stands."""

    span: Span
    value: float


def extract(text: str) -> dict[str, Any]:
    """The layer of figures. Offsets are code points into `text`, end exclusive."""
    return {"figures": [figure(number) for number in numbers(text) if isfinite(number.value)]}


def figure(number: Number) -> dict[str, Any]:
    """A number as a count: all that is known of it is its value."""
    return {**number.span._asdict(), "kind": "count", "bound": "point", "value": number.value, "unit": "1", "approx": False}


def numbers(text: str) -> list[Number]:
    """The numbers of a text in its order, line by line: none runs on into the next."""
    found: list[Number] = []
    for number in sorted(_all(text)):
        last = found[-1] if found else None
        if last and _multiplies(text, last, number):
            found[-1] = Number(Span(last.span.start, number.span.end), last.value * number.value)
        else:
            found.append(number)
    return found


def _multiplies(text: str, digits: Number, word: Number) -> bool:
    """Whether a number in words is the scale of the digits before it."""
    between = text[digits.span.end : word.span.start]
    return between == " " and word.value >= SCALE and text[digits.span.start].isdigit() and not text[word.span.start].isdigit()


def _all(text: str) -> Iterator[Number]:
    for line in re.finditer(r"[^\n]+", text):
        pieces = [Piece(match) for match in PIECE.finditer(text, *line.span())]
        for piece in pieces:
            value = parse_number(piece.word, ",") if piece.word[0].isdigit() else None
            if value is not None:
                yield Number(piece.span, float(value))
        for hit in find_numbers(pieces, "nl", threshold=0.0):
            first, last = pieces[hit.start], pieces[hit.end - 1]
            if not hit.is_ordinal and [p.word.lower() for p in pieces[hit.start : hit.end]] != [ARTICLE]:
                yield Number(Span(first.span.start, last.span.end), hit.value)


def versions() -> dict[str, str]:
    """The version of text2num."""
    return python_versions("text2num")
