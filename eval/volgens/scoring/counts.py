"""What evidence adds up to: counts per unit of resampling, sums over documents, digests. Tallies of parts of a corpus add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
import polars as pl

from volgens.scoring.digest import Digest
from volgens.scoring.evidence import Evidence
from volgens.scoring.layer import Layer
from volgens.scoring.measures import GROUPS, HEADLINES, Measure
from volgens.scoring.tables import Given, column, filled
from volgens.stats.arrays import Floats, Ints

FIXED = float(1 << 36)
"""Scores of documents are summed in fixed point, so that parts of a corpus add to the same mean in any order."""


class Counts(NamedTuple):
    """True positives (a half counts too, in `semeval.partial` alone), predicted items, gold items, pairs where a side has the
    field.
    """

    tp: float
    predicted: int
    gold: int
    paired: int

    @property
    def precision(self) -> float | None:
        """tp / predicted, None where nothing was predicted."""
        return self.tp / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """tp / gold, None where the gold has nothing."""
        return self.tp / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """2 · tp / (predicted + gold), None where both are 0 (van Rijsbergen 1979)."""
        both = self.predicted + self.gold
        return 2 * self.tp / both if both else None

    @property
    def given(self) -> float | None:
        """The share of pairs that agree: the accuracy on matched pairs, None without pairs."""
        return self.tp / self.paired if self.paired else None


class Macro(NamedTuple):
    """Means over documents of precision, recall and F1; None where no document defines it."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Tally:
    """The sums of a corpus or a part of it.

    `by_unit`: cell → (units, 4) array of tp, predicted, gold, paired. `by_document`: headline → (3, 2) array of the sum of
    precision, recall and F1 over documents (in fixed point) and the number of documents that define each. `given`: the layers of
    which gold and predictions have items, and the fields that these give. `digests`: of gold and predictions. `annotated`: layer
    → the documents in which the gold has it; the others are left out of its counts. `aside`: predicted names that count neither
    for nor against (`scope`).
    """

    by_unit: Mapping[str, Floats]
    by_document: Mapping[str, Ints]
    given: tuple[Given, Given]
    has_texts: bool
    digests: tuple[Digest, Digest]
    documents: int
    missing: tuple[str, ...]
    annotated: Mapping[str, int]
    aside: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            by_unit=_added(self.by_unit, other.by_unit),
            by_document=_added(self.by_document, other.by_document),
            given=(self.given[0] | other.given[0], self.given[1] | other.given[1]),
            has_texts=self.has_texts and other.has_texts,
            digests=(self.digests[0] + other.digests[0], self.digests[1] + other.digests[1]),
            documents=self.documents + other.documents,
            missing=self.missing + other.missing,
            annotated={layer: n + other.annotated[layer] for layer, n in self.annotated.items()},
            aside=self.aside + other.aside,
        )

    @property
    def unannotated(self) -> dict[str, int]:
        """Layer → the documents in which the gold does not annotate it, of layers that it lacks somewhere."""
        return {layer: self.documents - n for layer, n in self.annotated.items() if n < self.documents}

    def attempts(self, measure: Measure) -> bool:
        """Whether the gold annotates the layers of the measure somewhere and the predictions give its fields at all; what the
        gold does not have either is undefined, not unattempted.
        """
        if not all(self.annotated[layer] for layer in measure.layers):
            return False
        gold, predicted = self.given
        if measure.only_given and not all(predicted.gives(f"{measure.layer}.{field}") for field in measure.fields):
            return False
        if measure.kind == "entities@set" and not self.has_texts:
            return False
        named = ({name if "." in name else f"{measure.layer}.{name}" for name in field.split("|")} for field in measure.fields)
        return all(any(map(predicted.gives, names)) or not any(map(gold.gives, names)) for names in named)


Table = TypeVar("Table", Floats, Ints)


def _added(one: Mapping[str, Table], other: Mapping[str, Table]) -> dict[str, Table]:
    both = {name: one[name] + other[name] for name in one if name in other}
    return {**one, **other, **both}


def sums(evidence: Evidence, measures: Sequence[Measure], unit: Ints, units: int) -> tuple[dict[str, Floats], dict[str, Ints]]:
    """`by_unit` and `by_document` of a tally: all that the measures ask of the evidence. `unit` is the number of each document's
    unit of resampling.
    """
    by_unit: dict[str, Floats] = {}
    by_document: dict[str, Ints] = {}
    for layer, some in _by_layer(evidence, measures):
        for name, counts in cells(some, layer, len(unit)):
            by_unit[name] = np.stack([np.bincount(unit, kind, units) for kind in counts.T], axis=1)
            if name in HEADLINES:
                by_document[name] = _sums(counts)
    ordered = {name: counts for m in measures for name, counts in by_unit.items() if name.partition("[")[0] == m.name}
    return ordered, by_document


def _by_layer(evidence: Evidence, measures: Sequence[Measure]) -> list[tuple[Layer, list[Measure]]]:
    """The measures over the same pairs together: what they ask is made at once."""
    evidence.prepare(measure.kind for measure in measures)
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        found.setdefault(evidence.same_as(measure.kind), []).append(measure)
    return [(evidence.layer(kind), some) for kind, some in found.items()]


def in_order(by_unit: Mapping[str, Floats], measures: Sequence[Measure]) -> dict[str, Floats]:
    """The cells in the order of the measures, rows by group and value: that in which one part has them."""
    places = {m.name: (n, list(GROUPS.get(m.name, ()))) for n, m in enumerate(measures)}

    def place(name: str) -> tuple[int, int, str]:
        head, _, row = name.partition("[")
        number, groups = places[head]
        group, _, value = row.partition("=")
        return number, groups.index(group) + 1 if row else 0, value

    return {name: by_unit[name] for name in sorted(by_unit, key=place)}


def whole(measure: Measure, layer: Layer, documents: int) -> Floats:
    """(documents, 4) counts of a measure, without its rows."""
    return next(cells([measure], layer, documents))[1]


def _sums(counts: Floats) -> Ints:
    tp, predicted, gold = counts[:, 0], counts[:, 1], counts[:, 2]
    rows = []
    for above, below in ((tp, predicted), (tp, gold), (2 * tp, predicted + gold)):
        defined = below > 0
        rows.append((np.rint(above[defined] / below[defined] * FIXED).sum(), defined.sum()))
    return np.array(rows).astype(np.int64)


def macro(sums: Ints) -> Macro:
    """The means from their sums and numbers."""
    pairs = zip(sums[:, 0], sums[:, 1], strict=True)
    return Macro(*(float(added / FIXED / number) if number else None for added, number in pairs))


def total(by_unit: Floats) -> Counts:
    """The sum over units."""
    tp, predicted, gold, paired = by_unit.sum(axis=0).tolist()
    return Counts(int(tp) if tp == int(tp) else tp, int(predicted), int(gold), int(paired))


def cells(measures: Sequence[Measure], layer: Layer, documents: int) -> Iterator[tuple[str, Floats]]:
    """The cell of each measure and, for a headline, of each value of its groups: (documents, 4) arrays.

    In a row by value an agreeing pair stands under the gold's value and every other item under its own, so rows add up to the
    total.
    """
    groups = {name for m in measures for name in GROUPS.get(m.name, ())}
    asked = [e for n, m in enumerate(measures) for e in (m.credit.alias(f"credit {n}"), m.either.alias(f"either {n}"))]
    pairs = layer.paired.select("document", "predicted_row", *groups, *asked).collect()
    sides = _carrying(layer, measures, documents)
    every = Counted(documents, pairs)
    for n, m in enumerate(measures):
        gold, predicted = sides[m.carried]
        credit = Counted(documents, pairs, pairs[f"credit {n}"])
        either = Counted(documents, pairs, pairs[f"either {n}"]) if m.carried else every
        counted = credit, predicted, gold, either
        yield m.name, np.stack([each.by_document for each in counted], axis=1)
        right = pairs.filter(pl.col(f"credit {n}") > 0) if m.name in GROUPS else pairs
        for name in GROUPS.get(m.name, ()):
            for value, counts in _by_value(counted, right, name):
                yield f"{m.name}[{name}={value}]", counts


@dataclass(frozen=True, eq=False)
class Counted:
    """Rows that a cell counts, of so many documents, and the weight (0 to 1) of each, 1 for None."""

    documents: int
    rows: pl.DataFrame
    weight: pl.Series | None = None

    @property
    def weights(self) -> Any:
        return None if self.weight is None or self.weight.min() == 1 else self.weight.to_numpy()

    @cached_property
    def by_document(self) -> Floats:
        """(documents,) sums."""
        return np.bincount(column(self.rows, "document"), self.weights, self.documents).astype(np.float64)

    def by_value(self, values: Sequence[str], held: pl.Series) -> Floats:
        """(documents, values) sums; `held` is the value of each row."""
        wide = len(values) + 1
        code = filled(held.cast(pl.Enum(values)).to_physical().cast(pl.Int64), len(values)).to_numpy()
        sums = np.bincount(column(self.rows, "document") * wide + code, self.weights, self.documents * wide)
        return sums.reshape(self.documents, wide)[:, :-1].astype(np.float64)


def _carrying(layer: Layer, measures: Sequence[Measure], documents: int) -> dict[tuple[str, ...], list[Counted]]:
    """Gold and predicted items, counted where they carry the fields of a measure."""
    rules = {m.carried: m.counts.alias(" ".join(m.carried)) for m in measures if m.carried}
    flags = [side.select(rules.values()) for side in layer.sides]
    found = {
        carried: [Counted(documents, side, held.to_series(n)) for side, held in zip(layer.sides, flags, strict=True)]
        for n, carried in enumerate(rules)
    }
    return {(): [Counted(documents, side) for side in layer.sides], **found}


def _by_value(counted: Sequence[Counted], right: pl.DataFrame, name: str) -> Iterator[tuple[str, Floats]]:
    """The counts of each value of a field; `right` are the pairs that agree."""
    credit, predicted, gold, either = (each.rows for each in counted)
    held = credit[name], _under_gold(predicted, right, name), gold[name], either[name]
    values = sorted({value for series in held[1:3] for value in series.unique().drop_nulls()})
    sums = [each.by_value(values, series) for each, series in zip(counted, held, strict=True)]
    yield from zip(values, np.stack(sums, axis=1).transpose(2, 0, 1), strict=True)


def _under_gold(predicted: pl.DataFrame, right: pl.DataFrame, name: str) -> pl.Series:
    partners = right.select(pl.col("predicted_row").alias("row"), pl.col(name).alias("of_gold"))
    joined = predicted.join(partners, on="row", how="left", maintain_order="left")
    return joined.select(pl.coalesce("of_gold", name)).to_series()
