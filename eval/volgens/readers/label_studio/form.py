"""The form of the scheme in Label Studio: which labels, which fields on which label, which relations between which labels.

One name or one piece of a figure or attribution is one region with one label. The fields of a name or figure lie on its region.
An attribution is its CUE regions, joined by `cue`; one of them, the anchor, carries the fields. A quotation without a cue has a
CONTENT region of its own as its anchor, its first one, and what else belongs to it hangs on that. `annotations/labeling.xml`
shows this form to annotators; a test holds the two together.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from volgens.model.documents import Span
from volgens.model.schema import enumeration

Json = dict[str, Any]

CONTROL = "label"
OBJECT = "text"
NOTES = "decisions"
VERDICT = "verdict"
"""The controls for what is said of the document as a whole, in adjudication: lines, and one choice."""
STAYS, CHANGED = "stays", "changed"
NAMES = enumeration("entity", "type")
LABELS = (*NAMES, "FIGURE", "COUNTED", "HEAD", "SOURCE", "CUE", "CONTENT", "ANTECEDENT")
ANCHORS = ("CUE", "CONTENT")
"""What an attribution's fields and relations lie on: its cue, or the content of a quotation without one."""


class Field(NamedTuple):
    """A control on single regions. `attribute` is the field of the item; `values` are the choices, where there are any."""

    name: str
    labels: tuple[str, ...]
    attribute: str
    kind: Literal["choice", "flag", "slug", "number", "unit"]
    values: tuple[str, ...] = ()
    required: bool = False

    @property
    def type(self) -> str:
        """The type of its results in Label Studio."""
        return "choices" if self.kind in ("choice", "flag") else "textarea"


FIELDS = {
    field.name: field
    for field in (
        Field("ref", NAMES, "ref", "slug", required=True),
        Field("role", ("GPE",), "role", "choice", enumeration("entity", "role"), required=True),
        Field("figure_kind", ("FIGURE",), "kind", "choice", enumeration("figure", "kind"), required=True),
        Field("bound", ("FIGURE",), "bound", "choice", enumeration("figure", "bound"), required=True),
        Field("value", ("FIGURE",), "value", "number"),
        Field("min", ("FIGURE",), "min", "number"),
        Field("max", ("FIGURE",), "max", "number"),
        Field("unit", ("FIGURE",), "unit", "unit"),
        Field("approx", ("FIGURE",), "approx", "flag", ("approx",)),
        Field("change", ("FIGURE",), "change", "choice", enumeration("figure", "change")),
        Field("attribution_kind", ANCHORS, "kind", "choice", enumeration("attribution", "kind"), required=True),
        Field("stance", ANCHORS, "stance", "choice", enumeration("attribution", "stance"), required=True),
        Field("source_kind", ANCHORS, "source_kind", "choice", enumeration("attribution", "source_kind"), required=True),
        Field("source_ref", ANCHORS, "source_ref", "slug"),
        Field("hedged", ANCHORS, "hedged", "flag", ("hedged",)),
    )
}

UNITLESS = ("count", "ratio", "score")
"""Kinds of figure whose unit is `1` where the field is empty."""


class Relation(NamedTuple):
    """A relation as it is written: from a region labelled `start` to one labelled `end`."""

    name: str
    start: str
    end: str


RELATIONS = (
    *(Relation(name, anchor, name.upper()) for name in ("source", "content", "antecedent") for anchor in ANCHORS),
    Relation("cue", "CUE", "CUE"),
    *(Relation("parent", inner, outer) for inner in ANCHORS for outer in ANCHORS),
    Relation("counts", "FIGURE", "COUNTED"),
    Relation("head", "COUNTED", "HEAD"),
    Relation("part_of", "FIGURE", "FIGURE"),
)
RELATION_NAMES = tuple(dict.fromkeys(relation.name for relation in RELATIONS))


def last_word(text: str, span: Span) -> Span:
    """The last word of a span by white space: the head of what is counted, unless a HEAD region says otherwise."""
    found = re.search(r"\S+\Z", span.cut(text))
    return span if found is None else Span(span.start + found.start(), span.end)


_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+", re.ASCII)


def parse_number(text: str) -> float | None:
    """`1200`, `-1.5` or `9e10` as a number; None for anything else, a Dutch `1,5` and the ambiguous `1.200` included."""
    return float(text) if _NUMBER.fullmatch(text) and not _THOUSANDS.fullmatch(text) else None


def format_number(number: float) -> str:
    """The inverse of `parse_number` for finite numbers."""
    written = str(int(number)) if float(number).is_integer() and abs(number) < 1e16 else repr(float(number))
    return f"{written}0" if _THOUSANDS.fullmatch(written) else written
