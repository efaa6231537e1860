"""Where a string stands in a text: exactly, made alike, in any case, or approximately. See `locate` for many strings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from volgens.model.documents import Span

THRESHOLD = 0.85
"""The least similarity of an approximate find: twice the characters in common over all characters (difflib's ratio)."""

SHORTEST_FUZZY = 8
"""Shorter strings are never sought approximately: a name of one letter more is another name."""

ALIGNMENTS = ("exact", "normalised", "case", "fuzzy", "unlocated")


class Found(NamedTuple):
    """How a string was found, and all places where it stands so; none if it is `unlocated`."""

    alignment: str
    spans: tuple[Span, ...]


def find(text: str, surface: str) -> Found:
    """All places of `surface` in `text` (code points, end exclusive) by the strictest way that finds any.

    >>> find("Ida Holm: 'Holm blijft.'", "Holm")
    Found(alignment='exact', spans=(Span(start=4, end=8), Span(start=11, end=15)))
    """
    return Page(text).find(surface)


_ALIKE = str.maketrans(dict.fromkeys("‘’‚‛`´′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—−", "-"))
_WORD = re.compile(r"\w+|[^\w\s]")


class _Plain(NamedTuple):
    """A text made alike: its characters, and for each the offset in the original where it begins and where it ends."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str, *, fold: bool = False) -> _Plain:
        characters, starts, ends = [], [], []
        for match in re.finditer(r"\s+|\S", text):
            alike = " " if match[0].isspace() else unicodedata.normalize("NFC", match[0]).translate(_ALIKE)
            for character in alike.casefold() if fold else alike:
                characters.append(character)
                starts.append(match.start())
                ends.append(match.end())
        return cls("".join(characters), tuple(starts), tuple(ends))

    def original(self, start: int, end: int) -> Span:
        return Span(self.starts[start], self.ends[end - 1])


class Page:
    """A text with what is computed of it once for all strings."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._known: dict[str, Found] = {}

    @cached_property
    def normalised(self) -> _Plain:
        return _Plain.of(self.text)

    @cached_property
    def folded(self) -> _Plain:
        return _Plain.of(self.text, fold=True)

    @cached_property
    def words(self) -> list[re.Match[str]]:
        return list(_WORD.finditer(self.text))

    def find(self, surface: str) -> Found:
        if surface not in self._known:
            self._known[surface] = self._find(unicodedata.normalize("NFC", surface).strip())
        return self._known[surface]

    def _find(self, surface: str) -> Found:
        if not surface:
            return Found("unlocated", ())
        exact = tuple(Span(*m.span()) for m in re.finditer(f"(?={re.escape(surface)})", self.text))
        exact = tuple(Span(s.start, s.start + len(surface)) for s in exact)
        if spans := _at_words(self.text, exact):
            return Found("exact", spans)
        for name, plain, sought in (
            ("normalised", self.normalised, _Plain.of(surface).text),
            ("case", self.folded, _Plain.of(surface, fold=True).text),
        ):
            hits = (
                plain.original(m.start(), m.start() + len(sought)) for m in re.finditer(f"(?={re.escape(sought)})", plain.text)
            )
            if spans := _at_words(self.text, hits):
                return Found(name, spans)
        return self._fuzzy(surface)

    def _fuzzy(self, surface: str) -> Found:
        sought = [w.lower() for w in _WORD.findall(_Plain.of(surface).text)]
        if len(surface) < SHORTEST_FUZZY or not sought:
            return Found("unlocated", ())
        best, spans = THRESHOLD, list[Span]()
        matcher = SequenceMatcher(autojunk=False, b=_Plain.of(surface, fold=True).text)
        for span in self._windows(sought):
            matcher.set_seq1(_Plain.of(span.cut(self.text), fold=True).text)
            if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best or (ratio := matcher.ratio()) < best:
                continue
            spans = [*spans, span] if ratio == best and spans else [span]
            best = ratio
        return Found("fuzzy", tuple(spans)) if spans else Found("unlocated", ())

    def _windows(self, sought: Sequence[str]) -> Iterable[Span]:
        """Runs of words about as long as the string that begin and end like it or share half of its words."""
        size, wanted = len(sought), set(sought)
        lowered = [m[0].lower() for m in self.words]
        for length in range(max(1, size - 2), size + 3):
            for i in range(len(self.words) - length + 1):
                window = lowered[i : i + length]
                if 2 * sum(word in wanted for word in window) >= size or (size <= 2 and window[0][:3] == sought[0][:3]):
                    yield Span(self.words[i].start(), self.words[i + length - 1].end())


def _at_words(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans that are whole words, else those that begin a word (`tweederde` in `tweederdemeerderheid`)."""
    begins = [s for s in spans if not (_is_word(text, s.start - 1) and _is_word(text, s.start))]
    whole = [s for s in begins if not (_is_word(text, s.end) and _is_word(text, s.end - 1))]
    return tuple(whole or begins)


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()


def parted(given: str, known: str) -> str:
    """Where a text that is given and the gold's part, in words; in white space only where they differ in nothing else.

    >>> parted("Hij zwijgt.", "Zij zwijgt.")
    "at 0 it has 'Hij zwijgt.', the gold 'Zij zwijgt.'"
    """
    here, there = ([n for n, character in enumerate(text) if not character.isspace()] for text in (given, known))
    letters = ((a, b) for a, b in zip([*here, len(given)], [*there, len(known)], strict=False))
    a, b = next(((a, b) for a, b in letters if given[a : a + 1] != known[b : b + 1]), (0, 0))
    if not (a or b) and given[:1] == known[:1]:
        a = b = next((n for n, pair in enumerate(zip(given, known, strict=False)) if pair[0] != pair[1]), len(known))
    return f"at {a} it has {given[a : a + 12]!r}, the gold {known[b : b + 12]!r}"
