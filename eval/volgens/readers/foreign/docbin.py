"""spaCy's DocBin (.spacy). Needs spaCy. What is read is what `spacy_json` reads, with `kb_id` also of `ents`, and
the scores of a span categorizer (`doc.spans[KEY].attrs["scores"]`).

The id is `doc.user_data["id"]` (write the DocBin with `store_user_data=True`), else the document is the one of the gold with
exactly its text.
"""

from __future__ import annotations

import zlib
from typing import Any

from volgens.readers.foreign.container import document_id
from volgens.readers.foreign.reading import File, Reading
from volgens.readers.foreign.spacy_json import row

DESCRIPTION = "spaCy's DocBin (.spacy); needs spaCy"


def recognise(data: bytes) -> bool:
    """Whether bytes begin like a DocBin: compressed, and a map with `version` or `attrs` first."""
    try:
        head = zlib.decompressobj().decompress(data[:4096], 64)
    except zlib.error:
        return False
    return b"version" in head or b"attrs" in head


def read(file: File) -> Reading:
    """The rows of a file, as those of `spacy_json.read`."""
    reading = Reading(file)
    try:
        import spacy
        from spacy.tokens import DocBin
    except ImportError:
        hint = "pip install spacy, or write Doc.to_json() as JSON lines, which needs no spaCy to be read."
        reading.report("needs-spacy", "a DocBin cannot be read without spaCy", hint)
        return reading
    try:
        docs = list(DocBin().from_bytes(file.data).get_docs(spacy.blank("nl").vocab))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        reading.report("broken-docbin", f"the DocBin cannot be read: {error}", "Write the file again with DocBin.to_disk.")
        return reading
    for n, doc in enumerate(docs):
        stated = document_id({k: v for k, v in doc.user_data.items() if isinstance(k, str)})
        name = reading.document(doc.text, None, f"doc {n}", stated=stated)
        if name is not None:
            reading.rows.append(row(name, _plain(doc), reading))
    return reading


def _plain(doc: Any) -> dict[str, Any]:
    groups = {str(name): _group(doc.spans[name]) for name in doc.spans}
    return {"text": doc.text, "ents": [_span(span) for span in doc.ents], "spans": groups}


def _group(group: Any) -> list[dict[str, Any]]:
    """The spans of a group; the scores that a span categorizer leaves stand beside them, in the group's attributes."""
    scores = group.attrs.get("scores")
    spans = [_span(span) for span in group]
    if scores is None or len(scores) != len(spans):
        return spans
    return [{**span, "score": float(score)} for span, score in zip(spans, scores, strict=True)]


def _span(span: Any) -> dict[str, Any]:
    return {"start": span.start_char, "end": span.end_char, "label": span.label_, "kb_id": span.kb_id_}
