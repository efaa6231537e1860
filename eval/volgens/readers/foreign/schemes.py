"""Tag schemes: which tags begin, go on with and end a name. A scheme is stated, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from volgens.model.documents import Span
from volgens.readers.foreign import brackets
from volgens.readers.foreign.reading import Reading, at

TAG = re.compile(r"O|([BIESLU])-(\S+)")


class Token(NamedTuple):
    """A token and its tag as prefix and type (`O` has the type ""), or as it is written (`cell`) where names nest; `line` and
    `field` say where it stands in the file, `glued` that no space follows it."""

    text: str
    prefix: str = ""
    type: str = ""
    line: int | None = None
    field: str | None = None
    glued: bool = False
    cell: str = ""

    @property
    def tag(self) -> str:
        return f"{self.prefix}-{self.type}" if self.type else "O"


OUTSIDE = Token("")


class Scheme(NamedTuple):
    """A tag scheme: its prefixes, whether a name begins with a tag and may stand there (given the one before it, None at the
    edge of a sentence), and the prefixes with which a name ends whatever follows. `tag` is what a tag looks like, `form` the
    same in words; names may nest in `brackets` alone."""

    prefixes: str
    begins: Callable[[Token | None, Token], bool]
    allowed: Callable[[Token | None, Token], bool]
    ends: str
    description: str
    tag: re.Pattern[str] = TAG
    form: str = "O, or a prefix, a hyphen and a type"

    def read(self, text: str, cell: str, **place: Any) -> Token | None:
        """The token with the tag of a cell, None where that is none."""
        found = self.tag.fullmatch(cell)
        if found is None or self.tag is not TAG:
            return found and Token(text, cell=cell, **place)
        return Token(text, found[1] or "", found[2] or "", **place)


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
    "brackets": Scheme(
        "",
        lambda before, tag: False,
        lambda before, tag: True,
        "",
        "(PER begins, PER goes on, PER) ends, (PER) is one token, | between names that nest",
        brackets.TAG,
        "_, or (PER, PER, PER) and (PER), with | between them",
    ),
}
ALIASES = {"iob": "iob1", "bio": "iob2", "iobes": "bioes", "bioul": "bilou"}


def stated(reading: Reading) -> Scheme | None:
    """The scheme that the user states; None and a problem where it is none."""
    name = reading.file.options.scheme or ""
    scheme = SCHEMES.get(ALIASES.get(name, name))
    if scheme is None:
        found = f"{name!r} is no tag scheme" if name else "the tag scheme is not stated"
        described = "; ".join(f"{known}: {s.description}" for known, s in SCHEMES.items())
        reading.report("no-scheme", found, f"State it with --scheme. {described}.")
    return scheme


def names(
    document: str, tokens: Sequence[Token], spans: Sequence[Span], breaks: Collection[int], scheme: Scheme, reading: Reading
) -> Iterator[dict[str, Any]]:
    """The names that the tags of a document's tokens make, as items. `breaks` are the numbers of tokens before which a sentence
    ends; a tag that cannot stand where it is, is a problem."""
    if scheme.tag is brackets.TAG:
        yield from _bracketed(document, tokens, spans, breaks, reading)
        return
    found: dict[str, Any] | None = None
    before: Token | None = None
    for n, (token, span) in enumerate(zip(tokens, spans, strict=True)):
        if n in breaks:
            _check_end(document, before, scheme, reading)
            before = None
        _check(document, before, token, scheme, reading)
        if found is not None and (not _same(before, token) or scheme.begins(before, token)):
            yield found
            found = None
        if token.type:
            found = {"start": span.start, "type": token.type, **at(token.line)} if found is None else found
            found["end"] = span.end
        if found is not None and token.prefix and token.prefix in scheme.ends:
            yield found
            found = None
        before = token
    _check_end(document, before, scheme, reading)
    if found is not None:
        yield found


def _bracketed(
    document: str, tokens: Sequence[Token], spans: Sequence[Span], breaks: Collection[int], reading: Reading
) -> Iterator[dict[str, Any]]:
    """The names of bracketed tags, each from its first token to its last: what stands between and is not of it is counted."""
    edges = [0, *sorted(breaks), len(tokens)]
    for begin, end in pairwise(edges):
        found, wrong = brackets.nested([token.cell for token in tokens[begin:end]])
        for n, why in wrong:
            hint = "Open every name with a bracket and close it in the same sentence."
            reading.report(
                "not-of-scheme", why, hint, line=tokens[begin + n].line, document=document, field=tokens[begin + n].field
            )
        for name in found:
            first, last = begin + name.at[0], begin + name.at[-1]
            if len(name.at) <= last - first:
                reading.notes["names in pieces, read from their first token to their last"] += 1
            yield {"start": spans[first].start, "end": spans[last].end, "type": name.type, **at(tokens[first].line)}


def _check(document: str, before: Token | None, token: Token, scheme: Scheme, reading: Reading) -> None:
    if token.type and token.prefix not in scheme.prefixes:
        _not_of_scheme(f"{token.tag} is no tag of", document, token, reading)
    elif not scheme.allowed(before, token):
        after = "at the beginning of a sentence" if before is None else f"after {before.tag}"
        _not_of_scheme(f"{token.tag} cannot stand {after} in", document, token, reading)


def _check_end(document: str, last: Token | None, scheme: Scheme, reading: Reading) -> None:
    if last is not None and not scheme.allowed(last, OUTSIDE):
        _not_of_scheme(f"{last.tag} cannot end a sentence in", document, last, reading)


def _not_of_scheme(found: str, document: str, token: Token, reading: Reading) -> None:
    hint = "State the scheme that the file is in; `--scheme conlleval` reads B and I in any order, as that scorer does."
    message = f"{found} {reading.file.options.scheme}"
    reading.report("not-of-scheme", message, hint, line=token.line, document=document, field=token.field)
