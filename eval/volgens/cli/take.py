"""`volgens import`: gold in any form to a dataset's folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from volgens.cli.common import add_form, form_of


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "import",
        help="make a dataset of gold in any form",
        description="Make a dataset folder from gold in any form that `volgens score --gold` reads: documents, offsets, hashes "
        "and a first card. Another configuration or split is added to what the folder has. To go on annotating the gold, "
        "import it with `volgens data import` instead.",
    )
    parser.add_argument("gold", metavar="GOLD", help="a file or folder of gold (`volgens formats`)")
    parser.add_argument("--config", required=True, help="name of the configuration")
    parser.add_argument("--split", default="test", help="(default: %(default)s)")
    parser.add_argument(
        "--out", type=Path, default=Path("dataset"), metavar="DIR", help="folder of the dataset (default: dataset)"
    )
    parser.add_argument("--labels", choices=("scheme", "any"), default="scheme", help="any: also labels that the scheme lacks")
    parser.add_argument("--replace", action="store_true", help="replace a split that exists")
    add_form(parser)
    parser.set_defaults(command=run, nothing="nothing was written")


def run(args: argparse.Namespace) -> int:
    """Write, and say what can be done with it."""
    from volgens.curation.own_dataset import add
    from volgens.model.documents import LAYERS
    from volgens.model.problem import ProblemsFound
    from volgens.readers.corpus import load_gold

    gold = load_gold(gold=args.gold, labels=args.labels, how=form_of(args))
    found, problems = add(args.out, gold, args.config, args.split, instead=args.replace)
    if found is None:
        raise ProblemsFound(problems)
    counts = found.added.counts
    items = ", ".join(f"{counts[layer]['total']} {layer}" for layer in LAYERS if counts[layer]["total"])
    many = f"{counts['documents']} document{'s' if counts['documents'] != 1 else ''}"
    print(f"{args.out}: {args.config}/{args.split}, {many}, {items or 'nothing labelled'}")
    where = f"--gold {args.out} --config {args.config} --split {args.split}"
    more = " --labels any" if args.labels == "any" else ""
    print(f"next      write what {args.out / 'README.md'} cannot count; then volgens score PREDICTIONS {where}{more}")
    return 0
