"""Adjudicate: push what readers leave open, pull the decisions, and write the gold that follows from readings and decisions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))
DECISIONS = ROOT / "annotations" / "adjudication" / "decisions.jsonl"


def main(arguments: list[str] | None = None) -> int:
    from volgens.curation.label_studio import doors

    parser = doors.parser(__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    push = steps.add_parser("push", help="push the documents with open points, most of them first")
    pull = steps.add_parser("pull", help="pull the decisions into annotations/adjudication/decisions.jsonl")
    write = steps.add_parser("write", help="write the gold from readings and decisions")
    for step in (push, pull):
        step.add_argument("title", help="the project's title")
        doors.add_server(step)
    pull.add_argument("--date", required=True, help="day of the decisions, YYYY-MM-DD")
    for step in (push, write):
        step.add_argument("exports", nargs="+", type=Path, help="export files with the readings")
        step.add_argument("--config", default="own", help="configuration (default: %(default)s)")
    push.add_argument("--articles", type=Path, metavar="DIR", help="folder with the agency's pages")
    write.add_argument("--by", choices=("person", "model"), required=True, help="what annotated")
    write.add_argument("--blind", action="store_true", help="the readers saw no labels")
    write.add_argument("--guidelines", default="1", help="version of the guidelines (default: %(default)s)")
    write.add_argument("--date", required=True, help="day of the adjudication, YYYY-MM-DD")
    given = parser.parse_args(arguments)
    return doors.run(lambda: {"push": _push, "pull": _pull, "write": _write}[given.step](given))


def _readings(exports: list[Path]):
    from volgens.curation.label_studio import doors
    from volgens.curation.label_studio.adjudicate import by_document
    from volgens.curation.label_studio.check import check

    readings, problems = [], []
    for path in exports:
        tasks, unread = doors.read_export(path)
        checked = check(tasks, file=str(path))
        readings += checked.good
        problems += unread + checked.problems
    return by_document(readings), problems


def _push(given: argparse.Namespace):
    from volgens.curation.label_studio import doors
    from volgens.curation.label_studio.adjudicate import open_tasks

    readings, problems = _readings(given.exports)
    documents, unread = doors.documents(ROOT, given.config, given.articles)
    if problems := problems + unread + doors.without_text(documents):
        return problems
    doors.push_open(doors.connect(given), given.title, open_tasks(documents, readings), ROOT)
    return []


def _pull(given: argparse.Namespace):
    from volgens.curation.adjudication import read_decisions, write_decisions
    from volgens.curation.label_studio import doors
    from volgens.curation.label_studio.adjudicate import decisions
    from volgens.curation.label_studio.client import pull

    server = doors.connect(given)
    project = server.find(given.title)
    found, finals, problems = decisions(pull(server, project), given.date, link=lambda task: server.link(project, task))
    earlier, unread = read_decisions(DECISIONS)
    if problems := unread + problems:
        return problems
    write_decisions(DECISIONS, [*earlier, *found])
    print(f"{len(found)} decisions on {len(finals)} documents: {DECISIONS}")
    return []


def _write(given: argparse.Namespace):
    from volgens.curation.adjudication import read_decisions
    from volgens.curation.label_studio import doors
    from volgens.model.documents import Provenance

    readings, problems = _readings(given.exports)
    decided, unread = read_decisions(DECISIONS)
    readers = max((len(r) for r in readings.values()), default=1)
    provenance = Provenance(given.by, readers, given.blind, True, given.guidelines, given.date)
    problems += unread + doors.write_resolved(ROOT, given.config, readings, decided, provenance)
    return problems


if __name__ == "__main__":
    sys.exit(main())
