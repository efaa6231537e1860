"""`volgens` and `python -m volgens`: the command as a process of its own."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

from volgens.cli import main

SELDOM = 100_000
"""Objects made between two collections. With Python's own 700 they are a tenth of a short command, and find nothing."""


def process() -> NoReturn:
    """Run the command of the shell and leave; nothing is collected on the way out."""
    gc.set_threshold(SELDOM)
    code = main()
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    process()
