"""Volgens as a metric of `evaluate` (extra: volgens[evaluate]); nothing is loaded from the Hub."""

from __future__ import annotations

import json
from typing import Any

import datasets
import evaluate

from volgens.api import score

DESCRIPTION = "Names, figures and attributions of Dutch newswire: precision, recall and F1 of the measures of Volgens."
INPUTS = """
Args:
    predictions: one document each, as a line of JSON: its id and the layers that were predicted.
    references: the gold documents in any order, as lines of JSON (`volgens.load_gold().rows(named=True)`, dumped).
    measures: names of measures, all for None.
    missing: `empty` counts a document without a prediction as an empty one; by default that is refused.
Returns:
    `<measure>_precision`, `_recall` and `_f1`; undefined ones are absent.
"""


class Volgens(evaluate.Metric):
    """Documents as lines of JSON: their items have fields that may lack, for which a table has no type."""

    def _info(self) -> evaluate.MetricInfo:
        line = datasets.Value("string")
        return evaluate.MetricInfo(
            description=DESCRIPTION,
            citation="",
            inputs_description=INPUTS,
            features=datasets.Features({"predictions": line, "references": line}),
        )

    def _compute(
        self, predictions: list[str], references: list[str], measures: Any = None, missing: Any = "refuse", labels: Any = "scheme"
    ) -> dict[str, float]:
        gold = [json.loads(line) for line in references]
        card = score([json.loads(line) for line in predictions], gold, measures=measures, missing=missing, labels=labels)
        parts = ("precision", "recall", "f1")
        cells = {f"{name}_{part}": getattr(cell, part) for name, cell in card.cells.items() for part in parts}
        return {name: value for name, value in cells.items() if value is not None}
