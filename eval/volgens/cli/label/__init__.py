"""`volgens label`: a dataset's documents to annotators in Label Studio and back, for any folder, configuration and split."""

from __future__ import annotations

from typing import Any

from volgens.cli.label import accept, adjudicate, agreement, check, diff, pull, push, serve

COMMANDS = (serve, push, pull, check, diff, accept, adjudicate, agreement)


def add(commands: Any) -> None:
    """Add the commands and their arguments."""
    parser = commands.add_parser(
        "label",
        help="the annotation loop with Label Studio",
        description="The annotation loop: serve, push, let people label, pull, check, diff, accept or adjudicate.",
        epilog="Exit codes: 0 done, 1 problems (all of them are listed), 2 wrong usage. Every command names the next one.",
    )
    steps = parser.add_subparsers(required=True, metavar="STEP")
    for command in COMMANDS:
        command.add(steps)
