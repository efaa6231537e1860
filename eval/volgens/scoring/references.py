"""References by any spelling, within a document and over all of them.

Within a document a reference is a name for a thing, and any name will do: predicted and gold references are aligned one to one so
that most paired mentions agree (the mention-based CEAF of Luo 2005), over names and sources together. Over documents a reference
is what the register of the gold calls the thing: its slug, or an alias or Wikidata id that is listed for it alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from volgens.scoring.agreement import REFS
from volgens.scoring.assignment import assign
from volgens.scoring.spans import Pairs
from volgens.scoring.tables import column
from volgens.stats.arrays import Bools, Ints, as_one, factorize

LINKS = {"entities": "link", "attributions": "source_link"}
"""The field of a layer that has a reference as the register calls it."""


def linked(items: pl.DataFrame, layer: str, register: Mapping[str, str]) -> pl.DataFrame:
    """Items with what they refer to by the name of the register; what it does not list keeps its own."""
    ref, link = pl.col(REFS[layer]), LINKS[layer]
    if not register:
        return items.with_columns(ref.alias(link))
    plain = ref.str.strip_chars().str.to_lowercase()
    known = plain.replace_strict(pl.Series(list(register)), pl.Series(list(register.values())), default=None)
    return items.with_columns(pl.coalesce(known, ref).alias(link))


class Paired(NamedTuple):
    """The items of a layer on both sides and their pairs."""

    layer: str
    gold: pl.DataFrame
    predicted: pl.DataFrame
    pairs: Pairs


class Mentions(NamedTuple):
    """Paired mentions of which both sides give a reference: the document, the layer by number and the pair in it, where both
    stand, and both references as numbers, equal ones for equal strings.
    """

    document: Ints
    layer: Ints
    pair: Ints
    gold_place: Ints
    predicted_place: Ints
    gold: Ints
    predicted: Ints


def aligned(paired: Sequence[Paired]) -> dict[str, Bools]:
    """Layer → per pair whether both sides give a reference, and theirs are aligned in their document.

    One to one so that most paired mentions of all layers agree; of alignments with as many, that with more equal strings, and
    last that of the references whose first paired mention comes earlier.
    """
    mentions = _mentions(paired)
    _, first, edge = np.unique(
        as_one([mentions.document, mentions.gold, mentions.predicted]), return_index=True, return_inverse=True
    )
    document, gold, predicted = (values[first] for values in (mentions.document, mentions.gold, mentions.predicted))
    # edges are in the order of document and gold, so only the other side has to be sorted
    begins = (document[1:] != document[:-1]) | (gold[1:] != gold[:-1])
    left_nodes = np.append(np.zeros(min(len(gold), 1), np.int64), np.cumsum(begins))
    nodes = [left_nodes, np.unique(as_one([document, predicted]), return_inverse=True)[1]]
    chosen = np.logical_and.reduce([np.bincount(node, minlength=1)[node] == 1 for node in nodes])
    contested = np.flatnonzero(~chosen)
    if len(contested):
        rows = np.flatnonzero(~chosen[edge])
        left = _numbered(nodes[0], edge, rows, mentions, mentions.gold_place, mentions.predicted_place)[contested]
        right = _numbered(nodes[1], edge, rows, mentions, mentions.predicted_place, mentions.gold_place)[contested]
        times = np.bincount(edge)[contested]
        chosen[contested[assign(left, right, times, times * (gold == predicted)[contested])]] = True
    agree = chosen[edge]
    found = {each.layer: np.zeros(len(each.pairs.gold), bool) for each in paired}
    for n, each in enumerate(paired):
        found[each.layer][mentions.pair[agree & (mentions.layer == n)]] = True
    return found


def _mentions(paired: Sequence[Paired]) -> Mentions:
    """The mentions of all layers, one layer after the other."""
    columns: list[list[Ints]] = [[] for _ in range(5)]
    names: tuple[list[pl.Series], list[pl.Series]] = ([], [])
    for number, each in enumerate(paired):
        refs = each.gold[REFS[each.layer]].gather(each.pairs.gold), each.predicted[REFS[each.layer]].gather(each.pairs.predicted)
        pair = np.flatnonzero((refs[0].is_not_null() & refs[1].is_not_null()).to_numpy())
        g, p = each.pairs.gold[pair], each.pairs.predicted[pair]
        told = column(each.gold, "document")[g], np.full(len(pair), number), pair, _place(each.gold, g), _place(each.predicted, p)
        for values, more in zip(columns, told, strict=True):
            values.append(more)
        for side, ref in zip(names, refs, strict=True):
            side.append(ref.gather(pair))
    codes = factorize(pl.concat([*names[0], *names[1]]))[0].astype(np.int64)
    document, layer, pair, gold_place, predicted_place = (np.concatenate(values) for values in columns)
    return Mentions(document, layer, pair, gold_place, predicted_place, *np.split(codes, 2))


def _place(items: pl.DataFrame, rows: Ints) -> Ints:
    """Start and end as one number, in text order within a document."""
    place: Ints = (column(items, "start")[rows] << 31) + column(items, "end")[rows]
    return place


def _numbered(node: Ints, edge: Ints, rows: Ints, mentions: Mentions, place: Ints, other: Ints) -> Ints:
    """Per edge the number of its node on one side: by the first of the mentions `rows` that it has."""
    order = np.lexsort((mentions.pair[rows], other[rows], mentions.layer[rows], place[rows], mentions.document[rows]))
    seen, first = np.unique(node[edge[rows[order]]], return_index=True)
    number = np.zeros(int(node.max()) + 1, np.int64)
    number[seen[np.argsort(first)]] = np.arange(len(seen))
    return number[node]
