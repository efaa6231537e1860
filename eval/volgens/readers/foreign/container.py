"""JSON files of one answer a document: JSON lines, a list, or one object whose keys are the documents' ids."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from volgens.readers.files import text_problem
from volgens.readers.foreign.reading import Reading

IDS = ("id", "doc_id", "document_id")


class Value(NamedTuple):
    """A JSON value and the line on which it stands (None within a value of several lines)."""

    line: int | None
    value: Any


class Answer(NamedTuple):
    """What a file says of a document: `value` is all but its id and its text, which `own` has as fields of a row."""

    line: int | None
    id: str
    value: Any
    own: dict[str, str] = {}  # noqa: RUF012 - never changed


def values(reading: Reading) -> Iterator[Value]:
    """The documents of a file of JSON lines or of one JSON list; an object is given as it is."""
    if problem := text_problem(reading.file.data, reading.file.path):
        reading.problems.append(problem)
        return
    text = reading.file.data.decode("utf-8-sig")
    whole = _whole(text)
    if whole is not None:
        yield from (Value(None, item) for item in whole.value) if isinstance(whole.value, list) else [whole]
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield Value(number, json.loads(line))
            except (ValueError, RecursionError) as error:
                reading.report("not-json", f"this is not JSON: {error}", "Write one JSON value a line.", line=number)


def _whole(text: str) -> Value | None:
    """The file as one JSON value, None where it is lines (or nothing that can be read at once)."""
    try:
        return Value(1 if text.count("\n") <= 1 else None, json.loads(text))
    except (ValueError, RecursionError):
        return None


def answers(reading: Reading) -> Iterator[Answer]:
    """One answer a document: `{"id": …, "output": …}` as lines or a list, or one object `{id: output, …}`.

    The key beside the id may have any name; there must be one that holds a list, an object or a string. An answer to a text,
    `{"input": text, "output": …}` as training data has it, needs no id where the gold has the text.
    """
    for line, value in values(reading):
        if not isinstance(value, dict):
            message = f"a {type(value).__name__} without the id of its document"
            hint = 'Write {"id": "own-000", "output": …} for every document: order is no id.'
            reading.report("no-id", message, hint, line=line)
        elif (name := document_id(value)) is not None:
            text = value.get("text")
            own = {"text": text} if isinstance(text, str) else {}
            name = reading.known(name, reading.same(text)) if isinstance(text, str) and reading.lacks(name) else name
            yield Answer(line, name, {key: inner for key, inner in value.items() if key not in (*IDS, *own)}, own)
        elif isinstance(text := value.get("input"), str) and "output" in value:
            if (name := reading.document(text, line, "the answer")) is not None:
                yield Answer(line, name, {"output": value["output"]}, {"text": text})
        elif all(isinstance(inner, list | dict | str) for inner in value.values()):
            yield from (Answer(line, key, {"output": inner}) for key, inner in value.items())
        else:
            message, hint = "the object has no id", f"Give every document its id, as {' or '.join(IDS)}."
            reading.report("no-id", message, hint, line=line)


def paired(value: Any) -> Any:
    """A text with an object beside it, as spaCy's training tuples are, as one object; any other value as it is."""
    pair = isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], dict)
    return {**value[1], "text": value[0]} if pair else value


def document_id(value: Mapping[str, Any]) -> str | None:
    """The id that an object states."""
    return next((value[key] for key in IDS if isinstance(value.get(key), str)), None)


def items(answer: Answer, reading: Reading) -> list[dict[str, Any]]:
    """The one list of objects in an answer; a problem where there is none or more than one."""
    lists = {key: inner for key, inner in answer.value.items() if isinstance(inner, list)}
    if len(lists) != 1:
        found = f"the lists {', '.join(lists)}" if lists else "no list"
        hint = 'Write {"id": …, "output": [ … ]} with one list.'
        reading.report("one-list", f"the answer has {found}", hint, line=answer.line, document=answer.id)
        return []
    name, found_items = next(iter(lists.items()))
    for n, item in enumerate(found_items):
        if not isinstance(item, dict):
            message, hint = f"{str(item)[:40]!r} is no object", "Give the extractor's output as it came, one document a line."
            reading.report("not-an-object", message, hint, line=answer.line, document=answer.id, field=f"{name}[{n}]")
    return [item for item in found_items if isinstance(item, dict)]
