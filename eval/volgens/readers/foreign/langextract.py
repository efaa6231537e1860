"""LangExtract's JSON lines: `extraction_class`, `extraction_text`, `char_interval` (end exclusive) and `alignment_status`.

What LangExtract did not align (`char_interval` null) is handed on as text, to be located or counted as unlocated. The
document's text is handed on too, so the check finds offsets into another text. An id that LangExtract made up (`doc_` and eight
hexadecimal digits) says nothing: such a document is the one of the gold with exactly its text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from volgens.readers.foreign.container import Value, values
from volgens.readers.foreign.reading import File, Reading, Row, at, letters

DESCRIPTION = "LangExtract's annotated documents, JSON lines"
STATUSES = ("match_exact", "match_greater", "match_lesser", "match_fuzzy", None)
MADE_UP = re.compile(r"doc_[0-9a-f]{8}")


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether a document is one of this format."""
    return "extractions" in document and ("document_id" in document or "text" in document)


def read(file: File) -> Reading:
    """The rows of a file; each has `entities`, and the document's `text` where the file has it."""
    reading = Reading(file)
    for value in values(reading):
        document = value.value
        if not isinstance(document, dict) or not isinstance(document.get("extractions", []), list | None):
            hint = "Write the file with langextract.io.save_annotated_documents."
            reading.report("not-a-document", "this is no annotated document", hint, line=value.line)
        elif (name := _id(value, reading)) is not None:
            reading.rows.append(_row(name, value, reading))
    return reading


def _id(value: Value, reading: Reading) -> str | None:
    name, text = value.value.get("document_id"), value.value.get("text")
    made_up = not isinstance(name, str) or (MADE_UP.fullmatch(name) and name not in reading.file.texts)
    return reading.document(str(text), value.line, f"document {name or ''}".strip(), stated=None if made_up else name)


def _row(name: str, value: Value, reading: Reading) -> Row:
    text = value.value.get("text")
    row: Row = {"id": name, **({"text": text} if isinstance(text, str) else {}), "entities": [], **at(value.line)}
    for n, extraction in enumerate(value.value.get("extractions") or ()):
        wrong = _wrong(extraction, reading.file.texts.get(name))
        if wrong is not None:
            rule, message, hint = wrong
            reading.report(rule, message, hint, line=value.line, document=name, field=f"extractions[{n}]")
            continue
        interval = extraction.get("char_interval")
        place = {"text": extraction["extraction_text"]}
        if interval:
            place = {"start": interval["start_pos"], "end": interval["end_pos"]}
        else:
            reading.notes["not aligned by LangExtract, handed on as text"] += 1
        row["entities"].append({**place, "type": extraction["extraction_class"], **at(value.line)})
    return row


def _wrong(extraction: Any, text: str | None) -> tuple[str, str, str] | None:
    """What keeps an extraction from being an item: rule, message and hint."""
    hint = "Write the file with langextract.io.save_annotated_documents."
    if not isinstance(extraction, dict) or not all(
        isinstance(extraction.get(k), str) and extraction[k] for k in ("extraction_class", "extraction_text")
    ):
        return "not-an-extraction", "extraction_class or extraction_text is missing", hint
    status, interval = extraction.get("alignment_status"), extraction.get("char_interval")
    if status not in STATUSES:
        return "unknown-status", f"alignment_status is {status!r}", f"Known are {', '.join(map(str, STATUSES))}."
    if not interval:
        return None
    edges = (interval.get("start_pos"), interval.get("end_pos")) if isinstance(interval, dict) else ()
    if len(edges) != 2 or not all(type(edge) is int for edge in edges):
        return "no-offsets", f"char_interval is {interval!r}", "Give start_pos and end_pos as whole numbers, or null."
    covered = None if text is None else text[edges[0] : edges[1]]
    if status == "match_exact" and covered is not None and letters(covered) != letters(extraction["extraction_text"]):
        message = f"{edges[0]}-{edges[1]} is called exact and covers {covered!r}, not {extraction['extraction_text']!r}"
        return "text-and-offsets-differ", message, "Give LangExtract the gold's `text` as it is."
    return None
