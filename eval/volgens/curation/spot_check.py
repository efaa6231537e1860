"""A sample of the gold, checked by two people: what is drawn, what each begins with, and the figures that come of it.

Each person gets every document of the sample, in an order drawn for them, with labels to correct. Half of the documents begin
with the gold, half with the labels of a system, and it is not said which; what one begins with the gold, the other begins with
the system's labels. So the gold is read by people who were led to it and by people who were led away from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from volgens.curation.agreement import agreement, table
from volgens.curation.label_studio.tasks import to_tasks
from volgens.model.documents import Document
from volgens.model.gold import Gold
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.label_studio.form import Json

GOLD, OTHER = "gold", "other"
SHOWN = "labels"
"""What Label Studio calls the labels to begin with, wherever they come from."""
COLUMNS = {
    GOLD: "gold and a person who began with it",
    OTHER: "gold and a person who began with other labels",
    "both": "the two people",
}


class Task(NamedTuple):
    """A line of the key: the `place`-th document (from 1) of a reader, and whether it begins with the gold or other labels."""

    reader: str
    place: int
    document: str
    begun: str


def draw(documents: Iterable[Document], number: int, longest: int, seed: int) -> list[Document]:
    """So many of the annotated documents of at most `longest` characters, evenly from their configurations. Same seed, same
    documents. Raises `ProblemsFound` where there are too few.
    """
    fit = [d for d in documents if d.text is not None and d.provenance is not None and d.length <= longest]
    if len(fit) < number:
        hint = "Ask for fewer, allow longer ones, or name more configurations, with their texts."
        message = f"{len(fit)} annotated documents with text have at most {longest} characters, {number} are wanted"
        raise ProblemsFound([Problem(Where(), "too-few-documents", message, hint)])
    waiting: dict[str, list[Document]] = {}
    for document in sorted(fit, key=lambda d: _drawn(seed, d.id)):
        waiting.setdefault(document.config, []).append(document)
    found: list[Document] = []
    while len(found) < number:
        found += [waiting[config].pop(0) for config in sorted(waiting) if waiting[config]]
    return sorted(found[:number], key=lambda d: d.id)


def key(documents: Sequence[Document], readers: Sequence[str], seed: int) -> list[Task]:
    """Who gets what in which order, and what it begins with."""
    halved = sorted((d.id for d in documents), key=lambda name: _drawn(seed, "begun", name))
    first = {name: n % 2 == 0 for n, name in enumerate(halved)}
    tasks = []
    for n, reader in enumerate(readers):
        ordered = sorted(first, key=lambda name: _drawn(seed, f"order {n}", name))
        begun = (GOLD if first[name] == (n % 2 == 0) else OTHER for name in ordered)
        tasks += [Task(reader, place, *one) for place, one in enumerate(zip(ordered, begun, strict=True), 1)]
    return tasks


def _drawn(seed: int, *about: str) -> str:
    return hashlib.sha256("|".join((str(seed), *about)).encode()).hexdigest()


def tasks_of(reader: str, tasks: Iterable[Task], gold: Iterable[Document], other: Iterable[Document]) -> list[Json]:
    """A reader's tasks for Label Studio, in their order; nothing in them says where the labels come from."""
    begin = {GOLD: {d.id: d for d in gold}, OTHER: {d.id: d for d in other}}
    mine = sorted((task for task in tasks if task.reader == reader), key=lambda task: task.place)
    return to_tasks([begin[task.begun][task.document] for task in mine], model_version=SHOWN)


def read_key(path: Path) -> list[Task]:
    """The key as it was written. Raises `ProblemsFound`."""
    try:
        return [Task(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, TypeError) as error:
        hint = "Name the key that `scripts/spot_check.py draw` wrote."
        raise ProblemsFound([Problem(Where(str(path)), "no-key", f"this is no key: {error!s:.120}", hint)]) from error


def figures(tasks: Sequence[Task], gold: Mapping[str, Gold], answers: Mapping[str, Mapping[str, Gold]]) -> Json:
    """How far the people's answers agree with the gold and with each other, in the form of `annotations/agreement.json`.

    `answers` is reader → document → what they submitted; documents that a reader has not submitted are counted and left out.
    Raises `ProblemsFound` for answers to documents that are not theirs, and where there is nothing to compare.
    """
    if problems := _strangers(tasks, answers):
        raise ProblemsFound(problems)
    submitted = [task for task in tasks if task.document in answers.get(task.reader, {})]
    pairs = {
        begun: [(gold[t.document], answers[t.reader][t.document]) for t in submitted if t.begun == begun]
        for begun in (GOLD, OTHER)
    }
    one, other = (answers.get(reader, {}) for reader in dict.fromkeys(task.reader for task in tasks))
    pairs["both"] = [(one[name], other[name]) for name in sorted(one.keys() & other.keys())]
    measured = {
        COLUMNS[name]: agreement([a for a, _ in found], [b for _, b in found], units=False)
        for name, found in pairs.items()
        if found
    }
    if not measured:
        hint = "Let people submit their documents, and pull again."
        raise ProblemsFound([Problem(Where(), "nothing-submitted", "nobody has submitted a document", hint)])
    return {
        "documents": len({t.document for t in tasks}),
        "not submitted": len(tasks) - len(submitted),
        "configurations": measured,
    }


def _strangers(tasks: Sequence[Task], answers: Mapping[str, Mapping[str, Gold]]) -> list[Problem]:
    theirs = {(task.reader, task.document) for task in tasks}
    hint = "Name the exports of this sample, each with its reader."
    return [
        Problem(Where(document=name), "not-in-the-sample", f"{reader!r} was not given this document", hint)
        for reader, found in answers.items()
        for name in found
        if (reader, name) not in theirs
    ]


def told(measured: Mapping[str, Any]) -> str:
    """The figures as a table of the card."""
    head, *rows = ([cell.strip("`") for cell in row] for row in table(measured))
    lines = [head, ["---"] * len(head), *rows]
    left = f"; {measured['not submitted']} answers were not submitted" if measured["not submitted"] else ""
    text = f"A sample of {measured['documents']} documents was checked by two people (`annotations/CHECKING.md`){left}:"
    return f"{text}\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines)
