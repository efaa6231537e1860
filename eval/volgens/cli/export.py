"""`volgens export`: the gold in the form of another tool, to train on."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from volgens.cli.common import add_gold, gold_of


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "export",
        help="write the gold in another tool's form",
        description="Write the gold in another tool's form; what the form cannot hold is counted and said.",
    )
    parser.add_argument("format", metavar="FORMAT", help="`volgens formats` lists them")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to write to")
    parser.add_argument("--types", default="own", help="own (default), or conll2002 for columns with that corpus's types")
    parser.add_argument("--labels", choices=("scheme", "any"), default="scheme", help="any: also labels that the scheme lacks")
    add_gold(parser)
    parser.set_defaults(command=run, nothing="nothing was written")


def run(args: argparse.Namespace) -> int:
    """Write and say what was written."""
    from volgens.writers.formats import export

    print(export(gold_of(args), args.format, args.out, types=args.types))
    return 0
