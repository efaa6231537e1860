"""`volgens run`: write predictions from anything that extracts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from volgens.cli.common import add_gold
from volgens.cli.outcome import require_writable


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "run",
        help="run an extractor over the texts",
        description="Run an extractor over the texts and write its predictions. Run again after a kill or a failure it goes on.",
        epilog="Beside OUT stand OUT.run.json (settings, counts, tokens) and, where there are any, OUT.failures.jsonl and "
        "OUT.alignment.jsonl (how strings were located).",
    )
    way = parser.add_argument_group("what extracts (one of these)")
    way.add_argument(
        "function", nargs="?", metavar="FUNCTION", help="module:function or path/to/file.py:function: a text in, a dictionary out"
    )
    way.add_argument(
        "--command", dest="pipe", metavar="LINE", help='an executable: {"id", "text"} a line in, predictions a line out'
    )
    way.add_argument(
        "--endpoint", metavar="URL", help="an OpenAI-compatible endpoint, up to /v1; its key comes from the environment"
    )
    model = parser.add_argument_group("endpoint")
    model.add_argument("--model", help="name of the model at the endpoint")
    model.add_argument(
        "--key-variable",
        default="OPENAI_API_KEY",
        metavar="NAME",
        help="environment variable with the key (default: OPENAI_API_KEY)",
    )
    model.add_argument("--prompt", type=Path, metavar="FILE", help="a prompt of your own (default: the package's, in Dutch)")
    model.add_argument(
        "--examples",
        type=Path,
        metavar="PATH",
        help="gold with texts, shown to the model as answered; never the documents that are scored",
    )
    model.add_argument("--temperature", type=float, default=0.0, help="default: 0")
    model.add_argument("--max-tokens", type=int, metavar="N", help="longest answer (default: the server's)")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="predictions file to write")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="documents at a time (default: 1)")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="for one document (default: none)")
    parser.add_argument(
        "--retries", type=int, metavar="N", help="further tries of a document that failed (default: 3 for an endpoint, else 0)"
    )
    parser.add_argument("--fresh", action="store_true", help="start over, whatever an earlier run left")
    parser.add_argument("--score", action="store_true", help="score the predictions at once, and print the table")
    add_gold(parser)
    parser.set_defaults(command=run, nothing="nothing was run")


def run(args: argparse.Namespace) -> int:
    """Extract and say what came of it."""
    if sum(way is not None for way in (args.function, args.pipe, args.endpoint)) != 1:
        print("volgens run: give one of FUNCTION, --command and --endpoint", file=sys.stderr)
        return 2
    if args.endpoint and not args.model:
        print("volgens run: --endpoint needs --model", file=sys.stderr)
        return 2
    from volgens.readers.corpus import load_gold
    from volgens.run.run import run as extract

    require_writable(args.out)

    gold = load_gold(args.config, args.split, args.gold)
    retries = args.retries if args.retries is not None else 3 if args.endpoint else 0
    documents = gold.select("id", "text").iter_rows(named=True)
    result = extract(
        _extractor(args), documents, args.out, jobs=args.jobs, timeout=args.timeout, retries=retries, fresh=args.fresh
    )  # fmt: skip
    print(result)
    if args.score and not result.failures:
        from volgens.api import score

        print(score(args.out, args.gold, config=args.config, split=args.split))
    return 1 if result.failures else 0


def _extractor(args: argparse.Namespace) -> Any:
    if args.pipe:
        from volgens.run.pipes import Command

        return Command(args.pipe)
    if not args.endpoint:
        return args.function
    from volgens.run.endpoint import Endpoint

    return Endpoint(
        args.endpoint,
        args.model,
        key_variable=args.key_variable,
        prompt=args.prompt.read_text(encoding="utf-8") if args.prompt else None,
        examples=_examples(args),
        temperature=args.temperature,
        max_tokens=args.max_tokens,
    )


def _examples(args: argparse.Namespace) -> list[Any]:
    """Documents to show as answered. One that is also scored would give its answer away, and is a problem."""
    if args.examples is None:
        return []
    from volgens.model.documents import Document
    from volgens.model.problem import Problem, ProblemsFound, Where
    from volgens.readers.corpus import load_gold

    shown = load_gold(args.config, "train", str(args.examples))
    scored = load_gold(args.config, args.split, args.gold)
    both = shown["id"].filter(shown["id"].is_in(scored["id"].implode())).to_list()
    cure = "Choose examples from other documents than those that are scored."
    if both:
        raise ProblemsFound(
            [
                Problem(Where(str(args.examples), document=i), "example-is-scored", "this example is scored too", cure)
                for i in both
            ]
        )
    return [Document.from_dict(row) for row in shown.iter_rows(named=True)]
