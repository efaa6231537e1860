"""`volgens score`: precision and recall per field."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from volgens.cli.common import add_gold, reports_problems

FORMATS = ("text", "json")


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "score", help="score a file of predictions", description="Score a file of predictions, field by field."
    )
    parser.add_argument("predictions", metavar="FILE", help="predictions: JSON lines or Parquet, also .gz")
    add_gold(parser)
    parser.add_argument(
        "--view", choices=("flat", "nested"), default="flat", help="flat: outermost names only (default); nested: every name"
    )
    parser.add_argument("--measures", metavar="NAMES", help="only these, separated by commas (`volgens measures` lists them)")
    parser.add_argument(
        "--missing", choices=("refuse", "empty"), default="refuse",
        help="documents without a prediction: refuse to score (default), or count them as silence",
    )  # fmt: skip
    parser.add_argument(
        "--labels", choices=("scheme", "any"), default="scheme", help="any: allow labels that the scheme does not know"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--ledger", metavar="PATH", help="also write one row per item with its outcome (.parquet, .csv or .jsonl)"
    )
    parser.add_argument("--all", action="store_true", help="print every problem")
    parser.set_defaults(command=run)


@reports_problems
def run(args: argparse.Namespace) -> int:
    """Score and print."""
    from volgens.api import score

    try:
        names = args.measures.split(",") if args.measures else None
        card = score(
            args.predictions, args.gold, config=args.config, split=args.split, missing=args.missing,
            view=args.view, measures=names, labels=args.labels,
        )  # fmt: skip
    except KeyError as unknown:
        print(f"volgens score: {unknown.args[0]}", file=sys.stderr)
        return 2
    if args.ledger:
        _write(card.ledger, Path(args.ledger))
    print(card.to_json() if args.format == "json" else card)
    return 0


def _write(ledger: Any, path: Path) -> None:
    import polars as pl

    from volgens.atomic import atomic

    with atomic(path) as part:
        if path.suffix == ".csv":
            lists = [name for name, kind in ledger.schema.items() if kind == pl.List]
            ledger.with_columns(pl.col(lists).list.join(" ")).write_csv(part)
        elif path.suffix == ".jsonl":
            ledger.write_ndjson(part)
        else:
            ledger.write_parquet(part)
