"""spaCy's training data: `["text", {"entities": [[0, 4, "GPE"], …]}]`, or `{"text": …, "entities": […]}`, lines or a list;
also `{"classes": […], "annotations": […]}` with a list of such tuples.

In place of a list a span may be an object with start, end and label. There are no ids, unless an `id` is added: the document
is the one of the gold with exactly its text. Other annotations (`cats`, `links`, …) are left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from volgens.readers.foreign import spans
from volgens.readers.foreign.container import document_id, paired, values
from volgens.readers.foreign.reading import File, Reading

DESCRIPTION = "spaCy's training tuples: a text and its entities"
SHAPE = spans.Shape("entities")


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether a document (a tuple as one object) is one of this format."""
    if _bundled(document) is not None:
        return True
    return bool(document.get("entities")) and spans.looks(document, SHAPE)


def read(file: File) -> Reading:
    """The rows of a file; each has `text` and `entities`."""
    reading = Reading(file)
    given = list(values(reading))
    if len(given) == 1 and (bundled := _bundled(given[0].value)) is not None:
        given = [given[0]._replace(value=value) for value in bundled]
    if len(given) == 2 and _plain([value.value for value in given]) is not None:  # one tuple alone is a list of two values
        given = [given[0]._replace(value=[value.value for value in given])]
    for line, value in given:
        document = _plain(value)
        if document is None:
            hint = 'Write ["text", {"entities": [[0, 4, "GPE"]]}] for every document.'
            reading.report("not-a-document", "this is no text with entities", hint, line=line)
            continue
        for beside in sorted(set(document) - {"id", "doc_id", "document_id", "text", "entities"}):
            reading.notes[f"spaCy's {beside!r} left out"] += 1
        name = reading.document(document["text"], line, "the document", stated=document_id(document))
        if name is not None:
            reading.rows.append(spans.row(name, document, SHAPE, line, reading))
    return reading


def _bundled(value: object) -> list[Any] | None:
    """The tuples of `{"classes": […], "annotations": [[text, {…}], …]}`, as browser annotators write them; lines left empty are
    null."""
    given = value.get("annotations") if isinstance(value, dict) and "classes" in value else None
    return [one for one in given if one is not None] if isinstance(given, list) else None


def _plain(value: object) -> Mapping[str, Any] | None:
    """The document as one object, None where it is none."""
    plain = paired(value)
    return plain if isinstance(plain, dict) and isinstance(plain.get("text"), str) and "entities" in plain else None
