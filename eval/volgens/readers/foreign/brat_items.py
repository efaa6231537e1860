"""brat's annotations of a document → names, figures and attributions. The vocabulary here is also that of our export."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from volgens.model.documents import PARTS, Span
from volgens.model.problem import Problem, Where
from volgens.model.schema import schema
from volgens.readers.foreign.reading import Reading, at

LABELS = {"source": "SOURCE", "content": "CONTENT", "antecedent": "ANTECEDENT"}
"""The parts of an attribution beside its cue; relation → label."""

RELATIONS = {
    "counts": ("FIGURE", "COUNTED"),
    "head": ("COUNTED", "HEAD"),
    "part_of": ("FIGURE", "FIGURE"),
    "parent": ("CUE", "CUE"),
    **{name: ("CUE", label) for name, label in LABELS.items()},
}
"""Relation → the labels from which and to which it leads."""

KINDS: dict[str, type] = {"boolean": bool, "number": float}


def _attributes(item: str, besides: Collection[str]) -> dict[str, type]:
    """The fields of an item that are written as attributes, and what they hold."""
    found: dict[str, type] = {}
    for name, rule in schema("gold")["$defs"][item]["properties"].items():
        if name not in besides:
            types = [option.get("type") for option in (rule, *rule.get("anyOf", ()))]
            given = [kind for one in types for kind in (one if isinstance(one, list) else [one])]
            found[name] = next((KINDS[kind] for kind in given if kind in KINDS), str)
    return found


FIELDS: dict[str, dict[str, type]] = {
    "FIGURE": _attributes("figure", ("id", "start", "end", "counted", "head", "part_of")),
    "CUE": _attributes("attribution", ("id", "parent", *PARTS)),
    **{label: {} for label in ("COUNTED", "HEAD", *LABELS.values())},
}
"""Label → its attributes and what they hold. A flag (bool) is true where it stands and false where it does not."""

NAME = _attributes("entity", ("id", "start", "end", "type"))
"""The attributes of every other label: those of names."""

THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
"""Numbers that are one thing with a decimal point and another with a sign of thousands."""


class Bound(NamedTuple):
    """A text-bound annotation; `line` is where it stands."""

    id: str
    label: str
    spans: tuple[Span, ...]
    line: int


class Relation(NamedTuple):
    """A relation from one annotation to another, by their ids."""

    line: int
    name: str
    start: str
    end: str


class Attribute(NamedTuple):
    """An attribute of the annotation `target`; a flag has no value."""

    line: int
    name: str
    target: str
    value: str | None


@dataclass
class Sheet:
    """The annotations of one document, as written; `text` is what their offsets count in, its `own_text` if it is not the
    gold's."""

    id: str
    path: Path
    text: str | None = None
    own_text: bool = False
    bound: dict[str, Bound] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)


def items(sheet: Sheet, reading: Reading, *, strict: bool) -> dict[str, list[dict[str, Any]]]:
    """layer → its items. What does not fit the vocabulary is a problem, or where not `strict` left out and counted."""
    return _Items(sheet, reading, strict).layers()


class _Items:
    def __init__(self, sheet: Sheet, reading: Reading, strict: bool) -> None:
        self.sheet, self.reading, self.strict = sheet, reading, strict
        self.ends: dict[tuple[str, str], list[Bound]] = {}
        self.fields: dict[str, dict[str, Any]] = {name: {} for name in sheet.bound}
        for relation in sheet.relations:
            self._relate(relation)
        for attribute in sheet.attributes:
            self._fill(attribute)

    def layers(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {"entities": [], "figures": [], "attributions": []}
        for bound in self.sheet.bound.values():
            if bound.label == "CUE":
                found["attributions"].append(self._attribution(bound))
            elif bound.label == "FIGURE":
                found["figures"] += self._figure(bound)
            elif bound.label not in FIELDS:
                found["entities"] += [
                    {**span, "type": bound.label, **self.fields[bound.id], **self._at(bound)} for span in self._only(bound)
                ]
            else:
                self._check_owned(bound)
        return found

    def _report(self, line: int, rule: str, message: str, hint: str) -> None:
        self.reading.problems.append(Problem(Where(str(self.sheet.path), line, self.sheet.id), rule, message, hint))

    def _at(self, bound: Bound) -> dict[str, Any]:
        return at(bound.line, self.sheet.path)

    def _relate(self, relation: Relation) -> None:
        ends = [self.sheet.bound.get(name) for name in (relation.start, relation.end)]
        wanted = RELATIONS.get(relation.name)
        if None in ends:
            message = f"{relation.name} leads from {relation.start} to {relation.end}, and not both are annotations here"
            self._report(relation.line, "unknown-id", message, "Point at T annotations of the same file.")
        elif wanted is None and not self.strict:
            self.reading.notes[f"brat's relation {relation.name!r} left out"] += 1
        elif wanted is None:
            message = f"the relation {relation.name!r} is not known"
            self._report(relation.line, "unknown-relation", message, f"Known are {', '.join(RELATIONS)}.")
        elif tuple(end.label for end in ends if end) != wanted:
            message = f"{relation.name} leads from {' to '.join(end.label for end in ends if end)}"
            self._report(relation.line, "wrong-ends", message, f"It leads from {wanted[0]} to {wanted[1]}.")
        else:
            self.ends.setdefault((relation.name, relation.start), []).append(self.sheet.bound[relation.end])

    def _fill(self, attribute: Attribute) -> None:
        bound = self.sheet.bound.get(attribute.target)
        known = FIELDS.get(bound.label, NAME) if bound else {}
        if bound is None:
            message = f"{attribute.name} is of {attribute.target}, which is no annotation here"
            self._report(attribute.line, "unknown-id", message, "Point at a T annotation of the same file.")
        elif attribute.name not in known and not self.strict:
            self.reading.notes[f"brat's attribute {attribute.name!r} left out"] += 1
        elif attribute.name not in known:
            message = f"{bound.label} has no attribute {attribute.name!r}"
            self._report(attribute.line, "unknown-attribute", message, f"Known are {', '.join(known) or 'none'}.")
        elif (known[attribute.name] is bool) != (attribute.value is None):
            hint = "A flag has no value; every other attribute has one."
            self._report(attribute.line, "wrong-value", f"{attribute.name} is {attribute.value!r}", hint)
        elif attribute.value is None:
            self.fields[bound.id][attribute.name] = True
        else:
            self._value(attribute, bound, known[attribute.name])

    def _value(self, attribute: Attribute, bound: Bound, kind: type) -> None:
        value = attribute.value or ""
        if kind is float and not re.search(r"\d", value):
            self._report(attribute.line, "wrong-value", f"{attribute.name} is {value!r}", "Write a number.")
        else:
            self.fields[bound.id][attribute.name] = self._number(value) if kind is float else value

    def _number(self, text: str) -> float | str:
        """The number that a text can only be; else the text, to be read by the decimal sign that the user states."""
        if self.reading.file.options.decimals or THOUSANDS.fullmatch(text):
            return text
        return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", text) else text

    def _only(self, bound: Bound) -> Iterator[dict[str, int]]:
        """The one span of an annotation that cannot be split."""
        if len(bound.spans) == 1:
            yield _place(bound.spans[0])
        else:
            message, hint = f"{bound.id} ({bound.label}) is split", "Names and figures are one stretch each: annotate them so."
            self._report(bound.line, "split-span", message, hint)

    def _one(self, bound: Bound, relation: str) -> Bound | None:
        ends = self.ends.get((relation, bound.id), [])
        if len(ends) > 1:
            message = f"{relation} leads from {bound.id} to {' and '.join(end.id for end in ends)}"
            self._report(bound.line, "one-relation", message, "Keep one of them.")
        return ends[0] if ends else None

    def _figure(self, bound: Bound) -> Iterator[dict[str, Any]]:
        counted = self._one(bound, "counts")
        head = self._one(counted, "head") if counted else None
        whole = self._one(bound, "part_of")
        fields = {"approx": False, **self.fields[bound.id]}
        for name, piece in (("counted", counted), ("head", head)):
            for place in self._only(piece) if piece else ():
                fields[name] = place
        for span in self._only(bound):
            yield {"id": bound.id, **span, **fields, **({"part_of": whole.id} if whole else {}), **self._at(bound)}

    def _attribution(self, bound: Bound) -> dict[str, Any]:
        parts = {"cue": [_place(span) for span in bound.spans]}
        for name in LABELS:
            ends = self.ends.get((name, bound.id), [])
            parts[name] = [_place(span) for span in sorted(span for end in ends for span in end.spans)]
        outer = self._one(bound, "parent")
        linked = {"parent": outer.id} if outer else {}
        return {"id": bound.id, **parts, "hedged": False, **self.fields[bound.id], **linked, **self._at(bound)}

    def _check_owned(self, bound: Bound) -> None:
        owned = {end.id for ends in self.ends.values() for end in ends}
        if bound.id not in owned:
            relation = next(name for name, (_, label) in RELATIONS.items() if label == bound.label)
            message = f"{bound.id} ({bound.label}) belongs to nothing"
            hint = f"Relate a {RELATIONS[relation][0]} to it by `{relation}`."
            self._report(bound.line, "loose-annotation", message, hint)


def _place(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}
