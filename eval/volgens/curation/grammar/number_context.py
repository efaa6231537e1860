"""What the words around a number tell: that it is a date, a clock time or a label and no quantity, or that it is an age."""

from __future__ import annotations

import re
from typing import NamedTuple

from volgens.model.documents import Span

REACH = 48
MONTH = r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)"
YEAR = re.compile(r"(?:^|\s)(?:1[1-9]|20)\d\d$")


class Surroundings(NamedTuple):
    """A surface with the text before and after it, as far as `REACH` characters."""

    before: str
    surface: str
    after: str

    @classmethod
    def of(cls, text: str, span: Span) -> Surroundings:
        return cls(text[max(0, span.start - REACH) : span.start], span.cut(text), text[span.end : span.end + REACH])


def _find(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


MONTH_AFTER = _find(rf"\s+{MONTH}\b")
DAY_RANGE = _find(rf"\s+(?:en|tot|tot en met)\s+\d+\s+{MONTH}\b")
YEAR_BEFORE = _find(
    rf"\b(?:{MONTH}|in|sinds|vanaf|uit|tot|van|voor|na|rond|jaar|eind|begin|medio|zomer|winter|najaar|voorjaar|herfst)\s+$"
)
YEARS_BEFORE = _find(r"\b(?:de jaren|jaren)\s+$")
CLOCK = _find(r"^(?:(?:rond|tot|om|vanaf|tegen)\s+(?:de\s+)?\w+|tussen\s+\d+\s+en\s+\d+)\s+uur$")
CLOCK_BEFORE = _find(r"\b(?:om|vanaf|tot|rond|sinds|voor|na|tegen|kwart over|kwart voor|half)\s+$")
CLOCK_AFTER = _find(r"\s*(?:uur\s+)?(?:'s|’s)\s?(?:morgens|ochtends|middags|avonds|nachts)")
LABELLED = (
    "artikel|lid|nummer|resolutie|pagina|hoofdstuk|fase|groep|klasse|formule|top|kamer|lijn|categorie|perron|spoor|punt|plek"
)
LABEL_BEFORE = _find(rf"\b(?:{LABELLED}|nr\.)\s+$")
NAME_BEFORE = re.compile(r"\w\S*\s+[A-Z][A-Za-z-]+\s$")
RUNNING_NOUN = _find(r"\s+[a-zà-ÿ]{3,}")
CHANGES = "veroordeeld|gedaald|gestegen|opgelopen|verhoogd|verlaagd|teruggebracht|daalde|steeg|liep op|van \\S+(?: \\S+)?"
CHANGED = _find(rf"\b(?:{CHANGES})(?:\s+\S+){{0,5}}\s+$")
VERB_ACHT = _find(r"\s+(?:het|de|dat|zich|hem|haar)\b")
IN_ONE_STROKE = _find(r"\s+(?:klap|na|keer\b)")

AGE_AFTER = _find(r"\s+oud\b")
AGE_BEFORE = _find(
    r"\b(?:leeftijd|kinderen|kind|jongeren|jongen|jongens|meisjes?|man|mannen|vrouw|vrouwen|mensen|personen|ouderen|baby|peuter|tiener)\s+van(?:af)?\s+$"
)
AGE_BRACKETS = re.compile(r"[A-ZÀ-Þ][\w'’-]+\s\($")
TERM = _find(
    r"\s+(?:\w+\s+)?(?:contract|plan|overeenkomst|looptijd|celstraf|gevangenisstraf|oorlog|bewind|periode|termijn|verblijf|verbintenis|project)\w*"
)


def is_no_quantity(around: Surroundings) -> bool:
    """Dates, years, clock times, numbers that label, and number words that are something else here."""
    before, surface, after = around
    number = surface.split()[-1]
    if number.isdigit() and len(number) <= 2 and (MONTH_AFTER.match(after) or DAY_RANGE.match(after)):
        return True
    if YEARS_BEFORE.search(before) or CLOCK.match(surface) or CLOCK_AFTER.match(after):
        return True
    if surface.lower().endswith(" uur") and CLOCK_BEFORE.search(before):
        return True
    if YEAR.search(surface):
        rounded_count = number.endswith("00") and RUNNING_NOUN.match(after) and not YEAR_BEFORE.search(before)
        return not (rounded_count or (surface != number and not surface.lower().startswith(("tot", "rond", "vanaf", "tegen"))))
    if LABEL_BEFORE.search(before) or (surface.isdigit() and NAME_BEFORE.search(before)):
        return True
    if surface.lower() == "acht" and VERB_ACHT.match(after):
        return True
    return surface.lower() == "één" and bool(IN_ONE_STROKE.match(after))


def is_end_of_change(around: Surroundings) -> bool:
    """`veroordeeld tot twee jaar`, `daalde tot 30 procent`: there `tot` is no `maximaal`."""
    return bool(CHANGED.search(around.before))


def is_age(around: Surroundings) -> bool:
    bracketed = around.surface.isdigit() and AGE_BRACKETS.search(around.before) and around.after.startswith(")")
    with_unit = around.surface.lower().endswith("jaar")
    return bool(bracketed or AGE_AFTER.match(around.after) or (with_unit and AGE_BEFORE.search(around.before)))


def is_term(around: Surroundings) -> bool:
    """The length of a contract or a sentence, not an age: `een driejarig contract`."""
    return bool(TERM.match(around.after))
