"""Label Studio exports as files: reading them, and what of them may be kept beside the gold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from volgens.curation.label_studio.check import Checked
from volgens.curation.label_studio.strip import strip_export, tidy_export
from volgens.model.problem import Problem, Where
from volgens.readers.label_studio.export import Reading
from volgens.readers.label_studio.form import Json


def read_export(path: Path) -> tuple[list[Json], list[Problem]]:
    """The tasks of an export file."""
    try:
        tasks = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(tasks, list):
            raise ValueError("no list of tasks")
    except FileNotFoundError:
        return [], [Problem(Where(str(path)), "no-file", "no such file", "Name an export, or pull one: `volgens label pull`.")]
    except (OSError, ValueError) as error:
        hint = "Give a Label Studio export in JSON (not JSON_MIN, CSV or TSV, which lose regions and relations)."
        return [], [Problem(Where(str(path)), "not-an-export", f"{error!s:.120}", hint)]
    return tasks, []


def travelling(tasks: Iterable[Json], travels: Callable[[str], bool]) -> list[Json]:
    """An export as it may be committed: the text stays only in tasks of configurations that `travel`."""
    return [task if travels(str(task["data"].get("config"))) else strip_export([task])[0] for task in tidy_export(tasks)]


def blind(tasks: Iterable[Json]) -> set[str]:
    """The documents whose tasks showed no labels to begin with."""
    return {task["data"]["doc_id"] for task in tidy_export(tasks) if not task.get("predictions")}


def of_annotator(checked: Checked, name: str | None, file: str | None = None) -> tuple[list[Reading], list[Problem]]:
    """What `name` submitted and is fit for gold; without a name, what the only annotator submitted.

    The problems say why there is nothing, or which of theirs are not fit; the fit ones are given all the same.
    """
    submitted = [*checked.good, *(reading for reading, _ in checked.unfit)]
    names = sorted({reading.annotator for reading in submitted})
    if not names:
        drafts = f", {len(checked.unfinished)} drafts and skipped ones" if checked.unfinished else ""
        message = f"nobody submitted an annotation{drafts}"
        return [], [*checked.problems, Problem(Where(file), "nothing-submitted", message, "Submit in Label Studio, pull again.")]
    if name is None and len(names) == 1:
        name = names[0]
    if name not in names:
        message = f"{name!r} submitted nothing" if name else f"annotations by {len(names)} annotators"
        return [], [Problem(Where(file), "which-annotator", message, f"Name one with --annotator: {', '.join(names)}.")]
    theirs = [problem for reading, found in checked.unfit if reading.annotator == name for problem in found]
    return [reading for reading in checked.good if reading.annotator == name], [*checked.others, *theirs]


def unfinished(checked: Checked) -> list[str]:
    """One line for each annotator with drafts or skipped documents: nothing of these is read as decided or as gold."""
    found: dict[tuple[str, str], list[str]] = {}
    for reading in checked.unfinished:
        found.setdefault((reading.annotator, reading.status), []).append(reading.gold.id)
    return [
        f"{len(ids)} {'drafts, not submitted' if status == 'draft' else 'skipped'}, by {name}: {', '.join(sorted(ids))}"
        for (name, status), ids in sorted(found.items())
    ]


def counted(checked: Checked) -> str:
    """How many annotations are fit, for one line."""
    by = Counter(reading.annotator for reading in checked.good)
    who = ", ".join(f"{name} {n}" for name, n in sorted(by.items()))
    return f"{len(checked.good)} annotations fit for gold{f' ({who})' if who else ''}, {len(checked.unfit)} not"
