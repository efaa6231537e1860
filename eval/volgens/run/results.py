"""What a run leaves: the predictions, and beside them what they cost, what failed and how strings were located."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from volgens.atomic import atomic
from volgens.run.extractor import Text
from volgens.run.journal import Journal, beside
from volgens.writers.native import line


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did.

    `failures` maps a document without a prediction to its error, `unusable` one whose unusable answer counts as an empty
    prediction; `resumed` documents were there already. `usage` counts all tries, `seconds` is the time of all sessions.
    """

    out: Path
    documents: int
    resumed: int
    failures: Mapping[str, str]
    usage: Mapping[str, int]
    alignments: Mapping[str, int]
    unusable: Mapping[str, str]
    seconds: float

    def __str__(self) -> str:
        done = f"{self.out}: {self.documents - len(self.failures)} of {self.documents} documents"
        if self.resumed:
            done += f", {self.resumed} of them from before"
        if self.unusable:
            done += f", {len(self.unusable)} unusable and counted as empty, see {beside(self.out, 'unusable.jsonl').name}"
        if self.failures:
            done += f"; {len(self.failures)} failed, see {beside(self.out, 'failures.jsonl').name}; run again to try those"
        parts = [f"{name.replace('_', ' ')} {number}" for name, number in (*self.usage.items(), *self.alignments.items())]
        cost = ", ".join(f"{name.replace('_', ' ')} {number:,.0f}" for name, number in self.per_1000.items())
        return "\n".join([done, *([", ".join(parts)] if parts else []), f"per 1,000 documents: {cost}"])

    @property
    def per_1000(self) -> dict[str, float]:
        """Seconds and tokens per 1,000 documents."""
        whole = {"seconds": self.seconds, **{name: n for name, n in self.usage.items() if name.endswith("_tokens")}}
        return {name: round(1000 * number / self.documents, 1) for name, number in whole.items()}


def finish(
    out: Path,
    texts: Sequence[Text],
    journal: Journal,
    settings: Mapping[str, Any],
    *,
    resumed: int,
    jobs: int,
    empty: Sequence[str],
) -> Run:
    """Write the predictions in the order of the documents, and what stands beside them.

    `empty`: the layers of the empty prediction for which an unusable answer counts; none where such an answer is a failure.
    """
    records = [journal.records[text.id] for text in texts]
    unusable = {r["id"]: r["error"] for r in records if empty and r.get("unusable")}
    failures = {r["id"]: r["error"] for r in records if "error" in r and r["id"] not in unusable}
    usage: Counter[str] = Counter()
    for record in journal.history:
        usage.update(record.get("usage", {}))
    aligned = [{"id": r["id"], "spans": r["alignments"]} for r in records if r.get("alignments") and "error" not in r]
    alignments = Counter(span["alignment"] for row in aligned for span in row["spans"])
    seconds = round(sum(record.get("seconds", 0.0) for record in journal.history), 3)
    result = Run(
        out, len(texts), resumed, failures, dict(sorted(usage.items())), dict(sorted(alignments.items())), unusable, seconds
    )
    nothing: dict[str, Any] = {layer: [] for layer in empty}
    rows = [r["line"] if "line" in r else line(r["id"], nothing) for r in records if r["id"] not in failures]
    _write(out, rows)
    _write(beside(out, "run.json"), [json.dumps(_summary(result, settings, jobs), ensure_ascii=False, indent=1)])
    for suffix, listed in (("failures", failures), ("unusable", unusable)):
        _write_if_any(beside(out, f"{suffix}.jsonl"), [{"id": name, "error": error} for name, error in listed.items()])
    _write_if_any(beside(out, "alignment.jsonl"), aligned)
    _write_if_any(beside(out, "replies.jsonl"), _replies(journal))
    return result


def _summary(result: Run, settings: Mapping[str, Any], jobs: int) -> dict[str, Any]:
    counts = {"documents": result.documents, "predicted": result.documents - len(result.failures), "failed": len(result.failures)}
    told = {
        "settings": settings,
        **counts,
        "unusable": len(result.unusable),
        "usage": result.usage,
        "alignments": result.alignments,
    }
    return {**told, "cost": {"jobs": jobs, "seconds": result.seconds, "per_1000_documents": result.per_1000}}


def _replies(journal: Journal) -> list[dict[str, Any]]:
    return [{"id": record["id"], **reply} for record in journal.history for reply in record.get("replies", ())]


def _write_if_any(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        _write(path, [json.dumps(row, ensure_ascii=False) for row in rows])
    else:
        path.unlink(missing_ok=True)


def _write(path: Path, lines: Sequence[str]) -> None:
    with atomic(path) as part:
        part.write_bytes("".join(f"{text}\n" for text in lines).encode())
