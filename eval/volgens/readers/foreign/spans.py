"""Documents with a text and spans in it, as annotation tools write them: one reader for all, told how each names its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from volgens.readers.foreign.reading import Reading, Row, at, score


class Shape(NamedTuple):
    """How a tool writes: the field that holds the spans, and in each the fields of its start, end and label. Spans may also be
    lists `[start, end, label]`."""

    spans: str
    start: str = "start"
    end: str = "end"
    label: str = "label"


def looks(document: object, shape: Shape) -> bool:
    """Whether an object has a text and a list of such spans."""
    if not isinstance(document, Mapping) or not isinstance(document.get("text"), str):
        return False
    spans = document.get(shape.spans)
    return isinstance(spans, list) and all(is_span(span, shape) for span in spans)


def is_span(span: object, shape: Shape) -> bool:
    """Whether a value has a start, an end and a label where the tool has them, whatever they are."""
    if isinstance(span, Mapping):
        return {shape.start, shape.end, shape.label} <= set(span)
    return isinstance(span, Sequence) and not isinstance(span, str) and len(span) == 3


def row(name: str, document: Mapping[str, Any], shape: Shape, line: int | None, reading: Reading) -> Row:
    """The row of a document: its text and names. A span that is none is a problem."""
    found: Row = {"id": name, "text": document["text"], "entities": [], **at(line)}
    given = document.get(shape.spans) or []
    if not isinstance(given, list):
        hint = "Give a list of spans, each with start, end and label."
        reading.report("not-a-list", f"{shape.spans} is no list", hint, line=line, document=name, field=shape.spans)
        return found
    found["entities"] = list(_items(name, given, shape, line, reading))
    return found


def _items(name: str, given: list[Any], shape: Shape, line: int | None, reading: Reading) -> Iterator[Row]:
    for n, span in enumerate(given):
        field = f"{shape.spans}[{n}]"
        if not is_span(span, shape):
            message, hint = f"{str(span)[:40]!r} is no span", f"Give {shape.start}, {shape.end} and {shape.label} of every span."
            reading.report("no-span", message, hint, line=line, document=name, field=field)
            continue
        parts = span if isinstance(span, Mapping) else dict(zip((shape.start, shape.end, shape.label), span, strict=True))
        place = reading.offsets({"start": parts[shape.start], "end": parts[shape.end]}, line, name, field)
        label = parts[shape.label]
        if not isinstance(label, str) or not label:
            reading.report("no-label", "the span has no label", "Label it.", line=line, document=name, field=field)
        elif place is not None:
            confidence = score(parts.get("score")) if isinstance(span, Mapping) else {}
            yield {"start": place[0], "end": place[1], "type": label, **confidence, **at(line)}
