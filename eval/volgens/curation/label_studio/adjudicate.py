"""Open points as Label Studio tasks that show every reading, and what an adjudicator submitted → decisions.

Serves two ends: annotators' readings against one another, and a model's predictions against the gold (refining by disagreement).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any
from xml.etree import ElementTree

from volgens.curation.adjudication import Decision, Point, describe, points, union
from volgens.curation.corrections import GOLD
from volgens.curation.deciding import decide
from volgens.curation.label_studio.check import check
from volgens.curation.label_studio.tasks import to_data, to_results
from volgens.curation.pairing import LINKS, Pairs, pair
from volgens.model.documents import LAYERS, Document
from volgens.model.gold import Gold
from volgens.model.problem import Problem
from volgens.readers.label_studio.export import Reading
from volgens.readers.label_studio.form import CHANGED, NOTES, OBJECT, STAYS, VERDICT, Json
from volgens.scoring.tables import ITEMS

START = "start"
"""The pre-annotation that an adjudicator begins with; the others are called after their readers."""

Readings = Mapping[str, Mapping[str, Gold]]
"""document id → reader → what they read"""


def by_document(readings: Iterable[Reading]) -> dict[str, dict[str, Gold]]:
    """What was submitted, as `Readings`."""
    found: dict[str, dict[str, Gold]] = defaultdict(dict)
    for reading in readings:
        if reading.status == "submitted":
            found[reading.gold.id][reading.annotator] = reading.gold
    return dict(found)


def open_tasks(
    documents: Iterable[Document], readings: Readings, start: str | None = None, kept: Collection[str] = ()
) -> list[Json]:
    """A task for each document with open points, most of them first. It begins with the reading of `start`, or with all.

    A document whose open points were all looked at before (`kept`: their keys) is left out.
    """
    tasks = []
    for document in documents:
        given = readings.get(document.id, {})
        found = points(given) if len(given) > 1 else []
        disputed = [point for point in found if point.open and point.key not in kept]
        if disputed:
            tasks.append((-len(disputed), document.id, _task(document, given, found, start)))
    return [task for _, _, task in sorted(tasks, key=lambda t: t[:2])]


def _task(document: Document, given: Mapping[str, Gold], found: Sequence[Point], start: str | None) -> Json:
    begin = given[start] if start is not None else union(Gold.of(document), found)
    lines = [f"{n}. {describe(p, document.text)}" for n, p in enumerate((p for p in found if p.open), 1)]
    shown = {START: begin, **given}
    predictions = [{"model_version": name, "result": to_results(gold.on(document))} for name, gold in shown.items()]
    data = to_data(document) | {"open": "\n".join(lines), "readings": {name: gold.to_dict() for name, gold in given.items()}}
    return {"data": data, "predictions": predictions}


def adjudication_config(config: str, gold: bool = False) -> str:
    """The labelling configuration with the open points above the text, and fields for the decisions' rules and reasons.

    With `gold` the adjudicator begins with the gold, and what stays as it is is decided by one key.
    """
    root = ElementTree.fromstring(config)
    parents = {child: parent for parent in root.iter() for child in parent}
    home = parents[next(tag for tag in root.iter("Text") if tag.get("name") == OBJECT)]
    open_points = ElementTree.Element("View", className="volgens-open")
    ElementTree.SubElement(open_points, "Header", value="Open punten", size="5")
    ElementTree.SubElement(open_points, "Text", name="open", value="$open")
    if gold:
        head = "Wat je niet verandert, blijft zoals de gold: één toets voor alles"
        ElementTree.SubElement(open_points, "Header", value=head, size="6")
        choices = ElementTree.SubElement(open_points, "Choices", name=VERDICT, toName=OBJECT, choice="single", showInline="true")
        for alias, value, key in VERDICTS:
            ElementTree.SubElement(choices, "Choice", alias=alias, value=value, hotkey=key)
    head = "Waarom, voor wat je verandert: REGEL reden (of: nummer: REGEL reden; + voor wat geen open punt is). Enter legt vast"
    ElementTree.SubElement(open_points, "Header", value=head if gold else HEAD, size="6")
    notes = {"name": NOTES, "toName": OBJECT, "rows": "1", "editable": "true", "placeholder": "nummer: REGEL reden, en Enter"}
    ElementTree.SubElement(open_points, "TextArea", notes)
    ElementTree.SubElement(open_points, "Header", value=KEYS, size="6")
    home.insert(0, open_points)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode")


VERDICTS = (
    (STAYS, "blijft · alles wat ik niet verander", "shift+s"),
    (CHANGED, "veranderd · met de regel en reden hieronder", "shift+v"),
)
HEAD = "Besluiten, één per open punt: nummer: REGEL reden (zonder nummer: voor alle andere; + voor wat je verder verandert)"
KEYS = "Klaar: Ctrl+Enter; eerst Tab als je nog in het veld staat. Wat niet is ingediend, blijft na 5 tellen als concept bewaard."


def disagreements(
    documents: Sequence[Document], rows: Iterable[Mapping[str, Any]], name: str, kept: Collection[str] = ()
) -> list[Json]:
    """A task for each document where predictions and gold disagree, worst first; it begins with the gold."""
    golds = [Gold.of(document) for document in documents]
    predicted = {gold.id: gold for gold in filled(golds, rows)}
    shown = {g.id: {GOLD: g, name: predicted[g.id]} for g in golds if g.id in predicted}
    return open_tasks(documents, shown, GOLD, kept)


def predicted_documents(documents: Iterable[Document], rows: Iterable[Mapping[str, Any]]) -> list[Document]:
    """The documents of which a row tells something, with that on them instead of any gold: what an annotator begins with."""
    by_id = {row["id"]: row for row in rows}
    return [_read(Gold.of(d), by_id[d.id]).on(d) for d in documents if d.id in by_id]


def shown_readings(tasks: Iterable[Json]) -> dict[str, dict[str, Gold]]:
    """document → reader → the reading that its task showed to the adjudicator."""
    return {
        task["data"]["doc_id"]: {name: Gold.from_dict(row) for name, row in task["data"]["readings"].items()}
        for task in tasks
        if "readings" in task.get("data", {})
    }


def decisions(
    tasks: Iterable[Json], date: str, file: str | None = None, link: Callable[[int], str] | None = None
) -> tuple[list[Decision], dict[str, Gold], list[Problem]]:
    """The decisions of an adjudication project's export, the annotations they were read from, and the problems of both."""
    tasks = list(tasks)
    checked = check(tasks, file=file, link=link)
    problems = list(checked.problems)
    shown = shown_readings(tasks)
    found: list[Decision] = []
    finals: dict[str, Gold] = {}
    for reading in checked.good:
        name = reading.gold.id
        if name not in shown:
            problems.append(Problem(reading.place, "no-readings", "the task shows no readings", "Push the open points again."))
            continue
        start = GOLD if GOLD in shown[name] else None
        decided, wrong = decide(points(shown[name]), reading.gold, reading.notes, reading.annotator, date, file, start)
        finals[name] = reading.gold
        found += decided
        problems += [p._replace(where=reading.place) for p in wrong]
    return found, finals, problems


def filled(golds: Sequence[Gold], rows: Iterable[Mapping[str, Any]]) -> list[Gold]:
    """Predictions (rows of a predictions file, with offsets) in the gold's form, to be compared with it.

    What no row of the file gives, a layer or a field, is taken from the gold's partner, or a model without refs would disagree on
    every name. Raises ValueError where an item has no place.
    """
    by_id = {row["id"]: row for row in rows}
    known = [gold for gold in golds if gold.id in by_id]
    read = [_read(gold, by_id[gold.id]) for gold in known]
    attempted = {layer: any(row.get(layer) is not None for row in by_id.values()) for layer in LAYERS}
    absent = {layer: _absent([item for gold in read for item in getattr(gold, layer)]) for layer in LAYERS}
    pairs = pair(known, read)
    complete = []
    for gold, found in zip(known, read, strict=True):
        layers: dict[str, Any] = {}
        for layer in LAYERS:
            whole = _complete(gold, found, layer, pairs[gold.id][layer], absent[layer])
            layers[layer] = whole if attempted[layer] else getattr(gold, layer)
        complete.append(replace(found, **layers))
    return complete


def _read(gold: Gold, row: Mapping[str, Any]) -> Gold:
    layers = {layer: [_item(item, layer, n) for n, item in enumerate(row.get(layer) or (), 1)] for layer in LAYERS}
    return Gold.from_dict({"id": gold.id, "length": gold.length, "sha256": gold.sha256, **layers})


def _item(given: Mapping[str, Any], layer: str, number: int) -> dict[str, Any]:
    item = {name: _place(given.get(name)) for name in ITEMS[layer]}
    if any(item[edge] is None for edge in ("start", "end") if edge in item):
        raise ValueError(f"item {number} of {layer} has no offsets: locate it first")
    return item | {"id": given.get("id") or f"{layer[0]}{number}"}


def _place(value: Any) -> Any:
    """A span without the text that a prediction may repeat, an absent list as an empty one."""
    if isinstance(value, list):
        return [_place(part) for part in value]
    return {"start": value["start"], "end": value["end"]} if isinstance(value, dict) else value


def _absent(items: Sequence[Any]) -> set[str]:
    """Fields that no item has."""
    names = {field.name for item in items for field in fields(item)} - {"id"}
    return {name for name in names if all(getattr(item, name) in (None, ()) for item in items)}


def _complete(gold: Gold, found: Gold, layer: str, pairs: Pairs, absent: set[str]) -> tuple[Any, ...]:
    """The layer of `found` with the absent fields of each item's partner; a link leads to the partner of what it leads to."""
    theirs, ours = getattr(gold, layer), getattr(found, layer)
    partner = {b: theirs[a] for a, b in pairs if a is not None and b is not None}
    names = {item.id: ours[b].id for b, item in partner.items()}
    whole = []
    for n, item in enumerate(ours):
        taken = {name: getattr(partner[n], name) for name in absent} if n in partner else {}
        taken |= {name: names.get(value) for name, value in taken.items() if name == LINKS.get(layer)}
        whole.append(replace(item, **taken))
    return tuple(whole)
