"""spaCy's DocBin, with the id in `doc.user_data["id"]`. Needs spaCy.

`doc.ents` has the outermost names (label: type, kb_id: ref), `doc.spans["entities"]` all names, also nested ones, and
`doc.spans["figures"]` the figures (label: kind). Tokens are those of `tokens.tokenise`; spaCy aligns them with a pipeline's
own. Not written: roles, what a figure says beside its kind, attributions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from volgens.model.documents import Document, Span
from volgens.writers.tokens import apart, carried, tokenise

DESCRIPTION = "spaCy's DocBin, one file: names and figures as spans; needs spaCy"


def data(documents: Sequence[Document], notes: Counter[str]) -> bytes:
    """The file for documents with text. Raises ImportError without spaCy. What is lost is counted in `notes`."""
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank("nl").vocab
    found: bytes = DocBin(docs=[_doc(document, vocab, notes) for document in documents], store_user_data=True).to_bytes()
    return found


def _doc(document: Document, vocab: Any, notes: Counter[str]) -> Any:
    from spacy.tokens import Doc
    from spacy.tokens import Span as Tokens

    text = document.text or ""
    tokens = list(_with_space(text))
    doc = Doc(vocab, [token.cut(text) for token in tokens], [text[token.end : token.end + 1] == " " for token in tokens])
    assert doc.text == text
    doc.user_data["id"] = document.id
    names = [Tokens(doc, *carried(n.span, tokens, notes), label=n.type, kb_id=n.ref or "") for n in document.entities]
    figures = [Tokens(doc, *carried(f.span, tokens, notes), label=f.kind or "FIGURE") for f in document.figures]
    flat = apart(document.entities, tokens, Counter())
    doc.set_ents([Tokens(doc, piece.first, piece.last, label=piece.label, kb_id=piece.ref or "") for piece in flat])
    doc.spans["entities"], doc.spans["figures"] = names, figures
    return doc


def _with_space(text: str) -> Iterator[Span]:
    """Tokens, and between them white space other than one space as a token of its own, so that nothing of the text is lost."""
    at = 0
    for token in [*tokenise(text), Span(len(text), len(text))]:
        gap = re.match(r" ?(\s*)", text[at : token.start])
        if gap and gap[1]:
            yield Span(at + gap.start(1), token.start)
        if token.start < token.end:
            yield token
        at = token.end
