"""`volgens show`: a document with its gold, and a prediction below it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from volgens.cli.common import add_gold, the_gold


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "show",
        help="show a document with its gold, and predictions below",
        description="Show documents: each line of text with the gold above (G) and the prediction below (P), differences marked.",
    )
    parser.add_argument("documents", nargs="+", metavar="DOC", help="ids of documents, such as own-000-t1")
    parser.add_argument("--predictions", metavar="FILE", help="predictions to show against the gold")
    parser.add_argument("--colour", choices=("auto", "always", "never"), default="auto", help="auto: on a terminal (default)")
    add_gold(parser)
    parser.set_defaults(command=run, nothing="nothing was shown")


def run(args: argparse.Namespace) -> int:
    """Print the documents."""
    from volgens.api import rules, score_corpus, whole
    from volgens.model.problem import Problem, ProblemsFound, Where
    from volgens.readers.native import Reading
    from volgens.report.show import show

    chosen = the_gold(args)
    gold = chosen.frame
    unknown = [name for name in args.documents if name not in gold["id"]]
    if unknown:
        hint = f"The ids of this gold are {gold['id'][0]} … {gold['id'][-1]}."
        raise ProblemsFound(
            [Problem(Where(document=name), "unknown-document", "the gold has no such document", hint) for name in unknown]
        )
    colour = args.colour == "always" or (args.colour == "auto" and sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    card = guesses = None
    if args.predictions:
        corpus = whole(args.predictions, chosen, Reading(missing="empty"), rules())
        card, guesses = score_corpus(corpus, rules()), corpus.predictions
    print("\n\n".join(show(name, gold, guesses, card, colour=colour) for name in args.documents))
    return 0
