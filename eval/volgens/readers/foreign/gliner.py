"""GLiNER: a list of `{"start", "end", "text", "label", "score"}` per document. The text is handed on, so the check compares
it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from volgens.readers.foreign.container import answers, items
from volgens.readers.foreign.reading import File, Reading, at, score

DESCRIPTION = "GLiNER's predict_entities, a list per document"


def recognise(item: Mapping[str, Any]) -> bool:
    """Whether an item of an answer is one of this format."""
    return "label" in item and "text" in item and "start" in item


def read(file: File) -> Reading:
    """The rows of a file; each has `entities` alone."""
    reading = Reading(file)
    for answer in answers(reading):
        found = []
        for n, item in enumerate(items(answer, reading)):
            place = reading.offsets(item, answer.line, answer.id, f"output[{n}]")
            if not isinstance(item.get("label"), str):
                hint = "Give GLiNER's output as it came."
                reading.report("no-label", "there is no label", hint, line=answer.line, document=answer.id, field=f"output[{n}]")
            elif place is not None:
                text = {"text": item["text"]} if item.get("text") else {}
                found.append(
                    {
                        "start": place[0],
                        "end": place[1],
                        **text,
                        "type": item["label"],
                        **score(item.get("score")),
                        **at(answer.line),
                    }
                )
        reading.rows.append({"id": answer.id, **answer.own, "entities": found, **at(answer.line)})
    return reading
