"""doccano's JSON lines: `text` and `label`, a list of `[start, end, label]`; or with relations `entities`, each with
`start_offset`,
`end_offset` and `label`, whose `relations` are left out and counted.

doccano numbers documents by itself, so a document is the one of the gold with exactly its text. Its number counts only where
the gold has it as an id, or where the file is the gold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from volgens.readers.foreign import spans
from volgens.readers.foreign.container import values
from volgens.readers.foreign.reading import File, Reading

DESCRIPTION = "doccano's JSON lines, with or without relations"
PLAIN = spans.Shape("label")
RELATIONS = spans.Shape("entities", "start_offset", "end_offset")


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether a document is one of this format."""
    if "annotation_id" in document:
        return False
    entities = document.get("entities")
    objects = isinstance(entities, list) and entities and all(isinstance(entity, dict) for entity in entities)
    return spans.looks(document, PLAIN) or bool(objects and spans.looks(document, RELATIONS))


def read(file: File) -> Reading:
    """The rows of a file; each has `text` and `entities`."""
    reading = Reading(file)
    for line, document in values(reading):
        if not isinstance(document, dict) or not isinstance(document.get("text"), str):
            hint = "Export the project as JSONL, with its texts."
            reading.report("not-a-document", "this is no document with its text", hint, line=line)
            continue
        if relations := document.get("relations"):
            reading.notes["doccano's relations left out"] += len(relations) if isinstance(relations, list) else 1
        shape = PLAIN if "label" in document else RELATIONS
        name = reading.numbered(document["text"], document.get("id"), line, "the document")
        if name is not None:
            reading.rows.append(spans.row(name, document, shape, line, reading))
    return reading
