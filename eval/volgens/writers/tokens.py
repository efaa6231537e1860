"""The tokens of an export, and which names they carry.

A token is a run of letters, digits and underscores, or one other character that is no white space: `\\w+|[^\\w\\s]`. It is
fixed by that line alone, and only a name that begins or ends within such a run does not end where a token does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from volgens.model.documents import Document, Entity, Span

TOKEN = re.compile(r"\w+|[^\w\s]")
WIDENED = "names within a longer token, written over the whole token"
TAKEN = "names in a token that carries another name, left out"
NESTED = "names inside other names, left out"


class Piece(NamedTuple):
    """Consecutive tokens, `first` up to but without `last`, and what they are."""

    first: int
    last: int
    label: str
    ref: str | None = None


def tokenise(text: str, begin: int = 0, end: int | None = None) -> list[Span]:
    """The tokens of a stretch of text, as spans of the text.

    >>> [span.cut("NAVO-leider: 1,5") for span in tokenise("NAVO-leider: 1,5")]
    ['NAVO', '-', 'leider', ':', '1', ',', '5']
    """
    return [Span(*match.span()) for match in TOKEN.finditer(text, begin, len(text) if end is None else end)]


def blocks(document: Document) -> list[list[Span]]:
    """The tokens of each segment (title, dateline, paragraph, subheading); no name crosses one. Without segments, of each
    line."""
    text = document.text or ""
    stretches = [segment.span for segment in document.segments] or [Span(*match.span()) for match in re.finditer(r"[^\n]+", text)]
    return [tokens for stretch in stretches if (tokens := tokenise(text, *stretch))]


def outermost(names: Iterable[Entity], notes: Counter[str]) -> list[Entity]:
    """The names that stand in no other, in text order."""
    kept: list[Entity] = []
    for name in sorted(names, key=lambda n: (n.start, -n.end)):
        if any(other.span.covers(name.span) for other in kept):
            notes[NESTED] += 1
        else:
            kept.append(name)
    return kept


def carried(span: Span, tokens: Sequence[Span], notes: Counter[str]) -> tuple[int, int]:
    """The tokens that a span touches, as numbers; a span that does not end where tokens do is counted."""
    touched = [n for n, token in enumerate(tokens) if token.start < span.end and span.start < token.end]
    first, last = touched[0], touched[-1] + 1
    if (tokens[first].start, tokens[last - 1].end) != span:
        notes[WIDENED] += 1
    return first, last


def apart(names: Iterable[Entity], tokens: Sequence[Span], notes: Counter[str]) -> list[Piece]:
    """Outermost names as pieces of the tokens, each token in one piece at most: where two share a token, the first keeps it."""
    pieces: list[Piece] = []
    for name in outermost(names, notes):
        first, last = carried(name.span, tokens, notes)
        if pieces and first < pieces[-1].last:
            notes[TAKEN] += 1
        else:
            pieces.append(Piece(first, last, name.type, name.ref))
    return pieces
