"""What the page of a comparison tells beside the headline measures: every row of every system, and documents in which two systems
stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from volgens.corpus import Corpus
from volgens.model.documents import LAYERS
from volgens.report.html.documents import documents, words
from volgens.report.html.rows import Row, in_order, rows

if TYPE_CHECKING:
    from volgens.comparison import Comparison

SHOWN = 30
"""Documents whose text is on the page."""


class Line(NamedTuple):
    """A measure, or a row by type or value: `row` says what it is called, `cells` has a row a system, None where it has none."""

    row: Row
    cells: Sequence[Row | None]

    @property
    def best(self) -> float | None:
        """The highest F1, None where no system has more than another."""
        scores = {cell.f1 for cell in self.cells if cell is not None and cell.f1 is not None}
        return max(scores) if len(scores) > 1 else None


def lines(cards: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Every measure and row of several scorecards (their JSON), in the order of one."""
    told = [{row.name: row for row in rows(card)} for card in cards]
    first = {name: row for each in reversed(told) for name, row in each.items()}
    return [Line(row, [each.get(row.name) for each in told]) for row in in_order(first.values())]


def beside(
    comparison: Comparison, corpora: Mapping[str, Corpus], apart: Sequence[str], pages: Mapping[str, str]
) -> dict[str, Any] | None:
    """The data of the page's script: documents with most between the systems first, each once a system; None without corpora."""
    names = list(comparison.cards)
    if len(names) < 2 or any(name not in corpora for name in names):
        return None
    every = sorted(comparison.cards[names[0]].documents["id"])
    chosen = list(dict.fromkeys([*apart, *every]))[:SHOWN]
    columns = [_of_system(n, comparison, corpora[name], chosen) for n, name in enumerate(names)]
    shared = {m.layer for card in comparison.cards.values() for m in card.itemised}
    return {
        "documents": [list(sides) for sides in zip(*columns, strict=True)],
        "kinds": words([doc for column in columns for doc in column]),
        "layers": LAYERS,
        "attempted": [n for n, layer in enumerate(LAYERS) if layer in shared],
        "systems": [{"name": name, "page": pages.get(name)} for name in names],
    }


def _of_system(n: int, comparison: Comparison, corpus: Corpus, chosen: Sequence[str]) -> list[dict[str, Any]]:
    card = list(comparison.cards.values())[n]
    found = {doc["id"]: doc for doc in documents(card, corpus.gold, corpus.predictions, chosen, prefix=f"s{n}")}
    return [{**found[name], "system": n} for name in chosen]


def texts(corpora: Mapping[str, Corpus]) -> pl.DataFrame | None:
    """Id and text of the gold's documents, None where nothing is known of them."""
    return next((corpus.gold.select("id", "text") for corpus in corpora.values() if "text" in corpus.gold.columns), None)
