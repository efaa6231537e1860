"""Two or more readings of a document → what they agree on and what is open; decisions on what is open → gold.

Readings and decisions give the gold again at any time: `resolve(points(readings), decisions)`. An item stands here as in
`gold.plain_items`, without id, its links as the main span of what they lead to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from volgens.curation.pairing import LINKS, pair
from volgens.model.documents import LAYERS, PARTS, Provenance
from volgens.model.gold import Gold, compact, main_span, plain_items, renumbered, write_text
from volgens.model.problem import Problem, Where

Item = dict[str, Any]


class Option(NamedTuple):
    """What some of the readers say; `item` is None where they have nothing."""

    by: tuple[str, ...]
    item: Item | None


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a reader has seen. It is open where the readers say different things of it."""

    document: str
    layer: str
    options: tuple[Option, ...]

    @property
    def open(self) -> bool:
        return len(self.options) > 1

    @property
    def key(self) -> str:
        """Says the same for the same options, in whatever order they come."""
        return compact([self.document, self.layer, sorted(compact(option.item) for option in self.options)])

    @property
    def start(self) -> int:
        """Where the first of its items begins; 0 where no option has one."""
        return min((main_span(option.item)["start"] for option in self.options if option.item is not None), default=0)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was chosen at a point, and why: a rule of the guidelines (`E5`) and a reason. `chosen` None: nothing is there.

    A point without options is an item that no reader had.
    """

    point: Point
    chosen: Item | None
    rule: str
    reason: str
    by: str
    date: str

    def to_dict(self) -> dict[str, Any]:
        items = [option.item for option in self.point.options] + [self.chosen]
        return {
            "document": self.point.document,
            "layer": self.point.layer,
            "spans": sorted({(s["start"], s["end"]) for item in items if item is not None for s in spans(item)}),
            "options": [{"by": list(option.by), "item": option.item} for option in self.point.options],
            "chosen": self.chosen,
            "rule": self.rule,
            "reason": self.reason,
            "by": self.by,
            "date": self.date,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Decision:
        options = tuple(Option(tuple(option["by"]), option["item"]) for option in row["options"])
        point = Point(row["document"], row["layer"], options)
        return cls(point, row["chosen"], row["rule"], row["reason"], row["by"], row["date"])


def spans(item: Item) -> list[dict[str, int]]:
    """All spans of an item."""
    return [span for part in PARTS for span in item[part]] if "cue" in item else [main_span(item)]


def points(readings: Mapping[str, Gold]) -> list[Point]:
    """Everything that any reader has seen in one document, in text order. Raises ValueError for readings of several texts.

    An item of a reader belongs to that of an earlier one where scoring would pair them. Fields are compared as they are; a link
    counts as the same where it leads to the same thing, also if its span is read differently.
    """
    if len({(g.id, g.length, g.sha256) for g in readings.values()}) != 1:
        raise ValueError("the readings are not of one and the same text")
    readings = dict(sorted(readings.items()))
    clusters = _clusters(readings)
    found = []
    for layer in LAYERS:
        homes = _homes(clusters[layer])
        for cluster in clusters[layer]:
            grouped: dict[str, tuple[list[str], Item | None]] = {}
            for reader in readings:
                item = cluster.get(reader)
                grouped.setdefault(_meaning(item, layer, homes), ([], item))[0].append(reader)
            options = tuple(Option(tuple(by), item) for by, item in grouped.values())
            found.append(Point(next(iter(readings.values())).id, layer, options))
    return sorted(found, key=lambda p: (LAYERS.index(p.layer), p.start, p.key))


Cluster = dict[str, Item]


def _clusters(readings: Mapping[str, Gold]) -> dict[str, list[Cluster]]:
    """layer → clusters, each with one item of each reader who has it."""
    clusters: dict[str, list[Cluster]] = {layer: [] for layer in LAYERS}
    for reader, gold in readings.items():
        items = plain_items(gold)
        so_far = build_gold(gold, {layer: [next(iter(c.values())) for c in clusters[layer]] for layer in LAYERS})
        pairs = pair([so_far], [gold])[gold.id]
        for layer in LAYERS:
            for home, position in pairs[layer]:
                if position is not None and home is not None:
                    clusters[layer][home][reader] = items[layer][position]
                elif position is not None:
                    clusters[layer].append({reader: items[layer][position]})
    return clusters


def _homes(clusters: Sequence[Cluster]) -> dict[str, int]:
    """The main span of every reader's item → its cluster."""
    return {compact(main_span(item)): n for n, cluster in enumerate(clusters) for item in cluster.values()}


def _meaning(item: Item | None, layer: str, homes: Mapping[str, int]) -> str:
    if item is None or item.get(LINKS.get(layer, "")) is None:
        return compact(item)
    link = LINKS[layer]
    return compact({**item, link: homes.get(compact(item[link]), item[link])})


def build_gold(like: Gold, items: Mapping[str, Sequence[Item]]) -> Gold:
    """Items → an annotation of the same text, in the order given. Links are followed by main span, or dropped."""
    rows: dict[str, list[Item]] = {}
    for layer in LAYERS:
        names = {compact(main_span(item)): f"{layer[0]}{n}" for n, item in enumerate(items[layer], 1)}
        rows[layer] = [{**item, "id": f"{layer[0]}{n}"} for n, item in enumerate(items[layer], 1)]
        link = LINKS.get(layer)
        for row in rows[layer] if link else ():
            row[str(link)] = names.get(compact(row[str(link)]))
    return Gold.from_dict({"id": like.id, "length": like.length, "sha256": like.sha256, **rows})


def union(like: Gold, found: Iterable[Point]) -> Gold:
    """Everything that anybody has seen, at an open point as the first reader who has it says: where adjudication begins."""
    items: dict[str, list[Item]] = {layer: [] for layer in LAYERS}
    for point in found:
        items[point.layer].append(next(option.item for option in point.options if option.item is not None))
    return renumbered(build_gold(like, items))


def resolve(
    like: Gold, found: Iterable[Point], decisions: Iterable[Decision], provenance: Provenance | None = None
) -> tuple[Gold, list[Problem]]:
    """Agreed points and decisions → gold on the text of `like`; an open point without decision is a problem, and left out.

    A link that leads to a reading that was not chosen follows to what was chosen in its place.
    """
    by_key = {decision.point.key: decision for decision in decisions if decision.point.document == like.id}
    items: dict[str, list[Item]] = {layer: [] for layer in LAYERS}
    moved: dict[str, dict[str, Item]] = {layer: {} for layer in LAYERS}
    problems = []
    for point in found:
        decision = by_key.pop(point.key, None)
        if decision is None and point.open:
            where = Where(document=like.id, field=f"{point.layer} at {point.start}")
            problems.append(Problem(where, "undecided", f"open: {describe(point)}", "Decide it, with a rule and a reason."))
            continue
        chosen = decision.chosen if decision is not None else point.options[0].item
        if chosen is not None:
            items[point.layer].append(chosen)
            for option in point.options:
                if option.item is not None:
                    moved[point.layer][compact(main_span(option.item))] = main_span(chosen)
    for decision in by_key.values():
        if decision.point.options:
            where = Where(document=like.id, field=f"{decision.point.layer} at {decision.point.start}")
            problems.append(
                Problem(where, "stale-decision", "a decision on what no reading says", "Remove it, or restore the readings.")
            )
        elif decision.chosen is not None:
            items[decision.point.layer].append(decision.chosen)
    for layer, link in LINKS.items():
        items[layer] = [{**item, link: _followed(item[link], moved[layer])} for item in items[layer]]
    return replace(renumbered(build_gold(like, items)), provenance=provenance), problems


def _followed(link: Item | None, moved: Mapping[str, Item]) -> Item | None:
    return None if link is None else moved.get(compact(link), link)


def describe(point: Point, text: str | None = None) -> str:
    """A point in one line, for people: who says what."""
    said = " | ".join(f"{', '.join(option.by)}: {shown(option.item, text, point)}" for option in point.options)
    return f"{point.layer} {said}"


def shown(item: Item | None, text: str | None, point: Point) -> str:
    if item is None:
        return "—"
    others = [option.item for option in point.options if option.item is not None and option.item is not item]
    names = dict.fromkeys(name for one in (item, *others) for name in one if name not in ("start", "end", "cue", "type", "kind"))
    fields = [n for n in names if any(o.get(n) != item.get(n) for o in others)]
    places = " … ".join(_cut(s, text) for s in (item.get("cue") or [main_span(item)]))
    kind = item.get("type") or item.get("kind") or ""
    return f"{places} {kind} " + " ".join(f"{n}={_value(item.get(n), text)}" for n in fields)


def _cut(span: Mapping[str, int], text: str | None) -> str:
    place = f"{span['start']}-{span['end']}"
    return f"«{text[span['start'] : span['end']]}» {place}" if text else place


def _value(value: Any, text: str | None) -> str:
    if isinstance(value, list):
        return "[" + " … ".join(_cut(s, text) for s in value) + "]"
    if isinstance(value, dict):
        return _cut(value, text)
    return compact(value) if isinstance(value, float) else str(value)


def read_decisions(path: str | os.PathLike[str]) -> tuple[list[Decision], list[Problem]]:
    """All decisions of a file, and the lines that are none. A file that is not there holds none."""
    decisions, problems = [], []
    lines = Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
    for number, line in enumerate(lines, 1):
        try:
            decisions.append(Decision.from_dict(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            where = Where(str(path), number)
            problems.append(Problem(where, "not-a-decision", f"not a decision: {error!s:.100}", "Restore the line."))
    return decisions, problems


def write_decisions(path: str | os.PathLike[str], decisions: Iterable[Decision]) -> None:
    """One decision a line, by document and place; a later decision on a point takes the place of an earlier one. Atomic."""
    latest = {(d.point.key, compact(d.chosen) if not d.point.options else ""): d for d in decisions}
    rows = sorted(
        (d.to_dict() for d in latest.values()), key=lambda r: (r["document"], LAYERS.index(r["layer"]), r["spans"], compact(r))
    )
    write_text(path, "".join(compact(row) + "\n" for row in rows))


def changelog(decisions: Iterable[Decision], before: str = "gold") -> list[str]:
    """One line for every decision that changed the gold: document, what it was and became, rule and reason."""
    lines = []
    for decision in decisions:
        old = next((o.item for o in decision.point.options if before in o.by), None)
        if old != decision.chosen:
            changed = Point(
                decision.point.document, decision.point.layer, (Option(("was",), old), Option(("is",), decision.chosen))
            )
            lines.append(f"{decision.point.document}: {describe(changed)} ({decision.rule}: {decision.reason})")
    return lines
