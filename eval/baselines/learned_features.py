"""What the learned tagger sees of a text: units of tokens, and the features of a token. No word list, no gazetteer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from volgens.curation.grammar.numerals import read_numeral
from volgens.model.documents import Span

from baselines.attribution import QUOTE
from baselines.tokens import Text, Token

TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
REACH = 2


class Unit(NamedTuple):
    """A sentence, heading or dateline. `quoted` tells of each token whether it stands within quotation marks."""

    span: Span
    tokens: tuple[Token, ...]
    quoted: tuple[bool, ...]
    kind: str

    def tokens_of(self, span: Span) -> list[int]:
        """The tokens that the span touches."""
        return [n for n, t in enumerate(self.tokens) if t.start < span.end and span.start < t.end]


def units(text: str) -> list[Unit]:
    """The units of a text in its order. A hyphen is a token: names stand within compounds."""
    parsed = Text(text)
    spans = [(span, "dateline") for span in parsed.datelines]
    spans += [(s.span, "title" if s.start == 0 else "heading" if s.heading else "sentence") for s in parsed.sentences]
    quotes = [Span(*m.span()) for m in QUOTE.finditer(text)]
    return [_unit(text, span, kind, quotes) for span, kind in sorted(spans)]


def _unit(text: str, span: Span, kind: str, quotes: Sequence[Span]) -> Unit:
    tokens = tuple(Token(m[0], *m.span()) for m in TOKEN.finditer(text, *span))
    return Unit(span, tokens, tuple(any(q.covers(t.span) for q in quotes) for t in tokens), kind)


def encode(unit: Unit, spans: Iterable[tuple[str, Span]]) -> list[str]:
    """BIO tags of a unit from labelled spans; of spans that share a token the longest, then the first, is kept."""
    tags = ["O"] * len(unit.tokens)
    for label, span in sorted(spans, key=lambda s: (s[1].start - s[1].end, s[1].start)):
        touched = unit.tokens_of(span)
        if touched and all(tags[n] == "O" for n in touched):
            tags[touched[0]] = f"B-{label}"
            for n in touched[1:]:
                tags[n] = f"I-{label}"
    return tags


def decode(unit: Unit, tags: Sequence[str]) -> list[tuple[str, Span]]:
    """The labelled spans of BIO tags, in text order; the inverse of `encode` where spans end with tokens.

    An `I-x` that continues no span of `x` begins one.
    """
    found: list[tuple[str, Span]] = []
    before = "O"
    for token, tag in zip(unit.tokens, tags, strict=True):
        if tag.startswith("I-") and before in (f"B-{tag[2:]}", tag):
            found[-1] = (tag[2:], Span(found[-1][1].start, token.end))
        elif tag != "O":
            found.append((tag[2:], token.span))
        before = tag
    return found


def shape(word: str) -> str:
    """`Xx` for a capital and small letters, `X` capitals, `9` digits; a sign stands for itself."""
    classes = ("X" if c.isupper() else "x" if c.isalpha() else "9" if c.isdigit() else c for c in word)
    return "".join(kind for kind, _ in groupby(classes))


def token_features(unit: Unit) -> list[list[str]]:
    """Per token: words and shapes around it, its affixes, its place; numerals are told by the public number grammar."""
    edge = ["^"] * REACH
    low = [*edge, *(t.text.lower() for t in unit.tokens), *edge]
    shapes = [*edge, *(shape(t.text) for t in unit.tokens), *edge]
    return [_of_token(unit, n, low, shapes) for n in range(len(unit.tokens))]


def _of_token(unit: Unit, n: int, low: Sequence[str], shapes: Sequence[str]) -> list[str]:
    m = n + REACH
    word = low[m]
    found = ["1", f"w={word}", f"shape={shapes[m]}", f"kind={unit.kind}", f"quoted={unit.quoted[n]}"]
    found += [f"w{d:+}={low[m + d]}" for d in (-2, -1, 1, 2)] + [f"shape{d:+}={shapes[m + d]}" for d in (-1, 1)]
    found += [f"w-1w={low[m - 1]} {word}", f"ww+1={word} {low[m + 1]}", f"shapes={shapes[m - 1]} {shapes[m]} {shapes[m + 1]}"]
    found += [f"begin={word[:k]}" for k in (2, 3, 4) if len(word) > k] + [f"end={word[-k:]}" for k in (2, 3, 4) if len(word) > k]
    found += [f"kind,shape={unit.kind} {shapes[m]}", f"first={n == 0} {shapes[m]}"]
    return [*found, "numeral"] if word[0].isdigit() or (len(word) > 2 and read_numeral(word) is not None) else found


def argument_features(unit: Unit, cue: Sequence[int]) -> list[list[str]]:
    """Per token as seen from a cue (the indices of its tokens): where it stands from it, and what stands between."""
    head = unit.tokens[cue[0]].text.lower()
    return [[*_from_cue(unit, n, cue, head), *plain] for n, plain in enumerate(token_features(unit))]


def _from_cue(unit: Unit, n: int, cue: Sequence[int], head: str) -> list[str]:
    near = min(cue, key=lambda c: abs(c - n))
    side = "cue" if n in cue else "before" if n < cue[0] else "after" if n > cue[-1] else "within"
    between = [t.text.lower() for t in unit.tokens[min(n, near) + 1 : max(n, near)]]
    commas = min(sum(w in (",", ";", ":") for w in between), 2)
    away = min(abs(near - n), 6)
    place = f"{side} {commas}"
    word, before = unit.tokens[n].text.lower(), unit.tokens[n - 1].text.lower() if n else "^"
    return [
        f"side={side}", f"place={place}", f"away={side} {away}", f"cue={head} {side}", f"cue,place={head} {place}",
        f"place,w={place} {word}", f"place,w-1={place} {before}", f"place,quoted={place} {unit.quoted[n]}",
        f"place,that={place} {'dat' in between} {'of' in between}", f"edge={place} {n == 0} {n == len(unit.tokens) - 1}",
    ]  # fmt: skip
