"""`volgens score`: precision and recall per field."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from volgens.cli.common import add_gold, add_reading, add_scoring, day, scoring, scoring_of_items, write_text
from volgens.cli.engine import add_engine, refuse_idle, score_on_spark
from volgens.cli.outcome import require_writable

FORMATS = ("text", "json", "markdown", "latex", "csv", "score", "hub")


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "score", help="score a file of predictions", description="Score a file of predictions, field by field."
    )
    parser.add_argument("predictions", metavar="FILE", help="predictions: JSON lines or Parquet, also .gz")
    add_gold(parser)
    add_reading(parser)
    add_scoring(parser)
    group = parser.add_argument_group("output")
    group.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="score: a bare F1 of the first measure; hub: entries for `.eval_results/volgens.yaml` of a model's repository "
        "(default: text)",
    )
    group.add_argument("--date", type=day, metavar="DAY", help="with --format hub: day of the evaluation (default: today)")
    group.add_argument("--source", metavar="URL", help="with --format hub: address of the predictions or of a report")
    group.add_argument(
        "--html", type=Path, metavar="PATH", help="also write a page: measures, charts, and every document with its errors"
    )
    group.add_argument(
        "--ceiling", type=Path, metavar="PATH", help="a result (JSON) to mark on the page: one reading against the gold"
    )
    group.add_argument(
        "--ledger",
        type=Path,
        metavar="PATH",
        help="also write one row per item with its outcome (.parquet, .csv or .jsonl; with --engine spark a folder of Parquet)",
    )
    add_engine(parser)
    group.add_argument("--all", action="store_true", help="print every problem")
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Score and print."""
    _require_hub(args)
    refuse_idle(args)
    if args.engine == "spark":
        print(_rendered(args, score_on_spark(args)))
        return 0
    require_writable(args.ledger, args.html)
    if args.ledger or args.html:
        card, corpus = scoring_of_items(args, args.predictions)
    else:
        card = scoring(args, args.predictions)
    if args.ledger:
        from volgens.report.tables import write_rows

        write_rows(card.ledger, args.ledger)
    if args.html:
        write_text(args.html, _page(args, card, corpus))
    print(_rendered(args, card))
    return 0


def _require_hub(args: argparse.Namespace) -> None:
    """Raise `ProblemsFound` where an option of the Hub's entries is given without them."""
    from volgens.model.problem import ProblemsFound
    from volgens.options import without_effect

    idle = [name for name in ("date", "source") if getattr(args, name) and args.format != "hub"]
    if idle:
        raise ProblemsFound([without_effect(f"--{name}", "it belongs to --format hub") for name in idle])


def _rendered(args: argparse.Namespace, card: Any) -> str:
    if args.format == "hub":
        from volgens.integrations.hub import as_yaml, entries

        return as_yaml(entries(card, args.date or datetime.date.today().isoformat(), args.source)).rstrip("\n")
    from volgens.report import render

    return render(card, args.format)


def _page(args: argparse.Namespace, card: Any, corpus: Any) -> str:
    from volgens.report.html import html

    ceiling = _ceiling(args.ceiling, card) if args.ceiling else None
    return html(card, corpus.gold, corpus.predictions, system=Path(args.predictions).name.split(".")[0], ceiling=ceiling)


def _ceiling(path: Path, card: Any) -> dict[str, float | None]:
    """F1 by measure of a stored result. Raises `ProblemsFound` where it is none, or of another version or gold than `card`."""
    import json

    from volgens.model.problem import Problem, ProblemsFound, Where
    from volgens.scorecard.versions import refuse_another_version

    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        found = {name: cell["f1"] for name, cell in stored["measures"].items()}
        gold = stored["signature"]["gold"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "Name a JSON file that `volgens score --format json` wrote."
        raise ProblemsFound([Problem(Where(str(path)), "no-result", f"this is no result: {error}", hint)]) from error
    refuse_another_version([(str(path), stored)])
    if gold != card.signature["gold"]:
        message = f"it was scored against the gold {gold}, this file against {card.signature['gold']}"
        raise ProblemsFound(
            [Problem(Where(str(path)), "another-gold", message, "Name a result of the same gold, or leave it out.")]
        )
    return found
