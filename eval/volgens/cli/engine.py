"""`volgens score --engine spark`: where a score is computed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

OF_SPARK = {"master": None, "partitions": None, "worst": None}
"""Options that only Spark has, and their defaults."""

WITHOUT = ("from_", "scheme", "columns", "gold_from", "gold_scheme", "gold_columns", "gold_map")
"""Options of the forms of other tools, which Spark does not read."""


def add_engine(parser: argparse.ArgumentParser) -> None:
    """`--engine`, and what belongs to Spark."""
    group = parser.add_argument_group("engine")
    group.add_argument(
        "--engine", choices=("here", "spark"), default="here",
        help="spark: score where the data lie; files, folders, patterns or tables, Parquet or JSON lines (default: here)",
    )  # fmt: skip
    group.add_argument(
        "--master", metavar="URL", help="with --engine spark: the cluster's master (default: that of spark-submit, else local[*])"
    )
    group.add_argument(
        "--partitions", type=_number, metavar="N",
        help="with --engine spark: into how many the documents are dealt (default: one for 20,000 documents)",
    )  # fmt: skip
    group.add_argument(
        "--worst", type=_number, metavar="N",
        help="with --engine spark and --html: so many documents, those with most errors (default: 500)",
    )  # fmt: skip


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)


def refuse_idle(args: argparse.Namespace) -> None:
    """Raise `ProblemsFound` for options that do not belong to the engine."""
    from volgens.model.problem import Problem, ProblemsFound, Where
    from volgens.options import without_effect

    on_spark = args.engine == "spark"
    idle = [name for name in OF_SPARK if getattr(args, name) is not None and not on_spark]
    found = [without_effect(f"--{name}", "it belongs to --engine spark") for name in idle]
    if on_spark and args.worst and not args.html:
        found.append(without_effect("--worst", "it belongs to --html"))
    if on_spark:
        given = [name for name in WITHOUT if getattr(args, name)]
        given += ["unusable"] if args.unusable != "refuse" else []
        given += ["ceiling"] if args.ceiling else []
        hint = "Convert the file first (`volgens convert`), or leave --engine out."
        for name in given:
            option = f"--{name.strip('_').replace('_', '-')}"
            found.append(Problem(Where(field=option), "not-for-spark", "Spark does not know this option", hint))
    if found:
        raise ProblemsFound(found)


def score_on_spark(args: argparse.Namespace) -> Any:
    """The scorecard; ledger and page are written."""
    from volgens.cli.common import reading, the_gold
    from volgens.cli.outcome import require_writable
    from volgens.engines.session import session
    from volgens.engines.spark import score

    require_writable(args.html, Path(args.ledger) if args.ledger and "://" not in str(args.ledger) else None)
    how, told = reading(args), sys.stderr.isatty()
    return score(
        the_gold(args), args.predictions, view=args.view, measures=args.measures, tolerance=args.tolerance, seed=args.seed,
        register=args.register, map=how.map, labels=how.labels, decimals=how.decimals, missing=how.missing,
        threshold=how.threshold, chosen_on=how.chosen_on, ledger=args.ledger, html=args.html, worst=args.worst or 500,
        spark=session(args.master, progress=told), partitions=args.partitions, progress=True,
    )  # fmt: skip
