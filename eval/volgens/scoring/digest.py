"""A digest of what the tables of gold or predictions say: the same in any order, and of parts of a corpus a sum."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from volgens.model.columns import LINK, SPARSE
from volgens.model.documents import LAYERS
from volgens.scoring.tables import Tables, column, filled, tables
from volgens.stats.arrays import Codes, Ints, Words, blocks, factorize
from volgens.stats.uncertainty import mix, mix_in_place, page_keys

ABSENT = np.uint64(0x9E3779B97F4A7C15)


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


def fingerprint(gold: pl.DataFrame) -> str:
    """What the signature of a score calls `gold`, of a frame of gold: the same in any order of documents and items."""
    gold = gold if gold["id"].is_sorted() else gold.sort("id")
    side = tables(gold, gold["id"])
    open_ = {layer: np.flatnonzero(~side.annotated[layer]) for layer in LAYERS if not side.annotated[layer].all()}
    return str(digests((side, side), open_)[0])


def digests(sides: tuple[Tables, Tables], open_: Mapping[str, Ints] = MappingProxyType({})) -> tuple[Digest, Digest]:
    """The digests of gold and predictions, whose documents are the same. `open_`: layer → the rows of the documents in which
    the gold does not annotate it; to have nothing there is something else.
    """
    names = page_keys(sides[0].documents["id"])
    gold = _digest(sides[0], names)
    for layer, rows in open_.items():
        gold = gold + _sum(mix_in_place(names[rows] + _called(f"{layer} not annotated")))
    return gold, _digest(sides[1], names)


def _digest(side: Tables, names: Words) -> Digest:
    """A sum over the rows of the tables. Item ids do not enter; `names` are the documents' keys."""
    found = _sum(names)
    for layer in LAYERS:
        rows, link = side.layer(layer), LINK.get(layer, "")
        keys = names[column(rows, "document")]
        keys += _called(layer)
        for name in rows.columns:
            if name not in ("document", "item", "id", link, f"{link}_row"):
                _add(keys, rows[name], name)
        if link:
            _add(keys, rows.select(pl.col(f"{link}_row") - pl.int_range(pl.len())).to_series(), link)
        found = found + _sum(mix_in_place(keys))
    pieces = [_parts(side, layer, names) for layer in ("attributions", *side.pieces)]
    return sum((_sum(keys) for keys in pieces), found)


def _parts(side: Tables, layer: str, names: Words) -> Words:
    """A key per span of an item's parts, told by its document and the item's place."""
    items, pieces = side.layer(layer), side.pieces_of(layer)
    owner = column(pieces, "owner")
    keys: Words = names[column(items, "document")[owner]] + mix(_key(items["start"]))[owner]
    for name in ("part", "start", "end"):
        keys = mix_in_place(keys + _key(pieces[name]))
    return keys


def _add(keys: Words, values: pl.Series, name: str) -> None:
    """Add a key per value of a field; one for all where nothing is given. A sparse field adds nothing where it is not given, so
    that what was digested before it came keeps its digest.
    """
    if name in SPARSE:
        keys += np.where(values.is_null().to_numpy(), np.uint64(0), mix_in_place(_key(values) + _called(name)))
    elif values.null_count() == len(values):
        keys += mix(np.array([ABSENT]) + _called(name))
    elif values.dtype == pl.String:
        codes, table = _table(values)
        table = mix(table + _called(name))
        for part in blocks(len(keys)):
            keys[part] += table[codes[part]]
    else:
        keys += mix_in_place(_key(values) + _called(name))


def _key(values: pl.Series) -> Words:
    """A 64-bit key per value: equal values, equal keys."""
    keys: Words
    if values.dtype == pl.String:
        codes, table = _table(values)
        keys = table[codes]
        return keys
    numbers = values.cast(pl.Float64 if values.dtype.is_float() else pl.Int64)
    given = numbers.drop_nulls().to_numpy().view(np.uint64)
    if len(given) == len(values):
        return given
    keys = np.full(len(values), ABSENT)
    keys[numbers.is_not_null().to_numpy()] = given
    return keys


def _table(values: pl.Series) -> tuple[Codes, Words]:
    """Strings as codes into a table of keys, in which each is hashed once."""
    codes, distinct = factorize(values)
    keys = page_keys(filled(distinct, ""))
    return codes, np.where(distinct.is_null().to_numpy(), ABSENT, keys) if distinct.null_count() else keys


@cache
def _called(name: str) -> Any:
    """The key of the name of a layer or a field."""
    return page_keys(pl.Series([name]))[0]


def _sum(keys: Words) -> Digest:
    return Digest(int(keys.sum(dtype=np.uint64)), int(mix_in_place(keys ^ ABSENT).sum(dtype=np.uint64)))
