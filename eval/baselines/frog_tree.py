"""A sentence as Frog parsed it: what depends on what, and which stretches of text a set of words is."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cached_property

from volgens.model.documents import Span

from baselines.frog_server import Word


class Tree:
    """The words of one sentence, by their numbers. Heads may be missing and trees in pieces; a cycle ends where it began."""

    QUOTES = frozenset("\"'“”‘’„«»")
    CLOSING = QUOTES | {","}
    OUTER = frozenset(",;:.!?…–-")

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = list(words)

    @cached_property
    def _children(self) -> list[list[int]]:
        children: list[list[int]] = [[] for _ in self.words]
        for n, word in enumerate(self.words):
            if word.head is not None and 0 <= word.head < len(self.words):
                children[word.head].append(n)
        return children

    def children(self, n: int, role: str | None = None) -> list[int]:
        """The words that depend on `n`, in the order of the text; only those of a role, if one is given."""
        return [c for c in self._children[n] if role is None or self.words[c].role == role]

    def under(self, n: int) -> frozenset[int]:
        """`n` and all that depends on it, however far."""
        found, waiting = {n}, [n]
        while waiting:
            new = [c for c in self._children[waiting.pop()] if c not in found]
            found.update(new)
            waiting += new
        return frozenset(found)

    def pieces(self, chosen: frozenset[int]) -> list[Span]:
        """The stretches of words that follow one another."""
        found: list[Span] = []
        last = -2
        for n in sorted(chosen):
            span = self.words[n].span
            if n == last + 1:
                found[-1] = Span(found[-1].start, span.end)
            else:
                found.append(span)
            last = n
        return found

    def spans(self, chosen: frozenset[int]) -> list[Span]:
        """The same without punctuation at their edges, and none of punctuation alone. A pair of quotation marks stays."""
        return self.pieces(frozenset(n for run in self._runs(chosen) for n in self._trimmed(run)))

    def all(self) -> frozenset[int]:
        """Every word of the sentence."""
        return frozenset(range(len(self.words)))

    def says(self, n: int, words: Container[str]) -> bool:
        """Whether the word `n`, in small letters, is one of them."""
        return self.words[n].text.lower() in words

    @staticmethod
    def _runs(chosen: frozenset[int]) -> list[list[int]]:
        runs: list[list[int]] = []
        for n in sorted(chosen):
            if runs and runs[-1][-1] == n - 1:
                runs[-1].append(n)
            else:
                runs.append([n])
        return runs

    def _trimmed(self, run: list[int]) -> list[int]:
        while run and self._is_outer(run[0], run):
            run = run[1:]
        while run and self._is_outer(run[-1], run):
            run = run[:-1]
        return run

    def _is_outer(self, n: int, run: Sequence[int]) -> bool:
        text = self.words[n].text
        marks = sum(self.words[m].text in self.QUOTES for m in run)
        return text in self.OUTER or (text in self.QUOTES and marks % 2 == 1)

    def split(self) -> list[Word]:
        """The words with those of a unit apart, each with its own BIO tag: `Ida Berg`, `B-PER_I-PER` are two."""
        found = []
        for word in self.words:
            tags = word.ner.split("_")
            parts = word.text.split()
            if len(tags) == 1 or len(parts) != len(tags):
                found.append(word._replace(ner=tags[0]))
                continue
            at = word.span.start
            for part, tag in zip(parts, tags, strict=True):
                at = word.span.start + word.text.index(part, at - word.span.start)
                found.append(word._replace(text=part, span=Span(at, at + len(part)), ner=tag))
                at += len(part)
        return found
