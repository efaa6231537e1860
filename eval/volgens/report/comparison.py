"""A comparison of systems as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from volgens.comparison import LEVEL, Comparison, Difference
from volgens.scorecard import Scorecard
from volgens.scorecard.text import FEW, number, signature, unannotated

HEAD = ("measure", "a", "b", "F1 of a", "F1 of b", "b - a", "95 %", "p", "p (Holm)", "win/tie/loss")


def text(found: Comparison) -> str:
    """Scores and rank ranges, then every pair with its difference, interval and test."""
    return "\n".join([*_scores(found), "", *_pairs(found), "", *_notes(found)])


def _scores(found: Comparison) -> Iterator[str]:
    rows = [("system", *(m for measure in found.measures for m in (measure, "rank")))]
    for name in found.cards:
        cells: list[str] = []
        for measure in found.measures:
            cells += _cell(found, name, measure)
        rows.append((name, *cells))
    yield from aligned(rows)


def _cell(found: Comparison, name: str, measure: str) -> tuple[str, str]:
    """F1 and the range of ranks; dashes where the system does not attempt the measure."""
    if name not in found.ranks[measure]:
        return "–", "–"
    low, high = found.ranks[measure][name]
    return number(found.cards[name][measure].f1), str(low) if low == high else f"{low}–{high}"


def _pairs(found: Comparison) -> Iterator[str]:
    rows = [HEAD]
    for d in found.differences:
        a, b = (found.cards[name][d.measure].f1 for name in (d.a, d.b))
        between = f"{d.interval.low:+.3f} to {d.interval.high:+.3f}" if d.interval else "–"
        gap = "–" if d.difference is None else f"{d.difference:+.3f}"
        wins = "–" if d.win is None else f"{d.win}/{d.tie}/{d.loss}"
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
    yield from remarks(found)
    for name, card in found.cards.items():
        yield f"{name}: {signature(card)}"


def remarks(found: Comparison) -> Iterator[str]:
    """What the tables do not say: what could not be compared, what the gold leaves open, and what so few pages can prove."""
    alone = [
        f"{m} (only {name} attempts it)" if name else f"{m} (no system attempts it)" for m, name in found.not_compared.items()
    ]
    if alone:
        yield f"cannot be compared: {', '.join(alone)}"
    for a, b in found.strangers:
        yield f"cannot be compared: {a} and {b} attempt none of the measures in common"
    card = next(iter(found.cards.values()))
    for layer, documents in card.unannotated.items():
        yield unannotated(layer, documents, card.signature["documents"])
    if any(each.matched is None for each in found.cards.values()):
        yield "win/tie/loss is not known where a corpus was scored in batches"
    pages = len(card.pages)
    if found.smallest_p > LEVEL:
        least = f"the smallest possible p is {found.smallest_p:.3g}"
        yield f"Only {pages} page{'s' if pages != 1 else ''}: {least}, so no difference can be significant."
    elif pages < FEW:
        yield f"Only {pages} pages: the intervals are wide and rough."


def to_json(found: Comparison) -> str:
    """The comparison as JSON, numbers unrounded."""
    whole = {
        "systems": {
            name: {m: card[m].f1 if m in card.cells else None for m in found.measures} for name, card in found.cards.items()
        },
        "ranks": {m: {name: list(span) for name, span in ranks.items()} for m, ranks in found.ranks.items()},
        "differences": [_difference(d) for d in found.differences],
        "not_compared": dict(found.not_compared),
        "test": found.test,
        "smallest_p": found.smallest_p,
        "interval": found.interval,
        "signatures": {name: dict(card.signature) for name, card in found.cards.items()},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _f1(card: Scorecard, measures: Sequence[str]) -> dict[str, float | None]:
    return {m: card[m].f1 if m in card.cells else None for m in measures}


def _difference(d: Difference) -> dict[str, Any]:
    return {**d._asdict(), "interval": list(d.interval) if d.interval else None}
