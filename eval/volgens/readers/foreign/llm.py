"""Answers of a language model: our layers with strings for places, as an object or as the reply it stands in.

One `{"id": …, "output": …}` a document, where the output is the answer or the reply as text, read as
`volgens.readers.replies` says. A reply that is no answer is a problem; with `unusable="empty"` it is a document without
anything, counted and listed in the notes. Strings are located in the gold's text (`volgens.readers.locate`) with all readers'
items that have no offsets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from volgens.model.documents import LAYERS, PARTS
from volgens.model.problem import Problem
from volgens.readers.foreign.container import Answer, answers
from volgens.readers.foreign.reading import File, Reading, Row, at
from volgens.readers.foreign.strings import misfits
from volgens.readers.numbers import with_numbers
from volgens.readers.replies import CURE, answer_of, answers_in, parse, places, without_context
from volgens.readers.shape import SCHEMA

DESCRIPTION = "answers of a language model, places as strings"
UNUSABLE = "unusable replies counted as nothing predicted"


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether an object with an id holds a reply, an answer, or layers with strings for places."""
    inner = [value for key, value in document.items() if key not in SCHEMA]
    return (
        any(isinstance(value, str) and "{" in value for value in inner)
        or any(isinstance(value, dict) and any(answers_in(value)) for value in inner)
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
    reading = Reading(file)
    unusable: list[Answer] = []
    for answer in answers(reading):
        try:
            reading.rows.append(_row(answer, file))
        except ValueError as error:
            if file.options.unusable == "empty":
                unusable.append(answer)
                reading.notes[f"{UNUSABLE}: {answer.id}: {error}"] += 1
            else:
                hint = f"{CURE} Or count it as nothing predicted with `--unusable empty`."
                reading.report("no-answer", str(error), hint, line=answer.line, document=answer.id)
    layers = [layer for layer in LAYERS if any(layer in row for row in reading.rows)] or list(LAYERS)
    reading.rows += [{"id": answer.id, **{layer: [] for layer in layers}, **at(answer.line)} for answer in unusable]
    return reading


def _row(answer: Answer, file: File) -> Row:
    """The answer as a row. Raises ValueError where there is none; with `unusable="empty"` also where it is no prediction."""
    given = _answer(answer)
    row = with_numbers({"id": answer.id, **places(parse(given) if isinstance(given, str) else given)}, file.options.decimals)
    if file.options.unusable == "empty" and (wrong := misfits(without_context(row))):
        raise ValueError("; ".join(f"{problem.where.field}: {problem.message}" for problem in wrong))
    return {**row, **at(answer.line)}


def prediction(reply: str, document: str, text: str) -> Row:
    """One reply about a document with this text, as a row with offsets where found; for harnesses that score as they go.

    Raises ValueError with all that is wrong.
    """
    answered = answer_of(reply, document, text)
    if isinstance(answered, Problem):
        raise ValueError(answered.message)
    return answered.row


def _answer(answer: Answer) -> Any:
    """The one value beside the id that is an answer or a reply. Raises ValueError."""
    if any(layer in answer.value for layer in LAYERS):
        return {layer: answer.value[layer] for layer in LAYERS if layer in answer.value}
    candidates: list[Any] = [value for value in answer.value.values() if isinstance(value, str)]
    candidates += [found for value in answer.value.values() if isinstance(value, dict) for found in answers_in(value)]
    if len(candidates) != 1:
        raise ValueError(f"beside the id there are {len(candidates)} values that could be the answer")
    return candidates[0]
