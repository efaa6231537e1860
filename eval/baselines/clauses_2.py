"""One sentence under version 2: what its cues are, and where source and content of each stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from volgens.model.documents import Span

from baselines.attribution import HEARSAY, MODALS, Claim, _Clause
from baselines.gazetteer import TITLES, capitals
from baselines.lexicon import AUXILIARIES, COMPLEMENTISERS, NEGATIONS, Cue
from baselines.lexicon_2 import DEMANDS, DOCUMENTS, GROUPS, PERSONS, finite_2, infinitives_2, participles_2
from baselines.names import Name
from baselines.phrases import ADVERBS, FINITE, PREPOSITIONS, TIMES, phrase_end
from baselines.texts_2 import Text2
from baselines.tokens import Sentence
from baselines.words import words

AMOUNT = re.compile(
    r"\b(?:\d[\d.,]*|anderhalf|anderhalve|een half|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twaalf|twintig)\b"
)
PENALTY = re.compile(r"\b(?:cel|celstraf|gevangenisstraf|taakstraf|boete|levenslang|vrijspraak|schadevergoeding)\b")
AGAINST = re.compile(r"\s(?:tegen|van)\s(?:de|het|een|zijn|haar|[A-Z])")
FINDING = re.compile(
    r"\b\w*(?:daling|stijging|toename|afname|groei|krimp|verschil|tekort|effect|overschot|verband|verbetering)\b"
)
PLANNED = re.compile(r"\b(?:aanvankelijk|eigenlijk|oorspronkelijk|vandaag|als|indien)\b", re.IGNORECASE)
SUSPECTED = re.compile(r"(?P<who>[A-ZÀ-Þ][\w ]*?)\s(?P<cue>(?:wordt|worden|werd|werden)\sverdacht)\svan\s(?P<what>[^.,]+)")
ECHO = ("klinkt", "klonk", "luidt", "luidde", "heet")
FINDERS = words("words_2", "finders")
THIS = frozenset(["dat", "dit", "het", "hem", "haar", "hen"])


class Clause2(_Clause):
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

    # --- sources and contents ---

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
