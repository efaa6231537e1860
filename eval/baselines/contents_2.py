"""Sources and contents of a cue under version 2: where they begin and end in their sentence."""

from __future__ import annotations

import re

from volgens.model.documents import Span

from baselines.attribution import _Clause
from baselines.lexicon import Cue
from baselines.lexicon_2 import (
    DOCUMENTS,
    FINDING,
    THIS,
    finite_2,
)
from baselines.phrases import ADVERBS, FINITE, PREPOSITIONS, TIMES, phrase_end


class Contents2(_Clause):
    """The frozen rules for a sentence, with what version 2 changes in them."""

    def _end_of_content(self) -> int:
        """As before; an ellipsis stands for words and is inside (A34)."""
        end = super()._end_of_content()
        ellipsis = re.match(r"\.\.\.|…", self.text[end : self.sentence.end])
        return end + ellipsis.end() if ellipsis else end

    def _to_end(self, start: int) -> tuple[Span, ...]:
        """As before; a semicolon closes the clause."""
        found = super()._to_end(start)
        stop = self.text.find(";", start, found[-1].end) if found else -1
        return found if stop < 0 or any(q.start < stop < q.end for q in self.quotes) else self._span(start, stop)

    def _pronoun(self, k: int, cue: Cue) -> tuple[tuple[Span, ...], tuple[Span, ...]] | None:
        """As before; a pronoun with nothing before it stands for nothing."""
        found = super()._pronoun(k, cue)
        alone = k == 1 and self._low(0) in ("dat", "dit") and self.before is None and cue.frames != "t"
        return ((self.tokens[0].span,), ()) if found is None and alone else found

    def _phrase(self, k: int) -> tuple[Span, int] | None:
        """As before, with a relative clause that no comma parts (A27), and of a document the phrase that says where it stands."""
        found = super()._phrase(k)
        if found is None:
            return None
        span, j = found
        if self._low(j) in ("die", "dat", "waarin"):
            comma = next((i for i in range(j, len(self.tokens)) if self._low(i) == ","), None)
            if comma and (
                self._low(comma + 1) in FINITE or self._low(comma + 1) in finite_2() or self._low(comma + 1).endswith("de")
            ):
                return Span(span.start, self.tokens[comma - 1].end), comma
        if set(span.cut(self.text).lower().split()) & DOCUMENTS and self._low(j) in (
            "op",
            "in",
            "bij",
            "over",
            "uit",
            "voor",
            "van",
        ):
            stop = phrase_end(self.tokens, j + 1)
            if stop > j + 1 and self._low(stop) in (",", ".", ""):
                return Span(span.start, self.tokens[stop - 1].end), stop
        return found

    def _source(self, k: int, pieces: list[int]) -> tuple[Span | None, int]:
        """As before; after `op de vraag of …` the subject follows; a verb joined by `en` or `maar` has that of the first."""
        if self.sentence.span.cut(self.text).startswith("Op de vraag "):
            found = self._phrase(k + 1)
            return found or (None, k + 1)
        joint = k - 1
        while self._low(joint) in ADVERBS | TIMES:
            joint -= 1
        if self._low(joint) in ("en", "maar") and joint > 0 and (subject := self._subject(joint)) is not None:
            return subject, k + 1
        return super()._source(k, pieces)

    def _subject(self, before: int) -> Span | None:
        """The subject at the head of the sentence, or after its finite verb where something else opens it."""
        stop = phrase_end(self.tokens, 0)
        if stop and self._low(0) not in PREPOSITIONS | TIMES | ADVERBS and (self._is_finite(stop) or self._low(stop) == ","):
            return Span(self.tokens[0].start, self.tokens[stop - 1].end)
        for k in range(1, before):
            if self._is_finite(k):
                found = self._phrase(k + 1)
                return found[0] if found else None
        return None

    def _is_finite(self, k: int) -> bool:
        return (
            self._low(k) in FINITE
            or self._low(k) in finite_2()
            or bool(re.fullmatch(r"[a-z]{3,}(?:de|te|den|ten)", self._low(k)))
        )

    def _nominal(self, k: int, cue: Cue, after: int, last: int, source: Span | None) -> tuple[Span, ...]:
        """As before; of a verb with a particle what stands between; `noemt dat laf` in two pieces."""
        begin = max(after, k + 1)
        if source is None or begin >= len(self.tokens):
            return ()
        if "t" in cue.frames and self._low(begin) in THIS:
            return self._two_parts(begin)
        if "t" in cue.frames and self.quotes and self.quotes[0].start == self.tokens[begin].start:
            return (self.quotes[0],)
        if cue.particle and " " not in cue.lemma and last > k:
            while begin < last and self._low(begin) in ADVERBS | TIMES:
                begin += 1
            if "n" in cue.frames and begin < last:
                return self._span(self.tokens[begin].start, self.tokens[last].start)
            return ()
        return super()._nominal(k, cue, after, last, source)

    def _two_parts(self, begin: int) -> tuple[Span, ...]:
        """`dat` + description; `het` that announces a clause is in no span (A6)."""
        clause = next((i for i in range(begin + 1, len(self.tokens)) if self._low(i) == "dat"), None)
        if self._low(begin) == "het" and clause is not None and clause > begin + 1:
            return self._span(self.tokens[begin].end, self.tokens[clause].start) + self._to_end(self.tokens[clause].start)
        return (self.tokens[begin].span, *self._span(self.tokens[begin].end, self._stop_at(self.end)))

    def _stop_at(self, end: int) -> int:
        """The end of the content, a closing quotation mark with it."""
        return end + 1 if end < self.sentence.end and self.text[end] in "\"”’'" else end

    def _content(
        self, k: int, cue: Cue, after: int, last: int, source: Span | None, passive: bool
    ) -> tuple[tuple[Span, ...], tuple[Span, ...]] | None:
        """As before; a document that lets a change be seen has it as its content (A61)."""
        found = super()._content(k, cue, after, last, source, passive)
        if found or source is None or cue.particle != "zien" or last <= after:
            return found
        piece = self._span(self.tokens[max(after, k + 1)].start, self.tokens[last].start)
        shown = set(source.cut(self.text).lower().split()) & DOCUMENTS
        return (piece, ()) if piece and shown and FINDING.search(piece[0].cut(self.text)) else None
