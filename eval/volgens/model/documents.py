"""What a document is and what the gold says about it: frozen dataclasses, nothing else.

Offsets are Unicode code points into `Document.text`, end exclusive. `to_dict` and `from_dict` are inverse and give the form of
the gold files and of the dataset: plain dictionaries, lists never None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

CANARY = "volgens-canary 5f0c3e0e-8f3b-4f55-9d86-2b6a3f1d7c94: benchmark data, not for training"


class Span(NamedTuple):
    """A stretch of text, `text[start:end]`."""

    start: int
    end: int

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def cut(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Segment:
    """A title, dateline, paragraph or subheading; `sha256` is that of its text in UTF-8, known also where the text is not."""

    kind: str
    start: int
    end: int
    sha256: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Entity:
    """A name. `role` is for GPE alone; `ref` is one slug per real thing over all documents."""

    id: str
    start: int
    end: int
    type: str
    role: str | None = None
    ref: str | None = None

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity. `part_of` is the id of the figure it is a part of; `head` is the head noun within `counted`."""

    id: str
    start: int
    end: int
    kind: str
    bound: str
    value: float | None = None
    min: float | None = None
    max: float | None = None
    approx: bool = False
    unit: str = "1"
    counted: Span | None = None
    head: Span | None = None
    part_of: str | None = None

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what. Each part is zero or more spans in text order (`cue` one or more); `parent` is another attribution's id."""

    id: str
    cue: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()
    antecedent: tuple[Span, ...] = ()
    kind: str = "assertion"
    source_kind: str = "none"
    source_ref: str | None = None
    stance: str = "affirm"
    hedged: bool = False
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who annotated. `annotator` is `model` or `person`; `readings` counts the independent readings behind the gold."""

    annotator: str
    readings: int
    blind: bool
    adjudicated: bool
    guidelines: str
    date: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article or a teaser. `text` is NFC, with LF, stripped; None where it may not travel (`length` and `sha256` stand for
    it).
    """

    id: str
    page: str
    kind: str
    config: str
    split: str
    text: str | None
    length: int
    sha256: str
    segments: tuple[Segment, ...] = ()
    places: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    section: str | None = None
    age: str | None = None
    entities: tuple[Entity, ...] = ()
    figures: tuple[Figure, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    provenance: Provenance | None = None
    canary: str = CANARY

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Document:
        """Read the form of the gold files and the dataset. The row must satisfy the contract (`contract.check_gold`)."""
        known = {f.name: row[f.name] for f in fields(cls) if f.name in row}
        layers: dict[str, type] = {"segments": Segment, "entities": Entity}
        for name, item in layers.items():
            known[name] = tuple(item(**x) for x in known.get(name, ()))
        known["figures"] = tuple(_figure(x) for x in known.get("figures", ()))
        known["attributions"] = tuple(_attribution(x) for x in known.get("attributions", ()))
        for name in ("places", "agencies"):
            known[name] = tuple(known.get(name, ()))
        if known.get("provenance") is not None:
            known["provenance"] = Provenance(**known["provenance"])
        return cls(**known)

    def to_dict(self) -> dict[str, Any]:
        """The inverse of `from_dict`, ready for JSON."""
        plain = _plain(self)
        assert isinstance(plain, dict)
        return plain


def _span(row: Mapping[str, int] | None) -> Span | None:
    return None if row is None else Span(row["start"], row["end"])


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(**{**row, "counted": _span(row.get("counted")), "head": _span(row.get("head"))})


def _attribution(row: Mapping[str, Any]) -> Attribution:
    parts = {name: tuple(Span(s["start"], s["end"]) for s in row.get(name) or ()) for name in PARTS}
    return Attribution(**{**row, **parts})


PARTS = ("source", "cue", "content", "antecedent")
LAYERS = ("entities", "figures", "attributions")


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return {"start": value.start, "end": value.end}
    if isinstance(value, tuple):
        return [_plain(x) for x in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value


def claimants(document: Document) -> dict[str, str]:
    """Who says how many: figure id → id of the innermost attribution whose content or antecedent contains the figure.

    Innermost is the shortest containing span; between equal spans the one whose cue comes later. A figure that nobody claims is
    absent.
    """
    found = {}
    for figure in document.figures:
        candidates = [
            (span.end - span.start, -a.cue[0].start, a.id)
            for a in document.attributions
            for span in (*a.content, *a.antecedent)
            if span.covers(figure.span)
        ]
        if candidates:
            found[figure.id] = min(candidates)[2]
    return found
