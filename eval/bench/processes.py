"""A command as a whole process: its seconds from the shell, and its memory at most."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Spent(NamedTuple):
    """Seconds of wall time from start to end, and the largest resident memory in MiB."""

    seconds: float
    mib: float


def spent(command: Sequence[str], env: Mapping[str, str]) -> Spent:
    """Run a command once. Raises CalledProcessError, with what it said, where it fails."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        print(said.decode(errors="replace"), file=sys.stderr)
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Spent(seconds, usage.ru_maxrss / unit)


def in_turn(commands: Mapping[str, Sequence[str]], repeat: int, env: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Each command `repeat` times, in turn, so that a busy moment meets all: median of the seconds, maximum of the memory."""
    runs: dict[str, list[Spent]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            runs[name].append(spent(command, env))
            print(f"  {name}: {runs[name][-1].seconds:.2f} s, {runs[name][-1].mib:.0f} MiB", file=sys.stderr)
    return {
        name: {
            "seconds": round(statistics.median(run.seconds for run in found), 3),
            "mib": round(max(run.mib for run in found), 1),
        }
        for name, found in runs.items()
    }


def environment(folder: Path) -> dict[str, str]:
    """The environment of a user, with modules compiled as an installation leaves them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def paths_of(folder: Path, documents: int, nested: int) -> dict[str, Path]:
    """The JSON lines of a corpus: gold and predicted, all layers and names alone; the Parquet files lie beside them."""
    return {
        f"{side} {what}": folder / f"{side}-{what}-{documents}-{nested}.jsonl"
        for side in ("gold", "predicted")
        for what in ("all", "names")
    }


def many(lines: Path) -> Path:
    """The Parquet file that repeats a corpus under other ids."""
    return lines.with_name(f"{lines.stem}-many.parquet")
