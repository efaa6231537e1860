"""What goes into projects and comes out of them, beyond single tasks: readers of their own, open points, forms that changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from volgens.curation.label_studio.adjudicate import START, adjudication_config, predicted_documents
from volgens.curation.label_studio.client import Server, ServerError
from volgens.curation.label_studio.lint import lint
from volgens.curation.label_studio.pushing import Progress, Pushed, push, same_config
from volgens.curation.label_studio.tasks import to_tasks
from volgens.model.documents import Document
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.label_studio.form import Json


def tasks_of(documents: Iterable[Document], blind: bool, known: bool = False) -> list[Json]:
    """Tasks that begin with the gold; without labels where they are to be read blind, or have no gold. `known`: all have gold,
    also where it is not said how it was made."""
    tasks: list[Json] = []
    for document in documents:
        tasks += to_tasks([document], as_=None if blind or not (known or document.provenance) else "predictions")
    return tasks


def predicted_tasks(documents: Sequence[Document], rows: Iterable[dict[str, Any]], name: str) -> tuple[list[Json], list[Problem]]:
    """Tasks that begin with predictions, called `name`; documents without a prediction are a problem."""
    found = predicted_documents(documents, rows)
    lost = sorted({d.id for d in documents} - {d.id for d in found})
    message = f"{len(lost)} documents have no prediction: {', '.join(lost[:3])}{' …' if len(lost) > 3 else ''}"
    hint = "Predict them too, or leave them out with --documents or --split."
    problems = [Problem(Where(), "missing-prediction", message, hint)] if lost else []
    return to_tasks(found, model_version=name), problems


def push_open(
    server: Server, title: str, tasks: Sequence[Json], form: str, gold: bool, progress: Progress | None = None
) -> Pushed:
    """Push tasks of open points; annotators begin with the pre-annotation made for that.

    Raises ServerError where the project shows readings by others than these tasks: two models are two projects.
    """
    shown = {name for task in tasks for name in task["data"]["readings"]}
    project = server.project(title)
    if project is not None:
        there = server.readers(project)
        if there and there != shown:
            message = f"project {title!r} shows readings by {', '.join(sorted(there))}, not by {', '.join(sorted(shown))}"
            raise ServerError(f"{message}: push to a new project")
    pushed = push(server, title, tasks, adjudication_config(form, gold), progress=progress)
    server.begin_with(pushed.project, START)
    return pushed


def form_problems(server: Server, project: int, form: str) -> list[Problem]:
    """What is wrong where a project's form is none of ours: faults of the form itself, and that it was changed."""
    theirs = server.config(project)
    if any(same_config(theirs, ours) for ours in (form, adjudication_config(form), adjudication_config(form, True))):
        return []
    where = Where(server.link(project))
    hint = "Restore it (Settings, Labeling Interface) from labeling.xml, or move to a new project."
    changed = Problem(where, "form-changed", "the project's form is not the one that documents are pushed with", hint)
    return [changed, *lint(theirs, server.link(project))]


def read_predictions(path: Path, documents: Sequence[Document]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The rows of a predictions file, with offsets, and its problems against the documents of its configuration, all of them.

    A document without a prediction has no row, and is no problem here.
    """
    from volgens.readers.corpus import load_gold
    from volgens.readers.native import Reading
    from volgens.readers.native import predictions as read

    try:
        bare = [replace(document, entities=(), figures=(), attributions=()).to_dict() for document in documents]
        lines = read(path, load_gold(gold=bare), Reading(missing="empty"))
    except ProblemsFound as error:
        return [], error.problems
    rows: list[dict[str, Any]] = lines.frame.to_dicts()
    return rows, lines.problems


def invite(server: Server) -> str:
    """The address at which a new annotator signs up."""
    with server.speaking():
        answer = server.sdk._client_wrapper.httpx_client.request("api/invite", method="GET")
        path = str(answer.json().get("invite_url") or "")
    if not path:
        raise ServerError(f"{server.url} gives no invitation: add annotators under Organization")
    return path if path.startswith("http") else f"{server.url}{path}"
