"""Documents with gold from a file of one's own → pages and gold of a new configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from volgens.curation.build import DOCUMENTS
from volgens.curation.folder import Folder
from volgens.curation.pages import digest, sealed
from volgens.model.checks import check_gold
from volgens.model.documents import LAYERS, Document, Provenance
from volgens.model.gold import Gold, compact, write_gold, write_text
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.corpus import load_gold
from volgens.readers.foreign.reading import TOKENS
from volgens.readers.gold_documents import with_ids
from volgens.readers.native import PLAIN, Reading


class Taken(NamedTuple):
    """How many documents were taken in, and how many of them with gold."""

    documents: int
    annotated: int


def take_in(
    folder: Folder,
    file: Path,
    config: str,
    split: str,
    provenance: Provenance | None = None,
    how: Reading = PLAIN,
    *,
    bare: bool = False,
) -> tuple[Taken, list[Problem]]:
    """Write the documents of a file, with their texts, as `dataset/pages/CONFIG/documents.jsonl`, and their gold as CONFIG/SPLIT.

    Where a document has no segments it is one paragraph; where it has no page it is one. Its provenance is its own, else the one
    given. `how` says how another tool's file is read. Documents in which no layer is annotated have no gold; with `bare` none
    has. All problems and nothing written, or what was; a configuration that is there is never written over.
    """
    nothing = Taken(0, 0)
    where = Where(str(file))
    if (folder.pages / config).exists() or (folder.pages / f"{config}.jsonl").exists():
        there = f"the folder has a configuration {config!r}"
        return nothing, [Problem(where, "config-there", there, "Choose another name: --config.")]
    try:
        rows = [_numbered(row, bare) for row in load_gold(gold=file, how=how, labels="any" if bare else "scheme").to_dicts()]
    except ProblemsFound as found:
        return nothing, found.problems
    if silent := list(_silent(rows, where)):
        return nothing, silent
    annotated = {row["id"] for row in rows if not bare and any(row.get(layer) is not None for layer in LAYERS)}
    documents = [_document(row, config, split, provenance if row["id"] in annotated else None) for row in rows]
    whole = [document for document in documents if document.id in annotated]
    problems = list(_unsaid(whole, where)) or [
        p._replace(where=p.where._replace(file=str(file)), hint=p.hint + WHOLE)
        for p in check_gold([replace(d, provenance=d.provenance or UNKNOWN) for d in documents])
    ]
    if problems:
        return nothing, problems
    lines = [compact(_bare(document)) + "\n" for document in documents]
    write_text(folder.pages / config / DOCUMENTS, "".join(lines))
    if whole:
        write_gold(folder.gold_file(config, split), (Gold.of(document) for document in whole))
    return Taken(len(documents), len(whole)), []


UNKNOWN = Provenance("person", 1, False, False, "0", "2000-01-01")
"""Stands in for the provenance that a document without gold has not, where it is held to the rules."""
WHOLE = " Gold that says less than ours begins as predictions: `--texts-only`, then `volgens label push --predictions FILE`."


def _silent(rows: Iterable[Mapping[str, object]], where: Where) -> Iterator[Problem]:
    silent = [str(row["id"]) for row in rows if not row.get("text")]
    if silent:
        message = f"{len(silent)} documents have no text: {', '.join(silent[:3])}"
        yield Problem(where, "no-text", message, "Give a file with texts: annotators read these.")


def _unsaid(documents: Sequence[Document], where: Where) -> Iterator[Problem]:
    if any(document.provenance is None for document in documents):
        message = "it is not said what annotated the documents, and when"
        yield Problem(where, "no-provenance", message, "Say it with --by and --date; or take no gold: --texts-only.")


def _numbered(row: dict[str, object], bare: bool) -> dict[str, object]:
    """The row with ids of its items, or (`bare`) without any items; a document of tokens is an article."""
    kind = {"kind": "article"} if row.get("kind") == TOKENS else {}
    items = {**dict.fromkeys(LAYERS), "provenance": None} if bare else with_ids(row)
    return {**row, **items, **kind}


def _document(row: dict[str, object], config: str, split: str, provenance: Provenance | None) -> Document:
    text = str(row["text"])
    given = {name: value for name, value in row.items() if value is not None}
    whole = {"page": row["id"], "kind": "article", **given, "config": config, "split": split, "length": len(text)}
    document = Document.from_dict({**whole, "sha256": digest(text)})
    return replace(document, segments=sealed(document.segments, text), provenance=document.provenance or provenance)


def _bare(document: Document) -> dict[str, object]:
    """The row of a document without anything that was annotated."""
    return {name: value for name, value in document.to_dict().items() if name not in (*LAYERS, "provenance", "canary")}
