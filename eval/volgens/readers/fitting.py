"""Is what an extractor returned a prediction of its text? Errors are sentences, all of them at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from volgens.model.documents import LAYERS
from volgens.model.layers import ALL, Layer
from volgens.model.schema import explain

SHOWN = 5


def misfit(answer: object, document: str, text: str) -> str | None:
    """What is wrong with an answer about `text`; None if it is a prediction with at least one layer."""
    if not isinstance(answer, Mapping):
        return f"the answer is {type(answer).__name__}, not a dictionary with {', '.join(LAYERS)}"
    if answer.get("id", document) != document:
        return f"the answer is about {answer['id']!r}"
    if not any(layer in answer for layer in LAYERS):
        return f"the answer has none of the layers {', '.join(LAYERS)}; an empty layer is []"
    try:
        plain = json.loads(json.dumps({**answer, "id": document}, ensure_ascii=False, allow_nan=False).encode())
    except (TypeError, ValueError) as error:
        return f"the answer is not JSON: {error}; give plain lists, dictionaries, strings and finite numbers"
    wrong = [f"{p.where.field or 'answer'}: {p.message}" for p in explain("prediction", plain)]
    wrong += [*_outside(plain, len(text)), *_loose_links(plain)] if not wrong else []
    more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return "; ".join(wrong[:SHOWN]) + more if wrong else None


def _outside(answer: Mapping[str, Any], length: int) -> Iterator[str]:
    for path, place in places(answer):
        if "start" in place and not 0 <= place["start"] < place["end"] <= length:
            yield f"{path}: {place['start']}-{place['end']} is no span of a text of {length} characters"


def _loose_links(answer: Mapping[str, Any]) -> Iterator[str]:
    for layer, link in ((each.name, each.link) for each in ALL if each.link):
        items = answer.get(layer) or ()
        ids = [item["id"] for item in items if "id" in item]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            yield f"{layer}: {ids.count(twice)} items have the id {twice!r}"
        for n, item in enumerate(items):
            if item.get(link) is not None and item[link] not in ids:
                yield f"{layer}[{n}].{link}: there is no item {item[link]!r}"


def places(answer: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All places of a prediction, each with its address, for example `figures[2].counted`."""
    for layer in ALL:
        for n, item in enumerate(answer.get(layer.name) or ()):
            yield from ((f"{layer.name}[{n}]{path}", place) for path, place in _places(layer, item))


def _places(layer: Layer, item: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if layer.has_place:
        yield "", item
    for name in layer.spans:
        if item.get(name):
            yield f".{name}", item[name]
    for part in layer.parts:
        for k, piece in enumerate(item.get(part) or ()):
            yield f".{part}[{k}]", piece
