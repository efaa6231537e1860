"""Any Label Studio project with `<Labels>`: its labelled regions as names. Other controls and relations are left out and counted.

A document is the one that `doc_id` (or `id`) in the task's data names, else the one of the gold with exactly its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from volgens.readers.foreign.container import document_id
from volgens.readers.foreign.reading import Reading, Row, at, score


def read_task(task: Mapping[str, Any], line: int | None, reading: Reading) -> None:
    """Add the row of a task: its one submitted annotation, or where there is none its one prediction."""
    results = _results(task, line, reading)
    if results is None:
        return
    regions = []
    for result in results:
        if (
            isinstance(result, dict)
            and result.get("type") in ("labels", "hypertextlabels")
            and isinstance(result.get("value"), dict)
        ):
            regions.append({**result["value"], "score": result.get("score")})
        else:
            kind = result.get("type") if isinstance(result, dict) else None
            reading.notes[f"Label Studio: {kind or 'unknown'} results left out"] += 1
    add(task["data"], regions, task.get("id"), line, reading)


def add(data: Mapping[str, Any], regions: Sequence[Any], number: object, line: int | None, reading: Reading) -> None:
    """Add the row of a document: `data` has its text, `regions` are values with start, end, text and labels, `number` is
    the task's."""
    place = f"task {number}" if number is not None else "the task"
    text = _text(data, regions)
    if text is None:
        message = f"no one field of {place} is the text: {', '.join(map(str, data)) or 'it has no data'}"
        reading.report("no-text", message, "Export the project with its data; the text's field is `text`.", line=line)
        return
    stated = document_id({key: value for key, value in data.items() if key != "id" or isinstance(value, str)})
    name = stated or reading.numbered(text, number, line, place)
    if name is not None:
        reading.rows.append({"id": name, "text": text, "entities": list(_items(name, regions, line, reading)), **at(line)})


def _results(task: Mapping[str, Any], line: int | None, reading: Reading) -> list[Any] | None:
    """The results of the one annotation that counts; None and a problem where there is none or more than one."""
    whole = {layer: [one for one in task.get(layer) or () if isinstance(one, dict)] for layer in ("annotations", "predictions")}
    submitted = [one for one in whole["annotations"] if not one.get("was_cancelled")]
    left_out = Counter(skipped=len(whole["annotations"]) - len(submitted), draft=len(task.get("drafts") or ()))
    reading.notes.update({f"Label Studio: {kind} annotations left out": n for kind, n in left_out.items() if n})
    candidates = submitted or whole["predictions"]
    place = f"task {task.get('id')}"
    if len(candidates) == 1:
        results = candidates[0].get("result") or []
        return results if isinstance(results, list) else [results]
    if not candidates:
        message, hint = "nothing is submitted and nothing predicted", "Submit an annotation, or leave the task out of the export."
        reading.report("no-annotation", f"{place}: {message}", hint, line=line)
    else:
        several(place, len(candidates), line, reading)
    return None


def several(place: str, times: int, line: int | None, reading: Reading, document: str | None = None) -> None:
    """Report that a task has more than one annotation."""
    hint = "Export one annotation of each document: filter the tab by annotator, or delete the others."
    message = f"{place} has {times} annotations"
    reading.report("several-annotations", message, hint, line=line, document=document)


def _text(data: Mapping[str, Any], regions: Sequence[Any]) -> str | None:
    """The field of the data that the regions are of: one in which the first stands as it says, else `text`, else the only
    string."""
    strings = {key: value for key, value in data.items() if isinstance(value, str)}
    first = next((region for region in regions if isinstance(region, Mapping) and isinstance(region.get("text"), str)), None)
    if first is not None and type(first.get("start")) is int and type(first.get("end")) is int:
        fitting = [text for text in strings.values() if text[first["start"] : first["end"]] == first["text"]]
        if len(fitting) == 1:
            return fitting[0]
    return strings.get("text") or (next(iter(strings.values())) if len(strings) == 1 else None)


def _items(name: str, regions: Sequence[Any], line: int | None, reading: Reading) -> Iterator[Row]:
    for n, region in enumerate(regions):
        field = f"region {n + 1}"
        if not isinstance(region, Mapping):
            message, hint = f"{str(region)[:40]!r} is no region", "Export the project again."
            reading.report("no-region", message, hint, line=line, document=name, field=field)
            continue
        labels = region.get("labels") or region.get("hypertextlabels")
        if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
            hint = "Label the region in Label Studio, or delete it."
            reading.report("no-label", "the region has no label", hint, line=line, document=name, field=field)
        elif (place := reading.offsets(region, line, name, field)) is not None:
            written = {"text": region["text"]} if isinstance(region.get("text"), str) and region["text"] else {}
            for label in labels:
                yield {"start": place[0], "end": place[1], **written, "type": label, **score(region.get("score")), **at(line)}
