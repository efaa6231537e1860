"""CoNLL columns: a token a line, its tag in the last column, an empty line between sentences.

The tag scheme is stated, never guessed. Tokens are laid along the gold's text, white space aside, so every token must be
written as the text has it and none may be missing. A document begins at a `-DOCSTART-` line or a `# id = own-000` (also `#
newdoc id = …`) comment; the id may also stand in a column of the `-DOCSTART-` line. Without an id it is the one document of the
gold with exactly these tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from volgens.model.documents import Span
from volgens.readers.files import text_problem
from volgens.readers.foreign.reading import File, Reading

DESCRIPTION = "CoNLL columns, token first, tag last; needs --scheme"
COMMENT = re.compile(r"#\s*(?:newdoc\s+|doc_?)?id\s*=\s*(\S+)\s*")
TAG = re.compile(r"O|([BIESLU])-(\S+)")


class Token(NamedTuple):
    """A token with its line, and its tag as prefix and type (`O` has the type "")."""

    line: int
    text: str
    prefix: str
    type: str


OUTSIDE = Token(0, "", "", "")


@dataclass
class Block:
    """The tokens of a document; `breaks` are the numbers of tokens before which a sentence ends."""

    line: int
    id: str | None = None
    tokens: list[Token] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)


class Scheme(NamedTuple):
    """A tag scheme: its prefixes, whether a name begins with a tag and may stand there (given the one before it, None at the
    edge of a sentence), and the prefixes with which a name ends whatever follows."""

    prefixes: str
    begins: Callable[[Token | None, Token], bool]
    allowed: Callable[[Token | None, Token], bool]
    ends: str
    description: str


def _same(before: Token | None, tag: Token) -> bool:
    return before is not None and before.type == tag.type != ""


def _open(before: Token | None) -> bool:
    """Whether a name goes on after a tag, in the schemes that mark ends."""
    return before is not None and before.prefix in ("B", "I")


def _marked(end: str, single: str) -> Scheme:
    """A scheme that marks ends, and names of one token."""

    def allowed(before: Token | None, tag: Token) -> bool:
        goes_on = tag.prefix in ("I", end)
        return goes_on == _open(before) and (not goes_on or _same(before, tag))

    described = f"B begins, {end} ends, {single} is a name of one token"
    return Scheme("BI" + end + single, lambda before, tag: tag.prefix in ("B", single), allowed, end + single, described)


SCHEMES: dict[str, Scheme] = {
    "iob1": Scheme(
        "BI",
        lambda before, tag: tag.prefix == "B" or not _same(before, tag),
        lambda before, tag: tag.prefix != "B" or _same(before, tag),
        "",
        "I, and B only between two names of one type that touch",
    ),
    "iob2": Scheme(
        "BI",
        lambda before, tag: tag.prefix == "B",
        lambda before, tag: tag.prefix != "I" or _same(before, tag),
        "",
        "every name begins with B",
    ),
    "bioes": _marked("E", "S"),
    "bilou": _marked("L", "U"),
    "conlleval": Scheme(
        "BI",
        lambda before, tag: tag.prefix == "B" or not _same(before, tag),
        lambda before, tag: True,
        "",
        "as conlleval reads B and I: an I after O or after another type begins a name",
    ),
}
ALIASES = {"iob": "iob1", "bio": "iob2", "iobes": "bioes", "bioul": "bilou"}


def recognise(lines: Sequence[str]) -> bool:
    """Whether most lines end in a tag."""
    rows = [line.split() for line in lines if line.strip() and not line.startswith(("#", "-DOCSTART-"))]
    tagged = [columns for columns in rows if len(columns) > 1 and TAG.fullmatch(columns[-1])]
    return len(rows) > 0 and 10 * len(tagged) >= 9 * len(rows)


def read(file: File) -> Reading:
    """The rows of a file; each has `entities` alone."""
    reading = Reading(file)
    scheme = SCHEMES.get(ALIASES.get(file.scheme or "", file.scheme or ""))
    if scheme is None:
        found = f"{file.scheme!r} is no tag scheme" if file.scheme else "the tag scheme is not stated"
        described = "; ".join(f"{name}: {s.description}" for name, s in SCHEMES.items())
        reading.report("no-scheme", found, f"State it with --scheme. {described}.")
        return reading
    if problem := text_problem(file.data, file.path):
        reading.problems.append(problem)
        return reading
    for block in _blocks(reading):
        name = block.id or _by_tokens(block, reading)
        text = _text(name, block, reading) if name is not None else None
        if name is None or text is None:
            continue
        spans = _align(name, block, text, reading)
        if spans is not None:
            reading.rows.append({"id": name, "entities": list(_names(name, block, spans, scheme, reading))})
    return reading


def _blocks(reading: Reading) -> Iterator[Block]:
    block = Block(1)
    for number, line in enumerate(reading.file.data.decode("utf-8-sig").split("\n"), 1):
        comment = COMMENT.fullmatch(line)
        if comment or line.startswith("-DOCSTART-"):
            stated = comment[1] if comment else _id_column(line, reading.file.texts)
            if block.tokens:
                yield block
                block = Block(number)
            block.id = stated or block.id
        elif not line.strip():
            block.breaks.add(len(block.tokens))
        elif not line.startswith("#") or TAG.fullmatch(line.split()[-1]):
            block.tokens.append(_token(number, line, reading))
    if block.tokens:
        yield block


def _id_column(line: str, texts: Mapping[str, str | None]) -> str | None:
    return next((column for column in line.split()[1:] if column in texts), None)


def _token(number: int, line: str, reading: Reading) -> Token:
    """The token of a line; one without a tag is a problem and counts as O, so that the others keep their places."""
    columns = line.rstrip("\r\n").split("\t") if "\t" in line else line.split()
    tag = TAG.fullmatch(columns[-1].strip())
    if len(columns) < 2 or tag is None:
        message = f"the last column is {columns[-1]!r}" if len(columns) > 1 else "there is one column"
        cure = "Write the token first and its tag last: O, or a prefix, a hyphen and a type."
        reading.report("no-tag", message, cure, line=number)
        return Token(number, columns[0], "", "")
    return Token(number, columns[0], tag[1] or "", tag[2] or "")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _by_tokens(block: Block, reading: Reading) -> str | None:
    written = _squeezed("".join(token.text for token in block.tokens))
    same = [name for name, text in reading.file.texts.items() if text is not None and _squeezed(text) == written]
    if len(same) == 1:
        return same[0]
    found = "no document of the gold has its tokens" if not same else f"{len(same)} documents of the gold have its tokens"
    cure = "Write `# id = own-000` before it, or the id as a column of its -DOCSTART- line."
    reading.report("no-id", f"the document has no id, and {found}", cure, line=block.line)
    return None


def _text(name: str, block: Block, reading: Reading) -> str | None:
    if name not in reading.file.texts:
        cure = "Remove it, or choose the gold that has it with --config, --split or --gold."
        reading.report("unknown-document", "the gold has no such document", cure, line=block.line, document=name)
        return None
    if (text := reading.file.texts[name]) is None:
        cure = "Restore the texts (`scripts/build_dataset.py --articles DIR`) and name them with --gold."
        reading.report("no-text", "tokens have no place without the document's text", cure, line=block.line, document=name)
    return text


def _align(name: str, block: Block, text: str, reading: Reading) -> list[Span] | None:
    """The span of every token; None and a problem at the first token that the text does not have there."""
    spans, at = [], 0
    for token in block.tokens:
        at = _skip(text, at)
        written, end = _squeezed(token.text), at
        for character in written:
            end = _skip(text, end)
            if not text.startswith(character, end):
                message = f"the token {token.text!r} is not what the text has at {at}: {text[at : at + len(token.text) + 10]!r}"
                cure = "Write every token of the text, in order and as the text has it (no -LRB-, no ``, no [UNK])."
                reading.report("token-not-in-text", message, cure, line=token.line, document=name)
                return None
            end += 1
        spans.append(Span(at, end))
        at = end
    if (rest := _skip(text, at)) < len(text):
        message = f"the tokens end at {at} of {len(text)} characters"
        cure = "Write all tokens of the document, O where there is nothing; a model may have cut it off at its longest input."
        reading.report("tokens-end-early", f"{message}, before {text[rest : rest + 20]!r}", cure, document=name, line=block.line)
        return None
    return spans


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _names(name: str, block: Block, spans: Sequence[Span], scheme: Scheme, reading: Reading) -> Iterator[dict[str, int | str]]:
    found: dict[str, int | str] | None = None
    before: Token | None = None
    for n, (token, span) in enumerate(zip(block.tokens, spans, strict=True)):
        if n in block.breaks:
            _check_end(name, before, scheme, reading)
            before = None
        _check(name, before, token, scheme, reading)
        if found is not None and (not _same(before, token) or scheme.begins(before, token)):
            yield found
            found = None
        if token.type:
            found = {"start": span.start, "type": token.type} if found is None else found
            found["end"] = span.end
        if found is not None and token.prefix and token.prefix in scheme.ends:
            yield found
            found = None
        before = token
    _check_end(name, before, scheme, reading)
    if found is not None:
        yield found


def _check(name: str, before: Token | None, token: Token, scheme: Scheme, reading: Reading) -> None:
    if token.type and token.prefix not in scheme.prefixes:
        _not_of_scheme(f"{_written(token)} is no tag of", name, token, reading)
    elif not scheme.allowed(before, token):
        after = "at the beginning of a sentence" if before is None else f"after {_written(before)}"
        _not_of_scheme(f"{_written(token)} cannot stand {after} in", name, token, reading)


def _check_end(name: str, last: Token | None, scheme: Scheme, reading: Reading) -> None:
    if last is not None and not scheme.allowed(last, OUTSIDE):
        _not_of_scheme(f"{_written(last)} cannot end a sentence in", name, last, reading)


def _not_of_scheme(found: str, name: str, token: Token, reading: Reading) -> None:
    cure = "State the scheme that the file is in; `--scheme conlleval` reads B and I in any order, as that scorer does."
    reading.report("not-of-scheme", f"{found} {reading.file.scheme}", cure, line=token.line, document=name)


def _written(token: Token) -> str:
    return f"{token.prefix}-{token.type}" if token.type else "O"
