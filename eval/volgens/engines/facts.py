"""What is true of a side as a whole, and known once all of it has been read. Facts of its parts add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from volgens.corpus import of_gold_alone
from volgens.engines.found import Block, Found
from volgens.model.documents import CANARY, LAYERS
from volgens.readers.threshold import Confidence, confidence

MANY = 10_000
"""Labels that are remembered: a scheme has fewer."""


@dataclass(frozen=True)
class Facts:
    """`layers` are those that some document gives; `gold_alone` the columns that only gold has and that say something; `labels`
    the types of names before a map and `mapped` those after it; `confidence` by layer, where it was asked for; `least` the first
    id; `ours`: the gold is one of ours; `lines`: those of each block of a file of lines; `unread`: parts that were no table.
    """

    rows: int = 0
    unread: int = 0
    layers: frozenset[str] = frozenset()
    gold_alone: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    mapped: frozenset[str] = frozenset()
    confidence: Mapping[str, Confidence] = field(default_factory=dict)
    least: str | None = None
    configs: frozenset[str] = frozenset()
    splits: frozenset[str] = frozenset()
    ours: bool = False
    applied: frozenset[str] = frozenset()
    notes: Counter[str] = field(default_factory=Counter)
    lines: Mapping[Block, int] = field(default_factory=dict)
    found: Found = field(default_factory=Found)

    def __add__(self, other: Facts) -> Facts:
        both = {**self.confidence, **other.confidence}
        return Facts(
            rows=self.rows + other.rows,
            unread=self.unread + other.unread,
            layers=self.layers | other.layers,
            gold_alone=self.gold_alone | other.gold_alone,
            labels=_few(self.labels | other.labels),
            mapped=_few(self.mapped | other.mapped),
            confidence={
                layer: self.confidence.get(layer, Confidence()).plus(other.confidence.get(layer, Confidence())) for layer in both
            },
            least=min((i for i in (self.least, other.least) if i is not None), default=None),
            configs=self.configs | other.configs,
            splits=self.splits | other.splits,
            ours=self.ours or other.ours,
            applied=self.applied | other.applied,
            notes=self.notes + other.notes,
            lines=Counter(self.lines) + Counter(other.lines),
            found=self.found + other.found,
        )

    @property
    def absent(self) -> list[str]:
        """The layers that no document gives."""
        return [layer for layer in LAYERS if layer not in self.layers]

    @property
    def settings(self) -> dict[str, str]:
        """Configuration and split of a gold, as the signature has them."""
        named = {"config": self.configs, "split": self.splits}
        return {name: "+".join(sorted(values)) for name, values in named.items() if values}


def facts_of(frame: pl.DataFrame, threshold: bool) -> Facts:
    """What a frame of `readers.shape.SCHEMA` says, its labels mapped."""
    ids = frame["id"].drop_nulls()
    return Facts(
        rows=len(frame),
        layers=frozenset(layer for layer in LAYERS if frame[layer].null_count() < len(frame)),
        gold_alone=frozenset(of_gold_alone(frame.lazy())),
        mapped=labels_of(frame),
        confidence=confidence(frame) if threshold else {},
        least=ids.min() if len(ids) else None,  # type: ignore[arg-type]
        configs=_values(frame, "config"),
        splits=_values(frame, "split"),
        ours=bool((frame["canary"] == CANARY).any()),
    )


def labels_of(frame: pl.DataFrame) -> frozenset[str]:
    """The types of the names."""
    held = frame["entities"].drop_nulls().explode(empty_as_null=False, keep_nulls=False).struct.field("type")
    return _few(frozenset(held.unique().drop_nulls().to_list()))


def _values(frame: pl.DataFrame, name: str) -> frozenset[str]:
    return frozenset(frame[name].unique().drop_nulls().to_list())


def _few(labels: frozenset[str]) -> frozenset[str]:
    return labels if len(labels) <= MANY else frozenset(sorted(labels)[:MANY])
