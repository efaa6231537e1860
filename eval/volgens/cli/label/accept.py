"""`volgens label accept`: one annotator's checked work becomes gold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.label.common import add_documents, add_how, add_step, documents, folder, how, tell

if TYPE_CHECKING:
    from volgens.model.problem import Problem


def add(steps: Any) -> None:
    """Add the step."""
    what = "put one annotator's checked work in the place of the gold, document by document"
    more = (
        "What is not fit is listed (exit code 1) and left out; the fit documents are written all the same. Every change of gold "
        "that was there is recorded as a correction, with its rule and reason."
    )
    parser = add_step(steps, "accept", run, what, more)
    parser.add_argument("export", type=Path, help="an export file")
    parser.add_argument("--annotator", help="whose annotations (needed where there are several)")
    add_documents(parser)
    add_how(parser)
    parser.add_argument("--rule", help="the rule by which gold is changed, such as E14")
    parser.add_argument("--reason", metavar="TEXT", help="why, in a sentence")


def run(given: argparse.Namespace) -> Sequence[Problem]:
    """Accept what is fit, and tell what is not."""
    from volgens.curation.accept import accept
    from volgens.curation.label_studio.check import check
    from volgens.curation.label_studio.exports import blind, of_annotator, read_export
    from volgens.model.problem import Problem, Where

    tasks, problems = read_export(given.export)
    if problems:
        return problems
    found, problems = documents(given)
    mine, wrong = of_annotator(check(tasks, file=str(given.export)), given.annotator, str(given.export))
    if bool(given.rule) != bool(given.reason):
        problems.append(Problem(Where(), "no-reason", "a rule and a reason go together", "Give both: --rule E14 --reason TEXT."))
    problems += folder(given).unknown_rules([given.rule] if given.rule else [])
    if problems:
        return [*problems, *wrong]
    if given.documents or given.split:
        chosen = {document.id for document in found}
        mine = [reading for reading in mine if reading.gold.id in chosen]
        wrong = [problem for problem in wrong if problem.where.document in (None, *chosen)]
    because = (given.rule, given.reason.strip()) if given.rule else None
    made, allowed = how(given)
    outcome = accept(folder(given), given.config, mine, found, made, blind=blind(tasks), because=because, allowed=allowed)
    tell(outcome, folder(given).root)
    return [*wrong, *outcome.problems]
