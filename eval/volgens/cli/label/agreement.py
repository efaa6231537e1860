"""`volgens label agreement`: how far two readers agree, from their exports or straight from their projects."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.label.common import add_server, add_step, connect

if TYPE_CHECKING:
    from volgens.model.gold import Gold
    from volgens.model.problem import Problem


def add(steps: Any) -> None:
    """Add the step."""
    what = "measure how far two readings of the same documents agree, per layer and field"
    parser = add_step(steps, "agreement", run, what, "Documents that only one of them has submitted are said and left out.")
    parser.add_argument("sources", nargs=2, metavar="READING", help="an export file, or the title of a project")
    parser.add_argument("--annotators", nargs=2, metavar="NAME", help="whose (needed where a source has several)")
    add_server(parser)


def run(given: argparse.Namespace) -> Sequence[Problem]:
    """Measure and print."""
    from volgens.curation.agreement import agreement, table
    from volgens.model.problem import Problem, Where

    one, wrong = _reading(given, 0)
    other, more = _reading(given, 1)
    if problems := wrong + more:
        return problems
    shared = sorted(one.keys() & other.keys())
    if alone := sorted(one.keys() ^ other.keys()):
        print(f"{len(alone)} documents were submitted by one of them only: {', '.join(alone)}")
    if not shared:
        message = "no document was submitted by both"
        return [Problem(Where(), "nothing-to-compare", message, "Name two readings of the same documents.")]
    texts = [name for name in shared if one[name].sha256 != other[name].sha256]
    if texts:
        message = f"the readings are of other texts: {', '.join(texts)}"
        return [Problem(Where(), "another-text", message, "Push the documents again and redo one.")]
    measured = agreement([one[name] for name in shared], [other[name] for name in shared], units=False)
    for row in table({"configurations": {" and ".join(given.sources): measured}}):
        print(" | ".join(row))
    print(f"next      volgens label adjudicate push TITLE {' '.join(given.sources)}")
    return []


def _reading(given: argparse.Namespace, n: int) -> tuple[dict[str, Gold], list[Problem]]:
    """document → what was submitted in the n-th source."""
    from volgens.curation.label_studio.check import check
    from volgens.curation.label_studio.client import pull
    from volgens.curation.label_studio.exports import of_annotator, read_export

    source = given.sources[n]
    if Path(source).is_file() or Path(source).suffix == ".json":
        tasks, problems = read_export(Path(source))
        if problems:
            return {}, problems
    else:
        server = connect(given)
        tasks = pull(server, server.find(source))
    readings, problems = of_annotator(check(tasks, file=source), given.annotators[n] if given.annotators else None, source)
    return {reading.gold.id: reading.gold for reading in readings}, problems
