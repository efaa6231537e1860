"""What several commands share: the choice of gold, of reading and of scoring."""

from __future__ import annotations

import argparse
import datetime
import math
import re
from pathlib import Path
from typing import Any


def add_gold(parser: argparse.ArgumentParser) -> None:
    """`--gold`, `--config` and `--split`."""
    group = parser.add_argument_group("gold")
    group.add_argument(
        "--gold",
        metavar="PATH",
        help="a dataset folder, or a file of gold: Parquet, JSON lines, a form of `volgens formats`; default: what is installed",
    )
    group.add_argument("--config", help="configuration of a dataset folder or of what is installed: own or anp (default: own)")
    group.add_argument("--split", help="split of the configuration (default: test)")
    group.add_argument("--gold-from", metavar="FORMAT", help="format of the gold (default: detected from its content)")
    group.add_argument("--gold-scheme", metavar="SCHEME", help="tags of gold in columns (default: that of --scheme)")
    group.add_argument("--gold-columns", metavar="COLUMNS", help="token and tag of gold in columns, as --columns")
    group.add_argument("--gold-map", metavar="A=B,…", help="labels of the gold mapped to ours, as for --map")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """How predictions are read: foreign formats, labels, numbers, missing documents."""
    group = parser.add_argument_group("reading")
    group.add_argument(
        "--from", dest="from_", metavar="FORMAT", help="format of the file, one of `volgens formats` (default: detected)"
    )
    group.add_argument("--scheme", help="tags of CoNLL columns: iob1, iob2, bioes, bilou, conlleval or brackets; never guessed")
    group.add_argument(
        "--columns", metavar="token=N,tag=N", help="token and tag in CoNLL columns, by number or name (default: first and last)"
    )
    group.add_argument(
        "--unusable", choices=("refuse", "empty"), default="refuse",
        help="replies of a language model without an answer: refuse to score (default), or count them as nothing predicted",
    )  # fmt: skip
    group.add_argument(
        "--map", metavar="A=B,…", help="labels of another scheme mapped to ours, or the name of a ready map (`volgens formats`)"
    )
    group.add_argument(
        "--labels", choices=("scheme", "any"), default="scheme", help="any: allow labels that the scheme does not know"
    )
    group.add_argument("--decimals", choices=(",", "."), help="decimal sign of numbers given as strings; else they are problems")
    group.add_argument("--threshold", type=_number, metavar="SCORE", help="leave out items whose score is lower")
    group.add_argument(
        "--chosen-on", metavar="SPLIT", help="the split on which the threshold was chosen, or none; required with --threshold"
    )
    group.add_argument(
        "--missing", choices=("refuse", "empty"), default="refuse",
        help="documents without a prediction: refuse to score (default), or count each as an empty prediction",
    )  # fmt: skip


def add_form(parser: argparse.ArgumentParser) -> None:
    """How one file of gold is read that is in another tool's form."""
    group = parser.add_argument_group("reading")
    group.add_argument("--from", dest="from_", metavar="FORMAT", help="format of the file (default: detected from its content)")
    group.add_argument("--scheme", help="tags of columns: iob1, iob2, bioes, bilou, conlleval or brackets; never guessed")
    group.add_argument("--columns", metavar="token=N,tag=N", help="token and tag in columns, by number or name")
    group.add_argument("--map", metavar="A=B,…", help="labels of another scheme mapped to ours, or the name of a ready map")
    group.add_argument("--decimals", choices=(",", "."), help="decimal sign of numbers given as strings")


def form_of(args: argparse.Namespace) -> Any:
    """The `Reading` of `add_form`."""
    from volgens.readers.native import Reading

    return Reading(args.from_, args.scheme, _map(args.map), decimals=args.decimals, columns=args.columns)


def reading(args: argparse.Namespace) -> Any:
    """The `readers.native.Reading` of the arguments. Raises `ProblemsFound` for a map that maps nothing."""
    from volgens.readers.native import Reading

    mapping = _map(args.map)
    return Reading(
        args.from_, args.scheme, mapping, args.labels, args.decimals, args.missing, args.columns, args.unusable,
        args.threshold, args.chosen_on,
    )  # fmt: skip


def gold_reading(args: argparse.Namespace) -> Any:
    """The `Reading` of the gold, as `reading`."""
    from volgens.readers.native import Reading

    return Reading(args.gold_from, args.gold_scheme, _map(args.gold_map), columns=args.gold_columns)


def _map(text: str | None) -> Any:
    from volgens.model.problem import ProblemsFound
    from volgens.readers.foreign import parse_map

    mapping, problems = parse_map(text or "")
    if problems:
        raise ProblemsFound(problems)
    return mapping


def the_gold(args: argparse.Namespace) -> Any:
    """The `corpus.Gold` that the arguments name, not read yet. Raises `ProblemsFound` for a map that maps nothing."""
    from volgens.corpus import Gold

    labels, scheme = getattr(args, "labels", "scheme"), getattr(args, "scheme", None)
    return Gold(args.gold, args.config, args.split, gold_reading(args), labels, scheme)


def gold_of(args: argparse.Namespace) -> Any:
    """The gold that the arguments name, as a frame. Raises `ProblemsFound`."""
    return the_gold(args).frame


def add_scoring(parser: argparse.ArgumentParser, needs: str | None = None) -> None:
    """What changes a score: view, measures, tolerance, seed. `needs` is an option without which they have no effect."""
    group = parser.add_argument_group(f"scoring (with {needs})" if needs else "scoring")
    group.add_argument("--view", default="flat", help="which items count: flat (default), nested, … (`volgens measures --views`)")
    group.add_argument("--measures", metavar="NAMES", help="only these, separated by commas (`volgens measures` lists them)")
    group.add_argument(
        "--tolerance", type=_share, default=0.0, metavar="SHARE", help="relative tolerance for numbers (default: 0)"
    )
    group.add_argument(
        "--register",
        metavar="PATH",
        help="other names for the things of a gold of your own (lines as in annotations/refs.jsonl)",
    )
    group.add_argument("--seed", type=int, default=0, help="seed of the bootstrap and the permutation tests (default: 0)")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is no finite number")
    return value


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no finite number of 0 or more")
    return value


def scoring(args: argparse.Namespace, predictions: str, gold: Any = None) -> Any:
    """The scorecard of a file by the arguments of `add_gold`, `add_reading` and `add_scoring`; `gold` where it is at hand."""
    from volgens.api import score

    how = reading(args)
    return score(
        predictions, gold or the_gold(args), view=args.view, measures=args.measures, tolerance=args.tolerance,
        seed=args.seed, register=args.register, from_=how.from_, scheme=how.scheme, map=how.map,
        labels=how.labels, decimals=how.decimals, missing=how.missing, columns=how.columns, unusable=how.unusable,
        threshold=how.threshold, chosen_on=how.chosen_on,
    )  # fmt: skip


def scoring_of_items(args: argparse.Namespace, predictions: str, gold: Any = None) -> tuple[Any, Any]:
    """The scorecard as of `scoring`, and the `corpus.Corpus` that was scored."""
    from volgens.api import rules, score_corpus, whole

    how = rules(args.view, args.measures, args.tolerance, args.seed)
    corpus = whole(predictions, gold or the_gold(args), reading(args), how)
    return score_corpus(corpus, how, args.register), corpus


def write_text(path: Path, text: str) -> None:
    """Write a report whole or not at all."""
    from volgens.atomic import atomic

    with atomic(path) as part:
        part.write_text(text, encoding="utf-8")


def day(text: str) -> str:
    """A day as ISO 8601 writes it."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day of the form YYYY-MM-DD, such as 2026-01-31") from None
