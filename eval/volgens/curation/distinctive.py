"""Words that tell which page a text is from, to see whether an example of the guidelines was taken from a page that is scored
on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

WORD = re.compile(r"[^\W\d_][\w'’-]{2,}")
INSIDE = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][\w'’-]{3,}")
EXAMPLE = re.compile(r"^- (?:Right|Wrong)\b.*$", re.MULTILINE)
LABEL = re.compile(r"\](?:PER|ORG|GPE|LOC|FAC|NORP|EVENT|MISC|c|s|i|a)\d?[\w/=.,-]*|\{[^}]*\}|\([^)]*\bversion 2\b[^)]*\)")
LONG = 9
"""Letters from which on a word in small letters may be distinctive; a shorter one is anybody's."""
MOST = 2
"""A name or a long word that stands on more pages than this is common. Two, because a story may be told on two pages."""


def examples(guideline: str) -> str:
    """The examples of a guideline (its lines *Right* and *Wrong*) without their labels and fields."""
    return "\n".join(LABEL.sub(" ", line) for line in EXAMPLE.findall(guideline))


def distinctive(pages: Mapping[str, str], of: Iterable[str], most: int = MOST) -> dict[str, list[str]]:
    """Word → the pages of `of` that it stands on, for the words that are distinctive of them, as they are spelled.

    `pages` are all pages by name, with their text. Distinctive is a name (a word that has a capital inside a sentence and is
    spelled small nowhere) or a word of `LONG` letters or more, that stands on one of the pages `of` and on at most `most` pages
    of all.
    """
    words = {name: set(WORD.findall(text)) for name, text in pages.items()}
    small = {word for found in words.values() for word in found if word.islower()}
    names = {word for text in pages.values() for word in INSIDE.findall(text) if word.lower() not in small}
    told = {name: {word if word in names else word.lower() for word in found} for name, found in words.items()}
    times = Counter(word for found in told.values() for word in found)
    found: dict[str, list[str]] = {}
    for name in sorted(of):
        for word in told[name]:
            if times[word] <= most and (word in names or len(word) >= LONG):
                found.setdefault(word, []).append(name)
    return found


def shared(text: str, words: Iterable[str]) -> set[str]:
    """Those of the words that stand in a text, a long one with or without a capital."""
    known = set(words)
    here = set(WORD.findall(text))
    return {word for word in here if word in known} | {word.lower() for word in here if word.lower() in known}
