"""The form of a text as the rules of version 2 see it: a line that is only a date carries no labels, and more abbreviations end
no sentence.
"""

from __future__ import annotations

import re
from functools import cached_property

from volgens.model.documents import Span

from baselines.tokens import ABBREVIATIONS, DATELINE, SENTENCE_END, TOKEN, Sentence, Text, Token, _trim
from baselines.words import words

DATE_LINE = re.compile(r"^\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}$", re.MULTILINE)
SHORT = ABBREVIATIONS | words("words_2", "abbreviations")


class Text2(Text):
    """A text of version 2. `datelines` has the date lines too: no number counts there."""

    @cached_property
    def datelines(self) -> list[Span]:
        return [Span(*m.span()) for m in DATELINE.finditer(self.text)] + self.dates

    @cached_property
    def dates(self) -> list[Span]:
        return [Span(*m.span()) for m in DATE_LINE.finditer(self.text)]

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [sentence for line in re.finditer(r"[^\n]+", self.text) for sentence in self._line(line)]

    def _line(self, line: re.Match[str]) -> list[Sentence]:
        """The sentences of a line; none of a date line."""
        start, end = line.span()
        if DATE_LINE.fullmatch(line[0]):
            return []
        heading = not re.search(r"[.!?…:]['\"’”)]*\s*$", line[0]) or (start == 0 and end < len(self.text))
        if dateline := DATELINE.match(line[0]):
            start, heading = start + dateline.end(), False
        found = []
        for span in _split(self.text, start, end):
            tokens = tuple(Token(m[0], *m.span()) for m in TOKEN.finditer(self.text, *span))
            if tokens:
                found.append(Sentence(*span, tokens, heading))
        return found

    def sentence_of(self, span: Span) -> Sentence | None:
        """The sentence that holds a span."""
        return next((s for s in self.sentences if s.span.covers(span)), None)


def _split(text: str, start: int, end: int) -> list[Span]:
    spans, begin = [], start
    for stop in SENTENCE_END.finditer(text, start, end):
        word = text[begin : stop.start() + 1].rsplit(maxsplit=1)[-1]
        if word in SHORT or re.fullmatch(r"(?:[A-Z]\.)+", word):
            continue
        spans.append(_trim(text, begin, stop.end()))
        begin = stop.end()
    return [span for span in (*spans, _trim(text, begin, end)) if span.start < span.end]
