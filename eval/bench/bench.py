"""Speed as ratios measured side by side in one run: `make bench` writes results.json and the table in eval/README.md.

Each number is the median of `--repeat` runs, the sides of a ratio taken in turn. Every side reads files and ends with a table:
ours with `volgens.score`, nervaluate and seqeval from JSON lines, names alone. The floor is polars reading the JSON lines with a
schema, and nothing else.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

SEMEVAL = ["semeval.strict", "semeval.exact", "semeval.partial", "semeval.type"]
SIZES = (1_000, 10_000, 100_000)
PART = 20_000
"""Documents that the large corpus repeats under other ids."""
LIBRARIES = ("polars", "numpy", "nervaluate", "seqeval")
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


FLOOR, JSONL, PARQUET = (
    "floor: polars reads the JSON lines",
    "volgens, three layers, JSON lines",
    "volgens, three layers, Parquet",
)
NAMES = "volgens, names, Parquet"
RATIOS = (
    ("three layers from JSON lines, against reading them", JSONL, FLOOR, "≤ 2"),
    ("three layers from Parquet, against reading the JSON lines", PARQUET, FLOOR, "≤ 1"),
    ("intervals on all cells, against scoring from Parquet", "intervals on all cells", PARQUET, "≤ 0.5"),
    ("nervaluate, against names from Parquet", "nervaluate, names, JSON lines", NAMES, "≥ 50"),
    ("nervaluate, against names from JSON lines", "nervaluate, names, JSON lines", "volgens, names, JSON lines", ""),
    ("seqeval strict, against names from Parquet", "seqeval strict, names, JSON lines", NAMES, ""),
)
"""What is said, what is divided, by what, and the aim at the largest size."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="runs a number is the median of (default: 5)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="documents (default: 1000 10000 100000)")
    parser.add_argument(
        "--million", type=int, default=1_000_000, help="documents of the run for memory; 0 for none (default: 1000000)"
    )
    parser.add_argument("--tangled", type=int, default=20_000, help="documents whose names nest and cross (default: 20000)")
    parser.add_argument("--out", type=Path, default=HERE / "results.json")
    parser.add_argument("--page", type=Path, default=HERE.parent / "README.md", help="page whose table is replaced")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="volgens-bench-") as folder:
        sizes = {str(n): measured(files(Path(folder), n), args.repeat) for n in args.sizes}
        whole = {
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "versions": {name: importlib.metadata.version(name) for name in (*LIBRARIES, "volgens")},
            "repeat": args.repeat,
            "seconds": sizes,
            "tangled": {"documents": args.tangled, **tangled(Path(folder), args.tangled, args.repeat)},
            "shell": shell(Path(folder), args.repeat),
            "million": million(Path(folder), args.million) if args.million else None,
        }
    args.out.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    text = args.page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    args.page.write_text(f"{before}{BEGIN}\n{table(whole)}\n{END}{after}", encoding="utf-8")
    print(table(whole))
    return 0


def files(folder: Path, documents: int, nested: int = 0) -> dict[str, Path]:
    """The same corpus as JSON lines and Parquet, with all layers and with names alone."""
    import polars as pl
    from newswire import corpus

    print(f"making {documents} documents", file=sys.stderr)
    found = {}
    for side, rows in zip(("gold", "predicted"), corpus(documents, seed=documents, nested=nested), strict=True):
        names = [{k: v for k, v in row.items() if k in ("id", "length", "entities")} for row in rows]
        for what, some in (("all", rows), ("names", names)):
            path = found[f"{side} {what}"] = folder / f"{side}-{what}-{documents}-{nested}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in some), encoding="utf-8")
            write_parquet(path.with_suffix(".parquet"), [pl.read_ndjson(path, schema=schema(what, side))])
    return found


def write_parquet(path: Path, frames: Iterable[pl.DataFrame]) -> None:
    """Frames as one file, written as the dataset is: by Arrow, with zstd, from a plain schema."""
    import pyarrow.parquet as pq

    tables = (frame.to_arrow() for frame in frames)
    first = next(tables)
    with pq.ParquetWriter(path, first.schema, compression="zstd", store_schema=False) as file:
        for table in chain([first], tables):
            file.write_table(table)


def schema(what: str, side: str) -> dict[str, Any]:
    import polars as pl
    from volgens.scoring.tables import SCHEMA

    length = {"length": pl.Int64} if side == "gold" else {}
    return {**{k: v for k, v in SCHEMA.items() if what == "all" or k in ("id", "entities")}, **length}


def measured(paths: dict[str, Path], repeat: int) -> dict[str, float]:
    """Median seconds of every side, taken in turn."""
    import polars as pl
    import volgens

    def floor() -> None:
        for side in ("gold", "predicted"):
            pl.read_ndjson(paths[f"{side} all"], schema=schema("all", side))

    def ours(what: str, ending: str, measures: list[str] | None) -> Callable[[], Any]:
        sides = [paths[f"{side} {what}"].with_suffix(ending) for side in ("predicted", "gold")]
        return lambda: volgens.score(*sides, measures=measures)

    card = ours("all", ".parquet", None)()
    work = {
        "floor: polars reads the JSON lines": floor,
        "volgens, three layers, JSON lines": ours("all", ".jsonl", None),
        "volgens, three layers, Parquet": ours("all", ".parquet", None),
        "volgens, names, JSON lines": ours("names", ".jsonl", SEMEVAL),
        "volgens, names, Parquet": ours("names", ".parquet", SEMEVAL),
        "nervaluate, names, JSON lines": lambda: nervaluate(paths),
        "seqeval strict, names, JSON lines": lambda: seqeval(paths),
        "intervals on all cells": lambda: fresh(card).intervals,
    }
    return in_turn(work, repeat)


def fresh(card: Any) -> Any:
    """The scorecard without what it has computed before."""
    from dataclasses import replace

    return replace(card)


def in_turn(work: dict[str, Callable[[], Any]], repeat: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repeat):
        for name, run in work.items():
            begin = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - begin)
            print(f"  {name}: {times[name][-1]:.3f} s", file=sys.stderr)
    return {name: round(statistics.median(found), 4) for name, found in times.items()}


def nervaluate(paths: dict[str, Path]) -> None:
    """Its four schemes and per type, from JSON lines to its summary."""
    from nervaluate import Evaluator

    sides = [
        [
            [{"label": e["type"], "start": e["start"], "end": e["end"] - 1} for e in json.loads(line)["entities"]]
            for line in paths[f"{side} names"].open(encoding="utf-8")
        ]
        for side in ("gold", "predicted")
    ]
    types = sorted({e["label"] for row in sides[0] for e in row})
    Evaluator(*sides, tags=types).evaluate()


def seqeval(paths: dict[str, Path]) -> None:
    """Its strict report; the tags are made of words, one per `newswire.WIDTH` characters."""
    from newswire import WIDTH
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    def tags(line: str) -> list[str]:
        row = ["O"] * 70
        for e in json.loads(line)["entities"]:
            first, last = e["start"] // WIDTH, max(e["end"] // WIDTH, e["start"] // WIDTH)
            row[first : last + 1] = [f"B-{e['type']}"] + [f"I-{e['type']}"] * (last - first)
        return row

    sides = [[tags(line) for line in paths[f"{side} names"].open(encoding="utf-8")] for side in ("gold", "predicted")]
    classification_report(*sides, mode="strict", scheme=IOB2)


def tangled(folder: Path, documents: int, repeat: int) -> dict[str, float]:
    """Documents whose names nest and cross eight deep."""
    import volgens

    paths = files(folder, documents, nested=8)

    def ours(ending: str) -> Callable[[], Any]:
        sides = [paths[f"{side} names"].with_suffix(ending) for side in ("predicted", "gold")]
        return lambda: volgens.score(*sides, measures=SEMEVAL, view="nested")

    work = {
        "volgens, Parquet": ours(".parquet"),
        "volgens, JSON lines": ours(".jsonl"),
        "nervaluate, JSON lines": lambda: nervaluate(paths),
    }
    return in_turn(work, repeat)


def shell(folder: Path, repeat: int) -> dict[str, float]:
    """`volgens score` on the `own` test split from the shell, and a Python that only imports what it stands on; modules are
    compiled, as an installation leaves them.
    """
    gold = HERE.parents[1] / "dataset" / "data" / "own" / "test.parquet"
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env = {**kept, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}

    def run(*arguments: str) -> Callable[[], Any]:
        return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=env)

    work = {"volgens score": run("-m", "volgens", "score", str(gold)), "imports": run("-c", "import polars, numpy")}
    for warm in work.values():
        warm()
    return in_turn(work, repeat)


def million(folder: Path, documents: int) -> dict[str, float]:
    """Seconds and peak memory of scoring many documents from Parquet, in a process of its own."""
    import polars as pl

    each = min(PART, documents)
    paths = files(folder, each)
    for side in ("gold", "predicted"):
        one = pl.read_parquet(paths[f"{side} all"].with_suffix(".parquet"))
        many = (one.with_columns(id=pl.lit(f"{n:05d}-") + pl.col("id")) for n in range(documents // each))
        write_parquet(folder / f"{side}-million.parquet", many)
    del one, many
    code = "import sys, volgens; print(volgens.score(sys.argv[1], sys.argv[2]).to_json()[:1])"
    begin = time.perf_counter()
    sides = [str(folder / f"{side}-million.parquet") for side in ("predicted", "gold")]
    subprocess.run([sys.executable, "-c", code, *sides], check=True, capture_output=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1 << 20)
    return {"documents": documents // each * each, "seconds": round(time.perf_counter() - begin, 1), "peak GiB": round(peak, 2)}


def table(found: dict[str, Any]) -> str:
    """The table of ratios in Markdown."""
    sizes = found["seconds"]
    lines = [
        "| ratio | " + " | ".join(f"{int(n):,} documents" for n in sizes) + " | aim at 100,000 |",
        "|---|" + "---:|" * (len(sizes) + 1),
    ]
    for words, one, other, aim in RATIOS:
        lines.append(f"| {words} | " + " | ".join(f"{s[one] / s[other]:.2f}" for s in sizes.values()) + f" | {aim} |")
    growth = [f"{b[PARQUET] / a[PARQUET]:.1f}" for a, b in pairwise(sizes.values())]
    lines.append("| ten times the documents, times the time (Parquet) | | " + " | ".join(growth) + " | ≤ 11 |")
    knot = found["tangled"]
    ratios = [knot["nervaluate, JSON lines"] / knot[f"volgens, {form}"] for form in ("Parquet", "JSON lines")]
    lines += [
        "",
        f"Tangled names (nested and crossing, eight deep, {knot['documents']:,} documents): nervaluate takes "
        f"{ratios[0]:.1f} times as long as volgens from Parquet, {ratios[1]:.1f} times as long as from JSON lines (aim: ≥ 10). "
        f"`volgens score` on the `own` test split, from the shell: {found['shell']['volgens score']:.2f} s (aim: under 0.5 s); "
        f"a Python that only imports polars and numpy takes {found['shell']['imports']:.2f} s.",
    ]
    if many := found["million"]:
        spent = f"{many['seconds']:.0f} s, {many['peak GiB']:.2f} GiB at most (aim: under 4)"
        lines.append(f"{many['documents']:,} documents from Parquet: {spent}.")
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    lines += ["", f"Medians of {found['repeat']}; {found['machine']}, Python {found['python']}; {versions}."]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
