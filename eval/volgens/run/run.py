"""Run an extractor over texts → a predictions file.

`OUT` gets one line a document, in the order of the documents. Beside it stand `OUT.run.json` (settings, counts, tokens, seconds)
and, where there are any, `OUT.failures.jsonl` (documents without a prediction and why), `OUT.unusable.jsonl` (documents whose
unusable answer counts as an empty prediction), `OUT.alignment.jsonl` (how each string of a text answer was located) and
`OUT.replies.jsonl` (what a model said, word for word).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from volgens import __version__
from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.run.extractor import Answer, Effort, Extractor, Text
from volgens.run.functions import Function, InProcess
from volgens.run.journal import Journal
from volgens.run.progress import with_progress
from volgens.run.reply import Taking
from volgens.run.results import Run, finish
from volgens.writers.native import line

Unusable = Literal["refuse", "empty"]
"""What an answer is that is no prediction, when all tries are used up: a failure, or an empty prediction."""


class Interrupted(KeyboardInterrupt):
    """A run was stopped by the user; what was answered is kept."""


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
    layers: Sequence[str] = LAYERS,
    map: Mapping[str, str] | None = None,
    labels: Literal["scheme", "any"] = "scheme",
    unusable: Unusable = "refuse",
    keep_replies: bool = False,
) -> Run:
    """Extract from every document and write the predictions to `out`.

    `extractor`: `module:function` or `path/to/file.py:function` (runs in processes of its own), a callable (runs here), or an
    `Extractor` such as `Command` or `Endpoint`. `documents` have an `id` and a `text`: `Document`s or dictionaries.
    `timeout` is in seconds for one document, `retries` counts further tries of one that failed. Of the answers only `layers` are
    kept; `map` turns labels of another scheme into ours, `labels="any"` allows labels that ours lacks. With
    `unusable="empty"` an answer that stays unusable counts as an empty prediction; `keep_replies` writes down what a model said.
    Run again after a kill or a failure it goes on with what is missing; `fresh` starts over.
    Raises `ProblemsFound` for documents without text and for an unfinished run with other settings, `Interrupted` after Ctrl-C.
    """
    check_options(jobs, timeout, retries, layers, labels, unusable)
    out = Path(out)
    texts = _texts(documents)
    chosen = extractor_of(extractor)
    taking = Taking(tuple(layer for layer in LAYERS if layer in layers), dict(map or {}), labels)
    settings = {**chosen.settings, "documents": _digest(texts), "volgens": __version__, **_changed(taking)}
    with Journal(out, settings, fresh=fresh) as journal:
        done = {i for i, r in journal.records.items() if "error" not in r or (unusable == "empty" and r.get("unusable"))}
        missing = [text for text in texts if text.id not in done]
        answers = with_progress(chosen.answers(missing, Effort(jobs, timeout, retries)), len(texts), len(done), progress)
        try:
            _take(answers if missing else (), missing, journal, taking, keep_replies)
        except KeyboardInterrupt:
            raise Interrupted(_interruption(journal, len(texts))) from None
        empty = taking.layers if unusable == "empty" else ()
        result = finish(out, texts, journal, settings, resumed=len(done), jobs=jobs, empty=empty)
        if not result.failures:
            journal.remove()
    return result


def check_options(jobs: int, timeout: float | None, retries: int, layers: Sequence[str], labels: str, unusable: str) -> None:
    """Raise `ProblemsFound` with every option that cannot have its value."""
    known = ", ".join(LAYERS)
    checks = [
        ("jobs", jobs, jobs >= 1, "Give a whole number from 1 on."),
        ("timeout", timeout, timeout is None or timeout > 0, "Give seconds above 0."),
        ("retries", retries, retries >= 0, "Give a whole number from 0 on."),
        ("layers", ",".join(layers), bool(layers) and set(layers) <= set(LAYERS), f"Name some of {known}."),
        ("labels", labels, labels in ("scheme", "any"), "Give scheme or any."),
        ("unusable", unusable, unusable in get_args(Unusable), f"Give {' or '.join(get_args(Unusable))}."),
    ]
    wrong = [
        Problem(Where(field=name), "unfit-option", f"it cannot be {value!r}", hint)
        for name, value, fit, hint in checks
        if not fit
    ]
    if wrong:
        raise ProblemsFound(wrong)


def _changed(taking: Taking) -> dict[str, Any]:
    """What of the taking is not as by default."""
    changed = {"layers": list(taking.layers), "map": dict(sorted(taking.map.items())), "labels": taking.labels}
    return {name: value for name, value in changed.items() if value not in (list(LAYERS), {}, "scheme")}


def extractor_of(extractor: str | Extractor | Callable[[Any], Any]) -> Extractor:
    """What extracts, by any of the names that `run` takes. Raises `ProblemsFound` where there is no such function."""
    if isinstance(extractor, str):
        return Function(extractor)
    return InProcess(extractor) if callable(extractor) else extractor


def _texts(documents: Iterable[Any]) -> list[Text]:
    """The documents' texts, each once. A document without text is a problem, not an empty text."""
    rows = [d if isinstance(d, Mapping) else {"id": d.id, "text": d.text} for d in documents]
    problems = []
    for row in rows:
        if not row.get("text"):
            hint = "Restore it (`scripts/build_dataset.py --articles DIR`) and name the restored data with `--gold`."
            problems.append(Problem(Where(document=row["id"]), "no-text", "the document has no text", hint))
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


def _take(answers: Iterable[Answer], missing: Sequence[Text], journal: Journal, taking: Taking, keep_replies: bool) -> None:
    """Write down a record for every answer as it comes, with the seconds since the one before."""
    text_of = {text.id: text.text for text in missing}
    last = time.monotonic()
    for answer in answers:
        now = time.monotonic()
        record = record_of(answer, text_of[answer.id], taking) | {"seconds": round(now - last, 4)}
        last = now
        if keep_replies and answer.replies:
            record["replies"] = [dict(reply) for reply in answer.replies]
        journal.write(record)


def record_of(answer: Answer, text: str, taking: Taking) -> dict[str, Any]:
    """What is written down of an answer; one that is no prediction of the text is unusable."""
    layers = taking.taken(answer.layers)
    wrong = None if answer.error else taking.misfit(layers, answer.id, text)
    error = answer.error or wrong
    record: dict[str, Any] = {"id": answer.id}
    record |= {"error": error.encode("utf-8", "replace").decode()} if error else {"line": line(answer.id, layers or {})}
    record |= {"unusable": True} if answer.unusable or wrong else {}
    record |= {"usage": dict(answer.usage)} if answer.usage else {}
    record |= {"alignments": [dict(a) for a in answer.alignments]} if answer.alignments else {}
    return record


def _interruption(journal: Journal, documents: int) -> str:
    answered = sum("error" not in record for record in journal.records.values())
    kept = f"{answered} of {documents} documents are answered and kept in {journal.path}"
    return f"interrupted; {kept}. Type the same command again to go on from there."
