"""A corpus: gold and predictions, each read and validated once, with what reading noted and what joins the signature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.corpus import read_gold, validate
from volgens.readers.native import PLAIN, Reading, opened, validated
from volgens.readers.shape import Lines
from volgens.scoring.parallel import both

GOLD_ALONE = ("page", "segments", "provenance")
"""Columns that only gold has. Predictions that have them, against a gold that has none, are the gold."""


@dataclass(frozen=True, eq=False)
class Gold:
    """Where the gold is and how it is read; it is read at the first look at `lines`, and validated at the first at `frame`.

    `source`, `config` and `split` are those of `volgens.score`, `how` is its `gold_reading`; `labels="any"` allows labels that
    the scheme does not know, and `scheme` is that of tags in columns where `how` states none.
    """

    source: Any = None
    config: str | None = None
    split: str | None = None
    how: Reading = PLAIN
    labels: str = "scheme"
    scheme: str | None = None

    @cached_property
    def lines(self) -> Lines:
        """The gold as read. Raises `ProblemsFound` where it could not be."""
        return read_gold(self.config, self.split, self.source, self.how, labels=self.labels, scheme=self.scheme)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The gold sorted by id, one row a document. Raises `ProblemsFound` where it breaks a rule."""
        return validate(self.lines, self.source, self.labels)

    @property
    def is_one(self) -> bool:
        """Whether the gold is given itself, not as what is installed or as a dataset folder to choose from."""
        return self.source is not None and not (isinstance(self.source, str | Path) and Path(self.source).is_dir())

    @property
    def settings(self) -> dict[str, Any]:
        """What joins the signature: configuration and split, as far as they are known."""
        if self.source is None:
            return {"config": self.config or "own", "split": self.split or "test"}
        named = {name: self.frame[name].unique().drop_nulls().sort().to_list() for name in ("config", "split")}
        return {name: "+".join(values) for name, values in named.items() if values}


@dataclass(frozen=True, eq=False)
class Corpus:
    """Gold and predictions as frames, both valid; `settings` join the signature, `notes` count what reading left out."""

    gold: pl.DataFrame
    predictions: pl.DataFrame
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)


def load(predictions: Any, gold: Gold, how: Reading = PLAIN) -> Corpus:
    """Read both sides, at the same time. Raises `ProblemsFound` with all problems."""
    lines, begun = both(lambda: gold.lines, lambda: opened(predictions, how))
    frame, guesses = both(lambda: gold.frame, lambda: validated(begun, predictions, lines.frame, how))
    refuse([*swapped(lines.frame.lazy(), guesses.frame.lazy(), predictions)] or guesses.problems)
    settings = gold.settings | how.settings(guesses.form, guesses.applied)
    return Corpus(frame, guesses.frame, settings, {**{f"gold: {note}": n for note, n in lines.notes.items()}, **guesses.notes})


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `ProblemsFound` where there are any."""
    if found := list(problems):
        raise ProblemsFound(found)


def swapped(gold: pl.LazyFrame, guesses: pl.LazyFrame, predictions: Any) -> Iterator[Problem]:
    """Whether the sides were given the wrong way round."""
    return swapped_by([of_gold_alone(frame) for frame in (gold, guesses)], predictions)


def swapped_by(sides: Sequence[Sequence[str]], predictions: Any) -> Iterator[Problem]:
    """As `swapped`, by what `of_gold_alone` says of gold and predictions."""
    if sides[1] and not sides[0]:
        file = str(predictions) if isinstance(predictions, str | Path) else None
        message = f"the predictions have {' and '.join(sides[1])}, as gold has, and the gold has not"
        yield Problem(Where(file), "swapped-sides", message, "Give the predictions first and the gold second.")


def of_gold_alone(frame: pl.LazyFrame) -> list[str]:
    """The columns that only gold has, and that say something somewhere."""
    have = [name for name in GOLD_ALONE if name in frame.collect_schema()]
    said = frame.select(pl.col(have).is_not_null().any()).collect().row(0) if have else ()
    return [name for name, any_ in zip(have, said, strict=True) if any_]
