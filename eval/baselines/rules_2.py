"""The rule baseline under version 2 of the scheme: the frozen rules (rules.py), and what version 2 brings beside them: `change`,
quotations without a cue, units and factors of the new tables, products, exchanges and companies.

Written from the guidelines and their probes, the documents that the frozen rules knew, and `wikinews` validation; what it has not
seen stands in README.md. Run it by

    volgens run eval/baselines/rules_2.py:extract
"""

from __future__ import annotations

from typing import Any

from baselines.attribution_2 import find_claims_2
from baselines.figures_2 import Number2, find_figures_2
from baselines.names_2 import find_names_2
from baselines.rules import _attribution, _entity, _figure
from baselines.texts_2 import Text2


def extract(text: str) -> dict[str, Any]:
    """The three layers of a text in the form of a prediction: offsets are code points into `text`, end exclusive."""
    parsed = Text2(text)
    names = find_names_2(parsed)
    return {
        "entities": [_entity(k, name) for k, name in enumerate(names, 1)],
        "figures": [_figure_2(k, number) for k, number in enumerate(find_figures_2(parsed, names), 1)],
        "attributions": [_attribution(k, claim) for k, claim in enumerate(find_claims_2(parsed, names), 1)],
    }


def _figure_2(k: int, number: Number2) -> dict[str, Any]:
    return {**_figure(k, number), "change": number.change}
