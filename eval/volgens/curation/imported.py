"""Documents with gold from a file of one's own → pages and gold of a new configuration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from volgens.curation.build import DOCUMENTS
from volgens.curation.folder import Folder
from volgens.curation.pages import digest
from volgens.model.checks import check_gold
from volgens.model.documents import Document, Provenance, Segment
from volgens.model.gold import Gold, compact, write_gold, write_text
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.corpus import load_gold


def take_in(folder: Folder, file: Path, config: str, split: str, provenance: Provenance) -> tuple[int, list[Problem]]:
    """Write the documents of a file, with their texts, as `dataset/pages/CONFIG/documents.jsonl`, and their gold as CONFIG/SPLIT.

    Where a document has no segments it is one paragraph; where it has no page it is one. Its provenance is its own, else the one
    given. All problems and nothing written, or how many documents were; a configuration that is there is never written over.
    """
    where = Where(str(file))
    if (folder.pages / config).exists() or (folder.pages / f"{config}.jsonl").exists():
        return 0, [Problem(where, "config-there", f"the folder has a configuration {config!r}", "Choose another name: --config.")]
    try:
        rows = load_gold(gold=file).to_dicts()
    except ProblemsFound as found:
        return 0, found.problems
    silent = [row["id"] for row in rows if row.get("text") is None]
    if silent:
        message = f"{len(silent)} documents have no text: {', '.join(silent[:3])}"
        return 0, [Problem(where, "no-text", message, "Give a file with texts: annotators read these.")]
    documents = [_document(row, config, split, provenance) for row in rows]
    problems = [p._replace(where=p.where._replace(file=str(file))) for p in check_gold(documents)]
    if problems:
        return 0, problems
    bare = [_bare(document) for document in documents]
    write_text(folder.pages / config / DOCUMENTS, "".join(compact(row) + "\n" for row in bare))
    write_gold(folder.gold_file(config, split), (Gold.of(document) for document in documents))
    return len(documents), []


def _document(row: dict[str, object], config: str, split: str, provenance: Provenance) -> Document:
    text = str(row["text"])
    given = {name: value for name, value in row.items() if value is not None}
    whole = {"page": row["id"], "kind": "article", **given, "config": config, "split": split, "length": len(text)}
    document = Document.from_dict({**whole, "sha256": digest(text)})
    segments = document.segments or (Segment("paragraph", 0, len(text)),)
    sealed = tuple(replace(segment, sha256=digest(segment.span.cut(text))) for segment in segments)
    return replace(document, segments=sealed, provenance=document.provenance or provenance)


def _bare(document: Document) -> dict[str, object]:
    """The row of a document without anything that was annotated."""
    from volgens.model.documents import LAYERS

    return {name: value for name, value in document.to_dict().items() if name not in (*LAYERS, "provenance", "canary")}
