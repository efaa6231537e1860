"""Gold in a file of another tool: documents of its own, with texts where the format has them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from volgens.model.problem import Problem, Where
from volgens.readers.foreign.formats import read_foreign
from volgens.readers.foreign.reading import TOKENS, Row
from volgens.readers.foreign.registry import FORMATS
from volgens.readers.shape import Lines

OF_TOKENS = ("conll", "tagged", "gliner-train")
"""The formats whose texts are made of tokens (`tokens.detokenised`)."""


def gold_of(
    path: Path | str,
    form: str,
    *,
    map: Mapping[str, str] | None = None,
    scheme: str | None = None,
    fallback: str | None = None,
    columns: str | None = None,
    decimals: str | None = None,
    data: bytes | None = None,
) -> Lines:
    """Read a file of the foreign form as gold: a frame with `id`, the layers that the form has, and where it has texts `text` and
    `length`.

    Documents without an id have their number in the file, from 1. A text that is made of tokens has the `kind` `tokens`: in
    offsets into the real text white space says nothing then. `fallback` is the scheme of a form with tags where none is stated.
    The other options are those of `read_foreign`.
    """
    from volgens.readers.jsonl import Labels
    from volgens.readers.native import as_lines

    if fallback and scheme is None and form in FORMATS and "scheme" in FORMATS[form].options:
        scheme = fallback
    found = read_foreign(path, form, None, map=map, scheme=scheme, columns=columns, decimals=decimals, data=data)
    rows = [_document(row, form) for row in found.rows]
    lines = as_lines(found._replace(rows=rows), str(path), decimals, Labels(any=True))  # whether they may be any is asked later
    problems = [lines.placed(problem) for problem in lines.problems]
    if not rows and not problems:
        problems = [Problem(Where(str(path)), "no-documents", "the gold has no documents", "Give a file with documents.")]
    return lines._replace(problems=problems)


def _document(row: Row, form: str) -> Row:
    text = row.get("text")
    measured = {"length": len(text)} if isinstance(text, str) else {}
    return {**row, **measured, **({"kind": TOKENS} if form in OF_TOKENS else {})}
