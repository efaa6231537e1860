"""Attributions: cues of the lexicon, and clause rules that find the source and the content around each.

Every rule looks at one sentence (a heading too) and proposes a `Claim`; the fields and the nesting are worked out at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from volgens.model.documents import Span

from baselines.lexicon import (
    AUXILIARIES,
    COMPLEMENTISERS,
    DOCUMENT_NOUNS,
    FIXED_PREPOSITIONS,
    GROUP_NOUNS,
    MEDIA_NOUNS,
    NEGATIONS,
    PERSON_NOUNS,
    Cue,
    finite_cues,
    infinitive_cues,
    participle_cues,
)
from baselines.names import Name
from baselines.phrases import ADVERBS, PREPOSITIONS, TIMES, phrase_end
from baselines.tokens import Sentence, Text, Token

QUOTE = re.compile(r"\"[^\"\n]+\"|“[^”\n]+”|„[^”\n]+”|‘[^’\n]+’(?!\w)|(?<!\w)'[^'\n]+'(?!\w)|(?<!\w)'(?:[^'\n]|'(?=\w))+'(?!\w)")
CONNECTIVES = frozenset(["maar", "en", "ook", "toch", "daarnaast", "bovendien", "verder", "zo", "vervolgens", "want", "dus"])
MODALS = frozenset(["wil", "wilde", "wilden", "willen", "kon", "konden", "kan", "kunnen", "zou", "zouden"])
HEARSAY = frozenset(("zou", "zouden"))


@dataclass(frozen=True, slots=True)
class Claim:
    """An attribution found in a text; the spans of each part in text order."""

    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    antecedent: tuple[Span, ...] = ()
    kind: str = "assertion"
    stance: str = "affirm"
    hedged: bool = False
    source_kind: str = "none"
    source_ref: str | None = None
    parent: int | None = None


def find_claims(text: Text, names: list[Name]) -> list[Claim]:
    """All attributions of the text, ordered by their first cue."""
    claims: list[Claim] = []
    before: Sentence | None = None
    for sentence in text.sentences:
        found = list(_Clause(text, sentence, before).claims())
        if not found and claims and _is_free_quotation(text, sentence):
            last = claims[-1]
            claims[-1] = replace(last, content=(*last.content, sentence.span))
        claims += found
        before = None if sentence.heading else sentence
    claims = [_with_source_fields(text, names, claim) for claim in sorted(claims, key=lambda c: c.cue[0])]
    return _with_parents(_once_per_cue(claims))


def _once_per_cue(claims: list[Claim]) -> list[Claim]:
    kept: list[Claim] = []
    for claim in claims:
        if not any(_overlap(a, b) for other in kept for a in other.cue for b in claim.cue):
            kept.append(claim)
    return kept


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _is_free_quotation(text: Text, sentence: Sentence) -> bool:
    return bool(QUOTE.fullmatch(sentence.span.cut(text.text).rstrip("."))) and not sentence.heading


class _Clause:
    """One sentence with what its rules need: its tokens, quotations, and the sentence before."""

    def __init__(self, text: Text, sentence: Sentence, before: Sentence | None) -> None:
        self.text, self.sentence, self.before = text.text, sentence, before
        self.tokens = sentence.tokens
        self.quotes = [Span(*m.span()) for m in QUOTE.finditer(text.text, sentence.start, sentence.end)]
        self.end = self._end_of_content()

    def claims(self) -> Iterator[Claim]:
        if self.sentence.heading and (claim := self._colon()):
            yield claim
            return
        for k, token in enumerate(self.tokens):
            if any(q.start < token.start and token.end < q.end for q in self.quotes):
                continue
            claim = self._prepositional(k) or self._hearsay(k) or self._verb(k)
            if claim and claim.content:
                yield claim

    # --- pieces ---

    def _low(self, k: int) -> str:
        return self.tokens[k].text.lower() if 0 <= k < len(self.tokens) else ""

    def _end_of_content(self) -> int:
        """Before the final full stop, unless it stands inside a quotation."""
        end = self.sentence.end
        while end > self.sentence.start and self.text[end - 1] in ".!?…":
            end -= 1
        return end

    def _span(self, start: int, end: int) -> tuple[Span, ...]:
        """The stretch without outer white space, commas and connectives; nothing if nothing is left."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip(" ,:;–-\n"))
        end -= len(piece) - len(piece.rstrip(" ,:;–-\n"))
        first = re.match(r"(\w+) ", self.text[start:end])
        if first and first[1].lower() in CONNECTIVES:
            start += first.end()
        return (Span(start, end),) if end - start > 1 else ()

    def _phrase(self, k: int) -> tuple[Span, int] | None:
        """The noun phrase at token `k`, with an apposition between commas, and the index after it."""
        while self._low(k) in ("ook", "zelfs", "alleen", "zo", "de") and k + 1 < len(self.tokens) and self._low(k) != "de":
            k += 1
        j = phrase_end(self.tokens, k)
        if j == k:
            return None
        if self._low(j) == "," and (stop := phrase_end(self.tokens, j + 1)) > j + 1 and self._low(stop) in (",", ""):
            capital = any(t.is_capital for t in self.tokens[j + 1 : stop])
            if capital and self._low(stop) == ",":
                j = stop
        return Span(self.tokens[k].start, self.tokens[j - 1].end), j

    def _clause_start(self, k: int) -> int:
        """The index of the first token of the clause that holds token `k`."""
        for j in range(k - 1, -1, -1):
            word = self._low(j)
            if word in ("dat", "of", "omdat", "terwijl", "nadat", "toen", "hoewel", "waarin", "waarop") or word in (";", ":"):
                return j + 1
            if word == "," and self._low(j + 1) in ("maar", "en", "want"):
                return j + 2
        return 0

    # --- rules ---

    def _colon(self) -> Claim | None:
        """`Oslo: kabel hersteld` in a heading."""
        at = next((k for k, t in enumerate(self.tokens) if t.text == ":"), None)
        if at is None or not 0 < at <= 6 or phrase_end(self.tokens, 0) != at:
            return None
        cue, source = self.tokens[at].span, Span(self.tokens[0].start, self.tokens[at - 1].end)
        content = self._span(cue.end, self.sentence.end)
        return Claim((cue,), (source,), content) if content else None

    def _prepositional(self, k: int) -> Claim | None:
        """`volgens X`, `aldus X`, `naar schatting van X`, `naar verluidt`."""
        words, token = [self._low(j) for j in range(k, k + 3)], self.tokens[k]
        if words[:2] == ["naar", "verluidt"]:
            cue = Span(token.start, self.tokens[k + 1].end)
            return Claim((cue,), (), self._around(cue.start, cue.end, 0), hedged=True)
        size, kind = 1, "assertion"
        if " ".join(words) in ("naar schatting van", "volgens schattingen van"):
            size, kind = 3, "belief"
        elif words[0] not in ("volgens", "aldus"):
            return None
        cue = Span(token.start, self.tokens[k + size - 1].end)
        found = self._phrase(k + size)
        if found is None:
            return None
        source, after = found
        cues, hedged = [cue], False
        start = self._clause_start(k) if words[0] != "aldus" else 0
        content = self._around(cue.start, source.end, start)
        if words[0] == "volgens" and self._low(after) in HEARSAY:
            would = self.tokens[after]
            cues, hedged = [cue, would.span], True
            content = self._around(cue.start, would.end, start)
        elif words[0] == "volgens" and self._low(k - 1) in HEARSAY:
            would = self.tokens[k - 1]
            cues, hedged = [Span(would.start, cue.end)], True
            content = self._around(would.start, source.end, start)
        return Claim(tuple(cues), (source,), content, kind=kind, hedged=hedged)

    def _around(self, start: int, end: int, clause: int) -> tuple[Span, ...]:
        """What stands around the cue and its source in their clause."""
        begin = self.tokens[clause].start if clause < len(self.tokens) else self.sentence.start
        stop = self.end
        if begin >= start and (joint := re.compile(r", (?:maar|want|en) ").search(self.text, end, stop)):
            stop = joint.start()
        if (
            (left := self._span(begin, start))
            and len(left[0].cut(self.text)) < 4
            and left[0].cut(self.text).lower() in CONNECTIVES
        ):
            left = ()
        quoted = stop < self.sentence.end and self.text[stop - 1] in "\"”’'"
        return left + self._span(end, stop + 1 if quoted and self.text[stop] in '"”' else stop)

    def _hearsay(self, k: int) -> Claim | None:
        """`Er zouden …`, `De boot zou zijn gezonken` in a main clause without another cue."""
        if (
            self._low(k) not in HEARSAY
            or self._clause_start(k) != 0
            or any(self._low(j) in ("als", "volgens") for j in range(len(self.tokens)))
        ):
            return None
        rest = [self._low(j) for j in range(k + 1, len(self.tokens))]
        participle = any(re.fullmatch(r"(?:ge|be|ver|ont|her|mis)\w{2,}(?:d|t|en)|\w+ge\w+(?:d|t|en)", w) for w in rest)
        perfect = participle and bool({"hebben", "zijn", "worden"}.intersection(rest))
        if not (perfect or self._low(0) == "er") or any(w in participle_cues() or w in infinitive_cues() for w in rest):
            return None
        cue = self.tokens[k].span
        left = () if self._low(0) == "er" and k == 1 else self._span(self.sentence.start, cue.start)
        return Claim((cue,), (), left + self._span(cue.end, self.end), hedged=True)

    def _verb(self, k: int) -> Claim | None:
        word = self._low(k)
        if self._low(k - 1) == "te":
            return self._infinitive(k)
        for cue in finite_cues().get(word, ()):
            if cue.particle:
                j = self._particle(k, cue.particle)
                if j is not None and (claim := self._build(k, cue, [k, j])):
                    return claim
            elif claim := self._build(k, cue, [k]):
                return claim
        if word in AUXILIARIES or word in MODALS:
            return self._compound_verb(k)
        return None

    def _infinitive(self, k: int) -> Claim | None:
        """`zegt te verwachten dat`: the same source presents a second content."""
        cue = infinitive_cues().get(self._low(k))
        opener = next((j for j in range(k) if self._low(j) in finite_cues()), None)
        if cue is None or opener is None or "c" not in cue.frames or self._low(k + 1) not in COMPLEMENTISERS:
            return None
        source, _ = self._source(opener, [opener])
        content = self._to_end(self.tokens[k + 1].start)
        return Claim(self._merged([k - 1, k]), (source,) if source else (), content, kind=cue.kind, stance=cue.stance)

    def _particle(self, k: int, particle: str) -> int | None:
        """Where the separable part stands: before the clause that follows, within reach."""
        for j in range(k + 1, min(k + 14, len(self.tokens))):
            if self._low(j) == particle and (particle not in PREPOSITIONS or particle == "van" or self._closes(j)):
                return j
            if self._low(j) in ("dat", ":", ";"):
                return None
        return None

    def _closes(self, j: int) -> bool:
        """A particle that looks like a preposition must end its clause."""
        return (
            j + 1 >= len(self.tokens)
            or self._low(j + 1) in COMPLEMENTISERS | {",", ".", ":"}
            or j + 1 == len(self.tokens) - 1
            or self._has_te(j)
        )

    def _has_te(self, j: int) -> bool:
        return any(self._low(i) == "te" for i in range(j + 1, len(self.tokens)))

    def _compound_verb(self, k: int) -> Claim | None:
        """`heeft … gemeld`, `zou … hebben gezegd`, `wilde … niet zeggen`."""
        modal = self._low(k) in MODALS
        for j in range(k + 1, len(self.tokens)):
            word = self._low(j)
            if word in ("dat", "of", ":", ";", "omdat"):
                return None
            cue = participle_cues().get(word)
            if cue is None and modal and any(self._low(i) in NEGATIONS for i in range(k, j)):
                cue = infinitive_cues().get(word)
            if cue is None:
                continue
            pieces = [k, *(i for i in range(k + 1, j) if self._low(i) in NEGATIONS or self._low(i) in ("hebben", "worden")), j]
            if j + 1 < len(self.tokens) and self._low(j + 1) in ("hebben", "worden", "zijn"):
                pieces.append(j + 1)
            hearsay = self._low(k) in HEARSAY
            claim = self._build(k, cue, pieces, last=pieces[-1])
            return replace(claim, hedged=True) if claim and hearsay else claim
        return None

    def _build(self, k: int, cue: Cue, pieces: list[int], last: int | None = None) -> Claim | None:
        """Source and content of a verb at token `k`; None where no content is found."""
        last = max(pieces) if last is None else last
        passive = self._low(k) in ("wordt", "worden", "werd", "werden")
        source, after = self._source(k, pieces)
        negations = [
            j
            for j in range(k + 1, min(k + 9, len(self.tokens)))
            if self._low(j) in NEGATIONS and j not in pieces and self._negates(k, j, pieces)
        ]
        found = self._content(k, cue, max(after, k + 1), last, source, passive)
        if found is None:
            return None
        content, antecedent = found
        if passive or cue.lemma in ("blijken", "wijzen"):
            source = self._oblique(k, "uit" if cue.lemma == "blijken" else "door") if cue.lemma != "wijzen" else source
            if source is None and cue.lemma in ("blijken", "wijzen"):
                return None
        content = tuple(
            piece for piece in content if source is None or not (source.start < piece.end and piece.start < source.end)
        )
        if not content:
            return None
        stance = cue.stance
        if negations or any(self._low(j) in NEGATIONS for j in pieces):
            stance = "deny" if cue.kind == "belief" else "open"
        if cue.lemma == "vragen" and self._has_te(k) and " of " not in self.text[self.tokens[k].start : self.end]:
            stance = "affirm"
        return Claim(
            self._merged(sorted({*pieces, *negations})),
            () if source is None else (source,),
            content,
            antecedent,
            kind=cue.kind,
            stance=stance,
        )

    def _negates(self, k: int, j: int, pieces: list[int]) -> bool:
        return not any(self._low(i) in COMPLEMENTISERS | {",", ":"} for i in range(k + 1, j)) and (
            j + 1 >= len(self.tokens) or j + 1 in pieces or self._low(j + 1) in COMPLEMENTISERS | {",", ".", "te"}
        )

    def _merged(self, indices: list[int]) -> tuple[Span, ...]:
        """Cue pieces: neighbours are one piece."""
        spans: list[Span] = []
        for n, k in enumerate(indices):
            token = self.tokens[k]
            if n and indices[n - 1] == k - 1:
                spans[-1] = Span(spans[-1].start, token.end)
            else:
                spans.append(token.span)
        return tuple(spans)

    def _source(self, k: int, pieces: list[int]) -> tuple[Span | None, int]:
        """The subject of the verb at `k` and the index after it. It follows the verb where something else opens the clause."""
        first = self._clause_start(k)
        while first < k and self._low(first) in CONNECTIVES | {",", '"'}:
            first += 1
        if first < k and self._low(first) not in PREPOSITIONS | TIMES | ADVERBS and not self._quoted(first):
            j = phrase_end(self.tokens, first)
            closed = j > first and (j == k or self._low(j) == "," or (j < k and self._clause_start(k) > 0))
            alone = j == first + 1 and self._low(first) in ("dat", "dit", "het")
            if closed and not alone:
                end = (
                    k
                    if self._low(k - 1) == "," and self._low(j) == "," and self._low(j + 1) not in ("die", "dat", "wiens")
                    else j
                )
                while end > first and self._low(end - 1) == ",":
                    end -= 1
                return Span(self.tokens[first].start, self.tokens[end - 1].end), k + 1
        found = None if self._low(k + 1) in COMPLEMENTISERS else self._phrase(k + 1)
        if found is None or any(found[0].start <= self.tokens[p].start < found[0].end for p in pieces):
            return None, k + 1
        return found

    def _oblique(self, k: int, preposition: str) -> Span | None:
        """The source after `door` or `uit`, anywhere in the sentence outside the content."""
        for j, token in enumerate(self.tokens):
            if token.text.lower() == preposition and (found := self._phrase(j + 1)):
                return found[0]
        return None

    def _quoted(self, k: int) -> bool:
        return any(q.start <= self.tokens[k].start < q.end for q in self.quotes)

    def _content(
        self, k: int, cue: Cue, after: int, last: int, source: Span | None, passive: bool
    ) -> tuple[tuple[Span, ...], tuple[Span, ...]] | None:
        """The content and its antecedent, by the first rule that fits."""
        verb = self.tokens[k]
        pronoun = self._pronoun(k, cue)
        if pronoun:
            return pronoun
        if "q" in cue.frames and (quoted := self._quotation(verb, last)):
            return quoted, ()
        if "c" in cue.frames:
            complementiser = self._complementiser(max(after, last + 1) if self._low(last + 1) in COMPLEMENTISERS else after)
            if self._low(after) == "te" and last <= k:
                return self._to_end(self.tokens[after].start), ()
            if complementiser is not None:
                return self._to_end(self.tokens[complementiser].start), ()
            if (main := self._parenthetical(k)) is not None:
                return main, ()
            if self._has_te(last if last > k else after - 1) and not self._passes_comma(k):
                begin = max(after, k + 1) if last <= k else max(last + 1, after)
                return self._to_end(self._skip_adverbs(begin)), ()
        if passive and source is not None and "n" in cue.frames:
            return (source,), ()
        return (parts, ()) if (parts := self._nominal(k, cue, after, last, source)) else None

    def _to_end(self, start: int) -> tuple[Span, ...]:
        inside = any(q.start <= self.end < q.end for q in self.quotes)
        return self._span(start, self.sentence.end if inside else self.end)

    def _pronoun(self, k: int, cue: Cue) -> tuple[tuple[Span, ...], tuple[Span, ...]] | None:
        """`Dat meldt de politie`: the pronoun is the content, the sentence before its antecedent."""
        if k == 0 or self._low(k - 1) not in ("dat", "dit") or cue.frames == "t":
            return None
        pronoun = self.tokens[k - 1]
        if k == 1:
            if self.before is None:
                return None
            start, end = self.before.span
            while end > start and self.text[end - 1] in ".!?…":
                end -= 1
            return (pronoun.span,), (Span(start, end),)
        if self._low(k - 2) == ",":
            return (pronoun.span,), self._span(self.sentence.start, self.tokens[k - 2].start)
        return None

    def _quotation(self, verb: Token, last: int) -> tuple[Span, ...]:
        """Quotations that end right before the verb, or follow it after a colon or comma."""
        pieces = []
        for quote in self.quotes:
            between_before = self.text[quote.end : verb.start] if quote.end <= verb.start else None
            between_after = self.text[verb.end : quote.start] if quote.start >= verb.end else None
            if (between_before is not None and re.fullmatch(r"[\s,]*(?:zo )?", between_before)) or (
                between_after is not None and re.search(r"[:,]\s*$", between_after) and not re.search(r"\bdat\b", between_after)
            ):
                pieces.append(quote)
        return tuple(pieces)

    def _complementiser(self, j: int) -> int | None:
        """The index of `dat`, `of`, … that opens the clause after the verb."""
        for i in range(j, min(j + 16, len(self.tokens))):
            word = self._low(i)
            if word in COMPLEMENTISERS and not (word == "om" and not self._has_te(i)):
                if (
                    word in ("of", "wie", "wat", "waar", "welke")
                    and i > j
                    and self._low(i - 1) not in ADVERBS | {"niet", "weten", ","}
                    and i - j > 3
                ):
                    return None
                return i
            if word in (":", ";", '"') or (word == "," and self._low(i + 1) not in COMPLEMENTISERS):
                return None
        return None

    def _parenthetical(self, k: int) -> tuple[Span, ...] | None:
        """`De haven ligt stil, meldt de dienst`: the main clause before the comma."""
        j = k - 1
        if self._low(j) == "zo":
            j -= 1
        if j <= 1 or self._low(j) != ",":
            return None
        return self._span(self.sentence.start, self.tokens[j].start) or None

    def _passes_comma(self, k: int) -> bool:
        te = next((j for j in range(k + 1, len(self.tokens)) if self._low(j) == "te"), None)
        return te is None or any(self._low(j) in (",", ":") for j in range(k + 1, te))

    def _skip_adverbs(self, j: int) -> int:
        while j < len(self.tokens) - 1 and self._low(j) in TIMES | {"ook", "nu"}:
            j += 1
        return self.tokens[min(j, len(self.tokens) - 1)].start

    def _nominal(self, k: int, cue: Cue, after: int, last: int, source: Span | None) -> tuple[Span, ...]:
        """A noun phrase as content, after its fixed preposition; `noemt X Y` gives two."""
        if not {"n", "t"}.intersection(cue.frames) or source is None:
            return ()
        begin = max(after, k + 1)
        while self._low(begin) in ADVERBS | NEGATIONS:
            begin += 1
        if self._low(begin) in FIXED_PREPOSITIONS:
            begin += 1
        elif self._low(begin) in PREPOSITIONS:
            return ()
        if begin >= len(self.tokens):
            return ()
        if begin <= last and self._low(k) not in AUXILIARIES | MODALS:  # maakte melding van schoten
            begin = last + 2 if self._low(last + 1) in FIXED_PREPOSITIONS else last + 1
        if begin >= len(self.tokens):
            return ()
        stop = self.tokens[last].start if last > begin else self.end
        if (closing := next((t for t in self.tokens[begin:] if t.text in NEGATIONS), None)) and self.text[
            closing.end : self.end
        ] == "":
            stop = closing.start
        if "t" in cue.frames:
            j = phrase_end(self.tokens, begin)
            return (
                self._span(self.tokens[begin].start, self.tokens[j - 1].end) + self._span(self.tokens[j - 1].end, stop)
                if begin < j < len(self.tokens)
                else ()
            )
        return self._span(self.tokens[begin].start, stop)


# --- fields of the source, and nesting ---


def _with_source_fields(text: Text, names: list[Name], claim: Claim) -> Claim:
    if not claim.source:
        return claim
    span = claim.source[0]
    inside = [n for n in names if span.covers(n.span)]
    words = [w.lower() for w in re.findall(r"[\w'’-]+", span.cut(text.text))]
    return replace(claim, source_kind=_source_kind(words, inside), source_ref=_source_ref(words, inside))


def _source_kind(words: list[str], names: list[Name]) -> str:
    if MEDIA_NOUNS.intersection(words):
        return "media"
    if DOCUMENT_NOUNS.intersection(words):
        return "document"
    if any(n.type == "PER" for n in names) or words[0] in ("hij", "zij", "ze", "ik", "iemand"):
        return "person"
    if GROUP_NOUNS.intersection(words):
        return "group"
    if PERSON_NOUNS.intersection(words):
        return "person"
    return "institution"


def _source_ref(words: list[str], names: list[Name]) -> str | None:
    """A person's name first, else the first other name; unnamed people have none."""
    person = next((n for n in names if n.type == "PER"), None)
    if person:
        return person.ref
    unnamed = GROUP_NOUNS.intersection(words) or (words[0] in ("een", "twee", "drie", "vier") and "woordvoerder" not in words)
    return None if unnamed or not names else names[0].ref


def _with_parents(claims: list[Claim]) -> list[Claim]:
    """A claim's parent: the one in whose smallest content all its cue pieces stand."""
    linked = []
    for k, claim in enumerate(claims):
        holders = [
            (piece.end - piece.start, j)
            for j, other in enumerate(claims)
            if j != k
            for piece in other.content
            if all(piece.covers(cue) for cue in claim.cue)
        ]
        linked.append(replace(claim, parent=min(holders)[1] if holders else None))
    return linked
