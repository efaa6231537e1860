"""The gold files: one document a line, stand-off. Reading, writing, and the order in which items are numbered."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from volgens.atomic import atomic
from volgens.model.documents import (
    LAYERS,
    OWN,
    Attribution,
    Document,
    Entity,
    Figure,
    Provenance,
    layers_from,
    plain_layers,
)
from volgens.model.layers import ALL, BY_NAME, Layer
from volgens.model.layers.declaration import APART
from volgens.model.problem import Problem, Where

FIELDS = ("id", "length", "sha256", *LAYERS, "provenance")
ATTRIBUTES = ("id", "length", "sha256", *OWN, "provenance", "unannotated", "further")


@dataclass(frozen=True, slots=True)
class Gold:
    """What is annotated on one document; `length` (code points) and `sha256` (of the UTF-8) stand for its text. `unannotated` and
    `further` are those of a `Document`.
    """

    id: str
    length: int
    sha256: str
    entities: tuple[Entity, ...] = ()
    figures: tuple[Figure, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    provenance: Provenance | None = None
    unannotated: frozenset[str] = field(default=frozenset(), metadata=APART)
    further: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, hash=False, metadata=APART)

    def __getattr__(self, name: str) -> Any:
        """The items of a layer that has no attribute of its own."""
        if name in BY_NAME:
            return self.further.get(name, ())
        raise AttributeError(f"gold has no {name!r}")

    @classmethod
    def of(cls, document: Document) -> Gold:
        return cls(**{name: getattr(document, name) for name in ATTRIBUTES})

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Gold:
        """A row of a gold file. The row must have the shape of the contract."""
        given = row.get("provenance")
        provenance = Provenance(**given) if given is not None else None
        return cls(row["id"], row["length"], row["sha256"], provenance=provenance, **layers_from(row))

    def to_dict(self) -> dict[str, Any]:
        head = {"id": self.id, "length": self.length, "sha256": self.sha256}
        return head | plain_layers(self) | {"provenance": asdict(self.provenance) if self.provenance else None}

    def on(self, document: Document) -> Document:
        """The document with this annotation. Raises ValueError where the annotation lies on another text."""
        if (self.id, self.length, self.sha256) != (document.id, document.length, document.sha256):
            raise ValueError(f"the annotation of {self.id} lies on another text than document {document.id}")
        return replace(document, **{name: getattr(self, name) for name in ATTRIBUTES[3:]})

    def with_layers(self, layers: Mapping[str, Iterable[Any]]) -> Gold:
        """The gold with these items in these layers."""
        items: dict[str, Any] = {name: tuple(found) for name, found in layers.items()}
        further = {**self.further, **{name: items.pop(name) for name in tuple(items) if name not in OWN}}
        return replace(self, **items, further=further)


def renumbered(gold: Gold) -> Gold:
    """Items in text order with ids e1…, f1…, a1…; links follow. The order given does not matter."""
    gold, new = _sorted(gold), new_ids(gold)
    return gold.with_layers({layer.name: _renamed(layer, getattr(gold, layer.name), new[layer.name]) for layer in ALL})


def _renamed(layer: Layer, items: Iterable[Any], new: Mapping[str, str]) -> Iterator[Any]:
    for n, item in enumerate(items, 1):
        link = {layer.link: new.get(getattr(item, layer.link) or "", getattr(item, layer.link))} if layer.link else {}
        yield replace(item, id=f"{layer.name[0]}{n}", **link)


def new_ids(gold: Gold) -> dict[str, dict[str, str]]:
    """For each layer, the ids as they are → the ids that `renumbered` gives."""
    ordered = _sorted(gold)
    return {layer: {item.id: f"{layer[0]}{n}" for n, item in enumerate(getattr(ordered, layer), 1)} for layer in LAYERS}


def _sorted(gold: Gold) -> Gold:
    ordered = {layer.name: sorted(getattr(gold, layer.name), key=partial(_text_order, layer)) for layer in ALL}
    return gold.with_layers(ordered)


def _text_order(layer: Layer, item: Any) -> tuple[Any, ...]:
    """By place, the longer first; then by what is said, id and links aside."""
    place = (item.start, -item.end) if layer.has_place else ()
    placed_by = tuple(tuple((s.start, -s.end) for s in getattr(item, part)) for part in layer.placed_by)
    said = (field for field in layer.said if field.name not in (*layer.placed_by, layer.link))
    return (*place, *placed_by, *(_rank(getattr(item, field.name)) for field in said))


def _rank(value: Any) -> tuple[Any, ...]:
    """A value as something to sort by, None first."""
    return () if value is None else tuple(value) if isinstance(value, tuple) else (value,)


def plain_items(gold: Gold) -> dict[str, list[dict[str, Any]]]:
    """layer → its items as dictionaries that stand by themselves: without id, a link as the main span of what it leads to."""
    plain = gold.to_dict()
    items: dict[str, list[dict[str, Any]]] = {}
    for layer in ALL:
        main = {item["id"]: main_span(item) for item in plain[layer.name] or ()}
        items[layer.name] = [{name: value for name, value in item.items() if name != "id"} for item in plain[layer.name] or ()]
        for item in items[layer.name]:
            if layer.link and item[layer.link] is not None:
                item[layer.link] = main.get(item[layer.link])
    return items


def main_span(item: Mapping[str, Any]) -> dict[str, int]:
    """The span by which an item is known: its own, or the first span of the first part that it has."""
    if "start" in item:
        return {"start": item["start"], "end": item["end"]}
    parts = next(layer.placed_by for layer in ALL if layer.placed_by and layer.placed_by[0] in item)
    place = next(item[part][0] for part in parts if item.get(part))
    return {"start": place["start"], "end": place["end"]}


def read_gold(path: str | os.PathLike[str]) -> tuple[list[Gold], list[Problem]]:
    """All documents of a gold file, and what could not be read, by line."""
    found, problems = [], []
    for line, text in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        where = Where(str(path), line)
        try:
            row = json.loads(text)
            if not set(FIELDS) - set(LAYERS) <= set(row) <= set(FIELDS):
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
