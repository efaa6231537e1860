"""Names that people published for the same texts, held against the gold: mentions met, types, links, names without a mention.

The published labels of MEANTIME mark whole mentions (determiner, function and modifiers with the name) of five types, and not
name, so spans do not compare; overlap and type do. Shares are over documents as units of resampling (`stats.uncertainty`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from volgens.curation.meantime import Name
from volgens.model.documents import Entity, Span
from volgens.model.gold import Gold
from volgens.stats.uncertainty import Interval, intervals

TYPES: Mapping[str, frozenset[str]] = {
    "PER": frozenset({"PER"}),
    "ORG": frozenset({"ORG"}),
    "LOC": frozenset({"GPE", "LOC", "FAC", "NORP"}),
    "PRO": frozenset({"MISC", "ORG"}),
    "FIN": frozenset({"MISC", "ORG"}),
}
"""Published type → the types of ours that it covers."""


class Difference(NamedTuple):
    """A published mention that meets no name of ours (`theirs` alone), a name of ours without a mention (`ours` alone), or a
    mention and the name it meets best whose types do not go together.
    """

    document: str
    theirs: Name | None
    ours: Entity | None


class Held(NamedTuple):
    """One document: mentions, those that meet a name, those whose type agrees, names of ours, those without a mention, and pairs
    of linked mentions: with the same resource, with the same ref, with both.
    """

    mentions: int
    met: int
    agree: int
    names: int
    unpublished: int
    same_link: int
    same_ref: int
    same_both: int


def hold(gold: Gold, published: Sequence[Name]) -> tuple[Held, list[Difference]]:
    """Count one document, and list its differences in text order."""
    met: list[tuple[Name, Entity]] = []
    found: list[Difference] = []
    for name in published:
        best = max(gold.entities, key=lambda e: (_agrees(name, e), _shared(name, e.span)), default=None)
        if best is None or not _shared(name, best.span):
            found.append(Difference(gold.id, name, None))
            continue
        met.append((name, best))
        if not _agrees(name, best):
            found.append(Difference(gold.id, name, best))
    alone = [e for e in gold.entities if not any(_shared(name, e.span) for name in published)]
    found += [Difference(gold.id, None, e) for e in alone]
    linked = [(name.link, entity.ref) for name, entity in met if name.link is not None]
    same = [(a[0] == b[0], a[1] == b[1]) for a, b in combinations(linked, 2)]
    agree = sum(_agrees(*pair) for pair in met)
    links, refs, both = (sum(flags) for flags in zip(*[(a, b, a and b) for a, b in same], strict=True)) if same else (0, 0, 0)
    held = Held(len(published), len(met), agree, len(gold.entities), len(alone), links, refs, both)
    return held, sorted(found, key=lambda d: d.theirs.span.start if d.theirs else d.ours.start if d.ours else 0)


def measure(golds: Sequence[Gold], published: Mapping[str, Sequence[Name]]) -> tuple[dict[str, Any], list[Difference]]:
    """The shares over all documents with their 95 % intervals, and every difference."""
    held, found = zip(*(hold(gold, published.get(gold.id, ())) for gold in golds), strict=True)
    counts = np.array(held, dtype=np.float64)
    column = dict(zip(Held._fields, counts.T, strict=True))
    shares = dict(_shares(column))
    spread = intervals(
        {name: np.stack([top, bottom, bottom], axis=1) for name, (top, bottom) in shares.items()}, [gold.id for gold in golds]
    )
    told = {name: _told(top.sum(), bottom.sum(), spread[name].f1) for name, (top, bottom) in shares.items()}
    return {"documents": len(golds), **told}, [difference for some in found for difference in some]


LABELS = {"PRO": "MISC", "FIN": "MISC"}
"""Published type → its name in the file of published mentions; the others are called alike."""


def rows(documents: Sequence[Gold], published: Mapping[str, Sequence[Name]]) -> Iterator[dict[str, Any]]:
    """The published mentions in the form of a gold, without text: offsets, type and, where it is linked, the DBpedia resource as
    `ref`. A mention in several pieces is one span from its first character to its last.
    """
    for document in sorted(documents, key=lambda one: one.id):
        named = (
            {
                "start": name.span.start,
                "end": name.span.end,
                "type": LABELS.get(name.type, name.type),
                **({"ref": slug} if (slug := resource(name.link)) else {}),
            }
            for name in published.get(document.id, ())
        )
        once = {tuple(row.items()): row for row in named}
        yield {"id": document.id, "length": document.length, "entities": list(once.values())}


def resource(link: str | None) -> str | None:
    """The last part of a DBpedia address, in small letters."""
    return link.strip().rstrip("/").rpartition("/")[2].lower() or None if link else None


def classes(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many differences were decided to be of each class, most first: the rows of annotations/adjudication/published.jsonl."""
    return dict(Counter(str(row["class"]) for row in rows).most_common())


def table(measured: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The shares and the classes of the differences, as a head and rows of text."""
    shares = [(name, *_cells(cell)) for name, cell in measured.items() if isinstance(cell, Mapping) and "share" in cell]
    found = [(f"differences: {name}", str(times), "") for name, times in measured.get("classes", {}).items()]
    return [("", "share", "of"), *shares, *found]


def _cells(cell: Mapping[str, Any]) -> tuple[str, str]:
    between = f" [{cell['interval'][0]:.3f}, {cell['interval'][1]:.3f}]" if cell["interval"] else ""
    return (f"{cell['share']:.3f}{between}" if cell["share"] is not None else "–"), str(cell["of"])


def _shares(column: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    yield "published mentions that meet a name", (column["met"], column["mentions"])
    yield "of these, types that agree", (column["agree"], column["met"])
    yield "names without a published mention", (column["unpublished"], column["names"])
    yield "pairs of one resource that have one ref", (column["same_both"], column["same_link"])
    yield "pairs of one ref that have one resource", (column["same_both"], column["same_ref"])


def _told(top: float, bottom: float, interval: Interval | None) -> dict[str, Any]:
    share = round(top / bottom, 4) if bottom else None
    between = [round(interval.low, 4), round(interval.high, 4)] if interval else None
    return {"share": share, "interval": between, "of": int(bottom), "count": int(top)}


def _agrees(name: Name, entity: Entity) -> bool:
    return bool(_shared(name, entity.span)) and entity.type in TYPES[name.type]


def _shared(name: Name, span: Span) -> int:
    """The characters that a mention and a span share."""
    return sum(max(0, min(piece.end, span.end) - max(piece.start, span.start)) for piece in name.pieces)
