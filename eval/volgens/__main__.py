"""`volgens` and `python -m volgens`: the command as a process of its own."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from volgens.cli import main

SELDOM = 100_000
"""Objects made between two collections. With Python's own 700 a score of 20 documents has 134: 80 ms that free nothing."""


def process() -> NoReturn:
    """Run the command of the shell and leave; nothing is collected on the way out, which would look at every object once more.

    Numpy starts no threads for products of matrices: ours are small, and the start is felt in a short command. In `volgens run`
    it does, because the extractor may want them. What all this saves of a whole command is a line of the benchmark's table.
    """
    if sys.argv[1:2] != ["run"]:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(SELDOM)
    code = main()
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    process()
