"""Token files of the MEANTIME corpus → sentences → text.

A line is a token's number, the token, its name tag and its link, parted by tabs; a blank line ends a sentence. The text is
spelt from the tokens: those of a sentence joined by one space, sentences by one line feed, and no space

    before . , ; : ! ? ) ] %                              after ( and [
    after an odd " of the sentence, before an even one    before and between two ' in a row: one closing mark
    after a ' before n, s, t, k, m or r, nor before it after `zo`
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from volgens.model.documents import Span
from volgens.model.problem import Problem, ProblemsFound, Where

SUFFIX = ".ne"
COLUMNS = 4
CLOSING = frozenset(".,;:!?)]%")
OPENING = frozenset("([")
ENCLITICS = frozenset("nstkmr")


class Token(NamedTuple):
    """A line of a token file; `line` counts from 1, `tag` and `link` are as in the file."""

    line: int
    text: str
    tag: str
    link: str


class Spelt(NamedTuple):
    """A text, where each token of each sentence stands in it (code points), and each sentence too."""

    text: str
    tokens: list[list[Span]]
    sentences: list[Span]


def read_tokens(raw: str, file: str | None = None) -> list[list[Token]]:
    """The sentences of a token file. Raises `ProblemsFound` with every line that is none, or where there is no sentence."""
    sentences: list[list[Token]] = [[]]
    problems = []
    for line, row in enumerate(raw.removeprefix("\ufeff").splitlines(), 1):
        cells = row.split("\t")
        if not row.strip():
            sentences.append([])
        elif len(cells) != COLUMNS or not cells[0].isdigit() or not cells[1].strip():
            message = f"no line of a token file: {len(cells)} of {COLUMNS} columns"
            problems.append(
                Problem(Where(file, line), "not-a-token", message, "Give number, token, tag and link, parted by tabs.")
            )
        else:
            sentences[-1].append(Token(line, unicodedata.normalize("NFC", cells[1].strip()), cells[2].strip(), cells[3].strip()))
    found = [sentence for sentence in sentences if sentence]
    if not found and not problems:
        problems.append(Problem(Where(file, 1), "empty-page", "the file holds no tokens", "Take the file from the corpus again."))
    if problems:
        raise ProblemsFound(problems)
    return found


def spell(sentences: Sequence[Sequence[str]]) -> Spelt:
    """The text of tokenised sentences, and where the tokens stand."""
    text, places, lines = "", [], []
    for tokens in sentences:
        text += "\n" if text else ""
        start = len(text)
        here = []
        for token, spaced in zip(tokens, _spaces(tokens), strict=True):
            text += " " if spaced else ""
            here.append(Span(len(text), len(text) + len(token)))
            text += token
        places.append(here)
        lines.append(Span(start, len(text)))
    return Spelt(text, places, lines)


def _spaces(tokens: Sequence[str]) -> list[bool]:
    """Whether a space stands before each token of a sentence."""
    before, after = [True] * len(tokens), [True] * len(tokens)
    quotes = 0
    closes = False
    for n, token in enumerate(tokens):
        following = tokens[n + 1] if n + 1 < len(tokens) else ""
        if closes:
            before[n] = closes = False
        elif token == '"':
            quotes += 1
            (after if quotes % 2 else before)[n] = False
        elif token == "'" and following == "'":
            before[n], closes = False, True
        elif token == "'" and following in ENCLITICS:
            after[n] = False
            before[n] = not (n and tokens[n - 1] == "zo")
        elif token in CLOSING:
            before[n] = False
        elif token in OPENING:
            after[n] = False
    return [n > 0 and before[n] and after[n - 1] for n in range(len(tokens))]
