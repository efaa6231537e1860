"""Every rule that the server does not enforce: what does not fit the form and what the contract forbids, with its region."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from volgens.model.checks import RULES
from volgens.model.documents import Document, Segment
from volgens.model.problem import Problem
from volgens.readers.label_studio.export import Reading, from_export
from volgens.readers.label_studio.form import Json
from volgens.readers.label_studio.shape import is_task


class Checked(NamedTuple):
    """Readings that may become gold, and all problems.

    `unfinished` are drafts and skipped ones, `unfit` the submitted ones with their problems, `others` the problems of tasks.
    """

    good: list[Reading]
    unfinished: list[Reading]
    problems: list[Problem]
    unfit: list[tuple[Reading, list[Problem]]]
    others: list[Problem]


def check(tasks: Iterable[Any], *, file: str | None = None, link: Callable[[int], str] | None = None) -> Checked:
    """Check an export. A problem names document, task, annotator and region, and begins with the address that opens the task."""
    tasks = list(tasks)
    export = from_export(tasks, file=file, link=link)
    documents = {task["data"]["doc_id"]: task["data"] for task in tasks if is_task(task)}
    good, unfit = [], []
    for reading in export.readings:
        if reading.status == "submitted":
            found = [*reading.problems, *_against_the_contract(reading, documents[reading.gold.id])]
            if found:
                unfit.append((reading, found))
            else:
                good.append(reading)
    own = {problem for reading, found in unfit for problem in found}
    others = [problem for problem in export.problems if problem not in own]
    unfinished = [r for r in export.readings if r.status in ("draft", "skipped")]
    problems = sorted([*others, *(p for _, found in unfit for p in found)], key=lambda p: (p.where.document or "", str(p.where)))
    return Checked(good, unfinished, problems, unfit, others)


def _against_the_contract(reading: Reading, data: Json) -> Iterator[Problem]:
    gold = reading.gold
    segments = tuple(Segment(**segment) for segment in data.get("segments") or ())
    document = gold.on(
        Document(
            gold.id,
            data.get("page") or "",
            "",
            data.get("config") or "",
            "",
            data.get("text"),
            gold.length,
            gold.sha256,
            segments,
        )
    )
    for rule in RULES:
        for field, name, message, hint in rule(document):
            # Without the digests of its segments a task is still known by that of its text.
            if name != "segment-differs" and not any(p.id == name for p in reading.problems):
                place = ", ".join(x for x in (reading.place.field, _region(reading, document, field), field) if x)
                yield Problem(reading.place._replace(field=place), name, message, hint)


def _region(reading: Reading, document: Document, field: str) -> str | None:
    """The region behind a path such as `figures[2].value`."""
    found = re.match(r"(entities|figures|attributions)\[(\d+)\]", field)
    if found is None:
        return None
    item = getattr(document, found[1])[int(found[2])]
    return f"region {reading.regions[item.id]}"
