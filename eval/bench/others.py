"""The other sides of the benchmark, each a whole process: `python others.py nervaluate GOLD PREDICTED`, both JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent


def nervaluate(gold: Path, predicted: Path) -> None:
    """Its four schemes and per type, from JSON lines to its summary."""
    from nervaluate import Evaluator

    sides = [
        [
            [{"label": e["type"], "start": e["start"], "end": e["end"] - 1} for e in json.loads(line)["entities"]]
            for line in path.open(encoding="utf-8")
        ]
        for path in (gold, predicted)
    ]
    types = sorted({e["label"] for row in sides[0] for e in row})
    evaluator = Evaluator(*sides, tags=types)
    evaluator.evaluate()
    print(evaluator.summary_report())


def seqeval(gold: Path, predicted: Path) -> None:
    """Its strict report; the tags are made of words, one per `newswire.WIDTH` characters."""
    sys.path.insert(0, str(HERE))
    from newswire import WIDTH
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    def tags(line: str) -> list[str]:
        row = ["O"] * 70
        for e in json.loads(line)["entities"]:
            first, last = e["start"] // WIDTH, max(e["end"] // WIDTH, e["start"] // WIDTH)
            row[first : last + 1] = [f"B-{e['type']}"] + [f"I-{e['type']}"] * (last - first)
        return row

    sides = [[tags(line) for line in path.open(encoding="utf-8")] for path in (gold, predicted)]
    print(classification_report(*sides, mode="strict", scheme=IOB2))


def duckdb(gold: Path, predicted: Path) -> None:
    """Both files into tables, every column of them; nothing is scored."""
    from duckdb import connect

    connection = connect()
    for name, path in (("gold", gold), ("predicted", predicted)):
        read = f"create table {name} as select * from read_json(?, format='newline_delimited')"
        connection.execute(read, [str(path)])
        print(connection.execute(f"select count(*), sum(len(entities)) from {name}").fetchall())


def imports(gold: Path, predicted: Path) -> None:
    """What a Python takes that only imports what volgens stands on."""
    import numpy
    import polars

    print(numpy.__version__, polars.__version__)


SIDES: dict[str, Callable[[Path, Path], None]] = {f.__name__: f for f in (nervaluate, seqeval, duckdb, imports)}


if __name__ == "__main__":
    SIDES[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
