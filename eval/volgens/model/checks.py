"""What no schema can say of a gold document: one small function a rule, all of them run on every document."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from volgens.model.documents import Document, Span
from volgens.model.layers import ALL
from volgens.model.problem import Problem, Where
from volgens.model.schema import explain, names

Finding = tuple[str, str, str, str]
"""field, rule id, message, hint"""

NUMBERS = {
    "point": ("value",),
    "min": ("min",),
    "max": ("max",),
    "range": ("min", "max"),
    "vague": ("min",),
}


def check_gold(rows: Iterable[Document | Mapping[str, Any]], file: str | None = None) -> list[Problem]:
    """All problems of gold documents, in the form of the dataset or as `Document`; line numbers count from 1."""
    problems: list[Problem] = []
    seen: Counter[str] = Counter()
    for line, row in enumerate(rows, 1):
        plain = row.to_dict() if isinstance(row, Document) else row
        where = Where(file, line if file else None, names(plain))
        found = explain("gold", plain, where)
        if not found:
            document = row if isinstance(row, Document) else Document.from_dict(plain)
            found = [Problem(where._replace(field=f), i, m, c) for rule in RULES for f, i, m, c in rule(document)]
            seen[document.id] += 1
            if seen[document.id] == 2:
                found.append(Problem(where, "duplicate-document", "the id occurs twice", "Give every document once."))
        problems += found
    return problems


def _text(document: Document) -> Iterator[Finding]:
    text = document.text
    if text is None:
        return
    if len(text) != document.length or hashlib.sha256(text.encode()).hexdigest() != document.sha256:
        yield "text", "text-differs", "the text is not the one that length and sha256 stand for", "Restore the page as published."
    if text != unicodedata.normalize("NFC", text).strip() or "\r" in text:
        yield "text", "text-not-normal", "the text is not NFC, with LF, stripped", "Build the document from its page."


def _segments(document: Document) -> Iterator[Finding]:
    end = 0
    for n, segment in enumerate(document.segments):
        if not end <= segment.start < segment.end <= document.length:
            yield f"segments[{n}]", "segment-range", f"{segment.start}-{segment.end} is not in order", "Build it from its page."
        end = segment.end
        if document.text is not None and segment.sha256 != _digest(segment.span.cut(document.text)):
            yield f"segments[{n}]", "segment-differs", "the segment's sha256 is not its text's", "Build it from its page."


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _spans(document: Document) -> Iterator[Finding]:
    inside = [(s.kind, s.span) for s in document.segments]
    for field, span in all_spans(document):
        around = next((kind for kind, segment in inside if segment.covers(span)), None)
        at = f"{span.start}-{span.end}"
        if span.start >= span.end:
            yield field, "empty-span", f"{at} holds nothing", "Give an end after the start; ends are exclusive."
        elif around is None:
            yield field, "outside-segment", f"{at} lies in no single segment", "Keep a span within one segment."
        elif around == "date":
            yield field, "in-date", f"{at} lies in a date line", "Annotate nothing in a date line: it is no prose."
        elif document.text is not None and span.cut(document.text) != span.cut(document.text).strip():
            yield field, "untrimmed", f"{at} has outer white space", "Trim the span."


def all_spans(document: Document) -> Iterator[tuple[str, Span]]:
    """Every span of a document's items, each with its address, for example `figures[2].counted`."""
    for layer in ALL:
        for n, item in enumerate(getattr(document, layer.name)):
            path = f"{layer.name}[{n}]"
            if layer.has_place:
                yield path, Span(item.start, item.end)
            for name in layer.spans:
                if (span := getattr(item, name)) is not None:
                    yield f"{path}.{name}", span
            for part in layer.parts:
                for k, span in enumerate(getattr(item, part)):
                    yield f"{path}.{part}[{k}]", span


def _ids(document: Document) -> Iterator[Finding]:
    for layer in ALL:
        items = getattr(document, layer.name)
        for name, times in Counter(item.id for item in items).items():
            if times > 1:
                yield layer.name, "duplicate-id", f"{name!r} occurs {times} times", "Give every item of a layer an id of its own."
        for key, times in Counter(tuple(getattr(item, name) for name in layer.key) for item in items).items():
            if times > 1:
                yield layer.name, "duplicate-item", f"{key} occurs {times} times", "Give every item once."


def _roles(document: Document) -> Iterator[Finding]:
    for n, e in enumerate(document.entities):
        if (e.type == "GPE") != (e.role is not None):
            yield (
                f"entities[{n}].role",
                "role-and-type",
                f"role {e.role!r} on {e.type}",
                "A GPE has a role, no other type has one.",
            )


def _numbers(document: Document) -> Iterator[Finding]:
    for n, f in enumerate(document.figures):
        given = tuple(name for name in ("value", "min", "max") if getattr(f, name) is not None)
        if given != NUMBERS[f.bound]:
            message = f"bound {f.bound!r} with {', '.join(given) or 'no number'}"
            yield f"figures[{n}]", "bound-and-numbers", message, f"{f.bound!r} takes {' and '.join(NUMBERS[f.bound])}."
        elif f.min is not None and f.max is not None and f.min > f.max:
            yield f"figures[{n}]", "min-above-max", f"{f.min} is above {f.max}", "Swap them."
        if f.unit == "%" and f.kind != "percent":
            yield f"figures[{n}].unit", "unit-and-kind", f"unit % on kind {f.kind!r}", "A percentage has the kind percent."


def _counted(document: Document) -> Iterator[Finding]:
    for n, f in enumerate(document.figures):
        if (f.counted is None) != (f.head is None):
            yield f"figures[{n}].head", "head-and-counted", "only one of counted and head is given", "Give both or none."
        elif f.counted is not None and f.head is not None and not f.counted.covers(f.head):
            yield (
                f"figures[{n}].head",
                "head-outside",
                "the head lies outside what is counted",
                "Take the head noun within counted.",
            )


def _parts(document: Document) -> Iterator[Finding]:
    for layer in ALL:
        for n, item in enumerate(getattr(document, layer.name)):
            for part in layer.parts:
                if any(left.end > right.start for left, right in pairwise(getattr(item, part))):
                    message, hint = "the spans overlap or are out of order", "Order and separate them."
                    yield f"{layer.name}[{n}].{part}", "parts-overlap", message, hint


def _sources(document: Document) -> Iterator[Finding]:
    for n, a in enumerate(document.attributions):
        if (a.source_kind == "none") != (not a.source) and (a.source or a.source_ref is None):
            message = f"source_kind {a.source_kind!r} with {len(a.source)} source spans"
            yield f"attributions[{n}].source_kind", "source-and-kind", message, "`none` is for attributions without a source."
        if not a.content and not a.antecedent:
            yield f"attributions[{n}].content", "no-content", "neither content nor antecedent", "Say what is said."


def _links(document: Document) -> Iterator[Finding]:
    for layer in ALL:
        if layer.link is None:
            continue
        items = getattr(document, layer.name)
        target = {item.id: getattr(item, layer.link) for item in items}
        for n, item in enumerate(items):
            field, steps, name = f"{layer.name}[{n}].{layer.link}", 0, target[item.id]
            while name is not None and name in target and steps <= len(items):
                steps, name = steps + 1, target[name]
            if steps > len(items):
                yield field, "cycle", f"{item.id!r} comes back to itself", "Point at the whole or the outer one."
            elif name is not None and target[item.id] == name:
                yield field, "unknown-id", f"no item {name!r}", f"Point at an id of {layer.name}."


RULES: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    _text, _segments, _spans, _ids, _roles, _numbers, _counted, _parts, _sources, _links,
)  # fmt: skip
