"""One sentence under version 2: what its cues are.

Some methods repeat those of `attribution.Clause` with the wider lexicon: the frozen class reads its own and is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from volgens.model.documents import Span

from baselines.attribution import HEARSAY, MODALS, Claim
from baselines.contents_2 import Contents2
from baselines.gazetteer import TITLES, capitals
from baselines.lexicon import AUXILIARIES, COMPLEMENTISERS, NEGATIONS
from baselines.lexicon_2 import (
    AGAINST,
    AMOUNT,
    DEMANDS,
    DOCUMENTS,
    ECHO,
    FINDERS,
    FINDING,
    GROUPS,
    PENALTY,
    PERSONS,
    PLANNED,
    SUSPECTED,
    finite_2,
    infinitives_2,
    participles_2,
)
from baselines.names import Name
from baselines.phrases import PREPOSITIONS, phrase_end
from baselines.texts_2 import Text2
from baselines.tokens import Sentence


class Clause2(Contents2):
    """A sentence whose names are one token each."""

    def __init__(self, text: Text2, sentence: Sentence, before: Sentence | None, names: list[Name]) -> None:
        super().__init__(text, sentence, before)
        self.names = names

    def claims(self) -> Iterator[Claim]:
        """The attributions of the sentence that have a cue."""
        yield from self._suspected()
        if (claim := self._speaker_colon()) is not None:
            yield claim
            if self.sentence.heading:
                return
        for k in range(len(self.tokens)):
            if not self._quoted(k):
                yield from filter(None, (self._own_saying(k), self._echo(k), self._demand(k), self._finding(k)))
        for claim in super().claims():
            if claim.cue and claim.content:
                yield claim

    # --- forms of version 2 ---

    def _suspected(self) -> Iterator[Claim]:
        """`Hij wordt verdacht van inbraak`: the accused is content (A6)."""
        for match in SUSPECTED.finditer(self.text, self.sentence.start, self.sentence.end):
            who, cue, what = (Span(*match.span(part)) for part in ("who", "cue", "what"))
            yield Claim((cue,), (), (who, what), kind="belief")

    def _colon(self) -> Claim | None:
        return None

    def _speaker_colon(self) -> Claim | None:
        """A colon after a name or a noun phrase that can speak (A21): in a heading, or before a quotation."""
        at = next((k for k, token in enumerate(self.tokens) if token.text == ":"), None)
        if at is None or not 0 < at <= 6 or phrase_end(self.tokens, 0) != at:
            return None
        cue, source = self.tokens[at].span, Span(self.tokens[0].start, self.tokens[at - 1].end)
        content = self._span(cue.end, self.sentence.end)
        quoted = any(quote.start - cue.end <= 1 and quote.start >= cue.end for quote in self.quotes)
        if not content or not (self.sentence.heading or quoted) or not self._can_speak(source):
            return None
        return Claim((cue,), (source,), content)

    def _can_speak(self, source: Span) -> bool:
        inside = [name for name in self.names if source.covers(name.span)]
        if any(name.type in ("PER", "ORG") for name in inside):
            return True
        if any(name.type == "GPE" for name in inside):
            return any(name.role == "actor" and (name.ref in capitals().values() or name.ref in capitals()) for name in inside)
        words = set(re.findall(r"[\w-]+", source.cut(self.text).lower()))
        return bool(words & (PERSONS | GROUPS | TITLES)) and not words & DOCUMENTS

    def _own_saying(self, k: int) -> Claim | None:
        """`naar eigen zeggen` (A70)."""
        if [self._low(j) for j in range(k, k + 3)] != ["naar", "eigen", "zeggen"]:
            return None
        cue = Span(self.tokens[k].start, self.tokens[k + 2].end)
        content = self._around(cue.start, cue.end, self._clause_start(k))
        first = next((n for n in self.names if self.sentence.span.covers(n.span) and n.type in ("PER", "ORG")), None)
        return Claim((cue,), (), content, source_ref=first.ref if first else None) if content else None

    def _echo(self, k: int) -> Claim | None:
        """`"Nee", klinkt het` (A22)."""
        if self._low(k) not in ECHO or self._low(k + 1) != "het":
            return None
        quotes = tuple(q for q in self.quotes if q.end <= self.tokens[k].start and self.tokens[k].start - q.end <= 3)
        cue = Span(self.tokens[k].start, self.tokens[k + 1].end)
        found = self._phrase(k + 3) if self._low(k + 2) == "bij" else None
        return Claim((cue,), (found[0],) if found else (), quotes) if quotes else None

    def _demand(self, k: int) -> Claim | None:
        """`eist twee jaar cel`: a demand with an amount or a penalty (A62)."""
        if self._low(k) not in DEMANDS:
            return None
        source, after = self._source(k, [k])
        start = max(after, k + 1)
        if source is None or start >= len(self.tokens) or self._low(start) in COMPLEMENTISERS | {"te", "om", ":"}:
            return None
        piece = self.text[self.tokens[start].start : self.end]
        stop = min((m.start() for m in (AGAINST.search(piece), re.search(r"[,;]", piece)) if m), default=len(piece))
        if not (PENALTY.search(piece[:stop]) or AMOUNT.match(piece)):
            return None
        content = self._span(self.tokens[start].start, self.tokens[start].start + stop)
        return Claim((self.tokens[k].span,), (source,), content) if content else None

    def _finding(self, k: int) -> Claim | None:
        """`Artsen zien bij een op de zes rugklachten`: people find how things stand (A65)."""
        if self._low(k) not in ("ziet", "zien", "zag", "zagen") or k == 0:
            return None
        source, after = self._source(k, [k])
        if source is None or after >= len(self.tokens) or not set(source.cut(self.text).lower().split()) & (GROUPS | FINDERS):
            return None
        content = self._span(self.tokens[after].start, self.end)
        telling = content and (AMOUNT.search(content[0].cut(self.text)) or FINDING.search(content[0].cut(self.text)))
        return Claim((self.tokens[k].span,), (source,), content, kind="fact") if telling else None

    # --- the frozen rules with the wider lexicon ---

    def _verb(self, k: int) -> Claim | None:
        word = self._low(k)
        if self._low(k - 1) == "te":
            return self._infinitive(k)
        for cue in finite_2().get(word, ()):
            if cue.particle:
                j = self._particle(k, cue.particle)
                if j is not None and (claim := self._build(k, cue, [k, j])):
                    return claim
            elif claim := self._build(k, cue, [k]):
                return claim
        return self._compound_verb(k) if word in AUXILIARIES | MODALS else None

    def _infinitive(self, k: int) -> Claim | None:
        cue = infinitives_2().get(self._low(k))
        opener = next((j for j in range(k) if self._low(j) in finite_2()), None)
        if cue is None or opener is None or "c" not in cue.frames or self._low(k + 1) not in COMPLEMENTISERS:
            return None
        source, _ = self._source(opener, [opener])
        content = self._to_end(self.tokens[k + 1].start)
        return Claim(self._merged([k - 1, k]), (source,) if source else (), content, kind=cue.kind, stance=cue.stance)

    def _particle(self, k: int, particle: str) -> int | None:
        for j in range(k + 1, min(k + 30, len(self.tokens))):
            if self._low(j) == particle and (particle not in PREPOSITIONS or particle == "van" or self._closes(j)):
                return j
            if self._low(j) in ("dat", ":", ";") or (self._low(j) in ("en", "maar") and self._low(j + 1) in finite_2()):
                return None
        return None

    def _compound_verb(self, k: int) -> Claim | None:
        modal = self._low(k) in MODALS
        for j in range(k + 1, len(self.tokens)):
            word = self._low(j)
            if word in ("dat", "of", ":", ";", "omdat"):
                return None
            cue = participles_2().get(word)
            if cue is None and modal and any(self._low(i) in NEGATIONS for i in range(k, j)):
                cue = infinitives_2().get(word)
            if cue is None:
                continue
            inner = (i for i in range(k + 1, j) if self._low(i) in NEGATIONS or self._low(i) in ("hebben", "worden"))
            pieces = [k, *inner, j]
            if j + 1 < len(self.tokens) and self._low(j + 1) in ("hebben", "worden", "zijn"):
                pieces.append(j + 1)
            claim = self._build(k, cue, pieces, last=pieces[-1])
            return replace(claim, hedged=True) if claim and self._low(k) in HEARSAY else claim
        return None

    def _hearsay(self, k: int) -> Claim | None:
        """As before; `zou` about what is still to come too, unless the text shows a plan (A64)."""
        if (found := super()._hearsay(k)) is not None:
            return found
        rest = self.text[self.tokens[k].end : self.sentence.end]
        future = self._low(k) in HEARSAY and re.search(r"\bgaan\s\w+en\b", rest)
        if (
            not future
            or self._clause_start(k) != 0
            or PLANNED.search(self.sentence.span.cut(self.text))
            or "volgens" in rest.lower()
        ):
            return None
        cue = self.tokens[k].span
        return Claim((cue,), (), self._span(self.sentence.start, cue.start) + self._span(cue.end, self.end), hedged=True)
