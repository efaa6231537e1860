"""A scorecard as JSON."""

from __future__ import annotations

import json
from typing import Any

from volgens.scoring import Counts, Scorecard


def to_json(card: Scorecard) -> str:
    """`measures`: name → counts, precision, recall, f1 and `given` (null where undefined); `rows`: the same by type and value."""
    rows = {name: cell(counts) for name, counts in card.cells.items() if "[" in name}
    measures = {name: cell(counts) | (five(name, counts) if name in SEMEVAL else {}) for name, counts in card.measures.items()}
    whole = {
        "measures": measures,
        "rows": rows,
        "not_attempted": list(card.not_attempted),
        "missing": list(card.missing),
        "signature": dict(card.signature),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


SEMEVAL = ("semeval.strict", "semeval.exact", "semeval.partial", "semeval.type")


def five(name: str, counts: Counts) -> dict[str, float]:
    """The five categories of SemEval-2013: what is paired and not credited is incorrect, or partial in the scheme of that name."""
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
