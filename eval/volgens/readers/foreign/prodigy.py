"""Prodigy's JSON lines: `text` and `spans` (offsets, end exclusive, and `label`), as many datasets of spans are written too.

Read are the tasks that are accepted, or that have no `answer`; rejected and ignored ones are left out and counted. The
document is the one of the gold with exactly the text; an id is `id`, else `meta.id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from volgens.readers.foreign import spans
from volgens.readers.foreign.container import document_id, values
from volgens.readers.foreign.reading import File, Reading

DESCRIPTION = "Prodigy's tasks, or any documents with `text` and `spans`"
SHAPE = spans.Shape("spans")


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether a document is one of this format."""
    return spans.looks(document, SHAPE) and "ents" not in document and "entities" not in document


def read(file: File) -> Reading:
    """The rows of a file; each has `text` and `entities`."""
    reading = Reading(file)
    for line, task in values(reading):
        answer = task.get("answer") if isinstance(task, dict) else None
        if not isinstance(task, dict) or not isinstance(task.get("text"), str):
            hint = "Write the file with `prodigy db-out`: a task a line, with text and spans."
            reading.report("not-a-task", "this is no task with its text", hint, line=line)
        elif answer in ("reject", "ignore"):
            reading.notes[f"Prodigy: tasks with the answer {answer!r} left out"] += 1
        else:
            meta = task.get("meta")
            stated = document_id(task) or (document_id(meta) if isinstance(meta, dict) else None)
            name = reading.document(task["text"], line, "the task", stated=stated)
            if name is not None:
                reading.rows.append(spans.row(name, task, SHAPE, line, reading))
    return reading
