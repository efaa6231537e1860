"""What one side says of an item, as a reader wants to see it: place, label, and fields as short texts or places in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from volgens.model.columns import LINK, PLACING, TYPE
from volgens.model.layers import BY_NAME, Field

Spans = list[list[int]]
Facts = dict[str, str | Spans]

NOBODY = "nobody named"


class Side(NamedTuple):
    """`facts` are strings, or spans that the page cuts out of the text; `parts` are those of an attribution."""

    start: int
    end: int
    label: str
    facts: Facts
    parts: dict[str, Spans]

    def plain(self, like: Side | None = None) -> list[Any]:
        """For JSON; what is the same as in `like` is null."""
        told = [*self] if self.parts else [*self[:4]]
        return told if like is None else [None if mine == theirs else mine for mine, theirs in zip(told, like, strict=False)]


def side(document: Mapping[str, Any], layer: str, n: int, claimant: int | None) -> Side:
    """What `document` says of the item at position `n` of a layer; `claimant` is the attribution that claims a figure."""
    item = document[layer][n]
    known = BY_NAME[layer]
    parts = {part: _spans(item[part]) for part in known.parts if item.get(part)}
    start, end = (
        (item["start"], item["end"]) if known.has_place else next((parts[p][0] for p in known.placed_by if p in parts), (0, 0))
    )
    facts = (FACTS[layer](item) if layer in FACTS else _declared(layer, item)) | _link(document, layer, item)
    if claimant is not None:
        facts["claimed by"] = _spans(document["attributions"][claimant]["source"] or ()) or NOBODY
    return Side(start, end, item.get(TYPE[layer]) or "?", facts, parts)


def _spans(spans: Sequence[Mapping[str, int]]) -> Spans:
    return sorted([s["start"], s["end"]] for s in spans)


def _entity(item: Mapping[str, Any]) -> Facts:
    return _given(item, "role", "ref")


def _figure(item: Mapping[str, Any]) -> Facts:
    found: Facts = {"quantity": quantity(item)} if item.get("bound") else {}
    found |= _given(item, "bound", "unit", "change")
    if item.get("approx"):
        found["approx"] = "approximately"
    return found | {field: _spans([item[field]]) for field in ("counted", "head") if item.get(field)}


def _attribution(item: Mapping[str, Any]) -> Facts:
    found = _given(item, "stance", "source_kind", "source_ref")
    return found | {"hedged": "hedged"} if item.get("hedged") else found


FACTS = {"entities": _entity, "figures": _figure, "attributions": _attribution}


def _declared(layer: str, item: Mapping[str, Any]) -> Facts:
    """All fields of a layer of which nothing more is known here than its declaration."""
    known = BY_NAME[layer]
    plain = {f.name: str(item[f.name]) for f in known.said if _is_plain(f, known.type) and item.get(f.name) is not None}
    return {**plain, **{name: _spans([item[name]]) for name in known.spans if item.get(name)}}


def _is_plain(field: Field, label: str) -> bool:
    return field.name != label and field.kind not in ("span", "spans", "link")


def _given(item: Mapping[str, Any], *fields: str) -> Facts:
    return {field: item[field] for field in fields if item.get(field) is not None}


def _link(document: Mapping[str, Any], layer: str, item: Mapping[str, Any]) -> Facts:
    """The item that this one points at: part of what, or within which attribution."""
    field = LINK.get(layer)
    target = item.get(field) if field else None
    if field is None or target is None:
        return {}
    for other in document[layer]:
        if other.get("id") == target:
            return {field: _spans([other] if layer == "figures" else next((other[p] for p in PLACING if other.get(p)), ()))}
    return {field: target}


def quantity(item: Mapping[str, Any]) -> str:
    """Bound, numbers and unit in the signs of the trade: `≥ 40 cm`, `20–30 %`, `≈ 300`."""
    numbers = {name: _number(item[name]) for name in ("value", "min", "max") if item.get(name) is not None}
    low, high = numbers.get("min", "?"), numbers.get("max", "?")
    forms = {"min": f"≥ {low}", "max": f"≤ {high}", "range": f"{low}–{high}", "vague": f"order of {low}"}
    told = forms.get(item["bound"], numbers.get("value", "?"))
    unit = "" if item.get("unit") in (None, "1") else f" {item['unit']}"
    return ("≈ " if item.get("approx") and item["bound"] == "point" else "") + told + unit


def _number(value: float) -> str:
    return f"{value:,.12g}"
