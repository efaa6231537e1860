"""The chart of precision and recall by confidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from volgens.report.html.chart import WIDTH, Chart, by_layer, data
from volgens.report.html.rows import number
from volgens.report.html.svg import svg
from volgens.scoring.curves import Curve

SHOWN = 20
"""Points of a curve in the table beside the drawing."""


def curves_chart(curves: Mapping[str, Curve]) -> Chart | None:
    """Precision over recall, a line a layer; None where no layer has a curve."""
    if not curves:
        return None
    precisions = ", ".join(f"{layer} {curve.average_precision:.3f}" for layer, curve in curves.items())
    note = (
        "From the items of the highest score to all of them, with the pairs of the score; the ring is the highest F1. "
        f"Average precision: {precisions}. A threshold that is read off here was chosen on these documents."
    )
    head = ("layer", "score or more", "precision", "recall", "F1")
    rows = [
        (layer, f"{point.threshold:.4g}", number(point.precision), number(point.recall), number(point.f1))
        for layer, curve in curves.items()
        for point in curve.points(SHOWN)
    ]
    return Chart("Precision and recall by score", note, svg(_lines(curves)), head, rows)


def _lines(curves: Mapping[str, Curve]) -> Any:
    import altair as alt

    points = [
        {"layer": layer, "n": n, "precision": point.precision, "recall": point.recall}
        for layer, curve in curves.items()
        for n, point in enumerate(curve.points())
    ]
    best = [{"layer": layer, "precision": c.best.precision, "recall": c.best.recall} for layer, c in curves.items()]
    scale = alt.Scale(domain=[0, 1])
    place = {"x": alt.X("recall:Q", scale=scale), "y": alt.Y("precision:Q", scale=scale), "color": by_layer(list(curves))}
    line = alt.Chart(data(points)).mark_line(strokeWidth=2).encode(**place, order="n:Q")
    dots = alt.Chart(data(points)).mark_point(filled=True, size=14, opacity=1).encode(**place)
    ring = alt.Chart(data(best)).mark_point(filled=False, size=110, opacity=1).encode(**place)
    return (line + dots + ring).properties(width=WIDTH, height=260)
