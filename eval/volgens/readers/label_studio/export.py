"""A Label Studio JSON export → one reading per annotation, and every problem that stands in the way of gold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from volgens.model.documents import Attribution, Entity, Figure, Span
from volgens.model.gold import Gold, new_ids, renumbered
from volgens.model.problem import Problem, Where
from volgens.readers.label_studio.form import FIELDS, NAMES, UNITLESS, Json
from volgens.readers.label_studio.regions import Region, Sheet
from volgens.readers.label_studio.shape import LAYERS, is_annotation, is_task

Status = Literal["submitted", "draft", "skipped", "prediction"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one annotator (or model) said of one document.

    `regions` names the region that each item came from, `place` the annotation, `problems` what of it is not in `gold`, and
    `notes` the lines written about the document as a whole.
    """

    gold: Gold
    annotator: str
    status: Status
    task: int | None = None
    annotation: int | None = None
    notes: tuple[str, ...] = ()
    regions: Mapping[str, str] = field(default_factory=dict, compare=False)
    place: Where = field(default=Where(), compare=False)
    problems: tuple[Problem, ...] = field(default=(), compare=False)


class Export(NamedTuple):
    readings: list[Reading]
    problems: list[Problem]


def from_export(tasks: Iterable[Any], *, file: str | None = None, link: Callable[[int], str] | None = None) -> Export:
    """Every annotation, draft and prediction of the tasks as a reading, sorted by document, annotator and status.

    A region, field or relation that does not fit the form is a problem and is in no reading; a task whose text is not the one
    that was pushed gives a problem and no readings. So gold may be written where there are no problems, and only there. The
    export's problems are those of tasks and of submitted annotations; drafts, skipped ones and predictions keep their own.
    Problems name `file`, or the address that `link` gives for the number of their task.
    """
    readings, problems = [], []
    for task in tasks:
        found = _read_task(task, file, link)
        readings += found.readings
        problems += found.problems
    readings.sort(key=lambda r: (r.gold.id, r.annotator, r.status, r.task or 0, r.annotation or 0))
    return Export(readings, problems + list(_twice(readings)))


def _twice(readings: list[Reading]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        if reading.status == "submitted":
            first = seen.setdefault((reading.gold.id, reading.annotator), reading)
            if first is not reading:
                message = f"{reading.annotator} also submitted annotation {first.annotation} of task {first.task}"
                yield Problem(reading.place, "submitted-twice", message, "Delete one of the two.")


def _read_task(task: Any, file: str | None, link: Callable[[int], str] | None) -> Export:
    if not is_task(task):
        hint = "Export the project that was pushed from here, as JSON."
        return Export([], [Problem(Where(file), "not-our-task", f"no task of ours: {str(task)[:60]}", hint)])
    data, number = task["data"], task.get("id")
    place = f"task {number}" if number is not None else None
    where = Where(link(number) if link is not None and number is not None else file, None, data["doc_id"], place)
    text = data.get("text")
    if text is not None and (len(text), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()) != (
        data["length"],
        data["sha256"],
    ):
        message = "the text of the task is not the one that was pushed: its offsets mean nothing"
        return Export([], [Problem(where, "text-changed", message, "Delete the task, push the document again and redo it.")])
    readings: list[Reading] = []
    problems: list[Problem] = []
    problems += _shapeless(task, where)
    for given, annotator, status, results in _annotations(task):
        label = f"annotation {given}" if given is not None else status
        here = where._replace(field=", ".join(x for x in (where.field, f"{label} ({annotator})") if x))
        sheet = Sheet(results, text, data["length"], _segments(data), here)
        gold, regions = _gold(sheet, data)
        found = tuple(sheet.problems)
        readings.append(Reading(gold, annotator, status, number, given, sheet.notes, regions, here, found))
        problems += found if status == "submitted" else ()
    return Export(readings, problems)


def _segments(data: Json) -> list[Span]:
    return [Span(s["start"], s["end"]) for s in data.get("segments") or ()]


def _annotations(task: Json) -> Iterator[tuple[int | None, str, Status, list[object]]]:
    """id, annotator, status and results of whatever lies on a task; drafts and predictions only where they are given whole."""
    for given in _whole_ones(task, "annotations"):
        status: Status = "skipped" if given.get("was_cancelled") else "submitted"
        yield given.get("id"), who(given.get("completed_by")), status, given.get("result") or []
    for given in _whole_ones(task, "drafts"):
        yield given.get("id"), who(given.get("user", given.get("completed_by"))), "draft", given.get("result") or []
    for given in _whole_ones(task, "predictions"):
        yield given.get("id"), given.get("model_version") or "model", "prediction", given.get("result") or []


def _whole_ones(task: Json, layer: str) -> list[Json]:
    given = task.get(layer)
    return [one for one in given if is_annotation(one)] if isinstance(given, list) else []


def _shapeless(task: Json, where: Where) -> Iterator[Problem]:
    """What is no annotation at all. An export may name drafts and predictions by number only."""
    for layer in LAYERS:
        given = task.get(layer) or []
        for one in given if isinstance(given, list) else [given]:
            if not is_annotation(one) and (layer == "annotations" or type(one) is not int):
                message = f"{str(one)[:60]} is none of its {layer}"
                yield Problem(where, "not-an-annotation", message, "Export the project again, as JSON.")


def who(user: object) -> str:
    """A user as Label Studio gives it, a number, an e-mail address or a record with one → a name without the address's domain."""
    if isinstance(user, dict):
        user = user.get("email") or user.get("username") or user.get("id")
    return str(user if user is not None else "unknown").split("@")[0]


def _gold(sheet: Sheet, data: Json) -> tuple[Gold, dict[str, str]]:
    """The items of an annotation, numbered in text order, and the main region of each."""
    entities, figures, attributions = tuple(_entities(sheet)), tuple(_figures(sheet)), tuple(_attributions(sheet))
    # An item that could not be read is reported where it stands; what pointed at it then points nowhere.
    whole, outer = {f.id for f in figures}, {a.id for a in attributions}
    gold = Gold(
        data["doc_id"],
        data["length"],
        data["sha256"],
        entities,
        tuple(replace(f, part_of=f.part_of if f.part_of in whole else None) for f in figures),
        tuple(replace(a, parent=a.parent if a.parent in outer else None) for a in attributions),
    )
    return renumbered(gold), {new: old for layer in new_ids(gold).values() for old, new in layer.items()}


def _filled(sheet: Sheet, region: Region) -> dict[str, Any] | None:
    """The item's fields, or None (and a problem each) where one that is needed is empty."""
    described = [f for f in FIELDS.values() if region.label in f.labels]
    missing = [f for f in described if f.required and f.name not in region.fields]
    for f in missing:
        hint = f"Choose {', '.join(f.values)}." if f.values else "Write it in the field on the right."
        sheet.report(region, "missing-field", f"{f.name} is empty", hint)
    return None if missing else {f.attribute: region.fields[f.name] for f in described if f.name in region.fields}


def _entities(sheet: Sheet) -> Iterator[Entity]:
    for region in sheet.regions.values():
        if region.label in NAMES and (fields := _filled(sheet, region)) is not None:
            yield Entity(region.id, region.span.start, region.span.end, region.label, **fields)


def _figures(sheet: Sheet) -> Iterator[Figure]:
    for region in sheet.regions.values():
        if region.label == "FIGURE" and (fields := _filled(sheet, region)) is not None:
            if "unit" not in fields and fields["kind"] not in UNITLESS:
                sheet.report(region, "missing-field", f"unit is empty on a figure of kind {fields['kind']}", "Write its unit.")
            counted = _only(sheet, region, "counts")
            head = _only(sheet, counted, "head") if counted else None
            yield Figure(
                region.id,
                region.span.start,
                region.span.end,
                counted=counted.span if counted else None,
                head=head.span if head else counted.last_word if counted else None,
                part_of=_whole(sheet, region),
                **fields,
            )


def _only(sheet: Sheet, region: Region, name: str) -> Region | None:
    """The one region at the end of a relation; a second one is a problem."""
    ends = [link.end for link in sheet.links if link.name == name and link.start is region]
    for extra in ends[1:]:
        sheet.report(region, "one-relation", f"{name} leads to {ends[0].id} and to {extra.id}", "Keep one of the two.")
    return ends[0] if ends else None


def _whole(sheet: Sheet, region: Region) -> str | None:
    whole = _only(sheet, region, "part_of")
    if whole is None:
        return None
    part, total = _size(region), _size(whole)
    if part is not None and total is not None and part > total:
        message = f"part_of leads from {part:g} to {total:g}: the part is more than the whole"
        sheet.report(region, "wrong-way-round", message, "Turn the relation round: from the part to the whole.")
    return whole.id


def _size(region: Region) -> float | None:
    return next((region.fields[name] for name in ("value", "max", "min") if name in region.fields), None)


def _attributions(sheet: Sheet) -> Iterator[Attribution]:
    members = [*_joined_cues(sheet), *_quotations(sheet)]
    _check_parents(sheet)
    anchors = {}
    for group in members:
        anchor = _anchor(sheet, group)
        if anchor is not None:
            anchors.update({region.id: anchor for region in group})
    for group in members:
        anchor = anchors.get(group[0].id)
        fields = _filled(sheet, anchor) if anchor is not None else None
        if anchor is not None and fields is not None:
            yield Attribution(
                anchor.id,
                cue=tuple(sorted(region.span for region in group if region.label == "CUE")),
                source=_ends(sheet, group, "source"),
                content=_ends(sheet, group, "content"),
                antecedent=_ends(sheet, group, "antecedent"),
                parent=_parent(sheet, group, anchors),
                **fields,
            )


def _joined_cues(sheet: Sheet) -> list[list[Region]]:
    """CUE regions in the groups that `cue` relations join."""
    group = {r.id: [r] for r in sheet.regions.values() if r.label == "CUE"}
    for link in sheet.links:
        if link.name == "cue" and group[link.start.id] is not group[link.end.id]:
            merged = group[link.start.id] + group[link.end.id]
            group.update({region.id: merged for region in merged})
    return list({id(regions): regions for regions in group.values()}.values())


def _quotations(sheet: Sheet) -> list[list[Region]]:
    """The CONTENT regions that anchor a quotation without a cue, each a group of its own."""
    anchors = [region for region in sheet.regions.values() if sheet.is_anchor(region)]
    for link in sheet.links:
        if link.name == "content" and link.end in anchors:
            message = f"the CONTENT belongs to {link.start.id}, and has fields or pieces as if it had no cue"
            hint = "One attribution: empty its fields. Two: draw a second CONTENT region for the other one."
            sheet.report(link.end, "two-anchors", message, hint)
    return [[region] for region in anchors]


def _check_parents(sheet: Sheet) -> None:
    """A parent leads between attributions, so between their anchors."""
    for link in sheet.links:
        for end in (link.start, link.end) if link.name == "parent" else ():
            if end.label == "CONTENT" and not sheet.is_anchor(end):
                hint = "Draw parent from CUE to CUE; only a quotation without a cue has it at its CONTENT."
                sheet.report(end, "no-such-relation", "parent ends at a CONTENT that is no attribution of its own", hint)


def _anchor(sheet: Sheet, group: list[Region]) -> Region | None:
    """The one piece of a cue that carries the fields; where none does, the first."""
    filled = [region for region in group if region.fields]
    for extra in filled[1:]:
        message = f"cue joins {filled[0].id} and {extra.id}, and both have fields"
        hint = "One attribution: empty the fields of one piece. Two: delete the relation, or make it `parent`."
        sheet.report(extra, "two-anchors", message, hint)
    return None if len(filled) > 1 else (filled or sorted(group, key=lambda region: region.span))[0]


def _ends(sheet: Sheet, group: list[Region], name: str) -> tuple[Span, ...]:
    own = {region.span for region in group if region.label == name.upper()}
    return tuple(sorted(own | {link.end.span for link in sheet.links if link.name == name and link.start in group}))


def _parent(sheet: Sheet, group: list[Region], anchors: dict[str, Region]) -> str | None:
    outer = {anchors[x.end.id].id: x for x in sheet.links if x.name == "parent" and x.start in group and x.end.id in anchors}
    if len(outer) > 1:
        sheet.report(group[0], "one-relation", f"parent leads to {' and '.join(sorted(outer))}", "Keep the innermost one.")
    if not outer:
        return None
    name, link = next(iter(outer.items()))
    inner = group
    outer_group = next((g for g in _joined_cues(sheet) if link.end in g), [link.end])
    if not _stands_in(sheet, inner, outer_group) and _stands_in(sheet, outer_group, inner):
        message = "parent leads from the outer attribution to the inner one"
        sheet.report(link.start, "wrong-way-round", message, "Turn the relation round: from the inner one to the outer one.")
    return name


def _stands_in(sheet: Sheet, inner: list[Region], outer: list[Region]) -> bool:
    """Does a piece of the inner cue, or a quotation without one, stand in the outer attribution's content?"""
    return any(span.covers(piece.span) for span in _ends(sheet, outer, "content") for piece in inner)
