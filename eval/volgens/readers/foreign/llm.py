"""Answers of a language model: our layers with strings for places, as an object or as the reply it stands in.

One `{"id": …, "output": …}` a document, where the output is the answer or the reply as text. A reply may have a fence or prose
around the answer; it must hold exactly one object with our layers, whole, or it is a problem. Strings are located in the gold's
text (`volgens.readers.locate`) with all readers' items that have no offsets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from volgens.model.documents import LAYERS, PARTS
from volgens.readers.foreign.container import Answer, answers
from volgens.readers.foreign.reading import File, Reading, Row
from volgens.readers.foreign.strings import misfits, without_context
from volgens.readers.locate import locate

DESCRIPTION = "answers of a language model, places as strings"
ASK = "Ask the model again for one JSON object with entities, figures and attributions, each a list of objects."


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether an object with an id holds a reply, an answer, or layers with strings for places."""
    inner = [value for key, value in document.items() if key not in LAYERS]
    return (
        any(isinstance(value, str) and "{" in value for value in inner)
        or any(isinstance(value, dict) and any(layer in value for layer in LAYERS) for value in inner)
        or any(_in_words(item) for layer in LAYERS for item in _list(document.get(layer)))
    )


def _in_words(item: Any) -> bool:
    """Whether an item has a string where our own form has a span, or a context."""
    if not isinstance(item, dict):
        return False
    pieces = [item.get("counted"), item.get("head"), *(piece for part in PARTS for piece in _list(item.get(part)))]
    return "context" in item or any(isinstance(piece, str) for piece in pieces)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def read(file: File) -> Reading:
    """The rows of a file, with the layers that each answer has."""
    from volgens.readers.wire import parse, places

    reading = Reading(file)
    for answer in answers(reading):
        try:
            given = _answer(answer)
            reading.rows.append({"id": answer.id, **places(parse(given) if isinstance(given, str) else given)})
        except ValueError as error:
            reading.report("no-answer", str(error), ASK, line=answer.line, document=answer.id)
    return reading


def prediction(reply: str, document: str, text: str) -> Row:
    """One reply about a document with this text, as a row with offsets where found; for harnesses that score as they go.

    Raises ValueError with all that is wrong.
    """
    from volgens.readers.layers import misfit
    from volgens.readers.wire import parse, places

    answer = places(parse(reply))
    problems = misfits(without_context({"id": document, **answer}))
    if problems:
        raise ValueError("; ".join(f"{problem.where.field}: {problem.message}" for problem in problems))
    located = locate(text, answer).prediction
    if wrong := misfit(located, document, text):
        raise ValueError(wrong)
    return {"id": document, **located}


def _answer(answer: Answer) -> Any:
    """The one value beside the id that is an answer or a reply. Raises ValueError."""
    if any(layer in answer.value for layer in LAYERS):
        return {layer: answer.value[layer] for layer in LAYERS if layer in answer.value}
    candidates = [v for v in answer.value.values() if isinstance(v, str) or (isinstance(v, dict) and set(LAYERS) & set(v))]
    if len(candidates) != 1:
        raise ValueError(f"beside the id there are {len(candidates)} values that could be the answer")
    return candidates[0]
