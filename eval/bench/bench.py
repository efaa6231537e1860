"""Speed of whole processes, both sides in one run: `make bench` writes results.json and the table in eval/README.md.

Each command is timed as a user types it, from the shell and with its default output: `volgens score` of three layers and of names
alone, from JSON lines and from Parquet, beside nervaluate and seqeval on the same names, and DuckDB reading the same lines.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from processes import environment, in_turn, many, paths_of, spent  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
PART = 20_000
"""Documents that the large corpus repeats under other ids."""
LIBRARIES = ("polars", "numpy", "nervaluate", "seqeval", "duckdb")
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
PLAIN = "import sys; from volgens.cli import main; sys.exit(main())"
"""The command without what `volgens.__main__` sets for its process."""

ALL_LINES, ALL_PARQUET = "`volgens score`, three layers, JSON lines", "`volgens score`, three layers, Parquet"
NAMES_LINES, NAMES_PARQUET = "`volgens score`, names, JSON lines", "`volgens score`, names, Parquet"
NO_ERRORS, BARE = "the same with `--format markdown`: no commonest errors", "the same in a process without settings of its own"
NERVALUATE, SEQEVAL, DUCKDB = (
    "nervaluate, names, JSON lines",
    "seqeval strict, names, JSON lines",
    "DuckDB, reading the JSON lines",
)
IMPORTS = "a Python that imports polars and numpy"


class Aim(NamedTuple):
    """What is aimed at for the largest size: what is said, the value of a run's numbers, and the bound."""

    words: str
    value: float
    bound: float
    at_least: bool = False
    unit: str = ""

    @property
    def reached(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign, verdict = "≥" if self.at_least else "≤", "yes" if self.reached else "**no**"
        return f"| {self.words} | {sign} {self.bound:g}{self.unit} | {self.value:.2f}{self.unit} | {verdict} |"


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
    with tempfile.TemporaryDirectory(prefix="volgens-bench-") as name:
        whole = measured(Path(name), args)
    args.out.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    text = args.page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    args.page.write_text(f"{before}{BEGIN}\n{table(whole)}\n{END}{after}", encoding="utf-8")
    print(table(whole))
    return 0


def measured(folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    """All numbers of a run."""
    env = environment(folder)
    sizes: dict[str, Any] = {}
    for n in sorted(args.sizes):
        commands = of_size(files(folder, n))
        for command in commands.values() if not sizes else ():
            spent(command, env)  # modules are compiled
        sizes[str(n)] = in_turn(commands, args.repeat, env)
    return {
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in (*LIBRARIES, "volgens")},
        "repeat": args.repeat,
        "sizes": sizes,
        "tangled": {"documents": args.tangled, **in_turn(tangled(files(folder, args.tangled, nested=8)), args.repeat, env)},
        "million": million(folder, args.million, env) if args.million else None,
    }


def of_size(paths: dict[str, Path]) -> dict[str, list[str]]:
    """Every command of a size."""

    def scored(what: str, ending: str, *more: str, start: tuple[str, ...] = ("-m", "volgens")) -> list[str]:
        predicted, gold = (str(paths[f"{side} {what}"].with_suffix(ending)) for side in ("predicted", "gold"))
        return [sys.executable, *start, "score", predicted, "--gold", gold, *more]

    return {
        NAMES_PARQUET: scored("names", ".parquet"),
        NO_ERRORS: scored("names", ".parquet", "--format", "markdown"),
        BARE: scored("names", ".parquet", start=("-c", PLAIN)),
        NAMES_LINES: scored("names", ".jsonl"),
        NERVALUATE: other("nervaluate", paths, "names"),
        SEQEVAL: other("seqeval", paths, "names"),
        ALL_PARQUET: scored("all", ".parquet"),
        ALL_LINES: scored("all", ".jsonl"),
        DUCKDB: other("duckdb", paths, "all"),
        IMPORTS: other("imports", paths, "all"),
    }


def tangled(paths: dict[str, Path]) -> dict[str, list[str]]:
    """Names that nest and cross eight deep."""
    predicted, gold = (str(paths[f"{side} names"].with_suffix(".parquet")) for side in ("predicted", "gold"))
    ours = [sys.executable, "-m", "volgens", "score", predicted, "--gold", gold, "--view", "nested"]
    return {NAMES_PARQUET: ours, NERVALUATE: other("nervaluate", paths, "names")}


def other(side: str, paths: dict[str, Path], what: str) -> list[str]:
    return [sys.executable, str(HERE / "others.py"), side, str(paths[f"gold {what}"]), str(paths[f"predicted {what}"])]


def million(folder: Path, documents: int, env: dict[str, str]) -> dict[str, float]:
    """Seconds and memory of scoring many documents from Parquet."""
    each = min(PART, documents)
    made = files(folder, each, copies=documents // each)
    predicted, gold = (str(many(made[f"{side} all"])) for side in ("predicted", "gold"))
    found = spent([sys.executable, "-m", "volgens", "score", predicted, "--gold", gold], env)
    return {"documents": documents // each * each, "seconds": round(found.seconds, 1), "mib": round(found.mib)}


def files(folder: Path, documents: int, nested: int = 0, copies: int = 0) -> dict[str, Path]:
    """The same corpus as JSON lines and Parquet, with all layers and with names alone.

    Made in a process of its own: the largest memory told of a child starts at its parent's, so the parent stays small.
    """
    print(f"making {documents * max(copies, 1)} documents", file=sys.stderr)
    subprocess.run([sys.executable, str(HERE / "corpora.py"), str(folder), *map(str, (documents, nested, copies))], check=True)
    return paths_of(folder, documents, nested)


def table(found: dict[str, Any]) -> str:
    """The tables in Markdown: what every command took, and what was aimed at."""
    sizes = found["sizes"]
    most = list(sizes)[-1]
    head = [*(f"{int(n):,} documents" for n in sizes), f"MiB at {int(most):,}"]
    lines = ["| whole process, seconds | " + " | ".join(head) + " |", "|---|" + "---:|" * len(head)]
    for name in next(iter(sizes.values())):
        taken = " | ".join(f"{size[name]['seconds']:.2f}" for size in sizes.values())
        lines.append(f"| {name} | {taken} | {sizes[most][name]['mib']:,.0f} |")
    lines += [
        "",
        f"| aim, at {int(most):,} documents unless it says otherwise | bound | measured | reached |",
        "|---|---:|---:|---|",
    ]
    lines += [str(aim) for aim in aims(found)]
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    lines += ["", f"Medians of {found['repeat']}; {found['machine']}, Python {found['python']}; {versions}."]
    return "\n".join(lines)


def aims(found: dict[str, Any]) -> Iterator[Aim]:
    """Every aim with what came of it."""
    sizes, knot = found["sizes"], found["tangled"]
    last, first = list(sizes.values())[-1], next(iter(sizes.values()))

    def ratio(one: str, two: str, what: str = "seconds", of: dict[str, Any] = last) -> float:
        return float(of[one][what] / of[two][what])

    yield Aim("names from Parquet: nervaluate takes so many times as long", ratio(NERVALUATE, NAMES_PARQUET), 30, at_least=True)
    yield Aim("names from Parquet: memory, against nervaluate's", ratio(NAMES_PARQUET, NERVALUATE, "mib"), 1)
    yield Aim("three layers from JSON lines, against DuckDB reading them", ratio(ALL_LINES, DUCKDB), 3)
    share = 1 - ratio(NO_ERRORS, NAMES_PARQUET)
    yield Aim("share of the line of commonest errors (names, Parquet)", max(0.0, share), 0.1)
    yield Aim(f"{int(next(iter(sizes))):,} documents, three layers, Parquet", first[ALL_PARQUET]["seconds"], 0.6, unit=" s")
    for (few, small), (more, large) in pairwise(sizes.items()):
        grown = int(more) / int(few)
        times = large[ALL_PARQUET]["seconds"] / small[ALL_PARQUET]["seconds"]
        yield Aim(f"from {int(few):,} to {int(more):,} documents: times the time (three layers, Parquet)", times, 1.1 * grown)
    words = f"{knot['documents']:,} documents with names nested and crossing eight deep: nervaluate takes so many times as long"
    yield Aim(words, ratio(NERVALUATE, NAMES_PARQUET, of=knot), 10, at_least=True)
    if million_run := found["million"]:
        yield Aim(
            f"memory for {million_run['documents']:,} documents from Parquet ({million_run['seconds']:.0f} s)",
            million_run["mib"] / 1024,
            4,
            unit=" GiB",
        )


if __name__ == "__main__":
    sys.exit(main())
