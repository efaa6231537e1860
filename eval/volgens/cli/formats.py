"""`volgens formats`: the files of other tools that can be read and written."""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "formats", help="list the foreign formats", description="List the formats that are read and written."
    )
    parser.set_defaults(command=run)


def run(args: argparse.Namespace) -> int:
    """Print names and descriptions."""
    from volgens.readers.foreign import FORMATS, NAMED
    from volgens.writers.formats import FORMATS as WRITTEN

    print("read by `volgens score FILE`, told by content or named with --from:")
    for name, form in FORMATS.items():
        print(f"  {name:14} {form.description}")
    print("written by `volgens export FORMAT`:")
    for name, writer in WRITTEN.items():
        print(f"  {name:14} {writer.description}")
    print("ready maps for --map:")
    for name, mapping in NAMED.items():
        print(f"  {name:14} {', '.join(f'{a}={b}' for a, b in mapping.items())}")
    return 0
