"""The gold files: one document a line, stand-off. Reading, writing, and the order in which items are numbered."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from volgens.atomic import atomic
from volgens.model.documents import LAYERS, Attribution, Document, Entity, Figure, Provenance, Span
from volgens.model.problem import Problem, Where

BLANK = {"page": "", "kind": "", "config": "", "split": "", "text": None}
FIELDS = ("id", "length", "sha256", "entities", "figures", "attributions", "provenance")


@dataclass(frozen=True, slots=True)
class Gold:
    """What is annotated on one document; `length` (code points) and `sha256` (of the UTF-8) stand for its text."""

    id: str
    length: int
    sha256: str
    entities: tuple[Entity, ...] = ()
    figures: tuple[Figure, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    provenance: Provenance | None = None

    @classmethod
    def of(cls, document: Document) -> Gold:
        return cls(**{name: getattr(document, name) for name in FIELDS})

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Gold:
        """A row of a gold file. The row must have the shape of the contract."""
        return cls.of(Document.from_dict({**BLANK, **row}))

    def to_dict(self) -> dict[str, Any]:
        document = Document(**BLANK, **{name: getattr(self, name) for name in FIELDS})  # type: ignore[arg-type]
        plain = document.to_dict()
        return {name: plain[name] for name in FIELDS}

    def on(self, document: Document) -> Document:
        """The document with this annotation. Raises ValueError where the annotation lies on another text."""
        if (self.id, self.length, self.sha256) != (document.id, document.length, document.sha256):
            raise ValueError(f"the annotation of {self.id} lies on another text than document {document.id}")
        layers = {name: getattr(self, name) for name in (*LAYERS, "provenance")}
        return replace(document, **layers)


def renumbered(gold: Gold) -> Gold:
    """Items in text order with ids e1…, f1…, a1…; `part_of` and `parent` follow. The order given does not matter."""
    gold, new = _sorted(gold), new_ids(gold)
    return replace(
        gold,
        entities=tuple(replace(e, id=f"e{n}") for n, e in enumerate(gold.entities, 1)),
        figures=tuple(
            replace(f, id=f"f{n}", part_of=new["figures"].get(f.part_of or "", f.part_of)) for n, f in enumerate(gold.figures, 1)
        ),
        attributions=tuple(
            replace(a, id=f"a{n}", parent=new["attributions"].get(a.parent or "", a.parent))
            for n, a in enumerate(gold.attributions, 1)
        ),
    )


def new_ids(gold: Gold) -> dict[str, dict[str, str]]:
    """For each layer, the ids as they are → the ids that `renumbered` gives."""
    ordered = _sorted(gold)
    return {layer: {item.id: f"{layer[0]}{n}" for n, item in enumerate(getattr(ordered, layer), 1)} for layer in LAYERS}


def _sorted(gold: Gold) -> Gold:
    return replace(
        gold,
        entities=tuple(sorted(gold.entities, key=_entity_order)),
        figures=tuple(sorted(gold.figures, key=_figure_order)),
        attributions=tuple(sorted(gold.attributions, key=_attribution_order)),
    )


def _entity_order(e: Entity) -> tuple[Any, ...]:
    return (e.start, -e.end, e.type or "", e.role or "", e.ref or "")


def _figure_order(f: Figure) -> tuple[Any, ...]:
    numbers = tuple(float("-inf") if n is None else n for n in (f.value, f.min, f.max))
    return (f.start, -f.end, f.kind or "", f.bound or "", numbers, bool(f.approx), f.unit or "", f.counted or (), f.head or ())


def _attribution_order(a: Attribution) -> tuple[Any, ...]:
    return (
        *(_text_order(part) for part in (a.cue, a.content, a.source, a.antecedent)),
        a.kind,
        a.stance,
        a.hedged,
        a.source_kind,
    )


def _text_order(spans: tuple[Span, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((s.start, -s.end) for s in spans)


def plain_items(gold: Gold) -> dict[str, list[dict[str, Any]]]:
    """layer → its items as dictionaries that stand by themselves: without id, a link as the main span of what it leads to."""
    plain = gold.to_dict()
    main = {item["id"]: main_span(item) for layer in ("figures", "attributions") for item in plain[layer]}
    items = {layer: [dict(item) for item in plain[layer]] for layer in LAYERS}
    for item in (item for layer in LAYERS for item in items[layer]):
        del item["id"]
        for link in ("part_of", "parent"):
            if item.get(link) is not None:
                item[link] = main.get(item[link])
    return items


def main_span(item: Mapping[str, Any]) -> dict[str, int]:
    """The span by which an item is known: its own, or an attribution's first cue."""
    place = item["cue"][0] if "cue" in item else item
    return {"start": place["start"], "end": place["end"]}


def read_gold(path: str | os.PathLike[str]) -> tuple[list[Gold], list[Problem]]:
    """All documents of a gold file, and what could not be read, by line."""
    found, problems = [], []
    for line, text in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        where = Where(str(path), line)
        try:
            row = json.loads(text)
            if set(row) != set(FIELDS):
                raise ValueError(f"the fields are {', '.join(sorted(row))}")
            found.append(Gold.from_dict(row))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            problems.append(Problem(where, "not-gold", f"not a line of gold: {error!s:.200}", f"Give {', '.join(FIELDS)}."))
    return found, problems


def write_gold(path: str | os.PathLike[str], golds: Iterable[Gold]) -> None:
    """One line a document, sorted by id, items numbered in text order; the same gold always gives the same bytes. Atomic."""
    rows = sorted((renumbered(gold) for gold in golds), key=lambda gold: gold.id)
    write_text(path, "".join(compact(gold.to_dict()) + "\n" for gold in rows))


def compact(value: Any) -> str:
    """JSON in one line; whole numbers without a decimal point."""
    return json.dumps(_whole(value), ensure_ascii=False, separators=(",", ":"))


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {k: _whole(v) for k, v in value.items()}
    return [_whole(v) for v in value] if isinstance(value, list) else value


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Whole or not at all, in UTF-8 with LF."""
    with atomic(Path(path)) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
