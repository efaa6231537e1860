"""`volgens run`: write predictions from anything that extracts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from volgens.cli.common import add_gold, add_scoring, gold_of
from volgens.cli.outcome import require_writable

NEEDS = {
    "endpoint": ("model", "key_variable", "prompt", "examples", "temperature", "max_tokens", "context", "keep_replies"),
    "score": ("view", "measures", "tolerance", "seed", "missing"),
}
"""An option → those that have no effect without it."""


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "run",
        help="run an extractor over the texts",
        description="Run an extractor over the texts and write its predictions. Run again after a kill or a failure it goes on.",
        epilog="Beside OUT stand OUT.run.json (settings, counts, tokens, seconds) and, where there are any, OUT.failures.jsonl, "
        "OUT.unusable.jsonl, OUT.replies.jsonl and OUT.alignment.jsonl (how strings were located).",
    )
    _add_extractor(parser)
    _add_endpoint(parser)
    _add_effort(parser)
    _add_answers(parser)
    add_gold(parser)
    add_scoring(parser, needs="--score")
    parser.set_defaults(command=run, nothing="nothing was run", defaults=_defaults(parser))


def _add_extractor(parser: argparse.ArgumentParser) -> None:
    way = parser.add_argument_group("extractor (exactly one)")
    way.add_argument(
        "function",
        nargs="?",
        metavar="FUNCTION",
        help="module:function or path/to/file.py:function: called with a text, returns a dictionary",
    )
    way.add_argument(
        "--command",
        dest="pipe",
        metavar="LINE",
        help='an executable: reads {"id", "text"} on each line, writes a prediction on each line',
    )
    way.add_argument(
        "--endpoint", metavar="URL", help="an OpenAI-compatible endpoint, up to /v1; its key comes from the environment"
    )


def _add_endpoint(parser: argparse.ArgumentParser) -> None:
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
        help="gold with texts, shown to the model as solved examples; never the scored documents",
    )
    model.add_argument("--temperature", type=float, default=0.0, help="default: 0")
    model.add_argument("--max-tokens", type=int, metavar="N", help="longest answer (default: the server's)")
    model.add_argument(
        "--context", type=int, metavar="N",
        help="size of the model's context in tokens, if the server does not tell; longer requests are not sent",
    )  # fmt: skip
    model.add_argument(
        "--keep-replies", action="store_true", help="also write OUT.replies.jsonl: what the model said, word for word"
    )


def _add_effort(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="predictions file to write")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="documents processed at once (default: 1)")
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="limit for one document (default: 300 for an endpoint's request, else none)",
    )
    parser.add_argument(
        "--retries", type=int, metavar="N", help="retries of a document that failed (default: 3 for an endpoint, else 0)"
    )
    parser.add_argument("--fresh", action="store_true", help="start over and discard what an earlier run left")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N documents")
    parser.add_argument("--documents", metavar="IDS", help="only these documents, separated by commas")
    parser.add_argument("--score", action="store_true", help="score the predictions when done and print the table")


def _add_answers(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("answers")
    group.add_argument("--layers", metavar="NAMES", help="ask for and keep only these layers, separated by commas")
    group.add_argument(
        "--map", metavar="A=B,…", help="labels of another scheme mapped to ours, or the name of a ready map (`volgens formats`)"
    )
    group.add_argument(
        "--labels", choices=("scheme", "any"), default="scheme", help="any: allow labels that the scheme does not know"
    )
    group.add_argument(
        "--unusable", choices=("refuse", "empty"), default="refuse",
        help="an answer that is no prediction: a failure (default), or counted and listed as an empty prediction",
    )  # fmt: skip
    group.add_argument(
        "--missing", choices=("refuse", "empty"), default="refuse",
        help="with --score, documents that failed: refuse to score (default), or count them as empty predictions",
    )  # fmt: skip


def _defaults(parser: argparse.ArgumentParser) -> dict[str, Any]:
    return {name: parser.get_default(name) for names in NEEDS.values() for name in names}


def run(args: argparse.Namespace) -> int:
    """Extract and say what came of it."""
    if wrong := _usage(args):
        print(f"volgens run: {wrong}", file=sys.stderr)
        return 2
    from volgens.run.run import run as extract

    require_writable(args.out)
    _check_scoring(args)
    gold = gold_of(args)
    chosen = _chosen(args, gold)
    taking = _taking(args)
    retries = args.retries if args.retries is not None else 3 if args.endpoint else 0
    result = extract(
        _extractor(args, taking), chosen.select("id", "text").iter_rows(named=True), args.out,
        jobs=args.jobs, timeout=args.timeout, retries=retries, fresh=args.fresh, unusable=args.unusable,
        keep_replies=args.keep_replies, **taking._asdict(),
    )  # fmt: skip
    print(result)
    if args.score:
        return _score(args, result, None if chosen is gold else chosen)
    return 1 if result.failures else 0


def _usage(args: argparse.Namespace) -> str | None:
    """What is wrong with the options together."""
    if sum(way is not None for way in (args.function, args.pipe, args.endpoint)) != 1:
        return "give one of FUNCTION, --command and --endpoint"
    if args.endpoint and not args.model:
        return "--endpoint needs --model"
    for needed, names in NEEDS.items():
        given = [f"--{name.replace('_', '-')}" for name in names if getattr(args, name) != args.defaults[name]]
        if given and not getattr(args, needed):
            return f"{', '.join(given)} has no effect without --{needed}"
    if args.limit is not None and args.documents:
        return "give one of --limit and --documents"
    return None


def _chosen(args: argparse.Namespace, gold: Any) -> Any:
    """The gold's documents that are run: all, the first ones, or those named. Raises `ProblemsFound`."""
    from volgens.model.problem import Problem, ProblemsFound, Where

    if args.limit is not None:
        if args.limit < 1:
            raise ProblemsFound(
                [Problem(Where(field="--limit"), "unfit-option", f"it cannot be {args.limit}", "Give 1 or more.")]
            )
        return gold.head(args.limit)
    if not args.documents:
        return gold
    names = [name.strip() for name in args.documents.split(",") if name.strip()]
    known = set(gold["id"])
    hint = f"The ids of this gold are {gold['id'][0]} … {gold['id'][-1]}."
    unknown = [
        Problem(Where(document=n), "unknown-document", "the gold has no such document", hint) for n in names if n not in known
    ]
    if unknown:
        raise ProblemsFound(unknown)
    return gold.filter(gold["id"].is_in(names))


def _taking(args: argparse.Namespace) -> Any:
    from volgens.model.documents import LAYERS
    from volgens.model.problem import ProblemsFound
    from volgens.readers.foreign import parse_map
    from volgens.run.reply import Taking

    mapping, problems = parse_map(args.map or "")
    if problems:
        raise ProblemsFound(problems)
    layers = tuple(name.strip() for name in args.layers.split(",")) if args.layers is not None else LAYERS
    return Taking(layers, mapping, args.labels)


def _check_scoring(args: argparse.Namespace) -> None:
    """Refuse names that no table has before anything is run. Raises `UnknownName`."""
    if args.score:
        from volgens.scoring.measures import select
        from volgens.scoring.views import View

        View.parse(args.view)
        select(_measures(args))


def _measures(args: argparse.Namespace) -> list[str] | None:
    return [name.strip() for name in args.measures.split(",") if name.strip()] if args.measures else None


def _score(args: argparse.Namespace, result: Any, chosen: Any) -> int:
    """Score what was run, or say why it is not scored."""
    from volgens.api import score

    failed = "; ".join(f"{name}: {error}" for name, error in list(result.failures.items())[:3])
    if result.failures and args.missing == "refuse":
        more = "; …" if len(result.failures) > 3 else ""
        print(
            f"not scored: {len(result.failures)} of {result.documents} documents have no prediction ({failed}{more}). "
            "Run again to try those, or give `--missing empty` to count them as empty predictions.",
            file=sys.stderr,
        )
        return 1
    print(f"scored: {result.documents} documents{', the others of the split left out' if chosen is not None else ''}", end="")
    print(f"; {len(result.failures)} of them failed and count as empty predictions" if result.failures else "")
    source = args.gold if chosen is None else chosen
    card = score(
        args.out, source, config=args.config, split=args.split, missing=args.missing, view=args.view, measures=_measures(args),
        labels=args.labels, tolerance=args.tolerance, seed=args.seed,
    )  # fmt: skip
    print(card)
    return 0


def _extractor(args: argparse.Namespace, taking: Any) -> Any:
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
        prompt=_prompt(args.prompt) if args.prompt else None,
        examples=_examples(args),
        taking=taking,
        temperature=args.temperature,
        max_tokens=args.max_tokens,
        context=args.context,
    )


def _prompt(path: Path) -> str:
    from volgens.model.problem import Problem, ProblemsFound
    from volgens.readers.files import read_bytes, text_problem

    data = read_bytes(path)
    if isinstance(data, Problem):
        raise ProblemsFound([data])
    if problem := text_problem(data, path):
        raise ProblemsFound([problem])
    return data.decode()


def _examples(args: argparse.Namespace) -> list[Any]:
    """Documents to show as answered. One that is also scored would give its answer away, and is a problem."""
    if args.examples is None:
        return []
    from volgens.model.problem import Problem, ProblemsFound, Where
    from volgens.readers.corpus import load_gold
    from volgens.readers.gold_documents import documents

    shown = load_gold(args.config, "train", str(args.examples))
    scored = gold_of(args)
    both = shown["id"].filter(shown["id"].is_in(scored["id"].implode())).to_list()
    hint = "Choose examples from other documents than those that are scored."
    if both:
        raise ProblemsFound(
            [
                Problem(Where(str(args.examples), document=i), "example-is-scored", "this example is scored too", hint)
                for i in both
            ]
        )
    return documents(shown)
