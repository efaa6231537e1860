"""A Label Studio JSON export of our own form: a document's submitted annotation, or where nothing is submitted its prediction.

Skipped annotations and drafts are left out and counted. Length and hash of the task's text are handed on, so the check finds a
task of another text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from volgens.model.documents import LAYERS
from volgens.readers.foreign.container import values
from volgens.readers.foreign.reading import File, Reading

if TYPE_CHECKING:
    from volgens.readers.label_studio.export import Reading as Annotation

DESCRIPTION = "Label Studio JSON export of our labelling form"


def recognise(task: Mapping[str, Any]) -> bool:
    """Whether an object is a task of an export."""
    return isinstance(task.get("data"), dict) and ("annotations" in task or "predictions" in task)


def read(file: File) -> Reading:
    """The rows of an export, with all three layers."""
    from volgens.readers.label_studio.export import from_export

    reading = Reading(file)
    tasks = [value.value for value in values(reading)]
    export = from_export(tasks, file=str(file.path))
    reading.problems += export.problems
    found: dict[str, list[Annotation]] = defaultdict(list)
    for one in export.readings:
        found[one.gold.id].append(one)
    for name, given in found.items():
        chosen = _choose(name, given, reading)
        if chosen is not None:
            gold = chosen.gold.to_dict()
            reading.rows.append({name: gold[name] for name in ("id", "length", "sha256", *LAYERS)})
    return reading


def _choose(name: str, given: list[Annotation], reading: Reading) -> Annotation | None:
    by_status = {status: [a for a in given if a.status == status] for status in ("submitted", "prediction", "draft", "skipped")}
    for status in ("draft", "skipped"):
        if by_status[status]:
            reading.notes[f"Label Studio: {status} annotations left out"] += len(by_status[status])
    candidates = by_status["submitted"] or by_status["prediction"]
    if len(candidates) == 1:
        if candidates[0].status == "prediction":
            reading.problems += candidates[0].problems
        return candidates[0]
    if not candidates:
        message, cure = "nothing is submitted and nothing predicted", "Submit an annotation, or leave the task out of the export."
        reading.report("no-annotation", message, cure, document=name)
        return None
    found = " and ".join(a.annotator for a in candidates)
    cure = "Export one annotation of each document: filter the tab by annotator, or delete the others."
    reading.report("several-annotations", f"there are {len(candidates)} annotations, by {found}", cure, document=name)
    return None
