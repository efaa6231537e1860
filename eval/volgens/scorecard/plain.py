"""A scorecard as plain dictionaries, the form of its JSON."""

from __future__ import annotations

from typing import Any

from volgens.scorecard.card import Counts, Scorecard


def to_dict(card: Scorecard) -> dict[str, Any]:
    """`measures`: name → counts, precision, recall, f1, `given` (null where undefined) and the intervals of the first three;
    `rows`: the same by type and value; `macro`: means over documents; `curves`, where items have scores: layer →
    average precision, the highest F1 and the points of the curve (at most `scoring.curves.POINTS` of `thresholds`);
    `cut_off`: layer → the documents that seem to have been read in part; `aside`: predicted agencies of datelines, which count
    neither for nor against; `beside`: view → its `entities`, where the system has the types of another corpus."""
    rows = {name: cell(counts) | _interval(card, name) for name, counts in card.cells.items()}
    for name in SEMEVAL:
        if name in rows:
            rows[name] |= five(name, card[name])
    return {
        "measures": {name: row for name, row in rows.items() if "[" not in name},
        "rows": {name: row for name, row in rows.items() if "[" in name},
        "macro": {name: macro._asdict() for name, macro in card.macro.items()},
        "not_attempted": list(card.not_attempted),
        "unannotated": dict(card.unannotated),
        "missing": list(card.missing),
        "notes": dict(card.notes),
        **({"aside": card.aside} if card.aside else {}),
        **({"beside": {view: {"entities": cell(counts)} for view, counts in card.beside.items()}} if card.beside else {}),
        **({"cut_off": {layer: found._asdict() for layer, found in card.cut_off.items()}} if card.cut_off else {}),
        **({"curves": {layer: curve.to_dict() for layer, curve in card.curves.items()}} if card.curves else {}),
        "signature": dict(card.signature),
    }


SEMEVAL = ("semeval.strict", "semeval.exact", "semeval.partial", "semeval.type")


def _interval(card: Scorecard, name: str) -> dict[str, Any]:
    return {"interval": {score: list(i) if i else None for score, i in card.intervals[name]._asdict().items()}}


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
