"""What the scripts share: which documents, which server, and how problems are told."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.curation.label_studio.strip import strip_export, tidy_export
from volgens.model.documents import LAYERS, Document, Provenance
from volgens.model.gold import Gold, read_gold, write_gold
from volgens.model.problem import Problem, Where
from volgens.readers.label_studio.export import Reading
from volgens.readers.label_studio.form import Json

if TYPE_CHECKING:
    from volgens.curation.adjudication import Decision
    from volgens.curation.label_studio.client import Server

FREE = "own"
"""The configuration whose text may travel."""

EXIT_CODES = "Exit code 0: done; 1: problems, all of them listed; 2: usage."
URL = "http://127.0.0.1:8080"


def parser(description: str | None) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(description=description, epilog=EXIT_CODES)


def add_server(to: argparse.ArgumentParser) -> None:
    """Options for a server. The token is never an argument: other users of a machine can read those."""
    url = os.environ.get("LABEL_STUDIO_URL", URL)
    to.add_argument("--url", default=url, help="address of Label Studio (default: LABEL_STUDIO_URL, else %(default)s)")
    to.add_argument("--token-file", type=Path, metavar="FILE", help="file with the API token (default: LABEL_STUDIO_API_KEY)")


def connect(given: argparse.Namespace) -> Server:
    """The server of `add_server`'s options. Raises ServerError."""
    from volgens.curation.label_studio.client import Server, token

    return Server(given.url, token(given.token_file))


def run(main: Callable[[], Sequence[Problem]]) -> int:
    """The exit code of a door: prints its problems, and a server's refusal in one line."""
    from volgens.curation.label_studio.client import ServerError

    try:
        problems = main()
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    if problems:
        print(*problems, f"{len(problems)} problems", sep="\n", file=sys.stderr)
    return 1 if problems else 0


def documents(root: Path, config: str, articles: Path | None = None) -> tuple[list[Document], list[Problem]]:
    """The documents of a configuration with whatever gold there is, and with text where that may or could be restored."""
    from volgens.curation.build import read_all_pages

    pages, problems = read_all_pages(root / "dataset" / "pages", articles)
    found = next((one.documents for one in pages if one.config == config), [])
    golds, unread = gold(root, config)
    if not found and not problems:
        problems = [Problem(Where(str(root / "dataset" / "pages")), "no-pages", f"no pages of {config!r}", "Name another.")]
    joined = []
    for document in found:
        known = golds.get(document.id)
        try:
            joined.append(known.on(document) if known else document)
        except ValueError as error:
            problems.append(Problem(Where(document=document.id), "another-text", str(error), "Restore the page as published."))
    return joined, problems + unread


def gold(root: Path, config: str, split: str = "test") -> tuple[dict[str, Gold], list[Problem]]:
    """document id → gold; empty where there is no file yet."""
    path = root / "annotations" / "gold" / config / f"{split}.jsonl"
    golds, problems = read_gold(path) if path.exists() else ([], [])
    return {g.id: g for g in golds}, problems


def without_text(found: Iterable[Document]) -> list[Problem]:
    """A problem where there are documents that annotators could not read."""
    lost = [document.id for document in found if document.text is None]
    message = f"{len(lost)} documents have no text: {', '.join(lost[:3])}{' …' if len(lost) > 3 else ''}"
    cure = "Name the folder with the agency's pages: --articles DIR."
    return [Problem(Where(), "no-text", message, cure)] if lost else []


def read_export(path: Path) -> tuple[list[Json], list[Problem]]:
    """The tasks of an export file."""
    try:
        tasks = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(tasks, list):
            raise ValueError("no list of tasks")
    except (OSError, ValueError) as error:
        cure = "Give a Label Studio export in JSON (not JSON_MIN, CSV or TSV, which lose regions and relations)."
        return [], [Problem(Where(str(path)), "not-an-export", f"{error!s:.120}", cure)]
    return tasks, []


def travelling(tasks: Iterable[Json]) -> list[Json]:
    """An export as it may be committed: the text stays only in tasks of the free configuration."""
    tidy = tidy_export(tasks)
    return [task if task["data"].get("config") == FREE else strip_export([task])[0] for task in tidy]


def accept(root: Path, config: str, readings: Iterable[Reading], provenance: Provenance) -> list[str]:
    """Put readings in the place of the gold of a configuration. Only documents that changed are touched; returns their ids."""
    known, _ = gold(root, config)
    changed = []
    for reading in readings:
        old, new = known.get(reading.gold.id), reading.gold
        if old is None or any(getattr(old, layer) != getattr(new, layer) for layer in LAYERS):
            known[new.id] = replace(new, provenance=provenance)
            changed.append(new.id)
    if changed:
        write_gold(root / "annotations" / "gold" / config / "test.jsonl", known.values())
    return sorted(changed)


def push_open(server: Server, title: str, tasks: Sequence[Json], root: Path) -> None:
    """Push tasks of open points; annotators begin with the pre-annotation made for that."""
    from tqdm import tqdm

    from volgens.curation.label_studio.adjudicate import START, adjudication_config
    from volgens.curation.label_studio.client import push

    if not tasks:
        print("nothing is open")
        return
    config = adjudication_config((root / "annotations" / "labeling.xml").read_text(encoding="utf-8"))
    with tqdm(total=len(tasks), unit=" tasks", disable=None) as bar:
        pushed = push(server, title, tasks, config, progress=bar.update)
    server.begin_with(pushed.project, START)
    print(f"{pushed.new} tasks pushed, {pushed.present} were there: {pushed.link}")


def write_resolved(
    root: Path, config: str, readings: Mapping[str, Mapping[str, Gold]], decided: Sequence[Decision], provenance: Provenance
) -> list[Problem]:
    """Write the gold that follows from readings and decisions; nothing where a point is open."""
    from volgens.curation.adjudication import points, resolve

    golds, problems = [], []
    for name in sorted(readings):
        like = next(iter(readings[name].values()))
        gold, wrong = resolve(like, points(readings[name]), decided, provenance)
        golds.append(gold)
        problems += wrong
    if not problems:
        path = root / "annotations" / "gold" / config / "test.jsonl"
        write_gold(path, golds)
        print(f"{path}: {len(golds)} documents")
    return problems


def predictions(path: Path, found: Sequence[Document]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The rows of a predictions file, with offsets, and its problems against these documents."""
    from volgens.model.problem import ProblemsFound
    from volgens.readers.corpus import load_gold
    from volgens.readers.native import predictions as read

    try:
        lines = read(path, load_gold(gold=[d.to_dict() for d in found]))
    except ProblemsFound as error:
        return [], error.problems
    return lines.frame.to_dicts(), lines.problems
