"""A sample for two people to check: draw it into two blind projects of Label Studio; later turn their answers into figures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from volgens.model.documents import Document

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    from volgens.cli.label.common import add_server
    from volgens.cli.outcome import reports_problems

    parser = argparse.ArgumentParser(description=__doc__, epilog="Exit code 0: done; 1: problems, all of them listed; 2: usage.")
    parser.add_argument("--root", type=Path, default=ROOT, metavar="DIR", help="folder of the dataset (default: this one)")
    parser.set_defaults(nothing="nothing was written", all=True)
    steps = parser.add_subparsers(required=True, metavar="STEP")
    step = steps.add_parser("draw", help="draw a sample, push it to a project for each reader, and write the key")
    step.add_argument("title", help="of the projects, before the reader's name")
    step.add_argument("--reader", nargs=2, required=True, metavar="NAME", help="the two people")
    step.add_argument("--other", nargs="+", type=Path, required=True, metavar="FILE", help="a system's predictions, one a config")
    step.add_argument("--config", nargs="+", default=["own", "wikinews"], help="configurations, in the order of --other")
    step.add_argument("--texts", nargs="+", default=[], metavar="CONFIG=DIR", help="folders with texts that do not travel")
    step.add_argument("--documents", type=int, default=60, metavar="N", help="how many (default: 60)")
    step.add_argument("--longest", type=int, default=1000, metavar="N", help="characters of the longest (default: 1000)")
    step.add_argument("--seed", type=int, default=0, help="(default: 0)")
    step.add_argument("--key", type=Path, required=True, metavar="FILE", help="what each document begins with; show it to nobody")
    add_server(step)
    step.set_defaults(command=reports_problems(_draw))
    step = steps.add_parser("figures", help="two people's exports → annotations/spot_check.json and a table")
    step.add_argument(
        "exports", nargs=2, type=Path, metavar="EXPORT", help="pulled from the projects, in the order of the readers"
    )
    step.add_argument("--key", type=Path, required=True, metavar="FILE", help="that `draw` wrote")
    step.add_argument("--out", type=Path, metavar="FILE", help="(default: annotations/spot_check.json)")
    step.set_defaults(command=reports_problems(_figures))
    given = parser.parse_args(arguments)
    return int(given.command(given))


def _draw(given: argparse.Namespace) -> int:
    from volgens.cli.label.common import connect, folder
    from volgens.curation.label_studio.client import ServerError
    from volgens.curation.label_studio.pushing import push
    from volgens.curation.spot_check import draw, key, tasks_of
    from volgens.model.gold import write_text

    gold, other = _documents(given)
    sample = draw(gold, given.documents, given.longest, given.seed)
    tasks = key(sample, given.reader, given.seed)
    try:
        server = connect(given)
        for reader in given.reader:
            pushed = push(server, f"{given.title} {reader}", tasks_of(reader, tasks, sample, other), folder(given).form)
            print(f"{pushed.new} tasks pushed, {pushed.present} were there: {pushed.link}")
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    write_text(given.key, "".join(json.dumps(task._asdict(), ensure_ascii=False) + "\n" for task in tasks))
    print(
        f"written to {given.key}",
        f"next      each labels their own project; then volgens label pull '{given.title} NAME' --out FILE",
        sep="\n",
    )
    return 0


def _documents(given: argparse.Namespace) -> tuple[list[Document], list[Document]]:
    """The documents with gold, and those with a system's labels. Raises `ProblemsFound`."""
    from volgens.cli.label.common import folder
    from volgens.curation.label_studio.adjudicate import predicted_documents
    from volgens.curation.label_studio.projects import read_predictions
    from volgens.model.problem import Problem, ProblemsFound, Where

    if len(given.other) != len(given.config):
        message = f"{len(given.other)} files of predictions for {len(given.config)} configurations"
        raise ProblemsFound([Problem(Where(field="--other"), "another-number", message, "Give one for each, in their order.")])
    texts = dict(pair.split("=", 1) for pair in given.texts)
    gold: list[Document] = []
    other: list[Document] = []
    for config, file in zip(given.config, given.other, strict=True):
        found, problems = folder(given).documents(config, None, Path(texts[config]) if config in texts else None)
        rows, wrong = read_predictions(file, found) if not problems else ([], [])
        if problems := problems + wrong:
            raise ProblemsFound(problems)
        told = predicted_documents(found, rows)
        known = {document.id for document in told}
        other += told
        gold += [document for document in found if document.id in known]
    return gold, other


def _figures(given: argparse.Namespace) -> int:
    from volgens.curation.folder import Folder
    from volgens.curation.label_studio.check import check
    from volgens.curation.label_studio.exports import of_annotator, read_export
    from volgens.curation.spot_check import figures, read_key, told
    from volgens.model.gold import write_text
    from volgens.model.problem import ProblemsFound

    tasks, house = read_key(given.key), Folder(given.root)
    answers = {}
    for reader, export in zip(dict.fromkeys(task.reader for task in tasks), given.exports, strict=True):
        pulled, problems = read_export(export)
        readings, wrong = of_annotator(check(pulled, file=str(export)), None, str(export)) if not problems else ([], [])
        if problems := problems + wrong:
            raise ProblemsFound(problems)
        answers[reader] = {reading.gold.id: reading.gold for reading in readings}
    golds = {name: gold for config in house.configs() for name, (_, gold) in house.golds(config)[0].items()}
    measured = figures(tasks, golds, answers)
    out = given.out or given.root / "annotations" / "spot_check.json"
    write_text(out, json.dumps(measured, ensure_ascii=False, indent=1) + "\n")
    print(told(measured), f"written to {out}; the next build puts it into the card", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
