"""The number grammar: what a Dutch quantity says, and where quantities stand in a text.

`read_quantity("ruim 1,5 miljoen euro")` reads one surface; `find_quantities(text)` finds them all. Written from the guidelines
for figures: modifier + number + scale word + unit or currency; dates, clock times, ordinals and numbers within names are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from volgens.curation.grammar.number_context import Surroundings, is_age, is_end_of_change, is_no_quantity, is_term
from volgens.curation.grammar.numerals import DIGITS, FRACTIONS, SCALES, WORDS, read_numeral
from volgens.curation.grammar.units import AFTER, DOZENS, INNER_UNITS, MODIFIERS, UNITS, VAGUE, VAGUE_BEFORE, Modifier, Unit
from volgens.model.documents import Span

COUNT, RATIO, SCORE = Unit("count", "1"), Unit("ratio", "1"), Unit("score", "1")
UNNAMED_MONEY = Unit("money", "XXX")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a figure says: the fields of `volgens.model.documents.Figure` without its places."""

    kind: str
    bound: str
    value: float | None = None
    min: float | None = None
    max: float | None = None
    approx: bool = False
    unit: str = "1"


class Found(NamedTuple):
    """A quantity and where it stands: code points, end exclusive."""

    span: Span
    quantity: Quantity


def read_quantity(surface: str) -> Quantity | None:
    """The quantity that the whole surface says, without context; None if the grammar does not read it.

    A modifier or unit that stands outside the span (`vijftig mensen of meer`) is context and so not seen here.

    >>> read_quantity("tussen de 20 en 30 procent")
    Quantity(kind='percent', bound='range', value=None, min=20.0, max=30.0, approx=False, unit='%')
    """
    lowered = _lower(surface.strip())
    for form in _forms():
        if (match := form.pattern.fullmatch(lowered)) and (quantity := form.read(match)):
            return quantity
    return None


def find_quantities(text: str, names: Iterable[Span] = ()) -> list[Found]:
    """All quantities of the text in its order, none overlapping another or a name (`names`: the spans of known names)."""
    lowered, found, taken = _lower(text), list[Found](), list(names)
    for form in _forms():
        for span, quantity in _matches(form, text, lowered):
            if not any(span.start < t.end and t.start < span.end for t in taken):
                taken.append(span)
                if quantity:
                    found.append(Found(span, quantity))
    return sorted(found, key=lambda hit: hit.span)


class _Form(NamedTuple):
    """A way to write a quantity. The span is the group `figure` where the pattern has one, else the whole match."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Quantity | None]

    def span(self, match: re.Match[str]) -> Span:
        return Span(*match.span("figure" if "figure" in self.pattern.groupindex else 0))


def _lower(text: str) -> str:
    """In small letters, each character staying where it is (a capital i with dot would become two)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _matches(form: _Form, text: str, lowered: str) -> Iterator[tuple[Span, Quantity | None]]:
    """What the form finds; None in place of a quantity where the context says that it is a date or the like."""
    at = 0
    while match := form.pattern.search(lowered, at):
        span, quantity = form.span(match), form.read(match)
        if not quantity:
            at = _next_word(lowered, match.start())
            continue
        around = Surroundings.of(text, span)
        if around.surface.startswith("tot ") and is_end_of_change(around):
            span = Span(span.start + len("tot "), span.end)
            quantity = read_quantity(span.cut(text)) or quantity
        yield span, None if is_no_quantity(around) else _in_context(quantity, around)
        at = max(span.end, at + 1)


def _next_word(text: str, start: int) -> int:
    gap = re.compile(r"\w+|\W").match(text, start)
    return gap.end() if gap else len(text)


def _in_context(quantity: Quantity, around: Surroundings) -> Quantity:
    """Ages are told from durations and counts, and a late `of meer` is heard, by what stands around the span."""
    if (quantity.kind, quantity.unit) in {("duration", "a"), ("count", "1")} and is_age(around):
        quantity = replace(quantity, kind="age", unit="a")
    elif quantity.kind == "age" and is_term(around):
        quantity = replace(quantity, kind="duration")
    after = re.match(rf"\s+(?:\w+\s+)?({_either(AFTER)})\b(?! van)", around.after)
    if after and quantity.bound == "point":
        late = Modifier(AFTER[after[1]], quantity.approx or after[1] == "naar schatting")
        quantity = _bounded(quantity.value or 0.0, late, Unit(quantity.kind, quantity.unit))
    return quantity


# --- the pieces of the grammar, as patterns over small letters ---


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True)) + ")"


START = r"(?<![\w.,:/-])"
END = r"(?!\w|[.,:/]\d|-\d)"
MODS = rf"(?:(?P<mods>{_either(MODIFIERS)}(?:\s+{_either(MODIFIERS)}){{0,2}})\s+(?:(?:de|het)\s+)?)?"
SCALE = rf"(?:\s+{_either(SCALES)}\b)"
UNIT = rf"(?:\s?(?P<unit>%|°c|{_either(u for u in UNITS if u[0].isalpha())}(?!\w)))"
ANY_UNIT = UNIT.replace("(?P<unit>", "(?:")
SIGN = r"(?:(?P<sign>[€$£¥])\s?)"
SIGN_AGAIN = SIGN.replace("(?P<sign>", "(?:")
NUMBER = rf"(?:[-−+]?{DIGITS}|{WORDS})(?!\w)"
PARTS = rf"(?:(?:een|twee|drie|vier)\s+(?:derde|kwart|vijfde|zesde|achtste|tiende)|{_either(FRACTIONS)})"


def _amount(name: str) -> str:
    return rf"(?P<{name}>(?:een\s+)?(?:(?:half|kwart)\s+)?(?:miljoen|miljard|biljoen)(?!\w)|{NUMBER}{SCALE}?)"


LOW, HIGH = rf"{SIGN}?{_amount('low')}", _amount("high")
TO = r"\s+(?:tot en met|tot|à|of)\s+"


@cache
def _forms() -> tuple[_Form, ...]:
    """From the most particular form to the plainest: an earlier one takes its text from the later."""
    rows: tuple[tuple[str, Callable[[re.Match[str]], Quantity | None]], ...] = (
        (rf"{MODS}(?P<number>{DIGITS}|{WORDS})-?(?P<inner>{_either(INNER_UNITS)})(?:en?)?{END}", _inner),
        (rf"{MODS}(?P<number>{DIGITS})-plus(?=$|sers?\b|\b)", _plus),
        (rf"(?P<number>{WORDS})(?=koppig|talig|voudig|delig)", _count),
        (rf"(?P<vague>{_either(VAGUE)})(?=[a-z]{{4}})(?!stad|publiek)", _money_in_compound),
        (rf"(?P<fraction>{_either(FRACTIONS)})(?=meerderheid)", _fraction),
        (rf"{MODS}(?P<one>een|één|twee|drie|vier|[1-9])\s+op\s+(?:de\s+|elke\s+)?(?P<many>{NUMBER}){END}", _ratio),
        (rf"{MODS}(?P<fraction>{PARTS}){END}", _fraction),
        (
            rf"{MODS}tussen\s+(?:de\s+)?{LOW}{ANY_UNIT}?\s+en\s+(?:de\s+)?{SIGN_AGAIN}?{HIGH}{UNIT}?{END}",
            _range,
        ),
        (
            rf"{MODS}{LOW}(?:{TO}|{ANY_UNIT}?(?:\s+à\s+|\s?[-–]\s?)){HIGH}{UNIT}{END}",
            _range,
        ),
        (rf"{MODS}{LOW}{TO}{HIGH}{END}", _range),
        (
            rf"{MODS}(?:{_either(VAGUE_BEFORE)}\s+)?(?P<vague>{_either(VAGUE)}(?:\s+{_either(VAGUE)})?){UNIT}?{END}",
            _vague,
        ),
        (rf"{MODS}(?:enkele|een\s+paar)\s+(?P<vague>{_either(SCALES)}){UNIT}?{END}", _vague),
        (rf"{MODS}(?:een\s+)?(?P<dozen>{_either(DOZENS)}){UNIT}?{END}", _dozen),
        (r"(?P<number>\d{1,3})(?=[-–]\d{1,3}(?![\w-]))", _score),
        (r"(?<=\d[-–])(?P<figure>(?P<number>\d{1,3}))(?![\w-]|[.,]\d)", _score),
        (rf"{MODS}{SIGN}?{_amount('number')}{UNIT}?{END}", _plain),
        (rf"{MODS}(?:een\s+)?(?P<number>half|halve|kwartier|kwartaal){UNIT}?{END}", _part_of_unit),
        (r"(?P<number>een)(?=\s+van\s+(?:de|het|hun|ons|onze)\s+(?!\w+ste\b)\w)", _count),
    )
    return tuple(_Form(re.compile(pattern if "(?<=" in pattern[:5] else START + pattern), read) for pattern, read in rows)


# --- from a match to its quantity ---


def _modifier(match: re.Match[str]) -> Modifier:
    """All modifiers as one: the first that bounds the number decides the bound, any may make it approximate."""
    words = re.findall(_either(MODIFIERS), match.groupdict().get("mods") or "")
    found = [MODIFIERS[re.sub(r"\s+", " ", w)] for w in words]
    bounds = [m.bound for m in found if m.bound != "point"]
    return Modifier(bounds[0] if bounds else "point", any(m.approx for m in found))


def _unit(match: re.Match[str]) -> Unit:
    groups = match.groupdict()
    word = re.sub(r"\s+", " ", groups.get("unit") or groups.get("sign") or "")
    return UNITS.get(word, COUNT)


def _bounded(number: float, modifier: Modifier, unit: Unit, approx: bool = False) -> Quantity:
    number = round(number * unit.factor, 6)
    given = {"value" if modifier.bound == "point" else modifier.bound: number}
    return Quantity(
        unit.kind,
        modifier.bound,
        value=given.get("value"),
        min=given.get("min"),
        max=given.get("max"),
        approx=modifier.approx or approx,
        unit=unit.code,
    )


def _read_amount(surface: str) -> float | None:
    """`1,5 miljoen`, `miljoen`, `-5`; None where a part is no number."""
    sign = -1.0 if surface[0] in "-−" else 1.0
    *number, last = surface.lstrip("-−+").split()
    scale = SCALES.get(last) if number or last in ("miljoen", "miljard", "biljoen") else None
    words = number[-1:] if scale else [last]
    count = (FRACTIONS.get(words[0]) or read_numeral(words[0])) if words else 1.0
    return None if count is None else round(sign * count * (scale or 1.0), 6)


def _plain(match: re.Match[str]) -> Quantity | None:
    number = _read_amount(match["number"])
    if number is None or match["number"] in ("een", "half", "halve"):
        return None
    return _bounded(number, _modifier(match), _unit(match))


def _count(match: re.Match[str]) -> Quantity | None:
    number = read_numeral(match["number"])
    return None if number is None else _bounded(number, Modifier("point", False), COUNT)


def _part_of_unit(match: re.Match[str]) -> Quantity | None:
    """`een half uur`, `een kwartier`."""
    word = match["number"]
    if word in UNITS:
        return None if match["unit"] else _bounded(1.0, _modifier(match), UNITS[word])
    return _bounded(0.5, _modifier(match), _unit(match)) if match["unit"] else None


def _plus(match: re.Match[str]) -> Quantity | None:
    number = read_numeral(match["number"])
    return None if number is None else _bounded(number, Modifier("min", False), Unit("age", "a"))


def _inner(match: re.Match[str]) -> Quantity | None:
    number = read_numeral(match["number"])
    return None if number is None else _bounded(number, _modifier(match), INNER_UNITS[match["inner"]])


def _range(match: re.Match[str]) -> Quantity | None:
    low, high = _read_amount(match["low"]), _read_amount(match["high"])
    if low is None or high is None or match["low"] in ("een", "half"):
        return None
    *_, scale = match["high"].split()
    if scale in SCALES and len(match["low"].split()) == 1:  # 5 tot 6 miljoen: both in millions
        low *= SCALES[scale]
    unit = _unit(match)
    if low >= high:
        return None
    low, high = (round(n * unit.factor, 6) for n in (low, high))
    return Quantity(unit.kind, "range", min=low, max=high, approx=_modifier(match).approx, unit=unit.code)


def _vague(match: re.Match[str]) -> Quantity:
    unit, least = _unit(match), 1.0
    for word in match["vague"].split():
        least *= VAGUE.get(word) or SCALES[word]
    return Quantity(unit.kind, "vague", min=least, approx=_modifier(match).approx, unit=unit.code)


def _money_in_compound(match: re.Match[str]) -> Quantity | None:
    least = VAGUE[match["vague"]]
    return Quantity("money", "vague", min=least, unit=UNNAMED_MONEY.code) if least >= 1e6 else None


def _dozen(match: re.Match[str]) -> Quantity:
    word = match["dozen"]
    return _bounded(DOZENS[word], _modifier(match), _unit(match), approx=word != "dozijn")


def _ratio(match: re.Match[str]) -> Quantity | None:
    one, many = read_numeral(match["one"]), read_numeral(match["many"])
    if one is None or not many:
        return None
    return _bounded(round(one / many, 4), _modifier(match), RATIO)


def _fraction(match: re.Match[str]) -> Quantity:
    """`een derde` and `tweederde`, in one word or two."""
    return _bounded(round(FRACTIONS["".join(match["fraction"].split())], 4), _modifier(match), RATIO)


def _score(match: re.Match[str]) -> Quantity:
    return _bounded(float(match["number"]), Modifier("point", False), SCORE)
