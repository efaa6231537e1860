"""What a harness that asks language models needs of us: the prompt, and the measures of the replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import polars as pl

from volgens.api import score
from volgens.readers.corpus import load_gold
from volgens.readers.foreign.llm import prediction
from volgens.scoring.measures import HEADLINES

READ = "read"
"""Beside the measures: the share of replies that were an answer. One that is none counts as an empty prediction."""


class Asked(NamedTuple):
    """Which documents a model was asked about; `gold` is a dataset folder or a file, the installed gold for None."""

    config: str = "own"
    split: str = "test"
    gold: str | None = None

    def documents(self, ids: Iterable[str] | None = None) -> pl.DataFrame:
        """The gold, or its documents of these ids. Raises `ProblemsFound`."""
        frame = load_gold(self.config, self.split, self.gold)
        return frame if ids is None else frame.filter(frame["id"].is_in(list(ids)))


def prompt() -> str:
    """The Dutch prompt that `volgens run --endpoint` sends too."""
    return files("volgens.run").joinpath("prompt.nl.md").read_text(encoding="utf-8")


def answer(reply: str, document: str, text: str) -> dict[str, Any]:
    """The row that a reply about a document gives. Raises ValueError with what is wrong with one that is no answer."""
    return prediction(reply, document, text)


def measured(
    rows: Mapping[str, Mapping[str, Any] | None], asked: Asked, measures: Sequence[str] = HEADLINES
) -> dict[str, float | None]:
    """F1 of measures over all documents at once, no means of documents, and `read`.

    `rows` is document → the row of its reply, None for a reply that was no answer. A measure is None where it is undefined and
    where no reply could be read; `{}` for no documents.
    """
    if not rows:
        return {}
    read = [row for row in rows.values() if row is not None]
    found: dict[str, float | None] = {**dict.fromkeys(measures), READ: len(read) / len(rows)}
    if read:
        card = score(read, asked.documents(rows), missing="empty", measures=measures)
        found |= {name: card[name].f1 for name in measures if name in card.cells}
    return found
