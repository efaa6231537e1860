"""Run an extractor over texts → a predictions file.

`OUT` gets one line a document, in the order of the documents. Beside it stand `OUT.run.json` (settings, counts, tokens),
`OUT.failures.jsonl` (documents without a prediction and why; only if there are any) and `OUT.alignment.jsonl` (how each string of
a text answer was located; only if there were any).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from volgens import __version__
from volgens.atomic import atomic
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.layers import line, misfit
from volgens.run.extractor import Answer, Effort, Extractor, Text
from volgens.run.functions import Function, InProcess
from volgens.run.journal import Journal, beside


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did. `failures` maps a document without a prediction to its error; `resumed` documents were there already."""

    out: Path
    documents: int
    resumed: int
    failures: Mapping[str, str]
    usage: Mapping[str, int]
    alignments: Mapping[str, int]

    def __str__(self) -> str:
        done = f"{self.out}: {self.documents - len(self.failures)} of {self.documents} documents"
        if self.resumed:
            done += f", {self.resumed} of them from before"
        if self.failures:
            done += f"; {len(self.failures)} failed, see {beside(self.out, 'failures.jsonl').name}; run again to try those"
        parts = [f"{name.replace('_', ' ')} {number}" for name, number in (*self.usage.items(), *self.alignments.items())]
        return done + (f"\n{', '.join(parts)}" if parts else "")


def run(
    extractor: str | Extractor | Callable[[Any], Any],
    documents: Iterable[Any],
    out: str | Path,
    *,
    jobs: int = 1,
    timeout: float | None = None,
    retries: int = 0,
    fresh: bool = False,
    progress: bool = True,
) -> Run:
    """Extract from every document and write the predictions to `out`.

    `extractor`: `module:function` or `path/to/file.py:function` (runs in processes of its own), a callable (runs here), or an
    `Extractor` such as `Command` or `Endpoint`. `documents` have an `id` and a `text`: `Document`s or dictionaries.
    `timeout` is in seconds for one document, `retries` counts further tries of one that failed.
    Run again after a kill or a failure it goes on with what is missing; `fresh` starts over.
    Raises `ProblemsFound` for documents without text and for an unfinished run with other settings.
    """
    out = Path(out)
    texts = _texts(documents)
    chosen = _extractor(extractor)
    settings = {**chosen.settings, "documents": _digest(texts), "volgens": __version__}
    with Journal(out, settings, fresh=fresh) as journal:
        done = {i for i, record in journal.records.items() if "error" not in record}
        missing = [text for text in texts if text.id not in done]
        _extract(chosen, missing, journal, Effort(jobs, timeout, retries), len(texts), progress)
        result = _finish(out, texts, journal, settings, len(done))
        if not result.failures:
            journal.remove()
    return result


def _extractor(extractor: str | Extractor | Callable[[Any], Any]) -> Extractor:
    if isinstance(extractor, str):
        return Function(extractor)
    return InProcess(extractor) if callable(extractor) else extractor


def _texts(documents: Iterable[Any]) -> list[Text]:
    """The documents' texts, each once. A document without text is a problem, not an empty text."""
    rows = [d if isinstance(d, Mapping) else {"id": d.id, "text": d.text} for d in documents]
    problems = []
    for row in rows:
        if not row.get("text"):
            cure = "Restore it (`scripts/build_dataset.py --articles DIR`) and name the restored data with `--gold`."
            problems.append(Problem(Where(document=row["id"]), "no-text", "the document has no text", cure))
    for document, times in Counter(row["id"] for row in rows).items():
        if times > 1:
            message = f"the id occurs {times} times"
            problems.append(Problem(Where(document=document), "duplicate-document", message, "Give every document once."))
    if not rows:
        problems.append(Problem(Where(), "no-documents", "there are no documents to extract from", "Choose another split."))
    if problems:
        raise ProblemsFound(problems)
    return [Text(row["id"], row["text"]) for row in rows]


def _digest(texts: Sequence[Text]) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _extract(extractor: Extractor, missing: Sequence[Text], journal: Journal, effort: Effort, total: int, progress: bool) -> None:
    """Write down a record for every answer as it comes; an answer that is no prediction is a failure."""
    text_of = {text.id: text.text for text in missing}
    for answer in _with_progress(extractor.answers(missing, effort), total, total - len(missing), progress) if missing else ():
        error = answer.error or misfit(answer.layers, answer.id, text_of[answer.id])
        record: dict[str, Any] = {"id": answer.id}
        record |= (
            {"error": error.encode("utf-8", "replace").decode()} if error else {"line": line(answer.id, answer.layers or {})}
        )
        record |= {"usage": dict(answer.usage)} if answer.usage else {}
        record |= {"alignments": [dict(a) for a in answer.alignments]} if answer.alignments else {}
        journal.write(record)


def _with_progress(answers: Iterator[Answer], total: int, initial: int, show: bool) -> Iterator[Answer]:
    """The answers, with a bar where tqdm is installed: a run needs no more than the package."""
    if find_spec("tqdm") is None:
        yield from answers
        return
    from tqdm import tqdm

    tokens: Counter[str] = Counter()
    failed = 0
    with tqdm(total=total, initial=initial, unit="document", disable=None if show else True) as bar:
        for answer in answers:
            tokens.update(answer.usage)
            failed += answer.error is not None
            counted = {name.removesuffix("_tokens"): n for name, n in tokens.items() if name.endswith("_tokens")}
            bar.set_postfix({**counted, **({"failed": failed} if failed else {})}, refresh=False)
            bar.update()
            yield answer


def _finish(out: Path, texts: Sequence[Text], journal: Journal, settings: Mapping[str, Any], resumed: int) -> Run:
    """Write the predictions in the order of the documents, and what stands beside them."""
    records = [journal.records[text.id] for text in texts]
    failures = {record["id"]: record["error"] for record in records if "error" in record}
    usage: Counter[str] = Counter()
    for record in records:
        usage.update(record.get("usage", {}))
    aligned = [{"id": r["id"], "spans": r["alignments"]} for r in records if r.get("alignments") and "error" not in r]
    alignments = Counter(span["alignment"] for row in aligned for span in row["spans"])
    counts = {"documents": len(texts), "predicted": len(texts) - len(failures), "failed": len(failures)}
    summary = {
        "settings": settings,
        **counts,
        "usage": dict(sorted(usage.items())),
        "alignments": dict(sorted(alignments.items())),
    }
    _write(out, [record["line"] for record in records if "line" in record])
    _write(beside(out, "run.json"), [json.dumps(summary, ensure_ascii=False, indent=1)])
    _write_if_any(
        beside(out, "failures.jsonl"), [json.dumps({"id": i, "error": e}, ensure_ascii=False) for i, e in failures.items()]
    )
    _write_if_any(beside(out, "alignment.jsonl"), [json.dumps(row, ensure_ascii=False) for row in aligned])
    return Run(out, len(texts), resumed, failures, usage, alignments)


def _write(path: Path, lines: Sequence[str]) -> None:
    with atomic(path) as part:
        part.write_bytes("".join(f"{text}\n" for text in lines).encode())


def _write_if_any(path: Path, lines: Sequence[str]) -> None:
    if lines:
        _write(path, lines)
    else:
        path.unlink(missing_ok=True)
