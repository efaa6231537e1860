"""`volgens label pull`: a project's annotations into a file."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.label.common import add_server, add_step, connect, folder

if TYPE_CHECKING:
    from volgens.model.problem import Problem
    from volgens.readers.label_studio.form import Json


def add(steps: Any) -> None:
    """Add the step."""
    what = "pull a project's annotations into a file, without any text that may not travel, and check them"
    parser = add_step(steps, "pull", run, what)
    parser.add_argument("title", help="the project's title")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: annotations/raw/TITLE.json)")
    add_server(parser)


def run(given: argparse.Namespace) -> Sequence[Problem]:
    """Pull, write, and tell what came, drafts too."""
    from volgens.curation.label_studio.check import check
    from volgens.curation.label_studio.client import pull
    from volgens.curation.label_studio.exports import counted, travelling, unfinished
    from volgens.curation.label_studio.projects import form_problems
    from volgens.curation.label_studio.strip import write_export

    server, house = connect(given), folder(given)
    project = server.find(given.title)
    problems = form_problems(server, project, house.form)
    tasks = pull(server, project)
    checked = check(tasks, link=lambda task: server.link(project, task))
    name = re.sub(r"[^\w.-]+", "-", given.title)
    out = given.out or house.raw / f"{name}.json"
    kept = travelling(tasks, house.travels)
    if lost := _lost(out, kept):
        return [*problems, *lost]
    write_export(out, kept)
    print(f"{out}: {len(tasks)} tasks, {counted(checked)}", *unfinished(checked), sep="\n")
    print(f"next      volgens label diff {out}")
    return [*problems, *checked.problems]


def _lost(out: Path, tasks: Sequence[Json]) -> list[Problem]:
    """What is submitted in the file that is there, and would be gone."""
    from volgens.curation.label_studio.exports import read_export
    from volgens.model.problem import Problem, Where
    from volgens.readers.label_studio.export import from_export

    if not out.exists():
        return []
    earlier, unread = read_export(out)
    there, new = (
        {(r.gold.id, r.annotator) for r in from_export(one).readings if r.status == "submitted"} for one in (earlier, tasks)
    )
    gone = sorted(there - new)
    names = ", ".join(f"{document} by {name}" for document, name in gone[:3])
    message = f"{len(gone)} submitted annotations of that file are not in the project: {names}{' …' if len(gone) > 3 else ''}"
    loss = [Problem(Where(str(out)), "loss", message, "Write to another file: --out FILE.")] if gone else []
    return [*unread, *loss]
