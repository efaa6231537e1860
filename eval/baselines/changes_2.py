"""Whether a figure is a difference, and which way (F48); whether it is the end of a change (F18)."""

from __future__ import annotations

import re

from volgens.model.documents import Span

from baselines.figures import Number
from baselines.texts_2 import Text2
from baselines.words import words

UP, DOWN = "up", "down"
VERBS = {word: way for table, way in (("verbs_up", UP), ("verbs_down", DOWN)) for word in words("words_2", table)}
NOUNS = {word: way for table, way in (("nouns_up", UP), ("nouns_down", DOWN)) for word in words("words_2", table)}
COMPARED = {
    word: way for table, way in (("comparatives_up", UP), ("comparatives_down", DOWN)) for word in words("words_2", table)
}
NOUN_OF = re.compile(rf"\b(?P<noun>\w*(?:{'|'.join(NOUNS)}))\s(?:van|met|bedraagt|bedroeg|was|is)\s(?:\w+\s)?$", re.IGNORECASE)
SPLIT = {
    (verb, particle): way
    for verbs, particle, way in (
        ("loopt liep liepen", "op", UP),
        ("neemt nam namen", "toe", UP),
        ("gaat ging gingen", "omhoog", UP),
        ("gaat ging gingen", "omlaag", DOWN),
        ("neemt nam namen", "af", DOWN),
        ("loopt liep liepen", "terug", DOWN),
    )
    for verb in verbs.split()
}
LEVEL = re.compile(
    r"\b(?:tot|naar|op|van|bij|onder|boven|in|na|sinds|tijdens|afgelopen|voor|rond|tussen|de|het)\s(?:\w+\s)?$", re.IGNORECASE
)
END = re.compile(r"\b(?:op|toe|omhoog|gestegen|gedaald|opgelopen)\s$")
LOSSES = frozenset(("verlies", "winst", "min", "plus"))


def ends_a_change(text: Text2, span: Span) -> bool:
    """`loopt op tot 3 miljoen`: there `tot` is no `maximaal`."""
    sentence = text.sentence_of(span)
    before = text.text[sentence.start : span.start] if sentence else ""
    return bool(END.search(before)) or any(word.lower() in VERBS for word in before.split()[-4:])


def direction(text: Text2, number: Number) -> str | None:
    """`up` or `down` where the figure is a difference and its sentence says the way."""
    sentence = text.sentence_of(number.span)
    if sentence is None or number.quantity.kind in ("age", "score", "duration"):
        return None
    before, after = text.text[sentence.start : number.span.start], text.text[number.span.end : sentence.end]
    follows = re.match(r"\s?([a-zà-ÿ]+)\b", after)
    if follows and follows[1] in COMPARED and not re.match(r"\s?\w+\sgeleden", after):
        return COMPARED[follows[1]]
    if noun := NOUN_OF.search(before):
        name = next(n for n in NOUNS if noun["noun"].lower().endswith(n))
        return None if name in LOSSES and number.quantity.kind == "money" else NOUNS[name]
    if re.search(r"\bfactor\s$", before) or re.search(r"\b(?:met|nog)\s$", before):
        return _by_verb(before, after, reach=12)
    if number.quantity.kind in ("percent", "count", "money", "measure") and not LEVEL.search(before):
        return _by_verb(before, after, reach=3, near=number.quantity.kind == "percent" or _is_points(text, number))
    return None


def _is_points(text: Text2, number: Number) -> bool:
    return bool(number.head and number.head.cut(text.text).lower() in ("punten", "zetels", "stemmen", "punt"))


def _by_verb(before: str, after: str, reach: int, near: bool = True) -> str | None:
    """The way of the nearest verb of change in the clause: `reach` words before, or one that closes the clause after."""
    if not near:
        return None
    left = re.split(r"[,;:]\s", before)[-1].lower().split()[-reach:]
    right = re.split(r"[,;:]\s|\.\s|\s(?:en|maar)\s", after)[0].lower().strip(" .").split()
    for word in reversed(left):
        if word in VERBS:
            return VERBS[word]
    for (verb, particle), way in SPLIT.items():
        if verb in left and particle in (*left, *right):
            return way
    return next((VERBS[word] for word in right if word in VERBS), None)
