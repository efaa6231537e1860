"""What there is to count in the dataset. Every number of the dataset card comes from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from volgens.model.documents import Document, Entity, claimants
from volgens.model.speech import told_on


def describe(documents: Sequence[Document]) -> dict[str, Any]:
    """The counts of one split. Needs no texts."""
    entities = [entity for document in documents for entity in document.entities]
    figures = [figure for document in documents for figure in document.figures]
    attributions = [attribution for document in documents for attribution in document.attributions]
    return {
        "pages": len({document.page for document in documents}),
        "documents": len(documents),
        "documents by kind": _count(document.kind for document in documents),
        "characters": sum(document.length for document in documents),
        "segments by kind": _count(segment.kind for document in documents for segment in document.segments),
        "entities": {
            "total": len(entities),
            "by type": _count(entity.type for entity in entities),
            "by role": _count(entity.role for entity in entities if entity.role),
            "inside another name": sum(_is_nested(entity, document) for document in documents for entity in document.entities),
            "distinct refs": len({entity.ref for entity in entities if entity.ref}),
        },
        "figures": {
            "total": len(figures),
            "by kind": _count(figure.kind for figure in figures),
            "by bound": _count(figure.bound for figure in figures),
            **_where_any("by change", _count(figure.change for figure in figures if figure.change)),
            "approximate": sum(figure.approx for figure in figures),
            "with counted": sum(figure.counted is not None for figure in figures),
            "with part_of": sum(figure.part_of is not None for figure in figures),
            "claimed by a source": sum(len(claimants(document)) for document in documents),
            "claimed by nobody, after a source": sum(len(told_on(document)) for document in documents),
        },
        "attributions": {
            "total": len(attributions),
            "by kind": _count(attribution.kind for attribution in attributions),
            "by source_kind": _count(attribution.source_kind for attribution in attributions),
            "by stance": _count(attribution.stance for attribution in attributions),
            "hedged": sum(attribution.hedged for attribution in attributions),
            "with source_ref": sum(attribution.source_ref is not None for attribution in attributions),
            "with antecedent": sum(bool(attribution.antecedent) for attribution in attributions),
            "with parent": sum(attribution.parent is not None for attribution in attributions),
            "cue in several pieces": sum(len(attribution.cue) > 1 for attribution in attributions),
            **_where_any("without a cue", sum(not attribution.cue for attribution in attributions)),
        },
    }


def _where_any(name: str, count: Any) -> dict[str, Any]:
    """A count of what came with a later version of the guidelines: nothing where there is none, as in a split before it."""
    return {name: count} if count else {}


def _count(values: Iterable[str | None]) -> dict[str, int]:
    """The values that are given, the commonest first."""
    given = Counter(value for value in values if value is not None)
    return dict(sorted(given.items(), key=lambda pair: (-pair[1], pair[0])))


def _is_nested(entity: Entity, document: Document) -> bool:
    return any(other.span != entity.span and other.span.covers(entity.span) for other in document.entities)
