"""Figures of version 2: the forms of number_forms_2.py, then what the frozen number grammar finds beside them, each put right:
factors, shared units and nouns, ends of a change, ages, what is counted; and the direction of a change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from volgens.curation.grammar.numerals import SCALES
from volgens.curation.grammar.quantities import Quantity, read_quantity
from volgens.model.documents import Span

from baselines.changes_2 import direction, ends_a_change
from baselines.figures import Number, find_figures
from baselines.names import Name
from baselines.number_forms_2 import amounts, masks, units_after
from baselines.texts_2 import Text2
from baselines.words import words

NOT_COUNTED, MONEY = words("words_2", "not_counted"), words("words_2", "money_words")
PARTICIPLE = re.compile(r"(?:ge|ver|be|ont|her|door|af|uit|op|aan)\w*(?:d|t|en)$")
FACTOR = re.compile(r"\s(?:keer|maal)\s(?:(?:zo|te|meer|minder)\b|voor\b|(?!eerder|later|weer|verder|over)\w+er\b)")
BEFORE_FACTOR = re.compile(r"\bfactor\s$")
HOMONYM = re.compile(r"^(?:tegen|onder|rond|boven|over)\s(?:de\s)?(?=\S+-?jarige)", re.IGNORECASE)
AGED = re.compile(
    r"\b(?:kinderen|kind|jongeren|jongens?|meisjes?|mannen|vrouwen|mensen|slachtoffers|zoons?|dochters?|leerlingen|baby's?)"
    r"\s(?:van(?:af)?|onder|boven|tot)?\s?(?:de\s)?[\d, en]*$"
)
CHAIN = re.compile(r"\s?(?:,|en|of|naar|tot|tegen|à)\s(?:de\s)?|,\s(?:en\s)?")
TENS = (1, 10, 100, 1000)
SHARED = ("money", "percent", "measure", "duration", "age")


@dataclass(frozen=True, slots=True)
class Number2(Number):
    """A figure of version 2."""

    change: str | None = None


def find_figures_2(text: Text2, names: list[Name]) -> list[Number2]:
    """All figures of the text in its order. Numbers in names other than nationalities are none."""
    own = [Number(span, quantity) for span, quantity in amounts(text.text) if not _in_name(span, names)]
    taken = [*masks(text.text), *(number.span for number in own)]
    first = find_figures(text, [*names, *(Name(span, "MISC", "") for span in taken)])
    links = {id(number): number.part_of for number in first}
    figures = [part for number in first for part in _apart(text, _right(text, number))]
    figures = sorted([*figures, *(_own(text, number) for number in own)], key=lambda number: number.span)
    return _linked(text, [_counting(text, number) for number in _sharing(text, figures)], first, links)


def _own(text: Text2, number: Number) -> Number:
    """An amount of number_forms_2.py: `tot` may be the end of a change, `een van zijn boten` counts boats."""
    surface = number.span.cut(text.text).lower()
    if surface.startswith("tot ") and ends_a_change(text, number.span):
        return _shortened(text, number, 4)
    noun = (
        re.compile(r"\svan\s(?:zijn|haar)\s((?:[a-z]+e\s)?([a-z]+))").match(text.text, number.span.end)
        if surface == "een"
        else None
    )
    return replace(number, counted=Span(*noun.span(1)), head=Span(*noun.span(2))) if noun else number


def _in_name(span: Span, names: list[Name]) -> bool:
    return any(name.span.covers(span) for name in names)


def _right(text: Text2, number: Number) -> Number | None:
    """One figure with the rules of version 2 applied; None where it is no figure any more."""
    surface = number.span.cut(text.text)
    if surface.lower() in ("kwartaal", "kwartier", "kwart"):
        return None
    if homonym := HOMONYM.match(surface):
        return _shortened(text, number, homonym.end())
    if surface.lower().startswith("tot ") and ends_a_change(text, number.span):
        number = _shortened(text, number, 4)
    if number.quantity.kind == "count" and (found := units_after(text.text, number.span, number.quantity)):
        span, quantity = found
        return replace(number, span=span, quantity=quantity, counted=None, head=None)
    if _is_factor(text, number):
        return replace(number, quantity=replace(number.quantity, kind="ratio"), counted=None, head=None)
    if number.quantity.unit == "a" and AGED.search(_before(text, number.span)):
        number = replace(number, quantity=replace(number.quantity, kind="age"))
    return _with_money(text, number)


def _shortened(text: Text2, number: Number, by: int) -> Number:
    span = Span(number.span.start + by, number.span.end)
    quantity = number.quantity
    plain = replace(quantity, bound="point", value=quantity.max, max=None) if quantity.bound == "max" else quantity
    return replace(number, span=span, quantity=read_quantity(span.cut(text.text)) or plain)


def _before(text: Text2, span: Span) -> str:
    return text.text[max(0, span.start - 60) : span.start].rpartition("\n")[2]


def _is_factor(text: Text2, number: Number) -> bool:
    return number.quantity.kind == "count" and bool(
        FACTOR.match(text.text, number.span.end) or BEFORE_FACTOR.search(_before(text, number.span))
    )


def _with_money(text: Text2, number: Number) -> Number:
    """An amount without currency where the sentence speaks of money (F36), and a `ton` of money."""
    sentence, surface = text.sentence_of(number.span), number.span.cut(text.text).lower()
    if sentence is None or not any(token.text.lower() in MONEY for token in sentence.tokens):
        return number
    quantity = number.quantity
    if quantity.unit == "t" and surface.endswith("ton") and quantity.value:
        return replace(number, quantity=replace(quantity, kind="money", unit="EUR", value=quantity.value * 1e5))
    large = surface.endswith(("miljoen", "miljard", "mln", "mld")) or re.fullmatch(r"\d+,\d\d", surface)
    if quantity.kind == "count" and number.counted is None and large:
        return replace(number, quantity=replace(quantity, kind="money", unit="XXX"))
    return number


def _apart(text: Text2, number: Number | None) -> list[Number]:
    """`30 of 60 boten` is two figures unless the numbers are neighbours (F17)."""
    if number is None:
        return []
    surface = number.span.cut(text.text)
    joint = re.search(r"\s+of\s+", surface)
    quantity = number.quantity
    if quantity.bound != "range" or joint is None or quantity.min is None or quantity.max is None:
        return [number]
    if any(quantity.max - quantity.min == ten and quantity.min % ten == 0 for ten in TENS):
        return [number]
    left, right = read_quantity(surface[: joint.start()]), read_quantity(surface[joint.end() :])
    if left is None or right is None:
        return [number]
    start = number.span.start
    return [
        Number(Span(start, start + joint.start()), left),
        _right(text, replace(number, span=Span(start + joint.end(), number.span.end), quantity=right)) or number,
    ]


def _sharing(text: Text2, figures: list[Number]) -> list[Number]:
    """What stands once holds for all that share it (F49): unit, scale word, kind, noun."""
    shared = list(figures)
    for k in range(len(shared) - 2, -1, -1):
        left, right = shared[k], shared[k + 1]
        between = text.text[left.span.end : right.span.start]
        if left.quantity.unit != "1" or left.quantity.kind != "count" or left.counted or not CHAIN.fullmatch(between):
            continue
        if right.quantity.kind in SHARED and not left.span.cut(text.text).lower().endswith(tuple(SCALES)):
            shared[k] = replace(left, quantity=_like(text, left, right))
        elif right.quantity.kind == "count" and right.counted:
            shared[k] = replace(left, counted=right.counted, head=right.head)
    return shared


def _like(text: Text2, left: Number, right: Number) -> Quantity:
    """The left quantity with unit and kind of the right one, and its scale word where the number would be absurd without."""
    words_of = right.span.cut(text.text).lower().split()
    scale = next((SCALES[word] for word in words_of if word in SCALES), 1.0)
    quantity = left.quantity
    factor = scale if quantity.value is not None and quantity.value < 1000 <= scale else 1.0
    value = None if quantity.value is None else round(quantity.value * factor, 6)
    return replace(quantity, kind=right.quantity.kind, unit=right.quantity.unit, value=value)


def _counting(text: Text2, number: Number) -> Number2:
    """Without a noun that is none, with its direction."""
    change = direction(text, number)
    counted, head = number.counted, number.head
    word = head.cut(text.text).lower() if head else ""
    alone = number.quantity.kind in ("duration", "measure", "money", "percent", "age") and head is not None
    verbal = alone and bool(PARTICIPLE.fullmatch(word)) and not (counted and counted != head)
    vague = bool(re.fullmatch(r"(?:tien|honderd|duizend)\w*en|\w*tallen|jaar|maanden|weken", word))
    if word in NOT_COUNTED or verbal or vague or (word.endswith("d") and PARTICIPLE.fullmatch(word)):
        counted = head = None
    return Number2(number.span, number.quantity, counted, head, number.part_of, change)


def _linked(text: Text2, figures: list[Number2], first: list[Number], links: dict[int, int | None]) -> list[Number2]:
    """The links of the frozen rules by the places of their ends."""
    at = {number.span.end: k for k, number in enumerate(figures)}
    wholes = {number.span.end: first[whole].span.end for number in first if (whole := links[id(number)]) is not None}
    return [replace(n, part_of=at.get(wholes[n.span.end]) if n.span.end in wholes else None) for n in figures]
