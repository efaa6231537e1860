"""A run's journal: every answer is written down at once, so that a run that was killed goes on where it was.

`OUT.partial` holds the run's settings in its first line, then one record a line; a document that is tried again gets another, and
what it cost before stays written down. A line cut off by a kill is dropped and that document is done again. The journal goes when
every document has its prediction.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from volgens.model.problem import Problem, ProblemsFound, Where


def beside(out: Path, suffix: str) -> Path:
    """`predictions.jsonl` → `predictions.jsonl.SUFFIX`."""
    return out.with_name(f"{out.name}.{suffix}")


class Journal:
    """The open journal of `out`, locked against a second run.

    `history` holds every record, `records` the last one of every document.
    """

    def __init__(self, out: Path, settings: Mapping[str, Any], *, fresh: bool) -> None:
        self.path = beside(out, "partial")
        self.records: dict[str, dict[str, Any]] = {}
        self.history: list[dict[str, Any]] = []
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = self.path.open("a+b")
        try:
            self._lock()
            self._resume(json.loads(json.dumps(settings)), fresh)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def write(self, record: Mapping[str, Any]) -> None:
        """Add the record of a document; it survives the death of this process."""
        self._append(record)
        self.records[record["id"]] = dict(record)
        self.history.append(self.records[record["id"]])

    def remove(self) -> None:
        """The run is complete."""
        self.path.unlink(missing_ok=True)

    def _append(self, record: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(record).encode() + b"\n")
        self._file.flush()

    def _lock(self) -> None:
        if os.name != "posix":
            return
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message, hint = "another run is writing this file", "Wait for it, end it, or choose another file to write to."
            raise ProblemsFound([Problem(Where(str(self.path)), "run-in-progress", message, hint)]) from None

    def _resume(self, settings: Mapping[str, Any], fresh: bool) -> None:
        self._file.seek(0)
        whole = [line for line in self._file.readlines() if line.endswith(b"\n")]
        if fresh or len(whole) < 2:
            self._file.truncate(0)
            self._append({"settings": settings})
            return
        head, *records = [json.loads(line) for line in whole]
        differing = sorted(k for k in {*head["settings"], *settings} if head["settings"].get(k) != settings.get(k))
        if differing:
            message = f"an unfinished run with another {', '.join(differing)} is here"
            hint = "Run that one again to finish it, give `--fresh` to discard it, or choose another file to write to."
            raise ProblemsFound([Problem(Where(str(self.path)), "another-run", message, hint)])
        self._file.truncate(sum(map(len, whole)))
        self.history = records
        self.records = {record["id"]: record for record in records}
