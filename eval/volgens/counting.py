"""What evidence adds up to: counts per unit of resampling, sums over documents, digests. Tallies of parts of a corpus add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import polars as pl

from volgens.documents import LAYERS
from volgens.evidence import Evidence, Layer
from volgens.matching import Ints
from volgens.measures import GROUPS, HEADLINES, Measure
from volgens.tables import LINK, Tables, column
from volgens.uncertainty import page_keys

Array = np.ndarray[Any, np.dtype[np.float64]]
Sums = np.ndarray[Any, np.dtype[np.int64]]

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
        """The share of pairs that agree: the field's accuracy given a match, None without pairs."""
        return self.tp / self.paired if self.paired else None


class Digest(NamedTuple):
    """Two sums of 64-bit hashes; prints as 32 hexadecimal digits."""

    high: int
    low: int

    def __add__(self, other: object) -> Digest:
        if not isinstance(other, Digest):
            return NotImplemented
        return Digest((self.high + other.high) % (1 << 64), (self.low + other.low) % (1 << 64))

    def __str__(self) -> str:
        return f"{self.high:016x}{self.low:016x}"


class Macro(NamedTuple):
    """Means over documents of precision, recall and F1; None where no document defines it."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Tally:
    """The sums of a corpus or a part of it.

    `by_unit`: cell → (units, 4) array of tp, predicted, gold, paired. `by_document`: headline → (3, 2) array of the sum of
    precision, recall and F1 over documents (in fixed point) and the number of documents that define each. `given`: the fields
    that the gold and the predictions give. `digests`: of gold and predictions.
    """

    by_unit: Mapping[str, Array]
    by_document: Mapping[str, Sums]
    given: tuple[frozenset[str], frozenset[str]]
    has_texts: bool
    digests: tuple[Digest, Digest]
    documents: int
    missing: tuple[str, ...]

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            by_unit=_added(self.by_unit, other.by_unit),
            by_document=_added(self.by_document, other.by_document),
            given=(self.given[0] | other.given[0], self.given[1] | other.given[1]),
            has_texts=self.has_texts and other.has_texts,
            digests=(self.digests[0] + other.digests[0], self.digests[1] + other.digests[1]),
            documents=self.documents + other.documents,
            missing=self.missing + other.missing,
        )

    def attempts(self, measure: Measure) -> bool:
        """Whether the predictions give the fields at all; what the gold does not have either is undefined, not unattempted."""
        if measure.kind == "entities@set" and not self.has_texts:
            return False
        gold, predicted = self.given
        named = ({name if "." in name else f"{measure.layer}.{name}" for name in field.split("|")} for field in measure.fields)
        return all(predicted & names or not gold & names for names in named)


Table = TypeVar("Table", Array, Sums)


def _added(one: Mapping[str, Table], other: Mapping[str, Table]) -> dict[str, Table]:
    both = {name: one[name] + other[name] for name in one if name in other}
    return {**one, **other, **both}


def tally(
    evidence: Evidence, measures: Sequence[Measure], sides: tuple[Tables, Tables], unit: Ints, units: int, missing: Sequence[str]
) -> Tally:
    """Count all that the measures ask of the evidence. `unit` is the number of each document's unit of resampling."""
    size = len(sides[0].documents)
    heads = [m for m in measures if m.name in HEADLINES]
    return Tally(
        by_unit={name: counts for m in measures for name, counts in cells(m, evidence.layer(m.kind), unit, units)},
        by_document={m.name: _sums(whole(m, evidence.layer(m.kind), np.arange(size), size)) for m in heads},
        given=(sides[0].given, sides[1].given),
        has_texts=evidence.texts is not None,
        digests=(digest(sides[0]), digest(sides[1])),
        documents=size,
        missing=tuple(missing),
    )


def whole(measure: Measure, layer: Layer, unit: Ints, units: int) -> Array:
    """The cell of a measure, without its rows."""
    return next(cells(measure, layer, unit, units))[1]


def _sums(counts: Array) -> Sums:
    tp, predicted, gold = counts[:, 0], counts[:, 1], counts[:, 2]
    rows = []
    for above, below in ((tp, predicted), (tp, gold), (2 * tp, predicted + gold)):
        defined = below > 0
        rows.append((np.rint(above[defined] / below[defined] * FIXED).sum(), defined.sum()))
    return np.array(rows).astype(np.int64)


def macro(sums: Sums) -> Macro:
    """The means from their sums and numbers."""
    pairs = zip(sums[:, 0], sums[:, 1], strict=True)
    return Macro(*(float(added / FIXED / number) if number else None for added, number in pairs))


def total(by_unit: Array) -> Counts:
    """The sum over units."""
    tp, predicted, gold, paired = by_unit.sum(axis=0).tolist()
    return Counts(int(tp) if tp == int(tp) else tp, int(predicted), int(gold), int(paired))


def cells(measure: Measure, layer: Layer, unit: Ints, units: int) -> Iterator[tuple[str, Array]]:
    """The cell of a measure and, for a headline, of each value of its groups: (units, 4) arrays.

    In a row by value an agreeing pair stands under the gold's value and every other item under its own, so rows add up to the
    total.
    """
    groups = GROUPS.get(measure.name, ())
    pairs = layer.pairs.select("document", "predicted_row", *groups, credit=measure.credit, either=measure.either)
    gold = layer.gold.filter(measure.counts) if measure.carried else layer.gold
    predicted = layer.predicted.filter(measure.counts) if measure.carried else layer.predicted
    right, paired = pairs.filter(pl.col("credit") > 0), pairs.filter("either")
    yield measure.name, _count((right, predicted, gold, paired), unit, units)
    for name in groups:
        moved = _under_gold(predicted, right, name)
        for value in sorted(set(gold[name].drop_nulls()) | set(moved.drop_nulls())):
            sides = (right, predicted.with_columns(moved.alias(name)), gold, paired)
            yield f"{measure.name}[{name}={value}]", _count([s.filter(pl.col(name) == value) for s in sides], unit, units)


def _under_gold(predicted: pl.DataFrame, right: pl.DataFrame, name: str) -> pl.Series:
    partners = right.select(pl.col("predicted_row").alias("row"), pl.col(name).alias("of_gold"))
    joined = predicted.join(partners, on="row", how="left", maintain_order="left")
    return joined.select(pl.coalesce("of_gold", name)).to_series()


def _count(sides: Sequence[pl.DataFrame], unit: Ints, units: int) -> Array:
    weights = [sides[0]["credit"].to_numpy(), None, None, None]
    counts = [np.bincount(unit[column(side, "document")], w, units) for side, w in zip(sides, weights, strict=True)]
    return np.stack(counts, axis=1).astype(np.float64)


def digest(side: Tables) -> Digest:
    """A digest of what the tables say: a sum over their rows, so that order and parts change nothing. Item ids do not enter
    it.
    """
    names = side.documents.select(pl.col("document").cast(pl.Int64), pl.col("id").alias("of"))
    found = _rows(names.select("of"))
    for layer in LAYERS:
        rows = side.layer(layer).with_row_index("row").join(names, on="document", how="left", maintain_order="left")
        link = LINK.get(layer, "id")
        near = [(pl.col(f"{link}_row") - pl.col("row").cast(pl.Int64)).alias("link")] if layer in LINK else []
        apart = ("row", "document", "item", "id", link, f"{link}_row")
        found = found + _rows(rows.select(pl.lit(layer), *(c for c in rows.columns if c not in apart), *near))
    owner = side.attributions.select("document", pl.col("start").alias("at")).with_row_index("attribution")
    parts = side.parts.join(owner.with_columns(pl.col("attribution").cast(pl.Int64)), on="attribution", how="left")
    return found + _rows(parts.join(names, on="document", how="left").select("of", "at", "part", "start", "end"))


def _rows(rows: pl.DataFrame) -> Digest:
    fields = [pl.col(c).cast(pl.String).fill_null("\0") for c in rows.columns]
    texts = rows.select(pl.concat_str(fields, separator="\t").alias("row"))["row"]
    return Digest(*(int(page_keys(salt + texts).sum(dtype=np.uint64)) for salt in ("", "\t")))
