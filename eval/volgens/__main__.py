"""`volgens` and `python -m volgens`: the command as a process of its own."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from volgens.cli import main

SELDOM = 100_000
"""Objects made between two collections. With Python's own 700 a hundred fall in the loading of modules, and find nothing."""


def process() -> NoReturn:
    """Run the command of the shell and leave; nothing is collected on the way out.

    Numpy starts no threads for products of matrices: ours are small, and the start is felt in a short command. In `volgens run`
    it does, because the extractor may want them.
    """
    if sys.argv[1:2] != ["run"]:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(SELDOM)
    code = main()
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    process()
