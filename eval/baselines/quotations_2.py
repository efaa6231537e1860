"""Free-standing quotations: one more piece of the attribution before (A40), or an attribution without a cue (A67, A68)."""

from __future__ import annotations

import re
from dataclasses import replace

from volgens.model.documents import Span

from baselines.attribution import QUOTE, Claim
from baselines.names import Name
from baselines.texts_2 import Text2
from baselines.tokens import Sentence

SPOKEN = re.compile(r"\b(?:ik|wij|we|mij|me|mijn|ons|onze|jij|je|jullie|u|uw)\b|[!?]", re.IGNORECASE)
AFTER_COLON = re.compile(r":\s(?P<quote>[\"“„‘'].+[\"”’'])\.?$")


def with_quotations(text: Text2, names: list[Name], found: list[tuple[Sentence, list[Claim]]]) -> list[Claim]:
    """All claims of the sentences, free-standing quotations among them."""
    claims: list[Claim] = []
    holder: int | None = None
    for sentence, own in found:
        whole = _whole(text, sentence)
        if own or whole is None:
            holder = None
            for claim in own:
                claims.append(claim)
                holder = len(claims) - 1 if claim.stance == "affirm" and not sentence.heading else None
            if not own and (quote := _after_colon(text, sentence)):
                claims.append(Claim((), (), (quote,), source_ref=_speaker(text, names, sentence.span, quote)))
            continue
        spoken = bool(SPOKEN.search(whole.cut(text.text)))
        if holder is not None and _continues(text, claims[holder], spoken, sentence):
            claims[holder] = replace(claims[holder], content=(*claims[holder].content, whole))
        elif spoken and len(whole.cut(text.text).split()) > 1:
            claims.append(Claim((), (), (whole,), source_ref=_speaker(text, names, _paragraph(text, sentence), whole)))
            holder = len(claims) - 1
        else:
            holder = None
    return claims


def _whole(text: Text2, sentence: Sentence) -> Span | None:
    """The quotation that a sentence is."""
    surface = sentence.span.cut(text.text)
    bare = surface.rstrip(".") if not re.search(r"\.[\"”’']$", surface) else surface
    return Span(sentence.start, sentence.start + len(bare)) if QUOTE.fullmatch(bare) else None


def _after_colon(text: Text2, sentence: Sentence) -> Span | None:
    match = AFTER_COLON.search(sentence.span.cut(text.text))
    if match is None or sentence.heading or (not SPOKEN.search(match["quote"]) and len(match["quote"].split()) < 3):
        return None
    return Span(sentence.start + match.start("quote"), sentence.start + match.end("quote"))


def _continues(text: Text2, claim: Claim, spoken: bool, sentence: Sentence) -> bool:
    """Whether the speaker goes on: the attribution before has a quotation, or a source whom `ik` fits."""
    quoted = any(re.match(r"[\"“„‘']", piece.cut(text.text)) for piece in claim.content)
    between = text.text[claim.content[-1].end : sentence.start]
    return (quoted or (spoken and bool(claim.source))) and between.count("\n") <= 2


def _paragraph(text: Text2, sentence: Sentence) -> Span:
    """The paragraph of a sentence, or where it holds nothing else the one before too."""
    start = text.text.rfind("\n", 0, sentence.start) + 1
    end = text.text.find("\n", sentence.end)
    if not text.text[start : sentence.start].strip():
        start = text.text.rfind("\n", 0, max(0, start - 2)) + 1
    return Span(start, len(text.text) if end < 0 else end)


def _speaker(text: Text2, names: list[Name], where: Span, quote: Span) -> str | None:
    """The one person who is named there outside the quotation."""
    refs = {n.ref for n in names if n.type == "PER" and where.covers(n.span) and not quote.covers(n.span)}
    return refs.pop() if len(refs) == 1 else None
