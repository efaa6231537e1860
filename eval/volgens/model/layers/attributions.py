"""Attributions: who says what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from volgens.model.layers.declaration import Closed, Layer, Link, Slug, Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what. Each part is zero or more spans in text order; a free-standing quotation has no cue, and then a content.
    `parent` is another attribution's id.
    """

    id: str
    cue: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()
    antecedent: tuple[Span, ...] = ()
    kind: Annotated[str, Closed("assertion", "belief", "fact", control="attribution_kind")] = "assertion"
    source_kind: Annotated[str, Closed("person", "institution", "media", "document", "group", "none")] = "none"
    source_ref: Annotated[str | None, Slug()] = None
    stance: Annotated[str, Closed("affirm", "deny", "open")] = "affirm"
    hedged: bool = False
    parent: Annotated[str | None, Link()] = None


LAYER = Layer(
    name="attributions",
    item=Attribution,
    one="attribution",
    order=3,
    type="kind",
    key=("cue", "source", "content"),
    told=("source", "cue", "content", "antecedent"),
    placed_by=("cue", "content", "source", "antecedent"),
    needs=("cue", "content"),
    labels={"source": "SOURCE", "cue": "CUE", "content": "CONTENT", "antecedent": "ANTECEDENT"},
)
