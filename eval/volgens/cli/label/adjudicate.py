"""`volgens label adjudicate`: what readers leave open, or where a model and the gold disagree, decided and brought back."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.label.common import (
    EXIT_CODES,
    add_documents,
    add_how,
    add_server,
    add_step,
    connect,
    documents,
    folder,
    how,
    predictions,
    tell,
)

if TYPE_CHECKING:
    from volgens.curation.accept import Outcome
    from volgens.curation.adjudication import Decision
    from volgens.model.gold import Gold
    from volgens.model.problem import Problem
    from volgens.readers.label_studio.form import Json


def add(steps: Any) -> None:
    """Add the step and its own steps."""
    what = "decide what readers leave open, or where a model and the gold disagree"
    parser = steps.add_parser("adjudicate", help=what, description=f"{what}.", epilog=EXIT_CODES)
    inner = parser.add_subparsers(required=True, metavar="STEP")
    push = add_step(inner, "push", _push, "push the documents with open points, most of them first")
    push.add_argument("title", help="the project's title")
    push.add_argument("exports", nargs="*", type=Path, help="export files with the readings of all readers")
    push.add_argument("--predictions", type=Path, metavar="FILE", help="instead of exports: differences of these with the gold")
    push.add_argument("--name", help="what to call the predictions (default: the file's name)")
    push.add_argument("--most", type=int, metavar="N", help="push at most N documents")
    pull = add_step(
        inner, "pull", _pull, "pull the decisions: for readings into decisions.jsonl, for the gold into the gold itself"
    )
    pull.add_argument("title", help="the project's title")
    write = add_step(inner, "write", _write, "write the gold that follows from readings, decisions and corrections")
    write.add_argument("exports", nargs="+", type=Path, help="export files with the readings")
    write.add_argument("--blind", action="store_true", help="the readers saw no labels")
    for step in (push, pull, write):
        add_documents(step)
    for step in (push, pull):
        add_server(step)
    for step in (pull, write):
        add_how(step)


def _readings(exports: Sequence[Path], chosen: Sequence[str]) -> tuple[dict[str, dict[str, Gold]], list[Json], list[Problem]]:
    """document → reader → what they submitted, for the documents chosen; the tasks of all files; all problems."""
    from volgens.curation.label_studio.adjudicate import by_document
    from volgens.curation.label_studio.check import check
    from volgens.curation.label_studio.exports import read_export

    readings, problems, tasks = [], [], []
    for path in exports:
        found, unread = read_export(path)
        checked = check(found, file=str(path))
        readings += checked.good
        tasks += found
        problems += unread + checked.problems
    return {name: said for name, said in by_document(readings).items() if name in chosen}, tasks, problems


def _push(given: argparse.Namespace) -> Sequence[Problem]:
    from tqdm import tqdm

    from volgens.curation.label_studio.projects import push_open
    from volgens.model.problem import Problem, Where

    if bool(given.exports) == bool(given.predictions):
        message = "neither exports nor predictions" if not given.exports else "exports and predictions at once"
        return [Problem(Where(), "what-to-push", message, "Name export files with readings, or --predictions FILE.")]
    tasks, problems = _against_gold(given) if given.predictions else _against_each_other(given)
    if problems:
        return problems
    if not tasks:
        print("nothing is open")
        return []
    with tqdm(total=len(tasks), unit=" tasks", disable=None) as bar:
        gold = bool(given.predictions)
        pushed = push_open(connect(given), given.title, tasks, folder(given).form, gold, progress=bar.update)
    print(f"{pushed.new} tasks pushed, {pushed.present} were there: {pushed.link}")
    print(f"next      decide; then volgens label adjudicate pull '{given.title}' --by person --date YYYY-MM-DD")
    return []


def _against_each_other(given: argparse.Namespace) -> tuple[list[Json], list[Problem]]:
    from volgens.curation.label_studio.adjudicate import open_tasks

    found, problems = documents(given, need_text=True)
    readings, _, wrong = _readings(given.exports, [document.id for document in found])
    return (open_tasks(found, readings)[: given.most], []) if not problems + wrong else ([], problems + wrong)


def _against_gold(given: argparse.Namespace) -> tuple[list[Json], list[Problem]]:
    """Differences of predictions with the gold that nobody has looked at; documents without gold are said."""
    from volgens.curation.adjudication import read_decisions
    from volgens.curation.label_studio.adjudicate import disagreements

    found, problems = documents(given, need_text=True)
    rows, wrong = predictions(given) if not problems else ([], [])
    kept, unread = read_decisions(folder(given).kept)
    if problems := problems + wrong + unread:
        return [], problems
    annotated = [document for document in found if document.provenance is not None]
    if len(annotated) < len(found):
        print(
            f"{len(found) - len(annotated)} documents have no gold: push them with `volgens label push TITLE --predictions FILE`"
        )
    if silent := sorted({document.id for document in annotated} - {row["id"] for row in rows}):
        print(f"{len(silent)} documents have no prediction and are left out: {', '.join(silent)}")
    keys = {decision.point.key for decision in kept}
    return disagreements(annotated, rows, given.name or given.predictions.stem, keys)[: given.most], []


def _pull(given: argparse.Namespace) -> Sequence[Problem]:
    from volgens.curation.adjudication import read_decisions, write_decisions
    from volgens.curation.corrections import GOLD
    from volgens.curation.label_studio.adjudicate import decisions, shown_readings
    from volgens.curation.label_studio.check import check
    from volgens.curation.label_studio.client import pull
    from volgens.curation.label_studio.exports import unfinished
    from volgens.curation.label_studio.projects import form_problems

    server, house = connect(given), folder(given)
    project = server.find(given.title)
    tasks = pull(server, project)
    decided, finals, problems = decisions(tasks, given.date, link=lambda task: server.link(project, task))
    problems = [*form_problems(server, project, house.form), *problems]
    for line in unfinished(check(tasks)):
        print(line)
    if unknown := house.unknown_rules(decision.rule for decision in decided):
        return [*problems, *unknown]
    shown = shown_readings(tasks)
    blocked = {p.where.document for p in problems}
    finals = {name: gold for name, gold in finals.items() if name not in blocked}
    if any(GOLD in readings for readings in shown.values()):
        return [*problems, *_correct(given, decided, finals, {name: said[GOLD] for name, said in shown.items()})]
    found = [replace(d, by=given.by) for d in decided if d.point.document in finals]
    earlier, unread = read_decisions(house.decisions)
    if unread:
        return [*problems, *unread]
    if found:
        write_decisions(house.decisions, [*earlier, *found])
    print(f"{len(found)} decisions on {len(finals)} documents: {house.decisions}")
    print("next      volgens label adjudicate write EXPORT EXPORT --by person --date YYYY-MM-DD")
    return problems


def _correct(
    given: argparse.Namespace, decided: Sequence[Decision], finals: dict[str, Gold], begun: dict[str, Gold]
) -> Sequence[Problem]:
    from volgens.curation.accept import correct

    found, problems = documents(given)
    if problems:
        return problems
    made, allowed = how(given)
    outcome: Outcome = correct(folder(given), given.config, finals, decided, begun, found, made, allowed)
    print(f"{len(finals)} documents decided")
    tell(outcome, folder(given).root)
    return outcome.problems


def _write(given: argparse.Namespace) -> Sequence[Problem]:
    from volgens.curation.accept import write_resolved
    from volgens.curation.label_studio.exports import blind
    from volgens.model.problem import Problem, Where

    found, problems = documents(given)
    readings, tasks, wrong = _readings(given.exports, [document.id for document in found])
    seen = sorted(readings.keys() - blind(tasks)) if given.blind else []
    message = f"{len(seen)} documents were read with labels to begin from: {', '.join(seen[:3])}"
    problems += [*wrong, *([Problem(Where(), "not-blind", message, "Leave out --blind.")] if seen else [])]
    if not readings and not problems:
        message = f"no reading of a document of {given.config!r}"
        problems.append(Problem(Where(), "nothing-submitted", message, "Name --config and the exports of its readings."))
    if problems:
        return problems
    made, allowed = how(given)
    outcome = write_resolved(folder(given), given.config, readings, found, made, given.blind, allowed)
    tell(outcome, folder(given).root)
    return outcome.problems
