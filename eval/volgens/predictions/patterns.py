"""Classic mistakes, recognised by their pattern: offsets of another kind give spans that begin and end inside words.

A sample of spans is held against the text as given and under each hypothesis. Where the given ones stand on word edges too rarely
and those of a hypothesis nearly always, the mistake is named. Without a text the gold's spans stand in for word edges.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import polars as pl

from volgens.contract import Problem, Where
from volgens.documents import Span

SAMPLE = 500
ENOUGH = 5
RARELY = 0.5
NEARLY_ALWAYS = 0.9

Move = Callable[[Span, str], Span]


class Mistake(NamedTuple):
    """A way to count offsets wrongly: `undo` gives the span that was meant, given the text."""

    id: str
    undo: Move
    message: str
    cure: str


def _units(width: Callable[[str], int]) -> Move:
    """Undo offsets that count `width(character)` units per character."""

    def undo(span: Span, text: str) -> Span:
        starts = [0, *accumulate(width(c) for c in text)]
        return Span(bisect_left(starts, span.start), bisect_left(starts, span.end))

    return undo


def _shifted(by: int) -> Mistake:
    high = by > 0
    return Mistake(
        "shifted-offsets",
        lambda span, text: Span(span.start - by, span.end - by),
        f"offsets seem to be {abs(by)} too {'high' if high else 'low'}, as when a blank line was {'kept' if high else 'stripped'}",
        f"{'Take' if high else 'Add'} {abs(by)} {'from' if high else 'to'} every offset, or extract from the document's `text` as it is.",
    )


MISTAKES = (
    Mistake(
        "inclusive-ends",
        lambda span, text: Span(span.start, span.end + 1),
        "ends seem to be the offset of the last character",
        "Ends are exclusive: add 1 to every `end`.",
    ),
    Mistake(
        "utf16-offsets",
        _units(lambda c: 1 + (c > "\uffff")),
        "offsets seem to count UTF-16 units, as JavaScript and Java do",
        "Count Unicode code points: an emoji is one.",
    ),
    Mistake(
        "byte-offsets",
        _units(lambda c: len(c.encode("utf-8", "replace"))),
        "offsets seem to count bytes of UTF-8",
        "Count Unicode code points: ë is one.",
    ),
    Mistake(
        "crlf-offsets",
        _units(lambda c: 1 + (c == "\n")),
        "offsets seem to count line ends as two characters",
        "Read the document's `text` as it is: its line ends are LF.",
    ),
    *(_shifted(by) for by in (1, 2, 3, -1, -2, -3)),
)


class Sampled(NamedTuple):
    """A predicted span, the text of its document (None where it may not travel) and the gold's spans of that document."""

    span: Span
    text: str | None
    gold: frozenset[Span]


def mistakes(frame: pl.DataFrame, gold: pl.DataFrame, file: str | None = None) -> Iterator[Problem]:
    """At most one problem: the mistake that explains the spans best."""
    sample = list(_sample(frame, gold))
    found = [(fit, mistake, n) for mistake in MISTAKES for fit, n in [_fit(mistake, sample)] if fit is not None]
    if found:
        fit, mistake, n = max(found, key=lambda f: f[0] * f[2])
        message = f"{mistake.message}: {fit:.0%} of {n} sampled spans then begin and end at word edges"
        yield Problem(Where(file), mistake.id, message, mistake.cure)


def _sample(frame: pl.DataFrame, gold: pl.DataFrame) -> Iterator[Sampled]:
    columns = [name for name in ("id", "text", "entities") if name in gold.columns]
    known = {row["id"]: row for row in gold.select(columns).iter_rows(named=True)} if len(gold) <= SAMPLE else None
    step = max(1, len(frame) // SAMPLE)
    for row in frame.gather_every(step).select("id", "entities", "figures").iter_rows(named=True):
        document = known.get(row["id"]) if known is not None else _row(gold.select(columns), row["id"])
        if document is not None:
            places = frozenset(Span(e["start"], e["end"]) for e in document.get("entities") or ())
            for span in _spans(row):
                yield Sampled(span, document.get("text"), places)


def _row(gold: pl.DataFrame, name: str) -> Mapping[str, Any] | None:
    return next(gold.filter(pl.col("id") == name).iter_rows(named=True), None)


def _spans(row: Mapping[str, Any]) -> Iterator[Span]:
    for item in (*(row["entities"] or ()), *(row["figures"] or ())):
        if item is not None and item["start"] is not None and item["end"] is not None:
            yield Span(item["start"], item["end"])


def _fit(mistake: Mistake, sample: Sequence[Sampled]) -> tuple[float | None, int]:
    """How well the hypothesis explains the spans that it would move, and how many they are; None where it does not."""
    moved = [(s, span) for s in sample for span in [mistake.undo(s.span, s.text or "")] if span != s.span]
    if len(moved) < ENOUGH:
        return None, len(moved)
    before = sum(_stands(s, s.span) for s, _ in moved) / len(moved)
    after = sum(_stands(s, span) for s, span in moved) / len(moved)
    return (after if before <= RARELY and after >= NEARLY_ALWAYS else None), len(moved)


def _stands(sampled: Sampled, span: Span) -> bool:
    """Whether a span begins and ends at the edges of words; without a text, whether the gold has a name there."""
    text = sampled.text
    if text is None:
        return span in sampled.gold
    if not 0 <= span.start < span.end <= len(text):
        return False
    left_edge = span.start == 0 or not (text[span.start - 1].isalnum() and text[span.start].isalnum())
    right_edge = span.end == len(text) or not (text[span.end - 1].isalnum() and text[span.end].isalnum())
    return left_edge and right_edge and not text[span.start].isspace() and not text[span.end - 1].isspace()
