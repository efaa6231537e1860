"""A scorecard as JSON."""

from __future__ import annotations

import json
from typing import Any

from volgens.scoring import Counts, Scorecard


def to_json(card: Scorecard) -> str:
    """`measures`: name → counts, precision, recall, f1 and `given` (null where undefined); `rows`: the same by type and value."""
    rows = {name: cell(counts) for name, counts in card.cells.items() if "[" in name}
    whole = {
        "measures": {name: cell(counts) for name, counts in card.measures.items()},
        "rows": rows,
        "not_attempted": list(card.not_attempted),
        "missing": list(card.missing),
        "signature": dict(card.signature),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


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
