"""`volgens label check`: every rule that Label Studio does not enforce."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.label.common import add_server, add_step, connect, folder

if TYPE_CHECKING:
    from volgens.model.problem import Problem


def add(steps: Any) -> None:
    """Add the step."""
    what = "check every rule that Label Studio does not enforce, in an export file or a project"
    parser = add_step(steps, "check", run, what, "Each problem names the region, and says what to do.")
    parser.add_argument("source", help="an export file, or the title of a project")
    add_server(parser)


def run(given: argparse.Namespace) -> Sequence[Problem]:
    """Check a file, or what a project holds."""
    from volgens.curation.label_studio.check import check
    from volgens.curation.label_studio.client import pull
    from volgens.curation.label_studio.exports import counted, read_export, unfinished
    from volgens.curation.label_studio.projects import form_problems

    if Path(given.source).is_file() or Path(given.source).suffix == ".json":
        tasks, problems = read_export(Path(given.source))
        checked = check(tasks, file=given.source)
        following = f"volgens label diff {given.source}"
    else:
        server = connect(given)
        project = server.find(given.source)
        problems = form_problems(server, project, folder(given).form)
        checked = check(pull(server, project), link=lambda task: server.link(project, task))
        following = f"volgens label pull '{given.source}'"
    if not problems or checked.good:
        print(counted(checked), *unfinished(checked), f"next      {following}", sep="\n")
    return problems + checked.problems
