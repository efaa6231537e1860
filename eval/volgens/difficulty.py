"""What several systems make of the same gold, item by item: what all get right, what one alone gets, what none gets, and where
systems agree with each other against the gold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.scorecard import Scorecard
from volgens.scoring.measures import HEADLINES, measure

COLUMNS: dict[str, Any] = {
    **dict.fromkeys(("measure", "finding", "document", "side"), pl.String),
    "item": pl.UInt32, "start": pl.Int64, "end": pl.Int64, "label": pl.String, "text": pl.String,
    **dict.fromkeys(("right", "wrong"), pl.List(pl.String)),
}  # fmt: skip

NONE, ONE, ALL, SOME, AGAINST = "none right", "one right", "all right", "some right", "agree against the gold"
TO_READ = (NONE, ONE, AGAINST)
"""What an annotator should read: here the gold is likelier to be wrong than elsewhere."""

LEAST = 2
"""Systems below which nothing is said of what all of them do."""


class Difficulty(NamedTuple):
    """How hard the items of a headline measure are, all of them (`label` is None) or those of one type or kind.

    `items` of the gold; `all_right`, `one_right`, `none_right` of them; `systems` attempt the measure.
    """

    measure: str
    label: str | None
    systems: int
    items: int
    all_right: int
    one_right: int
    none_right: int

    @property
    def saturated(self) -> bool:
        """Whether every system gets every item right: such items tell no systems apart any more."""
        return self.items > 0 and self.all_right == self.items


def items(cards: Mapping[str, Scorecard], texts: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row per gold item and headline measure that two systems or more attempt, and per place and label that two systems
    predict alike and the gold does not have.

    The cards are of the same gold and view, with their evidence. Columns: `measure` (the headline), `finding` (all, some, one or
    none right; or that systems agree against the gold), `document` (id), `side` (gold or predicted), `item` (position in the
    gold's list), `start`, `end`, `label`, `text` (the span's, null without `texts`: frame of id and text), `right` and `wrong`
    (the systems). A system that does not attempt the measure is in neither.
    """
    found = [part for headline in HEADLINES for part in _of_measure(headline, cards)]
    rows = pl.concat(found) if found else pl.DataFrame(schema={k: v for k, v in COLUMNS.items() if k != "text"})
    held = pl.DataFrame(schema={"id": pl.String, "whole": pl.String}) if texts is None else texts.select("id", whole="text")
    span = pl.col("whole").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    rows = rows.join(held, left_on="document", right_on="id", how="left").with_columns(text=span)
    order = ("measure", "document", "start", "end", "side", "label", "item")
    ranked = pl.col("measure").replace_strict({name: n for n, name in enumerate(HEADLINES)}, return_dtype=pl.Int64)
    return rows.select(list(COLUMNS)).sort(ranked, *order[1:])


def difficulty(rows: pl.DataFrame) -> list[Difficulty]:
    """The difficulty of each headline measure, and behind it that of each label, of `items`."""
    gold = rows.filter(pl.col("side") == "gold")
    return [one for headline in HEADLINES for one in _difficulty(headline, gold.filter(pl.col("measure") == headline))]


def _difficulty(headline: str, gold: pl.DataFrame) -> Iterator[Difficulty]:
    if gold.is_empty():
        return
    systems = len(gold["right"][0]) + len(gold["wrong"][0])
    times = [pl.len(), *((pl.col("finding") == finding).sum().alias(finding) for finding in (ALL, ONE, NONE))]
    yield Difficulty(headline, None, systems, *gold.select(times).row(0))
    if measure(headline).layer == headline:
        for label, *counts in gold.group_by("label").agg(times).sort("label").iter_rows():
            yield Difficulty(headline, label or "?", systems, *counts)


def _of_measure(headline: str, cards: Mapping[str, Scorecard]) -> Iterator[pl.DataFrame]:
    attempting = {name: card for name, card in cards.items() if headline in card.cells}
    if len(attempting) < LEAST:
        return
    layer = measure(headline).layer
    ledgers = {name: card.ledger.filter(pl.col("layer") == layer) for name, card in attempting.items()}
    yield _gold(headline, ledgers)
    if headline in LAYERS:
        yield _against(headline, ledgers)


def _gold(headline: str, ledgers: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    asked = [
        ledger.filter((pl.col("side") == "gold") & pl.col("counts").list.contains(headline)).select(
            "document",
            "item",
            "start",
            "end",
            "label",
            pl.lit(name).alias("system"),
            agrees=pl.col("agrees").list.contains(headline),
        )
        for name, ledger in ledgers.items()
    ]
    rows = pl.concat(asked).group_by("document", "item", "start", "end", "label", maintain_order=True).agg(_names(list(ledgers)))
    right, systems = pl.col("right").list.len(), len(ledgers)
    finding = (
        pl.when(right == systems).then(pl.lit(ALL)).when(right == 0).then(pl.lit(NONE))
        .when(right == 1).then(pl.lit(ONE)).otherwise(pl.lit(SOME))
    )  # fmt: skip
    return _told(headline, "gold", rows.with_columns(finding=finding))


def _names(systems: Sequence[str]) -> list[pl.Expr]:
    """The systems that are right and those that are not, each in the order given."""
    order = pl.Enum(systems)
    named = pl.col("system").cast(order)
    return [
        named.filter(which).sort().cast(pl.String).alias(name)
        for name, which in (("right", pl.col("agrees")), ("wrong", ~pl.col("agrees")))
    ]


def _against(headline: str, ledgers: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Places and labels that two systems predict alike, where the gold has none or another."""
    place = ("document", "start", "end", "label")
    asked = [
        ledger.filter((pl.col("side") == "predicted") & ~pl.col("outcome").is_in(("correct", "fields", "unlocated")))
        .select(*place).unique().with_columns(pl.lit(name).alias("system"), agrees=pl.lit(False))
        for name, ledger in ledgers.items()
    ]  # fmt: skip
    rows = pl.concat(asked).group_by(place).agg(_names(list(ledgers))).filter(pl.col("wrong").list.len() >= LEAST)
    return _told(
        headline, "predicted", rows.with_columns(pl.lit(AGAINST).alias("finding"), pl.lit(None, pl.UInt32).alias("item"))
    )


def _told(headline: str, side: str, rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.with_columns(pl.lit(headline).alias("measure"), pl.lit(side).alias("side"))
    return named.select([name for name in COLUMNS if name != "text"])
