"""Classic mistakes, recognised by their pattern: offsets of another kind give spans that begin and end inside words.

A sample of spans is held against the text as given and under each hypothesis. Where the given ones stand on word edges too rarely
and those of a hypothesis nearly always, the mistake is named. Without a text the gold's spans stand in for word edges.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import polars as pl

from volgens.model.documents import Span
from volgens.model.problem import Problem, Where

SAMPLE = 100
ENOUGH = 5
RARELY = 0.5
NEARLY_ALWAYS = 0.9

Move = Callable[[Span, str], Span]


class Mistake(NamedTuple):
    """A way to count offsets wrongly: `undo` gives the span that was meant, given the text."""

    id: str
    undo: Move
    message: str
    hint: str


def _units(width: Callable[[str], int]) -> Move:
    """Undo offsets that count `width(character)` units per character; without a text there is nothing to undo."""

    @lru_cache(maxsize=1)
    def starts(text: str) -> list[int]:
        return [0, *accumulate(width(c) for c in text)]

    def undo(span: Span, text: str) -> Span:
        return Span(bisect_left(starts(text), span.start), bisect_left(starts(text), span.end)) if text else span

    return undo


def _shifted(by: int) -> Mistake:
    high, size = by > 0, abs(by)
    line = "kept" if high else "stripped"
    return Mistake(
        "shifted-offsets",
        lambda span, text: Span(span.start - by, span.end - by),
        f"offsets seem to be {size} too {'high' if high else 'low'}, as when a blank line was {line}",
        f"{f'Take {size} from' if high else f'Add {size} to'} every offset, or extract from the document's `text` as it is.",
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
    """A predicted span, the text of its document (None where it may not travel), the gold's spans, and whether it stands well."""

    span: Span
    text: str | None
    gold: frozenset[Span]
    stands: bool


def mistakes(frame: pl.DataFrame, gold: pl.DataFrame, file: str | None = None) -> Iterator[Problem]:
    """At most one problem: the mistake that explains the spans best."""
    sample = list(_sample(frame, gold))
    if all(s.stands for s in sample):
        return
    found = [(fit, n, mistake) for mistake in MISTAKES for fit, n in [_fit(mistake, sample)] if fit is not None]
    if found:
        fit, n, mistake = max(found, key=lambda f: f[0] * f[1])
        message = f"{mistake.message}: {fit:.0%} of {n} sampled spans then begin and end at word edges"
        yield Problem(Where(file), mistake.id, message, mistake.hint)


def _sample(frame: pl.DataFrame, gold: pl.DataFrame) -> Iterator[Sampled]:
    step = max(1, len(frame) // SAMPLE)
    rows = frame.gather_every(step).select("id", "entities", "figures")
    aligned = frame["id"].equals(gold["id"])
    held = gold.gather_every(step) if aligned else gold.filter(pl.col("id").is_in(rows["id"].implode()))
    known = held.select("id", *(pl.col(n).alias(f"gold_{n}") for n in ("text", "entities") if n in gold.columns))
    for row in rows.join(known, on="id", maintain_order="left").iter_rows(named=True):
        text = row.get("gold_text")
        places = frozenset(Span(e["start"], e["end"]) for e in row.get("gold_entities") or ())
        for span in _spans(row):
            yield Sampled(span, text, places, _stands(span, text, places))


def _spans(row: Mapping[str, Any]) -> Iterator[Span]:
    for item in (*(row["entities"] or ()), *(row["figures"] or ())):
        if item is not None and item["start"] is not None and item["end"] is not None:
            yield Span(item["start"], item["end"])


def _fit(mistake: Mistake, sample: Sequence[Sampled]) -> tuple[float | None, int]:
    """How well the hypothesis explains the spans that it would move, and how many they are; None where it does not."""
    moved = [(s, span) for s in sample for span in [mistake.undo(s.span, s.text or "")] if span != s.span]
    before = sum(s.stands for s, _ in moved)
    if len(moved) < ENOUGH or before > RARELY * len(moved):
        return None, len(moved)
    after = sum(_stands(span, s.text, s.gold) for s, span in moved) / len(moved)
    return (after if after >= NEARLY_ALWAYS else None), len(moved)


def _stands(span: Span, text: str | None, gold: frozenset[Span]) -> bool:
    """Whether a span begins and ends at the edges of words; without a text, whether the gold has a name there."""
    if text is None:
        return span in gold
    if not 0 <= span.start < span.end <= len(text):
        return False
    left_edge = span.start == 0 or not (text[span.start - 1].isalnum() and text[span.start].isalnum())
    right_edge = span.end == len(text) or not (text[span.end - 1].isalnum() and text[span.end].isalnum())
    return left_edge and right_edge and not text[span.start].isspace() and not text[span.end - 1].isspace()
