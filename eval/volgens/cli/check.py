"""`volgens check`: all problems of a file of predictions, and no score."""

from __future__ import annotations

import argparse
from typing import Any

from volgens.cli.common import add_gold, add_reading, gold_of, reading


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "check", help="list all problems of a file", description="List all problems of a file of predictions."
    )
    parser.add_argument("predictions", metavar="FILE", help="predictions: JSON lines or Parquet, also .gz")
    add_gold(parser)
    add_reading(parser)
    parser.add_argument("--all", action="store_true", help="print every problem, not the first ones of each rule")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Check and print."""
    from volgens.model.problem import ProblemsFound
    from volgens.readers.native import predictions

    gold = gold_of(args)
    lines = predictions(args.predictions, gold, reading(args))
    if lines.problems:
        raise ProblemsFound(lines.problems)
    for note, times in lines.notes.items():
        print(f"{note}: {times}")
    print(f"{args.predictions}: no problems; {len(lines.frame)} documents, {', '.join(_layers(lines.frame.columns))}")
    return 0


def _layers(columns: list[str]) -> list[str]:
    from volgens.model.documents import LAYERS

    return [layer if layer in columns else f"no {layer}" for layer in LAYERS]
