"""A scorecard as JSON."""

from __future__ import annotations

import json
from typing import Any

from volgens.scoring.score import Counts, Scorecard


def to_json(card: Scorecard) -> str:
    """`measures`: name → counts, precision, recall, f1, `given` (null where undefined) and the intervals of the first three;
    `rows`: the same by type and value; `macro`: means over documents."""
    rows = {name: cell(counts) | _interval(card, name) for name, counts in card.cells.items()}
    for name in SEMEVAL:
        if name in rows:
            rows[name] |= five(name, card[name])
    whole = {
        "measures": {name: row for name, row in rows.items() if "[" not in name},
        "rows": {name: row for name, row in rows.items() if "[" in name},
        "macro": {name: macro._asdict() for name, macro in card.macro.items()},
        "not_attempted": list(card.not_attempted),
        "missing": list(card.missing),
        "notes": dict(card.notes),
        "signature": dict(card.signature),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


SEMEVAL = ("semeval.strict", "semeval.exact", "semeval.partial", "semeval.type")


def _interval(card: Scorecard, name: str) -> dict[str, Any]:
    return {"interval": card.intervals[name]._asdict()}


def five(name: str, counts: Counts) -> dict[str, float]:
    """The five categories of SemEval-2013: what is paired and not credited is incorrect, or partial in the scheme of that
    name.
    """
    other = counts.paired - counts.tp
    partial = int(2 * other) if name == "semeval.partial" else 0
    return {
        "correct": counts.paired - partial if partial else int(counts.tp),
        "incorrect": 0 if name == "semeval.partial" else int(other),
        "partial": partial,
        "missed": counts.gold - counts.paired,
        "spurious": counts.predicted - counts.paired,
    }


def cell(counts: Counts) -> dict[str, Any]:
    """Counts and what follows from them, unrounded."""
    return {
        "tp": counts.tp,
        "predicted": counts.predicted,
        "gold": counts.gold,
        "paired": counts.paired,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "given": counts.given,
    }
