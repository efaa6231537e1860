"""`volgens label push`: documents to a project."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.label.common import add_documents, add_server, add_step, connect, documents, folder, of_gold, predictions

if TYPE_CHECKING:
    from volgens.model.problem import Problem
    from volgens.readers.label_studio.form import Json


def add(steps: Any) -> None:
    """Add the step."""
    what = "push documents to a project, with the gold or predictions to begin with, or blind"
    parser = add_step(steps, "push", run, what, "Pushing again adds what is missing.")
    parser.add_argument("title", help="the project's title; made where there is none")
    add_documents(parser)
    parser.add_argument(
        "--gold", metavar="PATH", help="documents of a dataset's folder or a file of gold, not of the folder's pages"
    )
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument(
        "--blind", action="store_true", help="without labels to begin with (default: the gold, where there is some)"
    )
    begin.add_argument("--predictions", type=Path, metavar="FILE", help="begin with these, on documents with or without gold")
    begin.add_argument(
        "--reader",
        nargs="+",
        metavar="NAME",
        help="blind readings: a project for each reader, called `TITLE NAME`, and an invitation",
    )
    parser.add_argument("--name", help="what to call the predictions (default: the file's name)")
    add_server(parser)


def run(given: argparse.Namespace) -> Sequence[Problem]:
    """Push, and say where."""
    from volgens.curation.label_studio.projects import invite, predicted_tasks, tasks_of

    found, problems = of_gold(given) if given.gold else documents(given, need_text=True)
    if problems:
        return problems
    if given.predictions:
        rows, problems = predictions(given)
        tasks, lost = predicted_tasks(found, rows, given.name or given.predictions.stem) if not problems else ([], [])
        if problems := problems + lost:
            return problems
    else:
        tasks = tasks_of(found, given.blind or bool(given.reader), known=bool(given.gold))
    server = connect(given)
    for title in [f"{given.title} {name}" for name in given.reader or ()] or [given.title]:
        _push(given, server, title, tasks)
    if given.reader:
        print(f"invite    {invite(server)}  (each reader signs up there, and opens the project of their own name alone)")
    for title in [f"{given.title} {name}" for name in given.reader or ()] or [given.title]:
        print(f"next      label; then volgens label pull '{title}'")
    return []


def _push(given: argparse.Namespace, server: Any, title: str, tasks: Sequence[Json]) -> None:
    from tqdm import tqdm

    from volgens.curation.label_studio.pushing import push

    with tqdm(total=len(tasks), unit=" tasks", disable=None) as bar:
        pushed = push(server, title, tasks, folder(given).form, progress=bar.update)
    print(f"{pushed.new} tasks pushed, {pushed.present} were there: {pushed.link}")
