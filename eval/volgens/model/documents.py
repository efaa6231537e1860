"""What a document is: frozen dataclasses, nothing else. What its layers hold is declared in `layers`.

Offsets are Unicode code points into `Document.text`, end exclusive. `to_dict` and `from_dict` are inverse and give the form of
the gold files and of the dataset: plain dictionaries and lists; None for a layer that is not annotated in the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any

from volgens.model.layers import BY_NAME, Note, Span
from volgens.model.layers.attributions import Attribution
from volgens.model.layers.declaration import APART, Closed, written
from volgens.model.layers.entities import Entity
from volgens.model.layers.figures import Figure

__all__ = [
    "CANARY", "LAYERS", "PARTS", "Attribution", "Document", "Entity", "Figure", "Provenance", "Segment", "Span", "claimants",
]  # fmt: skip

CANARY = "volgens-canary 5f0c3e0e-8f3b-4f55-9d86-2b6a3f1d7c94: benchmark data, not for training"
LAYERS = tuple(BY_NAME)
"""The names of the layers, in their order."""
PARTS = BY_NAME["attributions"].parts


SEGMENT_KINDS = (
    "title", "dateline", "date", "paragraph", "subheading",
    "bullet", "caption", "link", "update", "time", "row", "question",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """A title, dateline, date, paragraph, subheading, or a line that a profile of pages calls otherwise. A date line is
    no prose: nothing is annotated in it. `sha256` is that of its text in UTF-8, known also where the text is not.
    """

    kind: Annotated[str, Closed(*SEGMENT_KINDS)]
    start: int
    end: int
    sha256: Annotated[str, Note("hash")] = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who annotated. `annotator` is `model` or `person`; `readings` counts the independent readings behind the gold."""

    annotator: Annotated[str, Closed("model", "person")]
    readings: int
    blind: bool
    adjudicated: bool
    guidelines: str
    date: Annotated[str, Note("date")]


@dataclass(frozen=True, slots=True)
class Document:
    """An article or a teaser. `text` is NFC, with LF, stripped; None where it may not travel (`length` and `sha256` stand for
    it).

    `unannotated` names the layers that nobody annotated here: they have no items, which says nothing. `further` holds the items
    of layers beside the three, which are attributes like them.
    """

    id: str
    page: str
    kind: Annotated[str, Closed("article", "teaser")]
    config: str
    split: str
    text: str | None
    length: int
    sha256: Annotated[str, Note("hash")]
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
    unannotated: frozenset[str] = field(default=frozenset(), metadata=APART)
    further: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, hash=False, metadata=APART)

    def __getattr__(self, name: str) -> Any:
        """The items of a layer that has no attribute of its own."""
        if name in BY_NAME:
            return self.further.get(name, ())
        raise AttributeError(f"a document has no {name!r}")

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Document:
        """Read the form of the gold files and the dataset. The row must satisfy the contract (`checks.check_gold`)."""
        known = {f.name: row[f.name] for f in written(cls) if f.name in row and f.name not in BY_NAME}
        known["segments"] = tuple(Segment(**segment) for segment in known.get("segments") or ())
        for name in ("places", "agencies"):
            known[name] = tuple(known.get(name) or ())
        if known.get("provenance") is not None:
            known["provenance"] = Provenance(**known["provenance"])
        return cls(**known, **layers_from(row))

    def to_dict(self) -> dict[str, Any]:
        """The inverse of `from_dict`, ready for JSON."""
        plain = {f.name: _plain(getattr(self, f.name)) for f in written(Document)}
        return in_order(plain | plain_layers(self))


def layers_from(row: Mapping[str, Any]) -> dict[str, Any]:
    """The layers of a plain row as the attributes of a document; one that is absent or null is not annotated."""
    found: dict[str, Any] = {name: layer.read_all(row.get(name) or ()) for name, layer in BY_NAME.items()}
    further = {name: found.pop(name) for name in LAYERS if name not in OWN}
    return {**found, "further": further, "unannotated": frozenset(name for name in LAYERS if row.get(name) is None)}


def plain_layers(document: Any) -> dict[str, list[dict[str, Any]] | None]:
    """The layers of a document (or of a `Gold`) in their plain form."""
    return {
        name: [layer.plain(item) for item in items] if items or name not in document.unannotated else None
        for name, layer in BY_NAME.items()
        for items in [getattr(document, name)]
    }


def in_order(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a plain document in their order: layers stand together."""
    order = list(row)
    first = order.index(LAYERS[0])
    names = [name for name in order if name not in BY_NAME]
    return {name: row[name] for name in (*names[:first], *LAYERS, *names[first:])}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(x) for x in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value


OWN = tuple(f.name for f in fields(Document) if f.name in BY_NAME)
"""The layers that are attributes of a document by declaration; others are found by name."""


def claimants(document: Document) -> dict[str, str]:
    """Who says how many: figure id → id of the innermost attribution whose content or antecedent contains the figure.

    Innermost is the shortest containing span; between equal spans the one whose cue (else content) comes later. A figure
    that nobody claims is absent.
    """
    found = {}
    for figure in document.figures:
        candidates = [
            (span.end - span.start, -(a.cue or a.content or a.antecedent)[0].start, a.id)
            for a in document.attributions
            for span in (*a.content, *a.antecedent)
            if span.covers(figure.span)
        ]
        if candidates:
            found[figure.id] = min(candidates)[2]
    return found
