"""Documents that come as tokens: whose they are, and where each token stands in the text.

Tokens are laid along the gold's text, white space aside, so every token must be written as the text has it and none may be
missing. A file that is gold itself has no other text than its tokens: those of a sentence are joined by one space, sentences
by a line feed, and no space follows a token that the file marks so (`SpaceAfter=No`, `NoSpaceAfter`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from volgens.model.documents import Span
from volgens.readers.foreign.reading import Reading, squeezed
from volgens.readers.foreign.schemes import Token


class Laid(NamedTuple):
    """A document whose tokens have their places in `text`, in the order of the tokens."""

    id: str
    text: str
    spans: list[Span]


def laid(stated: str | None, tokens: Sequence[Token], breaks: Collection[int], line: int | None, reading: Reading) -> Laid | None:
    """The document of these tokens (`stated`: its id, where the file has one); None and a problem where they are of none."""
    if reading.file.alone:
        return Laid(stated or str(len(reading.rows) + 1), *detokenised(tokens, breaks))
    if stated is not None and reading.lacks(stated):
        stated = reading.known(stated, reading.with_letters("".join(token.text for token in tokens)))
    name = stated or _by_tokens(tokens, line, reading)
    text = _text(name, line, reading) if name is not None else None
    spans = align(name, tokens, text, line, reading) if name is not None and text is not None else None
    return None if name is None or text is None or spans is None else Laid(name, text, spans)


def detokenised(tokens: Sequence[Token], breaks: Collection[int] = ()) -> tuple[str, list[Span]]:
    """The text that tokens make, and their spans in it.

    >>> detokenised([Token("Ida"), Token("Holm", glued=True), Token(".")])
    ('Ida Holm.', [Span(start=0, end=3), Span(start=4, end=8), Span(start=8, end=9)])
    """
    text, spans = "", []
    for n, token in enumerate(tokens):
        if n:
            text += "\n" if n in breaks else "" if tokens[n - 1].glued else " "
        spans.append(Span(len(text), len(text) + len(token.text)))
        text += token.text
    return text, spans


def _by_tokens(tokens: Sequence[Token], line: int | None, reading: Reading) -> str | None:
    same = reading.with_letters("".join(token.text for token in tokens))
    if len(same) == 1:
        return same[0]
    found = "no document of the gold has its tokens" if not same else f"{len(same)} documents of the gold have its tokens"
    hint = "Give it its id: in columns `# id = own-000` before it, or the id on its -DOCSTART- line; in JSON the field `id`."
    reading.report("no-id", f"the document has no id, and {found}", hint, line=line)
    return None


def _text(name: str, line: int | None, reading: Reading) -> str | None:
    if name not in reading.file.texts:
        hint = "Remove it, or choose the gold that has it with --config, --split or --gold."
        reading.report("unknown-document", "the gold has no such document", hint, line=line, document=name)
        return None
    if (text := reading.file.texts[name]) is None:
        hint = "Restore the texts (`scripts/build_dataset.py --articles DIR`) and name them with --gold."
        reading.report("no-text", "tokens have no place without the document's text", hint, line=line, document=name)
    return text


def align(name: str, tokens: Sequence[Token], text: str, line: int | None, reading: Reading) -> list[Span] | None:
    """The span of every token in `text`; None and a problem at the first token that the text does not have there."""
    spans, at = [], 0
    for token in tokens:
        at = _skip(text, at)
        end = at
        for character in squeezed(token.text):
            end = _skip(text, end)
            if not text.startswith(character, end):
                message = f"the token {token.text!r} is not what the text has at {at}: {text[at : at + len(token.text) + 10]!r}"
                hint = "Write every token of the text, in order and as the text has it (no -LRB-, no ``, no [UNK])."
                reading.report("token-not-in-text", message, hint, line=token.line, document=name, field=token.field)
                return None
            end += 1
        spans.append(Span(at, end))
        at = end
    if (rest := _skip(text, at)) < len(text):
        message = f"the tokens end at {at} of {len(text)} characters"
        hint = "Write all tokens of the document, O where there is nothing; a model may have cut it off at its longest input."
        reading.report("tokens-end-early", f"{message}, before {text[rest : rest + 20]!r}", hint, document=name, line=line)
        return None
    return spans


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
