"""The command `volgens`: parse arguments, call one library function, print. Exit codes: 0 scored, 1 problems, 2 usage."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from volgens import __version__
from volgens.cli import check, compare, convert, data, export, formats, label, measures, run, score, show, take
from volgens.cli.outcome import reports_problems

COMMANDS = (score, check, compare, run, show, convert, export, take, measures, formats, label, data)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = parser().parse_args(argv)
    return reports_problems(args.command)(args)


def parser() -> argparse.ArgumentParser:
    """The arguments of every command."""
    whole = argparse.ArgumentParser(
        prog="volgens",
        description="Score extractors on Dutch newswire: who is named, which figures are given, and who says so.",
        epilog="Exit codes: 0 done, 1 problems in the input (all of them are listed), 2 wrong usage.",
    )
    whole.add_argument("--version", action="version", version=f"volgens {__version__}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return whole
