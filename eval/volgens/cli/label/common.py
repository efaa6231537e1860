"""What the steps share: the dataset's folder, the choice of documents, the server, and how problems are told."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.cli.common import day
from volgens.cli.outcome import print_problems

if TYPE_CHECKING:
    from volgens.curation.accept import How, Outcome
    from volgens.curation.folder import Folder
    from volgens.curation.label_studio.client import Server
    from volgens.curation.merge import Allowed
    from volgens.model.documents import Document
    from volgens.model.problem import Problem

EXIT_CODES = "Exit codes: 0 done, 1 problems (all of them are listed), 2 wrong usage."
Run = Callable[[argparse.Namespace], "Sequence[Problem]"]


def add_step(steps: Any, name: str, run: Run, what: str, more: str = "") -> argparse.ArgumentParser:
    """A step with its help; `run` returns its problems."""
    parser: argparse.ArgumentParser = steps.add_parser(name, help=what, description=f"{what}. {more}".strip(), epilog=EXIT_CODES)
    parser.set_defaults(command=told(run), nothing="nothing is written")
    parser.add_argument(
        "--root", type=Path, metavar="DIR", help="folder of the dataset (default: the nearest one above that has dataset/pages)"
    )
    return parser


def add_documents(parser: argparse.ArgumentParser) -> None:
    """Which documents."""
    parser.add_argument("--config", default="own", help="configuration (default: %(default)s)")
    parser.add_argument("--split", help="only this split (default: every split of the configuration)")
    parser.add_argument("--documents", nargs="+", metavar="ID", help="only these documents")
    parser.add_argument("--texts", type=Path, metavar="DIR", help="folder that holds the texts, where they do not travel")


def add_server(parser: argparse.ArgumentParser) -> None:
    """Options for a server. The token is never an argument: other users of a machine can read those."""
    where = "LABEL_STUDIO_URL, else where `serve` left it"
    parser.add_argument("--url", help=f"address of Label Studio (default: {where})")
    where = "LABEL_STUDIO_API_KEY, else where `serve` left it"
    parser.add_argument("--token-file", type=Path, metavar="FILE", help=f"file with the API token (default: {where})")
    add_data(parser)


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of the server (default: out/label-studio)")


def add_how(parser: argparse.ArgumentParser) -> None:
    """How gold comes to be, and what it may lose."""
    parser.add_argument("--by", choices=("person", "model"), required=True, help="what annotated or decided")
    parser.add_argument("--date", type=day, required=True, help="day of it, YYYY-MM-DD")
    parser.add_argument("--guidelines", default="2", help="version of the guidelines (default: %(default)s)")
    parser.add_argument("--allow-empty", nargs="+", default=[], metavar="ID", help="documents in which there is nothing to label")
    parser.add_argument(
        "--allow-loss", nargs="+", default=[], metavar="ID", help="documents that may lose a whole layer or most of their items"
    )


def folder(given: argparse.Namespace) -> Folder:
    """The dataset's folder."""
    from volgens.curation.folder import Folder, nearest

    return Folder(given.root or nearest(Path.cwd()))


def data(given: argparse.Namespace) -> Path:
    """The server's folder."""
    from volgens.curation.label_studio.connection import data_folder

    return (given.data or data_folder(folder(given).root)).resolve()


def connect(given: argparse.Namespace) -> Server:
    """The server of `add_server`'s options. Raises ServerError."""
    from volgens.curation.label_studio.connection import connect as to

    return to(data(given), given.url, given.token_file)


def documents(given: argparse.Namespace, need_text: bool = False) -> tuple[list[Document], list[Problem]]:
    """The documents of `add_documents`' options."""
    found, problems = folder(given).documents(given.config, given.split, given.texts)
    return ([], problems) if problems else _chosen(given, found, need_text)


def of_gold(given: argparse.Namespace) -> tuple[list[Document], list[Problem]]:
    """The documents of `--gold`, which need labels that the form has, and texts."""
    from volgens.model.problem import ProblemsFound
    from volgens.readers.corpus import load_gold
    from volgens.readers.gold_documents import documents as as_documents

    chooses = Path(given.gold).is_dir()
    try:
        frame = load_gold(given.config if chooses else None, given.split if chooses else None, given.gold)
        return _chosen(given, as_documents(frame), need_text=True)
    except ProblemsFound as found:
        return [], found.problems


def _chosen(given: argparse.Namespace, found: list[Document], need_text: bool) -> tuple[list[Document], list[Problem]]:
    """Those of `--documents`; an id that is none and a document without text are problems."""
    from volgens.curation.folder import without_text
    from volgens.model.problem import Problem, Where

    problems: list[Problem] = []
    if given.documents:
        unknown = sorted(set(given.documents) - {d.id for d in found})
        where = f"{given.config!r}{f', split {given.split!r}' if given.split else ''}"
        problems = [Problem(Where(document=name), "no-page", f"no document of {where}", "Correct the id.") for name in unknown]
        found = [document for document in found if document.id in given.documents]
    return found, problems + (without_text(found) if need_text else [])


def predictions(given: argparse.Namespace) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The rows of `--predictions`, read against the whole configuration, whatever part of it is chosen."""
    from volgens.curation.label_studio.projects import read_predictions

    everything, problems = folder(given).documents(given.config, None, given.texts)
    return ([], problems) if problems else read_predictions(given.predictions, everything)


def how(given: argparse.Namespace) -> tuple[How, Allowed]:
    from volgens.curation.accept import How
    from volgens.curation.merge import Allowed

    return How(given.by, given.guidelines, given.date), Allowed(given.allow_empty, given.allow_loss)


def tell(outcome: Outcome, root: Path) -> None:
    """What became gold, and the lines for the changelog."""
    print(f"{len(outcome.changed)} documents written to the gold: {', '.join(outcome.changed) or 'none'}")
    if outcome.same:
        print(f"{len(outcome.same)} say what the gold says already")
    if outcome.corrections:
        print(f"{outcome.corrections} corrections recorded in annotations/adjudication/corrections.jsonl")
    if outcome.lines:
        print("for CHANGELOG.md, under Data:", *(f"- {line}" for line in outcome.lines), sep="\n")
    if outcome.changed:
        print("next      volgens data build" + ("" if root == Path.cwd() else f" --root {root}"))


def told(run: Run) -> Callable[[argparse.Namespace], int]:
    """The exit code of a step: its problems to standard error, and a server's refusal in one line."""

    @wraps(run)
    def wrapped(given: argparse.Namespace) -> int:
        from volgens.curation.label_studio.client import ServerError

        try:
            problems = run(given)
        except ServerError as error:
            print(error, file=sys.stderr)
            return 1
        if problems:
            print_problems(problems, all_of_them=True)
        return 1 if problems else 0

    return wrapped
