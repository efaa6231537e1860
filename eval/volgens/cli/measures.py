"""`volgens measures`: the table of measures, one line each."""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("measures", help="list the measures", description="List the measures, one line each.")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Print the names and what each counts as right."""
    from volgens.measures import TABLE

    width = max(len(str(measure)) for measure in TABLE)
    for measure in TABLE:
        print(f"{measure!s:{width}}  {measure.description}")
    return 0
