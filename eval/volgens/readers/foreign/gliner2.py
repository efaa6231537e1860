"""GLiNER2's extract_entities: `{"entities": {"person": ["Ida Holm"], …}}` per document, labels first.

A name is a string, or an object with `text` and perhaps `confidence`, `start` and `end`. Strings are located in the gold's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from volgens.readers.foreign.container import Answer, answers
from volgens.readers.foreign.reading import File, Reading, Row, at, score

DESCRIPTION = "GLiNER2's extract_entities, an object of labels per document"


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether an object with an id holds names by their labels."""
    return _by_label(document) is not None


def read(file: File) -> Reading:
    """The rows of a file; each has `entities` alone."""
    reading = Reading(file)
    for answer in answers(reading):
        labels = _by_label(answer.value)
        if labels is None:
            hint = 'Write {"id": …, "output": …} with what extract_entities returned.'
            reading.report("no-labels", "there is no object of labels", hint, line=answer.line, document=answer.id)
            continue
        found = [item for label, given in labels.items() for item in _items(label, given, answer, reading)]
        reading.rows.append({"id": answer.id, **answer.own, "entities": found, **at(answer.line)})
    return reading


def _by_label(document: Mapping[str, Any]) -> Mapping[str, list[Any]] | None:
    """The object of lists under `entities`, on the document itself or in its one output."""
    for holder in (document, *(value for value in document.values() if isinstance(value, dict))):
        labels = holder.get("entities")
        side_by_side = isinstance(labels, dict) and {"start", "end"} <= labels.keys()  # one item's fields as lists, not labels
        if isinstance(labels, dict) and not side_by_side and all(isinstance(given, list) for given in labels.values()):
            return labels
    return None


def _items(label: str, given: list[Any], answer: Answer, reading: Reading) -> Iterator[Row]:
    for n, name in enumerate(given):
        field = f"entities.{label}[{n}]"
        item = {"text": name} if isinstance(name, str) else name
        if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not item["text"]:
            message, hint = f"{str(name)[:40]!r} is no name", "Give GLiNER2's output as it came."
            reading.report("no-name", message, hint, line=answer.line, document=answer.id, field=field)
        elif item.get("start") is None and item.get("end") is None:
            yield {"text": item["text"], "type": label, **score(item.get("confidence")), **at(answer.line)}
        elif (place := reading.offsets(item, answer.line, answer.id, field)) is not None:
            confidence = score(item.get("confidence"))
            yield {"start": place[0], "end": place[1], "text": item["text"], "type": label, **confidence, **at(answer.line)}
