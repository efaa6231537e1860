"""A Label Studio JSON export: a document's submitted annotation, or where nothing is submitted its prediction.

Tasks of our own labelling form (their data has `doc_id` and `sha256`) give all three layers; of any other project the regions
of its `<Labels>` are names (`label_studio_regions`). Skipped annotations and drafts are left out and counted. Length and hash
of our task's text are handed on, so the check finds a task of another text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from volgens.model.documents import LAYERS
from volgens.readers.foreign import label_studio_regions
from volgens.readers.foreign.container import values
from volgens.readers.foreign.reading import File, Reading, score

if TYPE_CHECKING:
    from volgens.readers.label_studio.export import Reading as Annotation

DESCRIPTION = "Label Studio JSON export, of our labelling form or of any project with <Labels>"


def recognise(task: Mapping[str, Any]) -> bool:
    """Whether an object is a task of an export."""
    return isinstance(task.get("data"), dict) and ("annotations" in task or "predictions" in task)


def is_ours(task: Any) -> bool:
    """Whether a task is of our own form; what is no task at all is left to that form's reader to report."""
    data = task.get("data") if isinstance(task, dict) else None
    return not isinstance(data, dict) or bool({"sha256", "length", "segments"} & set(data))


def read(file: File) -> Reading:
    """The rows of an export: all three layers of our form, `entities` of another."""
    reading = Reading(file)
    given = list(values(reading))
    _read_ours([value.value for value in given if is_ours(value.value)], reading)
    for line, task in given:
        if not is_ours(task):
            label_studio_regions.read_task(task, line, reading)
    return reading


def _read_ours(tasks: list[Any], reading: Reading) -> None:
    from volgens.readers.label_studio.export import from_export

    export = from_export(tasks, file=str(reading.file.path))
    reading.problems += export.problems
    found: dict[str, list[Annotation]] = defaultdict(list)
    for one in export.readings:
        found[one.gold.id].append(one)
    of = _by_document(tasks)
    for name, given in found.items():
        chosen = _choose(name, given, reading)
        if chosen is not None:
            gold = _with_scores(chosen, of[name])
            own = {"text": of[name][0]["data"].get("text")} if reading.file.alone else {}
            reading.rows.append({**{key: gold[key] for key in ("id", "length", "sha256", *LAYERS)}, **own})


def _by_document(tasks: list[Any]) -> dict[str, list[dict[str, Any]]]:
    """The tasks of each document; what is no task of one is left out, and was reported."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for task in tasks:
        data = task.get("data") if isinstance(task, dict) else None
        if isinstance(data, dict) and isinstance(data.get("doc_id"), str):
            found[data["doc_id"]].append(task)
    return found


def _with_scores(chosen: Annotation, tasks: list[Any]) -> dict[str, Any]:
    """What an annotation says; of a prediction with the scores of the regions, in `tasks`, that its items came from."""
    gold = chosen.gold.to_dict()
    if chosen.status != "prediction":
        return gold
    made = [one for task in tasks for one in task.get("predictions") or () if isinstance(one, dict)]
    results = [result for one in made for result in one.get("result") or ()]
    scores = {result.get("id"): score(result["score"]) for result in results if isinstance(result, dict) and "score" in result}
    told = {layer: [{**item, **scores.get(chosen.regions.get(item["id"]), {})} for item in gold[layer]] for layer in LAYERS}
    return {**gold, **told}


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
        message, hint = "nothing is submitted and nothing predicted", "Submit an annotation, or leave the task out of the export."
        reading.report("no-annotation", message, hint, document=name)
        return None
    found = " and ".join(a.annotator for a in candidates)
    hint = "Export one annotation of each document: filter the tab by annotator, or delete the others."
    reading.report("several-annotations", f"there are {len(candidates)} annotations, by {found}", hint, document=name)
    return None
