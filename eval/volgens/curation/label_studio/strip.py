"""Exports as files: without surface strings where the text may not travel, and in one order: equal exports are equal bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from volgens.model.documents import Span
from volgens.model.gold import compact, write_text
from volgens.readers.label_studio.export import who
from volgens.readers.label_studio.form import CONTROL, FIELDS, LABELS, RELATION_NAMES, Json, last_word
from volgens.readers.label_studio.shape import LAYERS, is_annotation, is_result, is_task
from volgens.readers.label_studio.writing import WRITING

DATA = ("doc_id", "page", "config", "length", "sha256", "segments")
RESULT = ("id", "from_name", "to_name", "type", "origin", "from_id", "to_id", "direction", "labels")
ANNOTATION = (
    "id",
    "was_cancelled",
    "ground_truth",
    "lead_time",
    "created_at",
    "updated_at",
    "model_version",
    "score",
    "annotation",
)


def strip_export(tasks: Iterable[Json]) -> list[Json]:
    """The tasks without any text: only what is listed here is kept, and of what is typed only refs, numbers and units.

    Still gives the same readings, with length and sha256 for the text; the place of a COUNTED region's last word is kept as
    `last_word`. Check the export before: what a problem is about may be gone afterwards.
    """
    return [_task(task) for task in tidy_export(tasks)]


def _task(task: Json) -> Json:
    text = task["data"].get("text")
    kept: Json = {"id": task.get("id"), "data": _only(task["data"], DATA)}
    for layer in LAYERS:
        if isinstance(task.get(layer), list):
            kept[layer] = [_annotation(a, text) for a in task[layer]]
    return kept


def _annotation(given: Json, text: str | None) -> Json:
    return given | {"result": [_result(r, text) for r in given["result"]]}


def _result(result: Json, text: str | None) -> Json:
    kept = _only(result, RESULT)
    if "labels" in kept:
        kept["labels"] = [name for name in kept["labels"] or () if name in RELATION_NAMES]
    if "value" in result:
        kept["value"] = _value(result, text)
    return kept


def _value(result: Json, text: str | None) -> Json:
    value, described = result["value"], FIELDS.get(result["from_name"])
    kept = {name: value[name] for name in ("start", "end", "last_word") if type(value.get(name)) is int}
    if result["from_name"] == CONTROL:
        kept["labels"] = [label for label in _list(value.get("labels")) if label in LABELS]
        if "COUNTED" in kept["labels"] and text is not None and {"start", "end"} <= set(kept):
            kept["last_word"] = last_word(text, Span(kept["start"], kept["end"])).start
    elif described is not None and described.type == "textarea":
        kept["text"] = [t for t in _list(value.get("text")) if not WRITING[described.kind](t.strip())]
    elif described is not None:
        kept["choices"] = [choice for choice in _list(value.get("choices")) if choice in described.values]
    return kept


def _only(given: Json, names: Iterable[str]) -> Json:
    return {name: given[name] for name in names if name in given}


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def tidy_export(tasks: Iterable[Json]) -> list[Json]:
    """The tasks in one order (document, annotator, place in the text), annotators as names instead of addresses.

    Kept are tasks, annotations, drafts and predictions with their results; the server's own counters go, and whatever is no task,
    annotation or result (`check` tells).
    """
    return sorted((_tidy_task(task) for task in tasks if is_task(task)), key=lambda t: (t["data"]["doc_id"], t.get("id") or 0))


def _tidy_task(task: Json) -> Json:
    tidy = _only(task, ("id", "data"))
    for layer in LAYERS:
        if isinstance(task.get(layer), list):
            whole = [given for given in task[layer] if is_annotation(given)]
            tidy[layer] = sorted((_tidy_annotation(given) for given in whole), key=_by_annotator)
    return tidy


def _tidy_annotation(given: Json) -> Json:
    named = {"completed_by": who(given.get("completed_by", given.get("user")))} if "model_version" not in given else {}
    return _only(given, ANNOTATION) | named | {"result": sorted(filter(is_result, given.get("result") or []), key=_by_place)}


def _by_annotator(given: Json) -> tuple[str, int]:
    return (str(given.get("completed_by", given.get("model_version"))), given.get("id") or 0)


def _by_place(result: Json) -> tuple[Any, ...]:
    value = result.get("value") or {}
    start, end = (edge if type(edge) is int else 0 for edge in (value.get("start"), value.get("end")))
    place = (start, -end, str(result.get("id")), result.get("from_name") != CONTROL)
    link = (str(result.get("from_id")), str(result.get("to_id")))
    return (result.get("type") == "relation", *place, str(result.get("from_name")), *link, str(result.get("labels")))


def write_export(path: str | os.PathLike[str], tasks: Iterable[Json]) -> None:
    """One JSON array, one task a line. Atomic."""
    write_text(path, "[\n" + ",\n".join(compact(task) for task in tasks) + "\n]\n")
