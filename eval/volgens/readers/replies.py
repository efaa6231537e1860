"""What a language model replies → its answer: our layers, places as strings.

A reply may think first (what stands before the last `</think>` is no answer), have a fence or prose around the answer, or
wrap it (`{"result": {…}}`). It must hold one answer, whole: an object with our layers. What is read from a file and what
comes from an endpoint or a harness goes through here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from volgens.model.documents import LAYERS, PARTS
from volgens.model.problem import Problem, Where
from volgens.readers.fitting import misfit
from volgens.readers.locate import Alignment, locate
from volgens.readers.numbers import with_numbers

THOUGHT = re.compile(r".*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
OPEN = re.compile(r"\s*<think(?:ing)?>", re.IGNORECASE)
CURE = "Ask the model again for one JSON object with entities, figures and attributions, each a list of objects."


class Answered(NamedTuple):
    """A reply as a prediction line with offsets where its strings were found, and how each was."""

    row: dict[str, Any]
    alignments: list[Alignment]


def answer_of(
    reply: str, document: str, text: str, *, decimals: str | None = None, required: tuple[str, ...] = ()
) -> Answered | Problem:
    """One reply about the document with this text. Offsets are code points, end exclusive; a string that stands nowhere keeps its
    `text` and has none.

    `decimals` (`,` or `.`) is the sign of numbers given as strings, which are a problem without it. `required` are the layers
    that the answer must have. The problem's message has all that is wrong, as sentences that a model can be told.
    """
    try:
        answer = places(parse(reply))
        if absent := [layer for layer in required if layer not in answer]:
            raise ValueError(f"{', '.join(absent)} missing; an empty layer is []")
        row = with_numbers({"id": document, **answer}, decimals)
        if wrong := misfit(without_context(row), document, text):
            raise ValueError(wrong)
    except ValueError as error:
        return Problem(Where(document=document), "no-answer", str(error), CURE)
    located = locate(text, {layer: row[layer] for layer in LAYERS if layer in row})
    if wrong := misfit(located.prediction, document, text):
        return Problem(Where(document=document), "no-answer", wrong, CURE)
    return Answered({"id": document, **located.prediction}, located.alignments)


def parse(reply: str) -> dict[str, Any]:
    """The answer in a reply, its places still as they are written. Raises ValueError where there is none, or more than one."""
    spoken = THOUGHT.sub("", reply, count=1)
    if OPEN.match(spoken):
        raise ValueError("the reply is cut off: it ends before the model has done thinking")
    found, broken = _objects(spoken)
    answers = [answer for value in found for answer in answers_in(value)]
    if len(answers) == 1:
        return answers[0]
    cut = "the reply is cut off: " if spoken.count("{") > spoken.count("}") else ""
    why = f"; {broken}" if broken and not answers else ""
    raise ValueError(f"{cut}{len(answers) or 'no'} JSON objects with {', '.join(LAYERS)} in {spoken.strip()[:60]!r}{why}")


def _objects(text: str) -> tuple[list[Any], str]:
    """The JSON objects in a text, outermost, and what is wrong with the first one that is none."""
    decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
    found, broken = [], ""
    at = text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            broken = broken or str(error)
            end = at + 1
        else:
            found.append(value)
        at = text.find("{", end)
    return found, broken


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")


def answers_in(value: Any) -> Iterator[dict[str, Any]]:
    """The objects with our layers: the value itself, or those within it."""
    if isinstance(value, dict) and any(layer in value for layer in LAYERS):
        yield {layer: value[layer] for layer in LAYERS if layer in value}
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from answers_in(inner)


def places(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as a prediction whose places are `{"text": …}`, ready for `locate`; a layer that is null is absent. Raises
    ValueError for another form."""
    given = {layer: answer[layer] for layer in LAYERS if answer.get(layer) is not None}
    for layer, items in given.items():
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ValueError(f"{layer} is not a list of objects")
    return {layer: [_with_places(item) for item in items] for layer, items in given.items()}


def _with_places(item: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(item)
    for name in ("counted", "head"):
        if isinstance(row.get(name), str):
            row[name] = {"text": row[name]} if row[name].strip() else None
    for part in PARTS:
        if isinstance(row.get(part), list):
            row[part] = [{"text": piece} if isinstance(piece, str) else piece for piece in row[part] if piece != ""]
    return row


def without_context(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without the `context` of its items, which is for locating alone and no field of a prediction."""
    return {name: [_bare(item) for item in value] if _is_layer(name, value) else value for name, value in row.items()}


def _is_layer(name: str, value: object) -> bool:
    return name in LAYERS and isinstance(value, list)


def _bare(item: Any) -> Any:
    return {name: value for name, value in item.items() if name != "context"} if isinstance(item, dict) else item
