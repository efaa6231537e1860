"""Libraries that could take the place of code of ours, each tried in the whole command: `libraries.py [--documents N]`.

scipy's assignment and Student's t are put where ours stand and the command is run as it is typed; the scores must be equal to
the third decimal. msgspec has no place of its own to be put into, so its row is a floor: it reads the lines into typed structures
and stops there.
"""

from __future__ import annotations

import argparse
import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]


def with_scipy_assignment() -> None:
    """Each connected component by `scipy.optimize.linear_sum_assignment`, one after another."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment
    from volgens.scoring import assignment

    def each(weight: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.stack([linear_sum_assignment(one.astype(np.float64), maximize=True)[1] for one in weight])

    assignment.hungarian = each


def with_scipy_t() -> None:
    """The quantile of Student's t by `scipy.stats`."""
    from scipy.stats import t
    from volgens.stats import uncertainty

    uncertainty.student_t = lambda p, df: float(t.ppf(p, df))


def msgspec_reads(paths: list[str]) -> None:
    """The lines into typed structures, read off the declarations of the layers; no check of ours."""
    import msgspec
    from volgens.model.layers import ALL

    fields = [(layer.name, list[_struct(layer.item)] | None, None) for layer in ALL]  # type: ignore[misc]
    line = msgspec.defstruct("Line", [("id", str), *fields], gc=False)
    decoder = msgspec.json.Decoder(line)
    for path in paths:
        decoder.decode_lines(Path(path).read_bytes())


def _struct(item: type) -> type:
    """A structure of the fields of an item: numbers, strings and truth values as they are, spans as objects of two numbers."""
    import dataclasses

    import msgspec

    span = msgspec.defstruct("Span", [("start", int), ("end", int)], gc=False)
    kinds: dict[str, Any] = {"str": str | None, "bool": bool | None, "int": int | None, "float": float | None}

    def kind(said: str) -> Any:
        if "Span" in said:
            return list[span] | None if "tuple" in said else span | None  # type: ignore[valid-type]
        return next((found for name, found in kinds.items() if name in said), Any)

    return msgspec.defstruct(item.__name__, [(f.name, kind(str(f.type)), None) for f in dataclasses.fields(item)], gc=False)


SWAPS = {"scipy's assignment": with_scipy_assignment, "scipy's t": with_scipy_t}


def run_with(swap: str, words: list[str]) -> None:
    """The command with one library put in."""
    SWAPS[swap]()
    sys.argv = ["volgens", *words]
    runpy.run_module("volgens", run_name="__main__")


def main(arguments: list[str] | None = None) -> int:
    """Time each as a whole process, in turn, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=10_000, help="of invented newswire (default: 10000)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each command (default: 3)")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as away:
        for row in rows(Path(away), given.documents, given.repeat):
            print(row)
    return 0


def rows(folder: Path, documents: int, repeat: int) -> list[str]:
    """A Markdown table: what was run, with ours and with the library, in seconds."""
    from bench import files
    from processes import environment, in_turn

    env = environment(folder) | {"PYTHONPATH": str(HERE.parent)}
    plain, nested = files(folder, documents), files(folder, documents // 5, nested=8)
    own = str(HERE.parents[1] / "eval" / "results" / "rules-own.jsonl")
    me = [sys.executable, str(HERE / "libraries.py")]
    ours = [sys.executable, "-m", "volgens"]
    scored = ["score", str(nested["predicted all"]), "--gold", str(nested["gold all"])]
    lines = [str(plain["gold all"]), str(plain["predicted all"])]
    pairs = {
        f"`score`, {documents // 5:,} documents of nested names; assignment: scipy": (scored, "scipy's assignment"),
        "`score` on `own`; Student's t: scipy": (["score", own], "scipy's t"),
    }
    table = ["| what was run | ours | library |", "|---|---:|---:|"]
    for what, (words, swap) in pairs.items():
        same(ours, [*me, "--with", swap], words, env)
        found = in_turn({"ours": [*ours, *words], "library": [*me, "--with", swap, *words]}, repeat, env)
        table.append(f"| {what} | {found['ours']['seconds']:.2f} s | {found['library']['seconds']:.2f} s |")
    whole = [*ours, "check", lines[1], "--gold", lines[0]]
    found = in_turn({"ours": whole, "library": [*me, "--msgspec", *lines]}, repeat, env)
    what = f"`check`, {documents:,} documents in JSON lines; msgspec decodes them and stops there"
    table.append(f"| {what} | {found['ours']['seconds']:.2f} s | {found['library']['seconds']:.2f} s |")
    return table


def same(ours: list[str], theirs: list[str], words: list[str], env: dict[str, str]) -> None:
    """Raise where the two do not give the same numbers, to the third decimal (our t is an approximation)."""
    import json
    import subprocess

    def told(command: list[str]) -> Any:
        done = subprocess.run([*command, *words, "--format", "json"], env=env, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)["measures"]

    if not _alike(told(ours), told(theirs)):
        raise SystemExit(f"{' '.join(theirs)} gives other numbers than ours")


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return abs(one - other) < 0.001 if isinstance(one, float) and isinstance(other, float) else bool(one == other)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--with"]:
        run_with(sys.argv[2], sys.argv[3:])
    elif sys.argv[1:2] == ["--msgspec"]:
        msgspec_reads(sys.argv[2:])
    else:
        sys.exit(main())
