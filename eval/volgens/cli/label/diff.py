"""`volgens label diff`: what an annotator changed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.label.common import add_documents, add_step, documents, folder

if TYPE_CHECKING:
    from volgens.model.problem import Problem


def add(steps: Any) -> None:
    """Add the step."""
    what = "tell what an annotator changed against the gold, or against another annotator, per layer and field"
    parser = add_step(steps, "diff", run, what)
    parser.add_argument("export", type=Path, help="an export file")
    parser.add_argument("--annotator", help="whose annotations (needed where there are several)")
    parser.add_argument("--against", metavar="ANNOTATOR", help="another annotator of the same file (default: the gold)")
    add_documents(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: %(default)s)")


def run(given: argparse.Namespace) -> Sequence[Problem]:
    """Compare and print; what has nothing to be compared with is said."""
    from volgens.curation.label_studio.check import check
    from volgens.curation.label_studio.diff import table
    from volgens.curation.label_studio.exports import of_annotator, read_export
    from volgens.curation.pairing import diff
    from volgens.model.problem import Problem, Where

    tasks, problems = read_export(given.export)
    if problems:
        return problems
    checked = check(tasks, file=str(given.export))
    found, unread = documents(given)
    mine, wrong = of_annotator(checked, given.annotator, str(given.export))
    others, more = of_annotator(checked, given.against, str(given.export)) if given.against else ([], [])
    if unread or not mine or (given.against and not others):
        return [*unread, *wrong, *more]
    texts = {document.id: document.text for document in found}
    golds, unread = folder(given).golds(given.config)
    before = [r.gold for r in others] if given.against else [gold for _, gold in golds.values()]
    after = [reading.gold for reading in mine if reading.gold.id in texts]
    alone = sorted({g.id for g in after} - {g.id for g in before})
    problems = [*wrong, *more, *unread]
    if not after or len(alone) == len(after):
        what = f"annotations by {given.against}" if given.against else f"gold of {given.config!r}"
        message = f"nothing to compare: none of the {len(mine)} documents has {what}"
        return [
            *problems,
            Problem(Where(str(given.export)), "nothing-to-compare", message, "Name --config, --split or --against."),
        ]
    changes = diff(before, after)
    if given.format == "json":
        print(json.dumps([change._asdict() for change in changes], ensure_ascii=False, indent=1))
    else:
        print(table(changes, texts))
        print(
            f"{len(after) - len(alone)} documents compared"
            + (f", {len(alone)} have nothing to be compared with" if alone else "")
        )
        print(f"next      volgens label accept {given.export} --by person --rule RULE --reason TEXT --date YYYY-MM-DD")
    return problems
