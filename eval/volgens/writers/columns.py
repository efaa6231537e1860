"""CoNLL-2002 columns: token, `_` (no part of speech), tag in IOB2; an empty line after each segment.

A document begins with `-DOCSTART- <id> O`. Written are the outermost names. Not written: nested names, roles, refs, figures,
attributions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from volgens.model.documents import Document
from volgens.writers.tokens import apart, blocks

DESCRIPTION = "CoNLL-2002 columns (IOB2), one file: the outermost names"


def text(documents: Sequence[Document], types: Mapping[str, str], notes: Counter[str]) -> str:
    """The file for documents with text; `types` maps our types where it has them. What is lost is counted in `notes`."""
    return "".join(f"{line}\n" for document in documents for line in _lines(document, types, notes))


def _lines(document: Document, types: Mapping[str, str], notes: Counter[str]) -> Iterator[str]:
    assert document.text is not None
    yield f"-DOCSTART- {document.id} O"
    yield ""
    for tokens in blocks(document):
        stretch = (tokens[0].start, tokens[-1].end)
        names = [name for name in document.entities if stretch[0] < name.end and name.start < stretch[1]]
        tags = ["O"] * len(tokens)
        for piece in apart(names, tokens, notes):
            label = types.get(piece.label, piece.label)
            tags[piece.first : piece.last] = [f"B-{label}", *[f"I-{label}"] * (piece.last - piece.first - 1)]
        yield from (f"{token.cut(document.text)} _ {tag}" for token, tag in zip(tokens, tags, strict=True))
        yield ""
