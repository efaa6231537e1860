"""Attributions of version 2: the clause rules of the frozen baseline with a wider lexicon, nominal findings and demands, shared
subjects, `naar eigen zeggen`, and quotations without a cue (quotations_2.py).
"""

from __future__ import annotations

import re
from dataclasses import replace

from volgens.model.documents import Span

from baselines.attribution import Claim, _with_parents
from baselines.clauses_2 import Clause2
from baselines.gazetteer import slug
from baselines.lexicon import MEDIA_NOUNS
from baselines.lexicon_2 import DOCUMENTS, GROUPS, PERSONS
from baselines.names import Name
from baselines.phrases import STOPS
from baselines.quotations_2 import with_quotations
from baselines.texts_2 import Text2
from baselines.tokens import Sentence, Token

HE = frozenset(["hij", "zij", "ze", "ik", "iemand", "zelf"])
FIRM = re.compile(
    r"^(?:het bedrijf|de (?:fabrikant|maatschappij|onderneming|organisatie|dienst|bond|bank|club)|het concern)$", re.IGNORECASE
)
SEVERAL = frozenset(
    ["enkele", "veel", "vele", "sommige", "diverse", "meerdere", "twee", "drie", "vier", "vijf", "tientallen", "honderden"]
)
ON_ITS_OWN = re.compile(r"\s(?:en|maar)\s(?:\w+\s){0,2}$")


def find_claims_2(text: Text2, names: list[Name]) -> list[Claim]:
    """All attributions of the text, in the order of their first cue, or content where they have none."""
    by_sentence: list[tuple[Sentence, list[Claim]]] = []
    before: Sentence | None = None
    for sentence in text.sentences:
        whole = _joined(text, sentence, names)
        found = _once_per_cue(list(Clause2(text, whole, before, names).claims()))
        by_sentence.append((sentence, [_cut_short(text, claim, found) for claim in found]))
        before = None if sentence.heading else whole
    claims = [_with_source(text, names, claim) for claim in with_quotations(text, names, by_sentence)]
    linked = _with_parents(sorted(claims, key=lambda c: (c.cue or c.content)[0]))
    return [claim if claim.cue else replace(claim, parent=None) for claim in linked]


def _joined(text: Text2, sentence: Sentence, names: list[Name]) -> Sentence:
    """The sentence with each name of more than one token as one, so that `Fjord Inc.` is a word like others."""
    spans = [n.span for n in names if n.type != "NORP" and sentence.span.covers(n.span)]
    outer = [s for s in spans if not any(o != s and o.covers(s) for o in spans)]
    tokens: list[Token] = []
    for token in sentence.tokens:
        name = next((s for s in outer if s.covers(token.span)), None)
        if name is None:
            tokens.append(token)
        elif token.start == name.start or not tokens or tokens[-1].start != name.start:
            surface = name.cut(text.text)
            plain = surface if surface.lower() not in STOPS else f"{surface}."
            tokens.append(Token(plain[0].upper() + plain[1:], *name))
    return sentence._replace(tokens=tuple(tokens))


def _once_per_cue(claims: list[Claim]) -> list[Claim]:
    kept: list[Claim] = []
    for claim in claims:
        if not any(a.start < b.end and b.start < a.end for other in kept for a in other.cue for b in claim.cue):
            kept.append(claim)
    return kept


def _cut_short(text: Text2, claim: Claim, found: list[Claim]) -> Claim:
    """A content ends before `en` or `maar` that opens another attribution of the same source (A30, A37)."""
    content = list(claim.content)
    for other in found:
        if other is claim or not other.cue or other.source != claim.source:
            continue
        joint = ON_ITS_OWN.search(text.text, claim.cue[0].start, other.cue[0].start) if claim.cue else None
        if joint and content and content[-1].start < joint.start() < content[-1].end and claim.cue[0] < other.cue[0]:
            content[-1] = Span(content[-1].start, joint.start())
    return replace(claim, content=tuple(content))


# --- fields of the source, and nesting ---


def _with_source(text: Text2, names: list[Name], claim: Claim) -> Claim:
    if not claim.source:
        return claim
    span = claim.source[0]
    inside = [n for n in names if span.covers(n.span)]
    words = [word.lower() for word in re.findall(r"[\w'’-]+", span.cut(text.text))]
    kind = _source_kind(words, inside)
    return replace(claim, source_kind=kind, source_ref=_source_ref(text, names, span, words, inside, kind))


def _source_kind(words: list[str], names: list[Name]) -> str:
    person = any(n.type == "PER" for n in names)
    plain = not any(n.type in ("PER", "ORG") for n in names) or words[0] in ("een", "de", "het", "deze", "cijfers")
    if plain and MEDIA_NOUNS.intersection(words) and not person:
        return "media"
    if (DOCUMENTS.intersection(words) and not person and plain) or words[0] in ("waarin", "daarin", "waaruit"):
        return "document"
    if person or words[0] in HE:
        return "person"
    if GROUPS.intersection(words) or (words[0] in SEVERAL and words[-1].endswith(("en", "s")) and not names):
        return "group"
    if PERSONS.intersection(words):
        return "person"
    return (
        "media"
        if any(re.search(r"(?:times|journal|post|nieuws|news|bbc|cnn|reuters|bloomberg)", n.ref) for n in names)
        else "institution"
    )


def _source_ref(text: Text2, names: list[Name], span: Span, words: list[str], inside: list[Name], kind: str) -> str | None:
    """A person's name first, else the first other name; a pronoun or a common noun the last name before that it can mean."""
    person = next((n for n in inside if n.type == "PER"), None)
    if person:
        return person.ref
    earlier = [n for n in names if n.span.end <= span.start]
    if words[0] in HE:
        return next((n.ref for n in reversed(earlier) if n.type == "PER"), None)
    if FIRM.match(span.cut(text.text)):
        return next((n.ref for n in reversed(earlier) if n.type == "ORG"), None)
    unnamed = kind == "group" or (
        words[0] in ("een", *SEVERAL) and kind not in ("document", "media") and "woordvoerder" not in words
    )
    if unnamed or not inside:
        return None
    first = inside[0]
    return slug(first.span.cut(text.text)) if first.ref == "naam" else first.ref
