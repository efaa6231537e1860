"""What the charts share: the drawing with its numbers beside it, the page's colours, and a line of intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from volgens.model.documents import LAYERS
from volgens.report.html.rows import Row, number
from volgens.report.html.svg import svg

WIDTH = 420
STEP = 18
COLOURS = {
    **dict.fromkeys(LAYERS, "var(--quiet)"),
    "entities": "var(--entities)",
    "figures": "var(--figures)",
    "attributions": "var(--attributions)",
    "claims": "var(--claims)",
}


class Chart(NamedTuple):
    """`drawing` is SVG; `head` and `rows` are its numbers as a table; `note` says how to read it."""

    title: str
    note: str
    drawing: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def data(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Rows as what Altair draws from."""
    import altair as alt

    return alt.InlineData(values=[dict(row) for row in rows])


def dot(base: Any, **where: Any) -> Any:
    """A filled dot."""
    return base.mark_point(filled=True, size=60, opacity=1).encode(**where)


def bar(base: Any, **where: Any) -> Any:
    """A thick pale line, from one end of an interval to the other."""
    return base.mark_rule(strokeWidth=3, opacity=0.45).encode(**where)


def stacked(drawing: Any, field: str, order: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Any:
    """One drawing for each value of `field`, one above the other. A drawing with data of its own would not be split."""
    import altair as alt

    header = alt.Header(orient="top", labelLimit=WIDTH)
    row = alt.Row(field=field, type="nominal", title=None, sort=list(order), header=header)
    return drawing.properties(width=WIDTH, height=alt.Step(STEP)).facet(row=row, spacing=10, data=data(rows))


def by_layer(layers: Sequence[str]) -> Any:
    """The colour of each layer."""
    import altair as alt

    scale = alt.Scale(domain=list(layers), range=[COLOURS[layer] for layer in layers])
    return alt.Color("layer:N", legend=None, scale=scale)


def forest(title: str, note: str, rows: Sequence[Row], labels: Sequence[str] = (), of: str = "measure") -> Chart | None:
    """One line a row: F1 as a dot, its interval as a bar, in the colour of its layer; None without rows.

    `labels` stand for the rows' own, and `of` heads them in the table.
    """
    if not rows:
        return None
    import altair as alt

    shown = labels or [row.label for row in rows]
    layers = [layer for layer in COLOURS if any(row.layer == layer for row in rows)]
    lines = [
        {"row": name, "n": n, "layer": row.layer, "f1": row.f1}
        | dict(zip(("low", "high"), row.interval or (row.f1,) * 2, strict=True))
        for n, (name, row) in enumerate(zip(shown, rows, strict=True))
    ]
    y = alt.Y("row:N", title=None, sort=alt.SortField("n"))
    x = alt.X("f1:Q", title="F1", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=5))
    base = alt.Chart().encode(y=y, color=by_layer(layers))
    drawing = bar(base, x="low:Q", x2="high:Q") + dot(base, x=x)
    if len(layers) > 1:
        drawing = stacked(drawing, "layer", layers, lines).resolve_scale(y="independent")
    else:
        drawing = drawing.properties(width=WIDTH, height=alt.Step(STEP), data=data(lines))
    table = [
        (name, number(row.f1), row.between, str(row.gold))
        for name, row in zip(labels or [r.name for r in rows], rows, strict=True)
    ]
    return Chart(title, note, svg(drawing), (of, "F1", "95 %", "gold"), table)
