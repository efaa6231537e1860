"""The other end of a pipe: `python -m volgens.run.child module:function` reads {"id", "text"} a line and answers each.

What the function prints goes to standard error, so that it cannot get between the answers.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

from volgens.model.problem import ProblemsFound
from volgens.run.extractor import Text
from volgens.run.functions import apply, batch_size, load, warm_up


def main(argv: Sequence[str]) -> int:
    """Tell how many texts are answered at once, or why none can be; then answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        function = load(argv[0])
        warm_up(function)
    except ProblemsFound as found:
        print(json.dumps({"problems": found.problems}), file=answers, flush=True)
        return 1
    size = batch_size(function) or 1
    print(json.dumps({"window": size}), file=answers, flush=True)
    for batch in _batches(sys.stdin, size):
        for answer in apply(function, batch):
            print(_line(answer.id, answer.layers, answer.error), file=answers, flush=True)
    return 0


def _batches(lines: TextIO, size: int) -> Iterator[list[Text]]:
    batch: list[Text] = []
    for line in lines:
        row = json.loads(line)
        batch.append(Text(row["id"], row["text"]))
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _line(document: str, layers: object, error: str | None) -> str:
    try:
        return json.dumps({"id": document, "error": error} if error else {"id": document, "answer": layers}, allow_nan=False)
    except (TypeError, ValueError) as wrong:
        return json.dumps({"id": document, "error": f"the answer is not JSON: {wrong}; give plain lists and dictionaries"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
