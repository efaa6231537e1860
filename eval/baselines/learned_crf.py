"""Tagging of sequences by a conditional random field (Lafferty et al. 2001), trained by L-BFGS, which draws no lots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sklearn_crfsuite import CRF

ITERATIONS = 100

Features = Sequence[Sequence[str]]
"""The features of each token of a sequence."""


class Settings(NamedTuple):
    """How strongly weights are held down: the factors of their absolute values and of their squares."""

    c1: float = 0.1
    c2: float = 0.1


class Tagger:
    """Tags sequences of tokens with the tags of its training; without any examples all is outside."""

    def __init__(self, sequences: Sequence[Features], tags: Sequence[Sequence[str]], settings: Settings) -> None:
        pairs = [(sequence, row) for sequence, row in zip(sequences, tags, strict=True) if sequence]
        self._model = None
        if pairs:
            self._model = CRF(algorithm="lbfgs", c1=settings.c1, c2=settings.c2, max_iterations=ITERATIONS)
            self._model.fit([list(map(list, sequence)) for sequence, _ in pairs], [list(row) for _, row in pairs])

    def tag(self, sequence: Features) -> list[str]:
        """The best tags, one a token."""
        if self._model is None or not sequence:
            return ["O"] * len(sequence)
        return list(self._model.predict_single(list(map(list, sequence))))
