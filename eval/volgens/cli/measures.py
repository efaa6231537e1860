"""`volgens measures`: the table of measures, one line each."""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("measures", help="list the measures", description="List the measures, one line each.")
    parser.add_argument("--views", action="store_true", help="list the views instead")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Print the names and what each counts as right."""
    from volgens.scoring.measures import TABLE

    width = max(len(str(measure)) for measure in TABLE)
    from volgens.scoring.views import KINDS, NAMES, SEGMENTS

    if args.views:
        for name, words in NAMES.items():
            print(f"{name:10} {words}")
        print(f"joined by + with any of {', '.join((*KINDS, *SEGMENTS))} and page=ID, as in conll2002+article+title")
        return 0
    for measure in TABLE:
        print(f"{measure!s:{width}}  {measure.description}")
    return 0
