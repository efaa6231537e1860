"""Label Studio's JSON-MIN export: the data of a task with its labelled regions under the names of the controls.

Each entry is one annotation; a document with several is a problem. Values of other controls and relations are not in such a
file as what they belong to: lists without labels are left out and counted. Ids as in `label_studio_regions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from volgens.readers.foreign.container import values
from volgens.readers.foreign.label_studio_regions import add, several
from volgens.readers.foreign.reading import File, Reading

DESCRIPTION = "Label Studio's JSON-MIN export of a project with <Labels>"
OWN = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"}


def recognise(entry: Mapping[str, Any]) -> bool:
    """Whether an object is an entry of such an export."""
    return "annotation_id" in entry and not {"data", "annotations"} & set(entry)


def read(file: File) -> Reading:
    """The rows of an export; each has `text` and `entities`."""
    reading = Reading(file)
    for line, entry in values(reading):
        if not isinstance(entry, dict):
            hint = "Export the project as JSON-MIN or JSON."
            reading.report("not-an-entry", f"{str(entry)[:40]!r} is no entry", hint, line=line)
            continue
        data = {key: value for key, value in entry.items() if key not in OWN}
        lists = {key: value for key, value in data.items() if isinstance(value, list)}
        labelled = {key for key, given in lists.items() if all(isinstance(one, dict) and "labels" in one for one in given)}
        for key in set(lists) - labelled:
            reading.notes[f"Label Studio: {key!r} left out"] += len(lists[key])
        add(data, [region for key in sorted(labelled) for region in lists[key]], entry.get("id"), line, reading)
    for name, times in Counter(row["id"] for row in reading.rows).items():
        if times > 1:
            several("the document", times, None, reading, name)
    return reading
