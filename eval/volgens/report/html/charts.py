"""The charts of one system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from volgens.model.documents import LAYERS
from volgens.report.html.chart import WIDTH, Chart, by_layer, data, forest
from volgens.report.html.curves import curves_chart
from volgens.report.html.rows import Row, number
from volgens.report.html.svg import svg
from volgens.scorecard import Scorecard

NOTHING = "nothing"
"""What a missed name is given as, and what a spurious one is in the gold."""

MANY_TYPES = 16
"""More types than these are not told apart in a matrix; the rarest are left to the list of errors."""

POINTS = 2_000
"""Dots of the scatter, the lowest first."""

EDGES = (300, 1_000, 3_000, 10_000)
"""Characters: the classes of length in the table beside the scatter."""


def charts(card: Scorecard, rows: Sequence[Row], lengths: Mapping[str, int | None]) -> list[Chart]:
    """The charts of one system; those with nothing to show are left out. `lengths`: characters by document id."""
    fields = [row for row in rows if "." in row.name and not row.name.startswith("semeval") and row.f1 is not None]
    bounds = [row for row in rows if row.name.startswith("figures[bound=") and row.f1 is not None]
    values = [row.label.removeprefix("bound = ") for row in bounds]
    found = [
        forest("Fields", "F1 of each field with its 95 % interval.", fields),
        confusion(card.ledger),
        forest(
            "Figures by bound", "F1 of figures that are a point, a minimum, a maximum, a range or vague.", bounds, values, "bound"
        ),
        against_length(card, lengths),
        curves_chart(card.curves),
    ]
    return [chart for chart in found if chart]


def confusion(ledger: pl.DataFrame) -> Chart | None:
    """Types of the gold's names against the types that they were given; None without names."""
    pairs = _types(ledger.filter(pl.col("layer") == "entities"))
    times = Counter([*pairs["gold"], *pairs["given"]])
    types = [name for name, _ in times.most_common() if name != NOTHING][:MANY_TYPES]
    if not types:
        return None
    order = [*sorted(types), NOTHING]
    shown = pairs.filter(pl.col("gold").is_in(order) & pl.col("given").is_in(order))
    cells = shown.group_by("gold", "given").len().sort("gold", "given")
    note = (
        "Rows: the gold's names; columns: what the paired prediction calls them. "
        "The last column is missed, the last row spurious. Stronger: a larger share of the row."
    ) + (f" The {MANY_TYPES} commonest types." if len(times) > len(order) else "")
    table = [(gold, given, str(names)) for gold, given, names in cells.iter_rows()]
    return Chart("Types of names", note, svg(_matrix(cells, order)), ("gold", "given as", "names"), table)


def _types(rows: pl.DataFrame) -> pl.DataFrame:
    """Per name of the gold, and per prediction without a partner: the two types."""
    alone = pl.col("partner").is_null()
    label, other = pl.col("label").fill_null("?"), pl.col("partner_label").fill_null("?")
    gold, predicted = rows.filter(pl.col("side") == "gold"), rows.filter((pl.col("side") == "predicted") & alone)
    nothing = pl.lit(NOTHING)
    return pl.concat([
        gold.select(gold=label, given=pl.when(alone).then(nothing).otherwise(other)),
        predicted.select(gold=nothing, given=label),
    ])  # fmt: skip


def _matrix(cells: pl.DataFrame, order: Sequence[str]) -> Any:
    import altair as alt

    share = pl.col("len") / pl.col("len").sum().over("gold")
    rows = cells.with_columns(share=share, right=pl.col("gold") == pl.col("given")).to_dicts()
    axis = alt.Axis(orient="top", labelAngle=0 if len(order) < 11 else -45)
    both = alt.Scale(domain=list(order))
    base = alt.Chart(data(rows)).encode(
        x=alt.X("given:N", title="given as", scale=both, axis=axis), y=alt.Y("gold:N", title="gold", scale=both)
    )
    fill = alt.Scale(domain=[True, False], range=["var(--right)", "var(--missed)"])
    boxes = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color("right:N", legend=None, scale=fill),
        opacity=alt.Opacity("share:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0.12, 0.5])),
    )
    names = base.mark_text(fontSize=12, color="var(--ink)").encode(text="len:Q")
    return (boxes + names).properties(width=alt.Step(42), height=alt.Step(24))


def against_length(card: Scorecard, lengths: Mapping[str, int | None]) -> Chart | None:
    """Each document's F1 on each layer's headline measure against its length; None where all are of one length."""
    points = [point for layer in LAYERS if layer in card.cells for point in _points(card, layer, lengths)]
    if len({point["length"] for point in points}) < 2:
        return None
    drawn = sorted(points, key=lambda point: point["f1"])[:POINTS]
    note = "One dot a document, larger with more items." + (f" The {POINTS:,} lowest." if len(points) > POINTS else "")
    head = ("layer", "characters", "documents", "mean F1")
    return Chart("Score against length", note, svg(_scatter(drawn)), head, _by_length(points))


def _points(card: Scorecard, layer: str, lengths: Mapping[str, int | None]) -> Iterator[dict[str, Any]]:
    counts = zip(card.documents["id"].to_list(), card.by_document(layer)[:, :3], strict=True)
    for name, (tp, predicted, gold) in counts:
        items = float(predicted + gold)
        if items and lengths.get(name):
            yield {"layer": layer, "length": lengths[name], "f1": 2 * float(tp) / items, "items": items}


def _scatter(points: Sequence[Mapping[str, Any]]) -> Any:
    import altair as alt

    layers = [layer for layer in LAYERS if any(point["layer"] == layer for point in points)]
    ticks = alt.Axis(values=[first * 10**n for n in range(1, 7) for first in (1, 3)], format=",")
    return (
        alt.Chart(data(points))
        .mark_point(filled=True, opacity=0.6)
        .encode(
            x=alt.X("length:Q", title="characters", scale=alt.Scale(type="log", nice=False), axis=ticks),
            y=alt.Y("f1:Q", title="F1", scale=alt.Scale(domain=[0, 1])),
            size=alt.Size("items:Q", legend=None, scale=alt.Scale(range=[20, 180])),
            color=by_layer(layers),
            column=alt.Column("layer:N", title=None, sort=layers),
        )
        .properties(width=WIDTH // len(layers) + 40, height=170)
    )


def _by_length(points: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    names = [f"to {EDGES[0]:,}", *(f"{a:,}–{b:,}" for a, b in pairwise(EDGES)), f"over {EDGES[-1]:,}"]
    frame = pl.DataFrame(points).with_columns(size=sum(pl.col("length") > edge for edge in EDGES))
    means = frame.group_by("layer", "size").agg(pl.len(), pl.col("f1").mean()).sort("layer", "size")
    return [(layer, names[size], str(documents), number(f1)) for layer, size, documents, f1 in means.iter_rows()]
