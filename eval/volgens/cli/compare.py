"""`volgens compare`: is the difference real?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from volgens.cli.common import add_gold, add_reading, add_scoring, scoring, write_text
from volgens.cli.outcome import require_writable


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "compare",
        help="compare two or more systems",
        description="Compare systems on the same documents: differences of F1 with intervals, a paired test, rank ranges.",
    )
    parser.add_argument("predictions", nargs="+", metavar="FILE", help="two or more files of predictions")
    add_gold(parser)
    add_reading(parser)
    add_scoring(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("--html", type=Path, metavar="PATH", help="also write a page with charts")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    from volgens.comparison import compare
    from volgens.report.comparison import text, to_json
    from volgens.scoring.measures import HEADLINES

    if len(args.predictions) < 2:
        print("volgens compare: give two or more files", file=sys.stderr)
        return 2
    require_writable(args.html)
    cards = {name: scoring(args, path) for name, path in zip(_names(args.predictions), args.predictions, strict=True)}
    found = compare(cards, args.measures.split(",") if args.measures else HEADLINES, seed=args.seed)
    if args.html:
        from volgens.report.html import html_compare

        write_text(args.html, html_compare(found))
    print(to_json(found) if args.format == "json" else text(found))
    return 0


def _names(paths: list[str]) -> list[str]:
    """The files' stems, or their whole paths where stems are the same."""
    stems = [Path(path).name.split(".")[0] for path in paths]
    return stems if len(set(stems)) == len(stems) else paths
