"""Gold → files, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from volgens.atomic import atomic
from volgens.model.corpora import TYPES
from volgens.model.documents import LAYERS, Document
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.gold_documents import documents
from volgens.writers import brat, columns, docbin

Contents = Iterator[tuple[str, bytes]]
"""Names of files and what is in them."""


class Format(NamedTuple):
    """A form of the gold: `write(documents, name, types, notes)` gives its files; `description` is a line, `layers` are those
    that it holds.
    """

    write: Callable[[Sequence[Document], str, dict[str, str], Counter[str]], Contents]
    description: str
    layers: tuple[str, ...] = ("entities",)


class Exported(NamedTuple):
    """The files that were written, and how often what could not be written as it is."""

    files: list[Path]
    documents: int
    notes: Counter[str]

    def __str__(self) -> str:
        shown = str(self.files[0]) if len(self.files) == 1 else f"{len(self.files)} files in {self.files[0].parent}"
        return "\n".join([f"{shown}: {self.documents} documents", *(f"  {what}: {n}" for what, n in sorted(self.notes.items()))])


def export(gold: pl.DataFrame, format: str, out: Path | str, *, types: str = "own") -> Exported:
    """Write gold (`corpus.load_gold`) to the folder `out` as one of `FORMATS`.

    `types` is `own`, or `conll2002` to write columns with that corpus's four types. Raises `ProblemsFound` for documents without
    text, for an unknown format or types, and for a DocBin without spaCy.
    """
    problems = list(_problems(gold, format, types))
    if problems:
        raise ProblemsFound(problems)
    chosen = documents(gold)
    notes: Counter[str] = Counter()
    for layer in FORMATS[format].layers:
        unannotated = sum(row is None for row in gold[layer]) if layer in gold.columns else len(gold)
        notes.update({f"documents without annotated {layer}": unannotated} if unannotated else {})
    mapping = {ours: theirs for ours, theirs in TYPES.get(types, {}).items() if theirs}
    try:
        contents = list(FORMATS[format].write(chosen, _name(gold), mapping, notes))
    except ImportError as error:
        hint = "pip install spacy, or export another format."
        raise ProblemsFound([Problem(Where(), "needs-spacy", f"spaCy is not installed: {error}", hint)]) from error
    files = []
    for name, content in contents:
        files.append(Path(out) / name)
        with atomic(files[-1]) as part:
            part.write_bytes(content)
    return Exported(files, len(chosen), notes)


def _problems(gold: pl.DataFrame, format: str, types: str) -> Iterator[Problem]:
    if format not in FORMATS:
        yield Problem(Where(), "unknown-format", f"{format!r} is no format of the export", f"Known are {', '.join(FORMATS)}.")
    if types not in ("own", "conll2002") or (types == "conll2002" and format != "conll2002"):
        message = f"{format} is not written with the types {types!r}"
        yield Problem(Where(), "unknown-types", message, "Types are `own`; for conll2002 columns also `conll2002`.")
    missing = gold.filter(pl.col("text").is_null())["id"] if "text" in gold.columns else gold["id"]
    hint = "Restore the texts (`scripts/build_dataset.py --articles DIR`) and name them with --gold."
    yield from (Problem(Where(document=name), "no-text", "the document has no text", hint) for name in missing)


def _name(gold: pl.DataFrame) -> str:
    """`<config>-<split>` as far as the frame tells."""
    told = [gold[column].drop_nulls().unique().sort() for column in ("config", "split") if column in gold.columns]
    return "-".join("+".join(values) for values in told if len(values)) or "gold"


def _columns(documents: Sequence[Document], name: str, types: dict[str, str], notes: Counter[str]) -> Contents:
    yield f"{name}.conll", columns.text(documents, types, notes).encode()


def _docbin(documents: Sequence[Document], name: str, types: dict[str, str], notes: Counter[str]) -> Contents:
    yield f"{name}.spacy", docbin.data(documents, notes)


def _brat(documents: Sequence[Document], name: str, types: dict[str, str], notes: Counter[str]) -> Contents:
    yield "annotation.conf", brat.configuration().encode()
    for document in documents:
        yield f"{document.id}.txt", f"{document.text}\n".encode()
        yield f"{document.id}.ann", brat.standoff(document, notes).encode()


FORMATS: dict[str, Format] = {
    "conll2002": Format(_columns, columns.DESCRIPTION),
    "spacy": Format(_docbin, docbin.DESCRIPTION, ("entities", "figures")),
    "brat": Format(_brat, brat.DESCRIPTION, LAYERS),
}
