"""What several commands share: the choice of gold, and the printing of problems."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

SHOWN = 10
"""Problems of one rule that are printed in full unless all are asked for."""


def add_gold(parser: argparse.ArgumentParser) -> None:
    """`--gold`, `--config` and `--split`."""
    group = parser.add_argument_group("gold")
    group.add_argument(
        "--gold",
        metavar="PATH",
        help="a dataset folder or a file of gold (Parquet or JSON lines, also .gz); default: the gold installed",
    )
    group.add_argument("--config", default="own", help="configuration of the dataset: own or anp (default: own)")
    group.add_argument("--split", default="test", help="split of the configuration (default: test)")


def reports_problems(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Print the problems that a command raises, all of them, and return exit code 1."""

    @wraps(command)
    def wrapped(args: argparse.Namespace) -> int:
        from volgens.corpus import ProblemsFound

        try:
            return command(args)
        except ProblemsFound as found:
            print_problems(found.problems, all_of_them=getattr(args, "all", False))
            return 1

    return wrapped


def print_problems(problems: list[Any], *, all_of_them: bool = False) -> None:
    """Problems to standard error, by rule; the first ones of each in full, unless all are asked for."""
    shown: Counter[str] = Counter()
    for problem in problems:
        shown[problem.id] += 1
        if all_of_them or shown[problem.id] <= SHOWN:
            print(problem, file=sys.stderr)
    hidden = {rule: times - SHOWN for rule, times in shown.items() if times > SHOWN and not all_of_them}
    for rule, times in hidden.items():
        print(f"… and {times} more of [{rule}]; `volgens check --all` lists every one", file=sys.stderr)
    print(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}; nothing was scored", file=sys.stderr)
