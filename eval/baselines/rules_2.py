"""The rule baseline under version 2 of the scheme: the frozen rules (rules.py), and what version 2 brings beside them: `change`,
quotations without a cue, units and factors of the new tables, products, exchanges and companies.

Written from the guidelines and their probes, the documents that the frozen rules knew, and `wikinews` validation; what it has not
seen stands in README.md. Run it by

    volgens run eval/baselines/rules_2.py:extract
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from volgens.model.documents import Span

from baselines.attribution import Claim
from baselines.attribution_2 import find_claims_2
from baselines.figures_2 import Number2, find_figures_2
from baselines.names import Name
from baselines.names_2 import find_names_2
from baselines.texts_2 import Text2


def extract(text: str) -> dict[str, Any]:
    """The three layers of a text in the form of a prediction: offsets are code points into `text`, end exclusive."""
    parsed = Text2(text)
    names = find_names_2(parsed)
    return {
        "entities": [_entity(k, name) for k, name in enumerate(names, 1)],
        "figures": [_figure(k, number) for k, number in enumerate(find_figures_2(parsed, names), 1)],
        "attributions": [_attribution(k, claim) for k, claim in enumerate(find_claims_2(parsed, names), 1)],
    }


def _entity(k: int, name: Name) -> dict[str, Any]:
    return {"id": f"e{k}", **_place(name.span), "type": name.type, "role": name.role, "ref": name.ref}


def _figure(k: int, number: Number2) -> dict[str, Any]:
    quantity = number.quantity
    return {
        "id": f"f{k}",
        **_place(number.span),
        "kind": quantity.kind,
        "bound": quantity.bound,
        "value": quantity.value,
        "min": quantity.min,
        "max": quantity.max,
        "approx": quantity.approx,
        "unit": quantity.unit,
        "change": number.change,
        "counted": _place(number.counted) if number.counted else None,
        "head": _place(number.head) if number.head else None,
        "part_of": None if number.part_of is None else f"f{number.part_of + 1}",
    }


def _attribution(k: int, claim: Claim) -> dict[str, Any]:
    return {
        "id": f"a{k}",
        "source": _places(claim.source),
        "cue": _places(claim.cue),
        "content": _places(claim.content),
        "antecedent": _places(claim.antecedent),
        "kind": claim.kind,
        "source_kind": claim.source_kind,
        "source_ref": claim.source_ref,
        "stance": claim.stance,
        "hedged": claim.hedged,
        "parent": None if claim.parent is None else f"a{claim.parent + 1}",
    }


def _place(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _places(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [_place(span) for span in sorted(spans)]
