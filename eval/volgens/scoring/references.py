"""References by any spelling, within a document and over all of them.

Within a document a reference is a name for a thing, and any name will do: predicted and gold references are aligned one to one so
that most paired mentions agree (the mention-based CEAF of Luo 2005), over names and sources together. Over documents a reference
is what the register of the gold calls the thing: its slug, or an alias or Wikidata id that is listed for it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from volgens.scoring.agreement import REFS
from volgens.scoring.assignment import assign
from volgens.scoring.spans import Pairs
from volgens.stats.arrays import Bools, Ints

LINKS = {"entities": "link", "attributions": "source_link"}
"""The field of a layer that has a reference as the register calls it."""

MENTION = {
    **dict.fromkeys(("document", "gold_place", "predicted_place", "layer", "pair"), pl.Int64),
    **dict.fromkeys(("gold", "predicted"), pl.String),
}


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


def aligned(paired: Iterable[Paired]) -> dict[str, Bools]:
    """Layer → per pair whether both sides give a reference, and theirs are aligned in their document.

    One to one so that most paired mentions of both layers agree; of alignments with as many, that with more equal strings, and
    last that of the references whose first paired mention comes earlier.
    """
    layers = list(paired)
    mentions = pl.concat([pl.DataFrame(schema=MENTION), *(_mentions(n, each) for n, each in enumerate(layers))])
    found = {each.layer: np.zeros(len(each.pairs.gold), bool) for each in layers}
    edges = mentions.group_by("document", "gold", "predicted").agg(mentions=pl.len())
    nodes = [_numbers(mentions, side) for side in ("gold", "predicted")]
    for side, numbers in zip(("gold", "predicted"), nodes, strict=True):
        edges = edges.join(numbers, on=["document", side], how="left", maintain_order="left")
    weight, same = edges["mentions"].cast(pl.Int64).to_numpy(), (edges["gold"] == edges["predicted"]).to_numpy()
    chosen = assign(*(edges[f"{side}_node"].to_numpy() for side in ("gold", "predicted")), weight, weight * same)
    agree = mentions.join(edges[chosen], on=["document", "gold", "predicted"], how="semi")
    for n, each in enumerate(layers):
        found[each.layer][agree.filter(pl.col("layer") == n)["pair"].to_numpy()] = True
    return found


def _mentions(number: int, each: Paired) -> pl.DataFrame:
    """The pairs of a layer in which both sides give a reference: the document, where both stand, and both references."""
    field = REFS[each.layer]
    gold, predicted = each.gold[each.pairs.gold], each.predicted[each.pairs.predicted]
    rows = pl.DataFrame(
        {
            "document": gold["document"], "gold_place": _place(gold), "predicted_place": _place(predicted),
            "layer": np.full(len(gold), number), "pair": np.arange(len(gold)),
            "gold": gold[field], "predicted": predicted[field],
        }
    )  # fmt: skip
    return rows.cast(MENTION).filter(pl.col("gold").is_not_null() & pl.col("predicted").is_not_null())  # type: ignore[arg-type]


def _place(items: pl.DataFrame) -> Ints:
    """Start and end as one number, in text order within a document."""
    start, end = (items[name].cast(pl.Int64).to_numpy() for name in ("start", "end"))
    place: Ints = (start << 31) + end
    return place


def _numbers(mentions: pl.DataFrame, side: str) -> pl.DataFrame:
    """Each document's references of a side, numbered by their first paired mention."""
    order = ["document", f"{side}_place", "layer", f"{'predicted' if side == 'gold' else 'gold'}_place", "pair"]
    distinct = mentions.sort(order).select("document", side).unique(maintain_order=True)
    return distinct.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(f"{side}_node"))
