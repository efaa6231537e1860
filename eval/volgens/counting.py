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
from volgens.uncertainty import Words, mix, page_keys

Array = np.ndarray[Any, np.dtype[np.float64]]
Sums = np.ndarray[Any, np.dtype[np.int64]]

ABSENT = np.uint64(0x9E3779B97F4A7C15)
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
    """A digest of what the tables say: a sum over their rows, so that order and parts change nothing. Item ids do not enter."""
    names = page_keys(side.documents["id"])
    found = _sum(names)
    for layer in LAYERS:
        rows, link = side.layer(layer), LINK.get(layer, "")
        keys = names[column(rows, "document")] + _key(pl.Series([layer]))[0]
        for name in rows.columns:
            if name not in ("document", "item", "id", link, f"{link}_row"):
                keys += mix(_key(rows[name]) + page_keys(pl.Series([name]))[0])
        if link:
            step = rows.select(pl.col(f"{link}_row") - pl.int_range(pl.len())).to_series()
            keys += mix(_key(step) + page_keys(pl.Series([link]))[0])
        found = found + _sum(mix(keys))
    return found + _sum(_parts(side, names))


def _parts(side: Tables, names: Words) -> Words:
    """A key per span of an attribution, told by its document and the attribution's place."""
    owner = column(side.parts, "attribution")
    keys: Words = names[column(side.attributions, "document")[owner]] + mix(_key(side.attributions["start"])[owner])
    for name in ("part", "start", "end"):
        keys = mix(keys + _key(side.parts[name]))
    return keys


def _key(values: pl.Series) -> Words:
    """A 64-bit key per value: equal values, equal keys; strings are hashed once each."""
    missing = values.is_null().to_numpy()
    keys: Words
    if values.dtype == pl.String:
        known = values.drop_nulls().unique().sort()
        table = np.append(page_keys(known), np.uint64(0))
        keys = table[values.cast(pl.Enum(known)).to_physical().cast(pl.Int64).fill_null(len(known)).to_numpy()]
    elif values.dtype.is_float():
        keys = values.fill_null(0.0).cast(pl.Float64).to_numpy().view(np.uint64).copy()
    else:
        keys = values.cast(pl.Int64).fill_null(0).to_numpy().view(np.uint64).copy()
    keys[missing] = ABSENT
    return keys


def _sum(keys: Words) -> Digest:
    return Digest(int(keys.sum(dtype=np.uint64)), int(mix(keys ^ ABSENT).sum(dtype=np.uint64)))
