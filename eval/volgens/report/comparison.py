"""A comparison of systems as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from volgens.comparison import Comparison, Difference
from volgens.scorecard.text import FEW, number, signature

HEAD = ("measure", "a", "b", "F1 of a", "F1 of b", "b - a", "95 %", "p", "p (Holm)", "win/tie/loss")


def text(found: Comparison) -> str:
    """Scores and rank ranges, then every pair with its difference, interval and test."""
    return "\n".join([*_scores(found), "", *_pairs(found), "", *_notes(found)])


def _scores(found: Comparison) -> Iterator[str]:
    rows = [("system", *(m for measure in found.measures for m in (measure, "rank")))]
    for name, card in found.cards.items():
        cells = []
        for measure in found.measures:
            low, high = found.ranks[measure][name]
            cells += [number(card[measure].f1), str(low) if low == high else f"{low}–{high}"]
        rows.append((name, *cells))
    yield from aligned(rows)


def _pairs(found: Comparison) -> Iterator[str]:
    rows = [HEAD]
    for d in found.differences:
        a, b = (found.cards[name][d.measure].f1 for name in (d.a, d.b))
        between = f"{d.interval.low:+.3f} to {d.interval.high:+.3f}" if d.interval else "–"
        gap = "–" if d.difference is None else f"{d.difference:+.3f}"
        wins = f"{d.win}/{d.tie}/{d.loss}"
        rows.append((d.measure, d.a, d.b, number(a), number(b), gap, between, _p(d.p), _p(d.p_holm), wins))
    yield from aligned(rows)


def _p(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as their widest cell; the first is flush left, the others right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        yield "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]).rstrip()


def _notes(found: Comparison) -> Iterator[str]:
    yield f"test: {found.test}; p adjusted by Holm over the measures of a pair; interval: {found.interval}"
    yield "win/tie/loss: documents on which b is better, equal, worse; rank: what differences significant at 5 % leave"
    pages = len(next(iter(found.cards.values())).pages)
    if pages < FEW:
        yield f"Only {pages} pages: with so few, p cannot be small and a difference is hardly ever proven."
    for name, card in found.cards.items():
        yield f"{name}: {signature(card)}"


def to_json(found: Comparison) -> str:
    """The comparison as JSON, numbers unrounded."""
    whole = {
        "systems": {name: {m: card[m].f1 for m in found.measures} for name, card in found.cards.items()},
        "ranks": {m: {name: list(span) for name, span in ranks.items()} for m, ranks in found.ranks.items()},
        "differences": [_difference(d) for d in found.differences],
        "test": found.test,
        "interval": found.interval,
        "signatures": {name: dict(card.signature) for name, card in found.cards.items()},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _difference(d: Difference) -> dict[str, Any]:
    return {**d._asdict(), "interval": list(d.interval) if d.interval else None}
