"""Forms of numbers that version 2 decides: amounts that the frozen grammar does not read, units that it lacks, and places where a
number is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from volgens.curation.grammar.numerals import read_numeral
from volgens.curation.grammar.quantities import Quantity
from volgens.curation.grammar.units import MODIFIERS
from volgens.model.documents import Span
from volgens.model.units import SYNONYMS

NUMBER = r"\d+(?:\.\d{3})*(?:,\d+)?"
MODS = "(?:(?P<mod>" + "|".join(sorted(map(re.escape, MODIFIERS), key=len, reverse=True)) + r")\s(?:de\s)?)?"
SMALL = r"(?:\d+|twee|drie|vier|vijf|zes|zeven|acht|negen|tien)"
PERCENT, DURATION = ("%", "pp", "bp", "[ppth]", "[ppm]"), ("s", "min", "h", "d", "wk", "mo", "a")
PREFIXED = {"ghz": "GHz", "mhz": "MHz", "khz": "kHz", "kb": "kBy", "kilobyte": "kBy", "millibar": "mbar", "microgram": "ug"}
WORD_UNITS = {word: code for code, known in SYNONYMS.items() for word in known if code not in ("XXX", "1")} | PREFIXED
AFTER = re.compile(rf"\s?(?P<unit>{'|'.join(sorted(map(re.escape, WORD_UNITS), key=len, reverse=True))})(?!\w)", re.IGNORECASE)
AMBIGUOUS = frozenset(("m", "min", "graad", "g", "l", "d", "a", "s", "h", "v", "w", "bar", "ons", "pond", "ponden", "voet"))
CURRENCY = r"(?:US\s?\$|USD|\$|€|EUR|£|GBP|¥|#)"
CODES = {"$": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "¥": "JPY", "#": "XXX"}
TIMES = {"uur": ("h", 60), "jaar": ("a", 12), "meter": ("m", 100), "minuten": ("min", 60), "minuut": ("min", 60)}

MASKS = (
    r"\bper\s(?P<none>(?:100|10|1)[.\d]*|honderd|duizend|miljoen)(?=\s)",
    r"\b(?:top|nummer|plek|plaats|dag|groep|fase|code|niveau|hoofdstuk|seizoen|versie|\w+plaats|categorie|klasse|ronde|boek|deel)"
    r"\s(?P<none>\d+(?:[.,]\d+)*|een|twee|drie|vier|vijf)\b",
    r"\b(?:kwart|vijf|tien)\s(?:over|voor)\s(?:half\s)?\w+|\b(?P<none>half\s(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf))\b",
    r"\b(?:goud|zilver|brons|titel|finale|wint|won|winst|record)\s(?:op|over)\sde\s(?P<none>\d[\d.]*\smeter)",
    r"\b(?P<none>\d+x\d+\smeter)",
    r"\b(?P<none>nul op het rekest|onder vier ogen|twee aan twee|tussen twee vuren|met twee maten|vijf voor twaalf|24/7"
    r"|(?:in|op) (?:één|een) (?:klap|keer|lijn)|(?:één|een) (?:voor|op) (?:één|een)\b|van nul af aan|vanaf nul)",
    r"\bversie\s(?P<none>\d[\d.]*)",
)
IDLE = tuple(re.compile(pattern, re.IGNORECASE) for pattern in MASKS)


def masks(text: str) -> Iterator[Span]:
    """Where a number counts nothing: bases of rates, labels, clock times, disciplines, idioms."""
    for pattern in IDLE:
        for match in pattern.finditer(text):
            yield Span(*match.span("none" if match.groupdict().get("none") else 0))


def units_after(text: str, span: Span, quantity: Quantity) -> tuple[Span, Quantity] | None:
    """A count with a unit of the table after it that the frozen grammar does not know."""
    match = AFTER.match(text, span.end)
    if match is None or match["unit"].lower() in AMBIGUOUS:
        return None
    code = WORD_UNITS[match["unit"].lower()]
    return Span(span.start, match.end()), replace(quantity, kind=_kind(code), unit=code)


def _kind(code: str) -> str:
    if code in PERCENT:
        return "percent"
    if code in DURATION:
        return "duration"
    return "money" if re.fullmatch(r"[A-Z]{3}", code) else "measure"


def amounts(text: str) -> list[tuple[Span, Quantity]]:
    """Amounts of the forms below, none overlapping another, in order."""
    found: list[tuple[Span, Quantity]] = []
    for pattern, read in FORMS:
        for match in pattern.finditer(text):
            for span, quantity in read(match):
                if not any(span.start < s.end and s.start < span.end for s, _ in found):
                    found.append((span, quantity))
    return sorted(found, key=lambda hit: hit[0])


Read = Callable[[re.Match[str]], list[tuple[Span, Quantity]]]


def _value(surface: str) -> float:
    """`1.099,50` as a number, and a numeral in letters."""
    if surface[0].isdigit():
        return float(surface.replace(".", "").replace(",", "."))
    return float(read_numeral(surface.lower()) or 0)


def _point(match: re.Match[str], kind: str, value: float, unit: str) -> list[tuple[Span, Quantity]]:
    modifier = MODIFIERS.get((match.groupdict().get("mod") or "").lower())
    bound, approx = (modifier.bound, modifier.approx) if modifier else ("point", False)
    numbers = {"value" if bound == "point" else bound: round(value, 4)}
    return [(Span(*match.span("figure")), Quantity(kind, bound, approx=approx, unit=unit, **numbers))]


def _price(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    sign = match["sign"].replace("US", "").strip() if "$" in match["sign"] else match["sign"]
    scale = {"miljoen": 1e6, "miljard": 1e9, "biljoen": 1e12}.get((match["scale"] or "").strip(), 1.0)
    return _point(match, "money", _value(match["number"]) * scale, CODES[sign])


def _two_units(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    unit, parts = TIMES[match["unit"]]
    kind = "measure" if unit == "m" else "duration"
    return _point(match, kind, _value(match["high"]) + _value(match["low"]) / parts, unit)


def _euro_cents(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "money", _value(match["high"]) + float(match["low"]) / 100, "EUR")


def _cold(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "measure", -_value(match["number"]), "Cel")


def _strength(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "measure", _value(match["figure"]), "bft" if match["scale"].lower() == "windkracht" else "mag")


def _race(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "duration", float(match["minutes"]) + float(match["seconds"].replace(",", ".")) / 60, "min")


def _result(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return [(Span(*match.span(side)), Quantity("score", "point", value=float(match[side]))) for side in ("left", "right")]


def _times(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "ratio", _value(match["figure"]), "1")


def _half(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "ratio", 0.5, "1")


def _one(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "count", 1.0, "1")


def _thousands(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "count", _value(match["number"]) * 1000, "1")


def _vague_digits(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    money = bool(match["unit"])
    quantity = Quantity("money" if money else "count", "vague", min=_value(match["number"]), unit="EUR" if money else "1")
    return [(Span(*match.span("figure")), quantity)]


def _part_of_point(match: re.Match[str]) -> list[tuple[Span, Quantity]]:
    return _point(match, "percent", 0.5 if "half" in match["part"].lower() else 0.25, "pp")


FORMS: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (
            rf"(?P<figure>{MODS}(?P<sign>{CURRENCY})\s?(?P<number>{NUMBER})(?P<scale>\s(?:miljoen|miljard|biljoen)\b)?(?:,\s?[-–])?)(?![\w])",
            _price,
        ),
        (rf"(?P<figure>{MODS}(?P<high>{SMALL})\seuro\s(?P<low>\d\d))(?![\w.,]\d|\w)", _euro_cents),
        (rf"(?P<figure>{MODS}(?P<high>{SMALL})\s(?P<unit>uur)\s(?:en\s)?(?P<low>{SMALL})\sminuten)", _two_units),
        (rf"(?P<figure>{MODS}(?P<high>{SMALL})\s(?P<unit>jaar)\s(?:en\s)?(?P<low>{SMALL})\smaanden)", _two_units),
        (rf"(?P<figure>{MODS}(?P<high>{SMALL})\s(?P<unit>minuten|minuut)\s(?:en\s)?(?P<low>{SMALL})\sseconden)", _two_units),
        (r"(?P<figure>(?P<high>\d)\s(?P<unit>meter)\s(?P<low>\d\d))(?![\w.,]\d|\w)", _two_units),
        (rf"(?P<figure>(?<!\w)min\s(?P<number>{NUMBER})\sgraden)", _cold),
        (rf"\b(?P<scale>windkracht|magnitude)\s(?P<figure>{NUMBER})(?!\w)", _strength),
        (r"(?<![\w.,:])(?P<figure>(?P<minutes>\d{1,2})[.:](?P<seconds>\d\d,\d{1,3}))(?!\w)", _race),
        (r"(?<![\w.,-])(?P<left>\d{1,2})-(?P<right>\d{1,2})(?=-[a-z])", _result),
        (r"\b(?P<figure>twee|drie|vier|vijf|tien)(?=maal\s(?:zo|te)\b)", _times),
        (r"\b(?P<figure>half)(?=\szo\s)", _half),
        (r"\b(?P<figure>een)(?=\svan\s(?:zijn|haar)\s\w)", _one),
        (r"(?<![\w.,])(?P<figure>(?P<number>\d{1,3})K)(?!\w)", _thousands),
        (r"(?<![\w.,])(?P<figure>(?P<number>\d{1,3}(?:\.000)+)en(?P<unit>\seuro's)?)(?!\w)", _vague_digits),
        (rf"(?P<figure>{MODS}een\s(?P<part>kwart|half)\sprocentpunt)", _part_of_point),
    )
)
