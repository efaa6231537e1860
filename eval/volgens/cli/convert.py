"""`volgens convert`: predictions of any tool in our own form."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from volgens.cli.common import add_gold, add_reading, gold_of, reading


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "convert",
        help="write predictions of any tool in our own form",
        description="Write predictions of any tool in our own form: JSON lines by document, the same bytes for the same content.",
    )
    parser.add_argument("predictions", metavar="FILE", help="predictions in any form that is read (`volgens formats`)")
    parser.add_argument("--to", choices=("native",), default="native", help="the form to write (default: native)")
    parser.add_argument("--out", type=Path, metavar="PATH", help="file to write (default: standard output)")
    add_gold(parser)
    add_reading(parser)
    parser.add_argument("--all", action="store_true", help="print every problem")
    parser.set_defaults(command=run, nothing="nothing was written")


def run(args: argparse.Namespace) -> int:
    """Convert and say what was written."""
    from volgens.atomic import atomic
    from volgens.writers.convert import to_native

    found = to_native(args.predictions, gold_of(args), reading(args))
    if args.out is None:
        sys.stdout.buffer.write(found.data)
        return 0
    with atomic(args.out) as part:
        part.write_bytes(found.data)
    print(f"{args.out}: {found.documents} documents with {', '.join(found.layers) or 'no layer'}, from {found.form}")
    for note, times in found.notes.items():
        print(f"  {note}: {times}")
    return 0
