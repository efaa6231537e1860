"""Figures: the number grammar's quantities, with what is counted and which figure is a part of which."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from volgens.curation.grammar.quantities import Quantity, find_quantities
from volgens.model.documents import Span

from baselines.names import Name
from baselines.phrases import head_index
from baselines.tokens import Sentence, Text

PART_OF_WHOLE = re.compile(r"\s+van\s+(?:de|het|hun|ons|onze|alle|in)?\s*$")
AMONG = re.compile(r",?\s+(?:onder wie|waaronder|van wie|waarvan|onder hen|onder meer)\s+(?:zeker\s+|ook\s+)?$")
OF = re.compile(r"\s+(?:van|aan)\s+(?:(?:de|het|hun|ons|onze|zijn|haar|alle)\s+)?")
SIZE_OF = re.compile(r"\b(?:een|de|het|zijn|haar|hun)\s+(?:\w+e\s+)?\w+\s+van\s+$", re.IGNORECASE)
NUMBER_OF = re.compile(r"\b(?:aantal|totaal)\s+((?:[a-zà-ÿ]+e\s+)?[a-zà-ÿ]+)\b[^.]*$", re.IGNORECASE)

CROWNS = {"noorwegen": "NOK", "zweden": "SEK", "denemarken": "DKK", "ijsland": "ISK", "tsjechie": "CZK"}


@dataclass(frozen=True, slots=True)
class Number:
    """A figure found in a text; `part_of` is the index of the whole among the text's figures."""

    span: Span
    quantity: Quantity
    counted: Span | None = None
    head: Span | None = None
    part_of: int | None = None


def find_figures(text: Text, names: list[Name]) -> list[Number]:
    """All figures of the text in its order. Numbers in names other than nationalities are none."""
    taken = [name.span for name in names if name.type != "NORP"] + text.datelines
    norps = frozenset(name.span.start for name in names if name.type == "NORP")
    figures = [Number(found.span, found.quantity) for found in find_quantities(text.text, taken)]
    figures = [_with_counted(text, _with_currency(figure, names), norps) for figure in figures]
    return _with_parts(text, figures)


def _with_currency(figure: Number, names: list[Name]) -> Number:
    """A crown is that of the first country in the document that has one."""
    if figure.quantity.unit != "XXX":
        return figure
    unit = next((CROWNS[name.ref] for name in names if name.ref in CROWNS), "XXX")
    return replace(figure, quantity=replace(figure.quantity, unit=unit))


def _sentence_of(text: Text, span: Span) -> Sentence | None:
    return next((s for s in text.sentences if s.span.covers(span)), None)


def _with_counted(text: Text, figure: Number, norps: frozenset[int]) -> Number:
    sentence = _sentence_of(text, figure.span)
    if sentence is None or figure.quantity.kind == "score":
        return figure
    after = next((k for k, t in enumerate(sentence.tokens) if t.start >= figure.span.end), len(sentence.tokens))
    if figure.quantity.kind in ("money", "measure", "percent") and SIZE_OF.search(text.text[sentence.start : figure.span.start]):
        return figure
    gap = OF.match(text.text, figure.span.end, sentence.end)
    begin = after
    if gap and figure.quantity.kind != "age":
        begin = next((k for k, t in enumerate(sentence.tokens) if t.start >= gap.end()), len(sentence.tokens))
    head = head_index(sentence.tokens, begin, norps)
    if head is not None and (begin != after or sentence.tokens[begin].start - figure.span.end <= 1):
        noun = sentence.tokens[head]
        return replace(figure, counted=Span(sentence.tokens[begin].start, noun.end), head=noun.span)
    if figure.quantity.kind == "count" and (match := NUMBER_OF.search(text.text, sentence.start, figure.span.start)):
        start, end = match.span(1)
        return replace(figure, counted=Span(start, end), head=Span(start + match[1].rindex(match[1].split()[-1]), end))
    return figure


def _with_parts(text: Text, figures: list[Number]) -> list[Number]:
    """`A van de B X` and `B X, onder wie A Y`: A is a part of B. The part counts what the whole counts in the first form."""
    linked = list(figures)
    for k in range(len(figures) - 1):
        left, right = linked[k], linked[k + 1]
        between = text.text[left.span.end : right.span.start]
        if len(between) > 60 or "\n" in between:
            continue
        if PART_OF_WHOLE.fullmatch(between) and left.quantity.kind in ("count", "percent", "ratio"):
            linked[k] = replace(left, part_of=k + 1, counted=right.counted, head=right.head)
        elif AMONG.search(between) and "." not in between and right.quantity.kind == "count":
            linked[k + 1] = replace(right, part_of=k)
    return linked
