"""A tagger that learns: the averaged structured perceptron (Collins 2002), first-order Viterbi, in whole numbers.

Weights are integers, so the same examples in the same order give the same tags on every machine, to the last bit.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

EPOCHS = 12
FORBIDDEN = -(10**12)

Ints = np.ndarray[Any, np.dtype[np.int64]]
Features = Sequence[Sequence[str]]
"""The features of each token of a sequence."""


class Perceptron:
    """Tags sequences of tokens. Tags in the BIO form stay well formed: `I-x` follows `B-x` or `I-x` alone."""

    def __init__(self, tags: Sequence[str], names: dict[str, int], emission: Ints, transition: Ints) -> None:
        self.tags, self._names = tags, names
        self._emission, self._transition = emission, transition

    @classmethod
    def train(
        cls, sequences: Sequence[Features], tags: Sequence[Sequence[str]], *, epochs: int = EPOCHS, seed: int = 0
    ) -> Perceptron:
        """Learn from sequences and their tags, one a token. Sequences are shuffled before every epoch, by the seed."""
        known = sorted({tag for row in tags for tag in row}) or ["O"]
        names = {name: n for n, name in enumerate(sorted({f for s in sequences for token in s for f in token}))}
        model = cls(known, names, np.zeros((len(names) + 1, len(known)), np.int64), _first_transition(known))
        coded = [(model._rows(s), np.array([known.index(t) for t in row])) for s, row in zip(sequences, tags, strict=True) if s]
        later, drawn, step = _Later(model), random.Random(seed), 1
        for _ in range(epochs):
            drawn.shuffle(coded)
            for rows, right in coded:
                guess = model._best(rows)
                if (guess != right).any():
                    later.add(rows, right, 1, step)
                    later.add(rows, guess, -1, step)
                step += 1
        later.average(step)
        return model

    def tag(self, sequence: Features) -> list[str]:
        """The best tags, one a token."""
        return [self.tags[int(n)] for n in self._best(self._rows(sequence))] if sequence else []

    def _rows(self, sequence: Features) -> Ints:
        """(tokens, features) rows of the weights; what was never seen is the last row, which stays 0."""
        unknown = len(self._names)
        width = max(map(len, sequence))
        rows = np.full((len(sequence), width), unknown, np.int64)
        for n, token in enumerate(sequence):
            rows[n, : len(token)] = [self._names.get(name, unknown) for name in token]
        return rows

    def _best(self, rows: Ints) -> Ints:
        """Viterbi. Row -2 of the transitions is unused, row -1 is the start."""
        emission = self._emission[rows].sum(axis=1)
        score, back = emission[0] + self._transition[-1], []
        for here in emission[1:]:
            through = score[:, None] + self._transition[:-1]
            back.append(through.argmax(axis=0))
            score = through.max(axis=0) + here
        path = [int(score.argmax())]
        for best in reversed(back):
            path.append(int(best[path[-1]]))
        return np.array(path[::-1])


def _first_transition(tags: Sequence[str]) -> Ints:
    """(tags + 1, tags): from a tag, in the last row from the start, to a tag; 0 or forbidden."""
    first = np.zeros((len(tags) + 1, len(tags)), np.int64)
    for n, tag in enumerate(tags):
        if tag.startswith("I-"):
            before = {f"B-{tag[2:]}", tag}
            first[[m for m in range(len(tags) + 1) if m == len(tags) or tags[m] not in before], n] = FORBIDDEN
    return first


class _Later:
    """The averaging: beside the weights, the sum of each change times the step at which it was made."""

    def __init__(self, model: Perceptron) -> None:
        self.model = model
        self.emission, self.transition = np.zeros_like(model._emission), np.zeros_like(model._transition)
        self.allowed = model._transition == 0

    def add(self, rows: Ints, tags: Ints, sign: int, step: int) -> None:
        known = rows < len(self.model._names)
        columns = np.broadcast_to(tags[:, None], rows.shape)
        before = np.concatenate([[-1], tags[:-1]])
        for weights, amount in ((self.model._emission, sign), (self.emission, sign * step)):
            np.add.at(weights, (rows[known], columns[known]), amount)
        for weights, amount in ((self.model._transition, sign), (self.transition, sign * step)):
            np.add.at(weights, (before, tags), amount)

    def average(self, steps: int) -> None:
        """The sum of the weights over all steps, which is their average but for a factor."""
        model = self.model
        model._emission = steps * model._emission - self.emission
        averaged = steps * model._transition - self.transition
        model._transition = np.where(self.allowed, averaged, FORBIDDEN)
