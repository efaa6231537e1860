"""`volgens compare`: is the difference real?"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from volgens.cli.common import (
    add_gold,
    add_reading,
    add_scoring,
    reading,
    scoring,
    scoring_of_items,
    the_gold,
    write_text,
)
from volgens.cli.outcome import require_writable

if TYPE_CHECKING:
    from volgens.comparison import Comparison
    from volgens.corpus import Corpus

OWN = {"from": "from_", "scheme": "scheme", "map": "map", "decimals": "decimals"}
"""The options of reading that a file may have for itself, and the names of their arguments."""


class System(NamedTuple):
    """A file to compare, the name it goes by, and the options that are its own."""

    name: str
    path: str
    own: dict[str, str]


class UsageError(Exception):
    """The command line does not say what to compare."""


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "compare",
        help="compare two or more systems",
        description="Compare systems on the same documents: differences of F1 with intervals, a paired test, rank ranges.",
        epilog="Options of reading hold for every file; --for gives one file its own: "
        "volgens compare ours.jsonl spacy=theirs.jsonl --for spacy map=PERSON=PER,MONEY=figure:money",
    )
    parser.add_argument(
        "predictions", nargs="+", metavar="[NAME=]FILE", help="two or more files of predictions, each with a name for the tables"
    )
    add_gold(parser)
    add_reading(parser)
    parser.add_argument(
        "--for", dest="own", nargs=2, action="append", default=[], metavar=("NAME", "OPTION=VALUE"),
        help=f"an option of reading for one file alone ({', '.join(OWN)}); may be repeated",
    )  # fmt: skip
    add_scoring(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--html",
        type=Path,
        metavar="PATH",
        help="also write a page with charts and texts, and a page of each file beside it",
    )
    parser.add_argument(
        "--items", type=Path, metavar="PATH",
        help="also write what all, some, one or none of them get right, for annotators (.jsonl, .csv or .parquet)",
    )  # fmt: skip
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    from volgens.comparison import compare, refuse_nothing
    from volgens.report.comparison import text, to_json
    from volgens.scoring.measures import HEADLINES, select

    try:
        systems = _systems(args.predictions, args.own)
    except UsageError as error:
        print(f"volgens compare: {error}", file=sys.stderr)
        return 2
    require_writable(args.html, args.items)
    measures = [m.name for m in select(args.measures)] if args.measures else HEADLINES
    scored = _scored(args, systems)
    found = compare({name: card for name, (card, _) in scored.items()}, measures, seed=args.seed)
    refuse_nothing(found)
    corpora = {name: corpus for name, (_, corpus) in scored.items() if corpus is not None}
    if args.items:
        _write_items(args.items, found, corpora)
    if args.html:
        _write_pages(args.html, found, corpora)
    print(to_json(found) if args.format == "json" else text(found))
    return 0


def _scored(args: argparse.Namespace, systems: Sequence[System]) -> dict[str, tuple[Any, Any]]:
    """The scorecards by name, and what was scored where it is asked for and kept. The gold is read once, or once for each scheme
    of tags that a file states for itself."""
    from volgens.api import in_batches

    golds: dict[str | None, Any] = {}
    found: dict[str, tuple[Any, Any]] = {}
    for system in systems:
        own = argparse.Namespace(**{**vars(args), **system.own})
        gold = golds.setdefault(own.scheme, the_gold(own))
        if args.items or (args.html and not in_batches(gold, system.path, reading(own))):
            found[system.name] = scoring_of_items(own, system.path, gold)
        else:
            found[system.name] = scoring(own, system.path, gold), None
    return found


def _write_items(path: Path, found: Comparison, corpora: Mapping[str, Corpus]) -> None:
    from volgens.difficulty import items
    from volgens.report.html.beside import texts
    from volgens.report.tables import write_rows

    write_rows(items(found.cards, texts(corpora)), path)


def _write_pages(path: Path, found: Comparison, corpora: Mapping[str, Corpus]) -> None:
    """The page of the comparison, and of every system whose items were kept one of its own beside it."""
    from volgens.report.html import html, html_compare

    pages = {name: path.with_name(f"{path.stem}.{n}-{_plain(name)}.html") for n, name in enumerate(corpora, 1)}
    for name, page in pages.items():
        corpus = corpora[name]
        write_text(page, html(found.cards[name], corpus.gold, corpus.predictions, system=name))
    write_text(path, html_compare(found, corpora=corpora, pages={name: quote(page.name) for name, page in pages.items()}))


def _plain(name: str) -> str:
    """A name as a part of the name of a file."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "system"


def _systems(given: Sequence[str], own: Sequence[Sequence[str]]) -> list[System]:
    """The files by name, each with its own options. Raises `UsageError`."""
    if len(given) < 2:
        raise UsageError("give two or more files")
    named = [_named(word) for word in given]
    stems = Counter(name or _stem(path) for name, path in named)
    names = [name or (_stem(path) if stems[_stem(path)] == 1 else path) for name, path in named]
    for name, times in Counter(name for name, _ in named if name).items():
        if times > 1:
            raise UsageError(f"the name {name!r} is given to {times} files")
    options = _options(own, names)
    seen: dict[tuple[str, ...], str] = {}
    for name, (_, path) in zip(names, named, strict=True):
        key = str(Path(path).resolve()), *(f"{a}={b}" for a, b in sorted(options[name].items()))
        if key in seen:
            raise UsageError(f"one file is given twice: {seen[key]} and {path}")
        seen[key] = path
    return [System(name, path, options[name]) for name, (_, path) in zip(names, named, strict=True)]


def _named(word: str) -> tuple[str, str]:
    """`NAME=FILE` → both; a path that exists as it is has no name."""
    name, equals, path = word.partition("=")
    return (name, path) if equals and name and path and not Path(word).exists() else ("", word)


def _stem(path: str) -> str:
    return Path(path).name.split(".")[0]


def _options(own: Sequence[Sequence[str]], names: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    for name, option in own:
        key, equals, value = option.partition("=")
        if name not in found:
            raise UsageError(f"--for {name}: no file goes by this name; the names are {', '.join(names)}")
        if key not in OWN or not equals or not value:
            raise UsageError(f"--for {name} {option}: give OPTION=VALUE with one of {', '.join(OWN)}")
        if OWN[key] in found[name]:
            raise UsageError(f"--for {name} {key}: given twice")
        found[name][OWN[key]] = value
    return found
