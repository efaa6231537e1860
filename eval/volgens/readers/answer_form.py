"""The form in which a language model answers: the gold's fields with strings for places, and back.

An entity or figure has its `text` and a `context`; the other places are strings. The JSON Schema is made from the gold's, so that
the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from volgens.model.documents import Document, Span
from volgens.model.layers import ALL, Layer
from volgens.model.schema import enumeration, schema

AROUND = 25
"""Characters on either side of an example's mention, widened to whole words, that its context shows."""


@cache
def answer_schema() -> dict[str, Any]:
    """The JSON Schema of an answer; every field required and none besides, as strict structured output asks."""
    return _object({layer.name: {"type": "array", "items": _item(layer)} for layer in ALL})


def _item(layer: Layer) -> dict[str, Any]:
    fields = schema("gold")["$defs"][layer.one]["properties"]
    placed = {"text": {"type": "string"}, "context": {"type": "string"}} if layer.has_place else {}
    return _object(placed | {name: _field(layer, name, rule) for name, rule in fields.items() if name not in _unasked(layer)})


def _unasked(layer: Layer) -> tuple[str, ...]:
    """Offsets are computed, and an id is asked for where an item of the layer may point at another."""
    return ("start", "end") if layer.link else ("start", "end", "id")


def _field(layer: Layer, name: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    if name in layer.parts:
        return {"type": "array", "items": {"type": "string"}}
    if name in layer.spans:
        return {"type": ["string", "null"]}
    if "enum" in rule:
        values = list(enumeration(layer.one, name))
        return (
            {"type": ["string", "null"], "enum": [*values, None]} if None in rule["enum"] else {"type": "string", "enum": values}
        )
    return {"type": rule["type"] if "type" in rule else [option["type"] for option in rule["anyOf"]]}


def _object(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(fields), "required": list(fields), "additionalProperties": False}


def example(document: Document) -> dict[str, Any]:
    """The answer that the gold of a document (with text) would be."""
    text = document.text
    assert text is not None
    answer: dict[str, Any] = {}
    for layer in ALL:
        rows = [dict.fromkeys(field.name for field in layer.fields) | row for row in document.to_dict()[layer.name] or ()]
        spans = [item.span for item in getattr(document, layer.name)] if layer.has_place else [None] * len(rows)
        answer[layer.name] = [_in_words(row, span, text, _unasked(layer)) for row, span in zip(rows, spans, strict=True)]
    return answer


def _in_words(row: Mapping[str, Any], span: Span | None, text: str, unasked: tuple[str, ...]) -> dict[str, Any]:
    words = {} if span is None else {"text": span.cut(text), "context": _context(span, text)}
    return words | {name: _cut(value, text) for name, value in row.items() if name not in unasked}


def _cut(value: Any, text: str) -> Any:
    if isinstance(value, list):
        return [_cut(piece, text) for piece in value]
    return text[value["start"] : value["end"]] if isinstance(value, dict) else value


def _context(span: Span, text: str) -> str:
    line_start, line_end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    line_end = len(text) if line_end < 0 else line_end
    start = next(_edges(text, max(line_start, span.start - AROUND), line_start, -1))
    end = next(_edges(text, min(line_end, span.end + AROUND), line_end, 1))
    return text[start:end].strip()


def _edges(text: str, at: int, limit: int, step: int) -> Iterator[int]:
    """The nearest edge of a word outwards from `at`."""
    while at != limit and not text[at - (step < 0)].isspace():
        at += step
    yield at
