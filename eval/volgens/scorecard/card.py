"""The scorecard of what was scored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from volgens.model.problem import UnknownName
from volgens.scoring.counts import Counts, Macro, macro, total, whole
from volgens.scoring.curves import Curve
from volgens.scoring.cutoff import CutOff
from volgens.scoring.evidence import Evidence
from volgens.scoring.measures import TABLE, Measure, nearest
from volgens.scoring.score import Scored, Scoring, score, signature
from volgens.scoring.views import View
from volgens.stats.arrays import Floats
from volgens.stats.uncertainty import Intervals, intervals

__all__ = ["Counts", "Macro", "Scorecard", "card", "score_frames"]


@dataclass(frozen=True, repr=False)
class Scorecard:
    """What `score` returns. `card["figures.value"].f1` is a number or None; `card["entities[type=PER]"]` a row of a headline.
    A scorecard can be pickled and copied.

    `cells`: name → `Counts`. `pages`: the units of resampling (pages, or buckets of very many), and `by_page[name]` an array
    (pages, 4) whose sum is the cell. `macro`: headline → means over documents. `not_attempted`: the measures whose fields the
    whole file never gives, or whose layer the gold annotates nowhere. `unannotated`: layer → the documents in which the gold
    does not annotate it, which are left out of its counts. `matched` is the evidence, None for a corpus scored in batches.
    `notes`: what reading the predictions left out or located, counted. `curves`: layer → precision and recall by confidence
    (`scoring.curves.Curve`), of layers whose predicted items all have a score. `cut_off`: layer → the documents that the system
    seems to have read in part (`scoring.cutoff`). `aside`: predicted names that the scheme leaves out by rule, the agencies of a
    dateline, and that count neither for nor against. `beside`: view → its `entities`, where a system names things by the types
    of another corpus (`looks`), so that the view of this scorecard is not the one to read. `ways`: where no evidence was kept,
    the ways to be wrong and how often (`scoring.errors.ways`).
    """

    cells: Mapping[str, Counts]
    signature: Mapping[str, Any]
    not_attempted: tuple[str, ...]
    unannotated: Mapping[str, int]
    missing: tuple[str, ...]
    pages: tuple[str, ...]
    by_page: Mapping[str, Floats]
    macro: Mapping[str, Macro]
    matched: Evidence | None
    documents: pl.DataFrame
    table: tuple[Measure, ...] = TABLE
    seed: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)
    curves: Mapping[str, Curve] = field(default_factory=dict)
    cut_off: Mapping[str, CutOff] = field(default_factory=dict)
    aside: int = 0
    beside: Mapping[str, Counts] = field(default_factory=dict)
    ways: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Counts:
        """The counts of a measure or a row. Raises `UnknownName`, a KeyError, and says whether it was not attempted."""
        if name not in self.cells:
            raise UnknownName(self._why_not(name))
        return self.cells[name]

    def _why_not(self, name: str) -> str:
        measure = name.partition("[")[0]
        if measure in self.cells:
            return f"{measure} has no row {name!r}; {nearest(name, self.cells)}"
        if measure not in self.not_attempted:
            return f"no measure {measure!r} was scored; {nearest(measure, self.cells)}"
        layers = next(m.layers for m in self.table if m.name == measure)
        open_ = [layer for layer in layers if self.unannotated.get(layer) == self.signature["documents"]]
        why = f"the gold does not annotate {' and '.join(open_)}" if open_ else "the predictions do not give what it asks for"
        return f"{measure} was not attempted: {why}"

    def __repr__(self) -> str:
        heads = [name for name in self.cells if "." not in name and "[" not in name] or list(self.cells)[:1]
        scores = ", ".join(f"{name} {'–' if (f1 := self.cells[name].f1) is None else format(f1, '.3f')}" for name in heads)
        number = self.signature["documents"]
        return f"<Scorecard of {number} document{'s' if number != 1 else ''}: {scores or 'nothing attempted'}>"

    @property
    def measures(self) -> dict[str, Counts]:
        """The cells without the rows by type and value."""
        return {name: counts for name, counts in self.cells.items() if "[" not in name}

    def __str__(self) -> str:
        from volgens.scorecard.text import text

        return text(self)

    def to_dict(self) -> dict[str, Any]:
        """The whole scorecard as dictionaries, lists, strings and numbers, unrounded; undefined is None."""
        from volgens.scorecard.plain import to_dict

        return to_dict(self)

    def to_json(self) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)

    @cached_property
    def intervals(self) -> dict[str, Intervals]:
        """Per cell the 95 % intervals of precision, recall and F1; the signature says by which method."""
        return intervals(self.by_page, self.pages, seed=self.seed)

    def by_document(self, name: str) -> Floats:
        """(documents, 4) counts of a measure, in the order of `documents`."""
        measure = next(m for m in self.table if m.name == name)
        return whole(measure, self.evidence.layer(measure.kind), len(self.documents))

    @property
    def itemised(self) -> list[Measure]:
        """The attempted measures that are over items, not over what a document says without offsets, nor over pairings of their
        own.
        """
        return [m for m in self.table if m.name in self.cells and m.kind == m.layer]

    @cached_property
    def ledger(self) -> pl.DataFrame:
        """One row per gold and per predicted item that counts: its outcome, its partner and what differed."""
        from volgens.scoring.ledger import ledger

        return ledger(self.evidence, self.documents, self.itemised)

    def commonest_errors(self, most: int = 5) -> list[tuple[str, int]]:
        """The commonest ways to be wrong and how often."""
        from volgens.scoring.errors import commonest, most_of

        if self.matched is None:
            return most_of(self.ways, self.itemised, self.cells, most)
        return commonest(self.matched, self.documents["length"], self.itemised, self.cells, most)

    @property
    def evidence(self) -> Evidence:
        """The items that count and the pairs. Raises ValueError where the corpus was scored in batches."""
        if self.matched is None:
            raise ValueError("a corpus scored in batches keeps its counts, not its evidence; score a part of it to see the items")
        return self.matched


def score_frames(
    gold: pl.DataFrame,
    predictions: pl.DataFrame,
    *,
    view: str | View = "flat",
    measures: Sequence[Measure] = TABLE,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    tolerance: float = 0.0,
) -> Scorecard:
    """Score a frame of predictions against a frame of gold, both valid: `scoring.score.score` with its settings spelled out."""
    how = Scoring(View.parse(view) if isinstance(view, str) else view, tuple(measures), settings or {}, seed, tolerance)
    return card(score(gold, predictions, how))


def card(scored: Scored, notes: Mapping[str, int] | None = None) -> Scorecard:
    """The scorecard of what was scored."""
    found, how = scored.tally, scored.how
    attempted = {m.name for m in how.measures if m.name in found.by_unit and found.attempts(m)}
    by_unit = {name: counts for name, counts in found.by_unit.items() if name.partition("[")[0] in attempted}
    return Scorecard(
        cells={name: total(counts) for name, counts in by_unit.items()},
        signature=signature(scored),
        not_attempted=tuple(m.name for m in how.measures if m.name not in attempted),
        unannotated=found.unannotated,
        missing=found.missing,
        pages=tuple(scored.units.names),
        by_page=by_unit,
        macro={name: macro(sums) for name, sums in found.by_document.items() if name in attempted},
        matched=scored.evidence,
        documents=scored.documents,
        table=how.measures,
        seed=how.seed,
        notes={**(notes or {}), **scored.notes, **scored.curves.notes},
        curves={layer: curve for layer, curve in scored.curves.found.items() if layer in attempted},
        cut_off={layer: found for layer, found in scored.cut_off.items() if layer in attempted},
        aside=found.aside if "entities" in attempted else 0,
        ways=dict(scored.ways),
    )
