"""spaCy's `Doc.to_json()`, as JSON lines or a list.

`to_json` has no id: add one (`{"id": …, **doc.to_json()}`), or the document is the one of the gold with exactly its text. Read
are `ents`; the span groups `entities` and `figures` as our own export writes them (labels are types and kinds); else, where
there are no `ents`, the only span group. A `score` that was added to a span is its own, a `kb_id` in the form of a `ref` is one.
Other span groups are left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from volgens.readers.foreign.container import document_id, values
from volgens.readers.foreign.reading import File, Reading, Row, at, score

DESCRIPTION = "spaCy's Doc.to_json(), JSON lines or a list"
REF = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OURS = ("entities", "figures")


def recognise(document: Mapping[str, Any]) -> bool:
    """Whether a document is one of this format."""
    return (
        isinstance(document.get("text"), str)
        and "tokens" in document
        and ("ents" in document or isinstance(document.get("spans"), dict))
    )


def read(file: File) -> Reading:
    """The rows of a file: `entities`, `text`, and `figures` where there is a span group of that name."""
    reading = Reading(file)
    for line, document in values(reading):
        if not _is_document(document):
            hint = "Write each Doc.to_json() on a line, with its text."
            reading.report("not-a-document", "this is no Doc.to_json() with its text", hint, line=line)
            continue
        stated = document_id(document) or document_id(document.get("_") or {})
        name = reading.document(document["text"], line, "the doc", stated=stated)
        if name is not None:
            reading.rows.append(row(name, document, reading, line))
    return reading


def _is_document(value: Any) -> bool:
    """Whether a value has the shape of a document, down to the lists of spans."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return False
    groups, extra = value.get("spans") or {}, value.get("_") or {}
    if not isinstance(groups, dict) or not isinstance(extra, dict):
        return False
    return all(isinstance(spans, list) for spans in (value.get("ents") or [], *groups.values()))


def row(name: str, document: Mapping[str, Any], reading: Reading, line: int | None = None) -> Row:
    """The row of one document in `to_json`'s form."""
    groups = document.get("spans") or {}
    found: Row = {"id": name, "text": document["text"], "entities": [], **at(line)}
    if "entities" in groups:
        named = "entities"
    elif document.get("ents") or not [g for g in groups if g not in OURS]:
        named = "ents"
    else:
        named = _only_group([g for g in groups if g not in OURS], reading, name, line)
    spans = document.get("ents") or () if named == "ents" else groups.get(named) or ()
    found["entities"] = [
        {**_named(item, place, reading), **at(line)} for item, place in _placed(spans, reading, name, line, named)
    ]
    if "figures" in groups:
        figures = _placed(groups["figures"], reading, name, line, "spans.figures")
        found["figures"] = [
            {"start": place[0], "end": place[1], "kind": item["label"], **score(item.get("score")), **at(line)}
            for item, place in figures
        ]
    for left in set(groups) - {named, *OURS}:
        reading.notes[f"span group {left!r} left out"] += len(groups[left])
    return found


def _only_group(groups: list[str], reading: Reading, name: str, line: int | None) -> str:
    if len(groups) > 1:
        hint = "Keep one group, name it `entities`, or set doc.ents."
        message = f"there are no ents and the span groups {', '.join(sorted(groups))}"
        reading.report("several-groups", message, hint, line=line, document=name)
    return sorted(groups)[0]


def _placed(
    spans: Any, reading: Reading, name: str, line: int | None, field: str
) -> Iterator[tuple[dict[str, Any], tuple[int, int]]]:
    for n, item in enumerate(spans):
        if not isinstance(item, dict) or not isinstance(item.get("label"), str) or not item["label"]:
            reading.report("no-label", "the span has no label", "Label it.", line=line, document=name, field=f"{field}[{n}]")
        elif (place := reading.offsets(item, line, name, f"{field}[{n}]")) is not None:
            yield item, place


def _named(item: Mapping[str, Any], place: tuple[int, int], reading: Reading) -> dict[str, Any]:
    entity = {"start": place[0], "end": place[1], "type": item["label"], **score(item.get("score"))}
    if kb := item.get("kb_id"):
        if isinstance(kb, str) and REF.fullmatch(kb):
            entity["ref"] = kb
        else:
            reading.notes["kb_id that is no ref of ours left out"] += 1
    return entity
