"""The charts of several systems: differences, ranks, and a leaderboard's scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volgens.report.html.chart import WIDTH, Chart, bar, data, dot, forest, stacked
from volgens.report.html.rows import number
from volgens.report.html.svg import svg

if TYPE_CHECKING:
    from volgens.comparison import Comparison
    from volgens.report.html.systems import Board

LEVEL = 0.05
LEAST = 0.1
"""Seconds below which a point is drawn at the edge: the axis is logarithmic."""


def of_comparison(comparison: Comparison) -> list[Chart]:
    """Differences with intervals, and the ranges of ranks where there are three systems or more."""
    return [chart for chart in (differences(comparison), ranks(comparison)) if chart]


def of_board(board: Board) -> list[Chart]:
    """F1 of each system on each headline measure."""
    found = []
    for measure in board.measures:
        scored = [system for system in board.systems if measure in system.rows and system.rows[measure].f1 is not None]
        found.append(
            forest(measure, "F1 with its 95 % interval.", [s.rows[measure] for s in scored], [s.name for s in scored], "system")
        )
    return [chart for chart in (*found, against_cost(board)) if chart]


def against_cost(board: Board) -> Chart | None:
    """F1 over seconds per 1,000 documents, a panel a measure; None where no system says what it cost."""
    import altair as alt

    priced = [(system, max(system.seconds, LEAST)) for system in board.systems if system.seconds is not None]
    scored = [(m, system, seconds, system.rows[m].f1) for m in board.measures for system, seconds in priced if m in system.rows]
    points = [
        {"measure": measure, "system": system.name, "seconds": seconds, "f1": f1}
        for measure, system, seconds, f1 in scored
        if f1 is not None
    ]
    if not points:
        return None
    ticks = alt.Axis(values=[10**n for n in range(-1, 7)], format=",")
    x = alt.X("seconds:Q", title="seconds per 1,000 documents", scale=alt.Scale(type="log", nice=False, padding=30), axis=ticks)
    base = alt.Chart().encode(
        x=x, y=alt.Y("f1:Q", title="F1", scale=alt.Scale(domain=[0, 1])), color=alt.value("var(--entities)")
    )
    names = base.mark_text(align="left", dx=7, fontSize=11).encode(text="system:N", color=alt.value("var(--ink)"))
    row = alt.Row("measure:N", title=None, sort=list(board.measures), header=alt.Header(orient="top"))
    drawing = (dot(base) + names).properties(width=WIDTH, height=150).facet(row=row, spacing=10, data=data(points))
    said = {system.name for system in board.systems if not system.reference} - {system.name for system, _ in priced}
    note = "Wall time of one process, its start included, on the machine that made the predictions: machines differ."
    note += f" Not known of {', '.join(sorted(said))}." if said else ""
    table = [(system.name, measure, f"{seconds:,.1f}", number(f1)) for measure, system, seconds, f1 in scored]
    return Chart("Score against cost", note, svg(drawing), ("system", "measure", "seconds per 1,000 documents", "F1"), table)


def differences(comparison: Comparison) -> Chart | None:
    """One line a pair and measure: the difference of F1 with its interval, coloured where it is significant after Holm."""
    import altair as alt

    rows = []
    table = []
    for d in comparison.differences:
        if d.difference is None:
            continue
        low, high = d.interval or (d.difference, d.difference)
        sure, pair = d.p_holm is not None and d.p_holm < LEVEL, f"{d.b} − {d.a}"
        rows.append({"measure": d.measure, "pair": pair, "difference": d.difference, "sure": sure, "low": low, "high": high})
        table.append((pair, d.measure, f"{d.difference:+.3f}", f"{low:+.3f} to {high:+.3f}", "yes" if sure else "no"))
    if not rows:
        return None
    colours = alt.Scale(domain=[True, False], range=["var(--entities)", "var(--quiet)"])
    y = alt.Y("measure:N", title=None, sort=list(comparison.measures))
    base = alt.Chart().encode(y=y, color=alt.Color("sure:N", legend=None, scale=colours))
    zero = alt.Chart().mark_rule(color="var(--ink)", strokeDash=[3, 3]).encode(x=alt.datum(0))
    interval = bar(base, x=alt.X("low:Q", title="difference of F1"), x2="high:Q")
    pairs = list(dict.fromkeys(line[0] for line in table))
    drawing = stacked(zero + interval + dot(base, x="difference:Q"), "pair", pairs, rows)
    note = (
        "Right of the line the first-named system is better. "
        f"Coloured: p < {LEVEL} after Holm. Intervals: {comparison.interval}; test: {comparison.test}."
    )
    return Chart("Differences", note, svg(drawing), ("pair", "measure", "difference", "95 %", "significant"), table)


def ranks(comparison: Comparison) -> Chart | None:
    """For each measure the range of ranks that the significant differences leave to each system; None for two systems."""
    names = list(comparison.cards)
    if len(names) < 3 or not comparison.measures:
        return None
    import altair as alt

    rows = [
        {"measure": measure, "system": system, "best": best, "worst": worst}
        for measure in comparison.measures
        for system, (best, worst) in comparison.ranks[measure].items()
    ]
    scale = alt.Scale(domain=[0.5, len(names) + 0.5], nice=False)
    axis = alt.Axis(values=list(range(1, len(names) + 1)), format="d")
    y, colour = alt.Y("system:N", title=None, sort=names), alt.value("var(--entities)")
    base = alt.Chart().encode(y=y, color=colour)
    reach = bar(base, x=alt.X("best:Q", title="rank", scale=scale, axis=axis), x2="worst:Q")
    drawing = stacked(reach + dot(base, x="best:Q") + dot(base, x="worst:Q"), "measure", comparison.measures, rows)
    note = "From the best to the worst rank that a system may have, given which differences are significant (Holm, 5 %)."
    table = [(str(r["measure"]), str(r["system"]), str(r["best"]), str(r["worst"])) for r in rows]
    return Chart("Ranges of ranks", note, svg(drawing), ("measure", "system", "best", "worst"), table)
