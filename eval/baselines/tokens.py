"""From a text to segments, sentences and tokens with their offsets: all that the rules know of the form of a text."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from volgens.model.documents import Span

DATELINE = re.compile(r"^(?P<line>(?P<places>[A-ZÀ-Þ'’\-. /]{2,60}?) \([A-Z][\w/ .-]*\))\s+[-–]\s+", re.MULTILINE)
TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+)*|\S", re.UNICODE)
OPENING, CLOSING = "'\"‘“„«", "'\"’”»"
ABBREVIATIONS = frozenset(["dr.", "prof.", "mr.", "ir.", "drs.", "nr.", "ca.", "bijv.", "o.a.", "St.", "jr.", "mln.", "mld."])
SENTENCE_END = re.compile(r"[.!?…]['\"’”]?(?=\s+[\"'‘“„«]?[A-ZÀ-Þ0-9]|\s*$)")


class Token(NamedTuple):
    """A word, number or sign of a text, and where it stands."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


class Sentence(NamedTuple):
    """A sentence, or a title or subheading (`heading`), with its tokens; the dateline before it is not part of it."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    heading: bool

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class Text:
    """A text with its sentences in order and the spans of its dateline places."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def datelines(self) -> list[Span]:
        return [Span(*m.span()) for m in DATELINE.finditer(self.text)]

    @cached_property
    def dateline_places(self) -> list[Span]:
        places = []
        for match in DATELINE.finditer(self.text):
            start = match.start("places")
            places += [Span(start + m.start(), start + m.end()) for m in re.finditer(r"[^/]+", match["places"])]
        return places

    @cached_property
    def sentences(self) -> list[Sentence]:
        found = []
        for line in re.finditer(r"[^\n]+", self.text):
            start, end = line.span()
            heading = not re.search(r"[.!?…:]['\"’”)]*\s*$", line[0]) or start == 0
            if dateline := DATELINE.match(line[0]):
                start, heading = start + dateline.end(), False
            for sentence in _split(self.text, start, end):
                tokens = tuple(Token(m[0], *m.span()) for m in TOKEN.finditer(self.text, *sentence))
                if tokens:
                    found.append(Sentence(*sentence, tokens, heading))
        return found


def _split(text: str, start: int, end: int) -> list[Span]:
    """Sentences of one line, trimmed. A full stop after an abbreviation or an initial ends none."""
    spans, begin = [], start
    for stop in SENTENCE_END.finditer(text, start, end):
        word = text[begin : stop.start() + 1].rsplit(maxsplit=1)[-1]
        if word in ABBREVIATIONS or re.fullmatch(r"[A-Z]\.", word):
            continue
        spans.append(_trim(text, begin, stop.end()))
        begin = stop.end()
    spans.append(_trim(text, begin, end))
    return [s for s in spans if s.start < s.end]


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))
