"""The results of one annotation → regions with their fields, and the relations between them; what does not fit is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from volgens.model.documents import Span
from volgens.model.problem import Problem, Where
from volgens.readers.label_studio.form import (
    CONTROL,
    FIELDS,
    LABELS,
    NAMES,
    NOTES,
    RELATIONS,
    VERDICT,
    Field,
    Json,
    Relation,
    last_word,
    parse_number,
)
from volgens.readers.label_studio.shape import is_result
from volgens.readers.label_studio.writing import WRITING


@dataclass(slots=True)
class Region:
    """A labelled stretch of text. `fields` holds the values of its controls, numbers parsed, flags True."""

    id: str
    label: str
    span: Span
    fields: dict[str, Any] = field(default_factory=dict)
    last_word: Span | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A relation, from `start` to `end` as the form has it (`RELATIONS`), whichever way round it was drawn."""

    name: str
    start: Region
    end: Region


class Sheet:
    """One annotation as it is read. `regions` are those that are whole, `links` those between whole regions.

    `text` may be None (a stripped export): then spans are checked against `length` and `segments` only.
    """

    def __init__(self, results: Iterable[object], text: str | None, length: int, segments: Iterable[Span], where: Where) -> None:
        self.text, self.length, self.segments, self.where = text, length, tuple(segments), where
        self.problems: list[Problem] = []
        self.regions: dict[str, Region] = {}
        self.broken: set[str] = set()
        self.suspect: set[str] = set()
        whole: list[Json] = [r for r in results if self._is_result(r)]  # type: ignore[misc]
        self.notes = tuple(line for r in whole if r.get("from_name") in (NOTES, VERDICT) for line in _lines(r["value"]))
        whole = [r for r in whole if r.get("from_name") not in (NOTES, VERDICT)]
        self._read_regions(whole)
        self._read_fields(whole)
        self.links = [link for r in whole if r.get("type") == "relation" and (link := self._link(r)) is not None]
        self._check_loose()

    def report(self, region: Region | str | None, rule: str, message: str, hint: str) -> None:
        """Record a problem at a region, named as an annotator finds it."""
        if isinstance(region, Region):
            region = f"region {region.id} ({region.label} {region.span.start}-{region.span.end})"
        elif region is not None:
            region = f"region {region}"
        place = ", ".join(x for x in (self.where.field, region) if x)
        self.problems.append(Problem(self.where._replace(field=place), rule, message, hint))

    def _is_result(self, result: object) -> bool:
        if not is_result(result):
            self.report(
                None, "not-a-result", f"{str(result)[:60]} is no result of this form", "Push the document again and redo it."
            )
            return False
        return True

    def _read_regions(self, results: list[Json]) -> None:
        for result in results:
            if result.get("type") == "relation" or result["from_name"] != CONTROL:
                continue
            name, value = str(result["id"]), result["value"]
            if name in self.regions or name in self.broken:
                self.report(name, "two-labels", "the region is labelled twice", "Delete it and draw one region for each label.")
                self._break(name)
                continue
            region = self._region(name, value)
            if region is None:
                self.broken.add(name)
            else:
                self.regions[name] = region
        self._check_twins()

    def _break(self, name: str) -> None:
        self.regions.pop(name, None)
        self.broken.add(name)

    def _region(self, name: str, value: Json) -> Region | None:
        given = value.get("labels") or []
        labels = [given] if isinstance(given, str) else given
        place = f"{name} ({value.get('start')}-{value.get('end')})"
        if len(labels) != 1:
            rule, found = ("two-labels", " and ".join(map(str, labels))) if labels else ("no-label", "no label")
            self.report(place, rule, f"the region has {found}", "Give it one label; draw a second region for a second one.")
            return None
        if labels[0] not in LABELS:
            self.report(place, "unknown-label", f"{labels[0]!r} is no label of the scheme", f"Use one of {', '.join(LABELS)}.")
            return None
        span = self._span(place, value)
        if span is None:
            return None
        region = Region(name, labels[0], span)
        self._check_span(region)
        if region.label == "COUNTED":
            start = value.get("last_word")
            known = Span(start, span.end) if type(start) is int and span.start <= start < span.end else None
            region.last_word = last_word(self.text, span) if self.text is not None else known
        return region

    def _span(self, place: str, value: Json) -> Span | None:
        start, end = value.get("start"), value.get("end")
        if type(start) is not int or type(end) is not int:
            self.report(place, "no-offsets", "start and end are not whole numbers", "Delete the region and draw it again.")
            return None
        if not 0 <= start < end <= self.length:
            message = f"{start}-{end} is no stretch of the {self.length} characters of the text"
            self.report(place, "outside-text", message, "Delete the region and draw it again.")
            return None
        return Span(start, end)

    def _check_span(self, region: Region) -> None:
        if self.segments and not any(segment.covers(region.span) for segment in self.segments):
            self.report(
                region, "crosses-segment", "the region lies in no single paragraph", "Draw one region for each paragraph."
            )
        if self.text is not None and (cut := region.span.cut(self.text)) != cut.strip():
            self.report(
                region, "untrimmed", "the region begins or ends with white space", "Draw it from the first to the last letter."
            )

    def _check_twins(self) -> None:
        """A name or a figure once on one stretch; CUE regions may coincide (two attributions by one verb)."""
        seen: dict[tuple[str, Span], Region] = {}
        for region in self.regions.values():
            first = seen.setdefault((region.label, region.span), region)
            if first is not region and region.label in (*NAMES, "FIGURE"):
                self.report(
                    region, "same-region-twice", f"region {first.id} has the same label and place", "Delete one of the two."
                )

    def _read_fields(self, results: list[Json]) -> None:
        for result in results:
            if result.get("type") == "relation" or result["from_name"] == CONTROL:
                continue
            name, control = str(result["id"]), result["from_name"]
            if name in self.broken:
                continue
            region, described = self.regions.get(name), FIELDS.get(control)
            if region is None:
                message = f"{control} is filled on a region without a label"
                self.report(name, "no-label", message, "Give the region a label, or delete it.")
            elif described is None:
                message = f"the form has no field {control!r}"
                self.report(
                    region, "unknown-field", message, "Restore the project's labelling configuration, then fill it again."
                )
            elif region.label not in described.labels:
                message = f"{control} is filled on {region.label}"
                self.report(
                    region, "field-not-of-label", message, f"It belongs to {', '.join(described.labels)}: change the label."
                )
            elif control in region.fields:
                self.report(region, "field-twice", f"{control} is filled twice", "Keep one value.")
            else:
                self._fill(region, described, result["value"])
        for region in self.regions.values():
            region.fields = {name: value for name, value in region.fields.items() if value is not None}

    def _fill(self, region: Region, described: Field, value: Json) -> None:
        given = value.get("choices" if described.type == "choices" else "text")
        given = [given] if isinstance(given, str) else given
        if not isinstance(given, list) or len(given) != 1 or not isinstance(given[0], str):
            message = f"{described.name} holds {'no value' if not given else 'more than one value or no text'}"
            self.report(region, "one-value", message, "Give it one value, or delete it.")
            return
        written = given[0].strip()
        region.fields[described.name] = None
        if not written:
            self.report(region, "emptied-value", f"{described.name} was emptied", "Write the value, or delete the empty line.")
        elif described.type == "choices":
            if written not in described.values:
                message = f"{described.name} has no choice {written!r}"
                self.report(region, "unknown-choice", message, f"Choose {', '.join(described.values)}.")
            else:
                region.fields[described.name] = True if described.kind == "flag" else written
        else:
            region.fields[described.name] = self._text(region, described, written)

    def _text(self, region: Region, described: Field, written: str) -> float | str | None:
        wrong = WRITING[described.kind](written)
        if wrong:
            self.report(region, f"not-a-{described.kind}", f"{described.name} is {written[:40]!r}", wrong)
            return None
        return parse_number(written) if described.kind == "number" else written

    def is_anchor(self, region: Region) -> bool:
        """Does a CONTENT stand for a quotation without a cue? It has fields of its own, or something hangs on it."""
        hangs = any(link.start is region and link.name != "parent" for link in self.links)
        return region.label == "CONTENT" and (bool(region.fields) or hangs)

    def _link(self, result: Json) -> Link | None:
        ends = [str(result.get("from_id")), str(result.get("to_id"))]
        if any(name in self.broken for name in ends):
            self.suspect.update(ends)
            return None
        missing = [name for name in ends if name not in self.regions]
        if missing:
            self.suspect.update(ends)
            message = f"a relation points at {' and '.join(missing)}, which does not exist"
            self.report(None, "missing-region", message, "Push the document again: the editor cannot open this annotation.")
            return None
        start, end = (self.regions[name] for name in (ends if result.get("direction") != "left" else ends[::-1]))
        relation = self._relation(start, end, [str(x) for x in result.get("labels") or []])
        if relation is None:
            self.suspect.update(ends)
            return None
        # Of two CONTENT regions the anchor is the one with the fields, whichever way the relation was drawn.
        back = relation.name == "content" and start.label == end.label and bool(end.fields) and not start.fields
        if relation.start != start.label or back:
            start, end = end, start
        return Link(relation.name, start, end)

    def _relation(self, start: Region, end: Region, names: list[str]) -> Relation | None:
        fitting = [r for r in RELATIONS if (r.start, r.end) == (start.label, end.label)]
        turned = [r for r in RELATIONS if (r.end, r.start) == (start.label, end.label)]
        fitting += [r for r in turned if r.name not in [f.name for f in fitting]]
        between = f"{start.label} {start.span.start}-{start.span.end} and {end.label} {end.span.start}-{end.span.end}"
        if start is end or not fitting:
            self.report(start, "no-such-relation", f"nothing relates {between}", self._meant(start, end))
        elif len(names) > 1:
            self.report(start, "one-relation-label", f"the relation of {between} is {' and '.join(names)}", "Keep one of them.")
        elif not names and len(fitting) > 1 and (start.label, end.label) == ("CUE", "CUE"):
            choices = " or ".join(r.name for r in fitting)
            self.report(start, "unnamed-relation", f"the relation of {between} has no name", f"Choose {choices}.")
        elif names and names[0] not in [r.name for r in fitting]:
            choices = " or ".join(r.name for r in fitting)
            message = f"{names[0]!r} does not relate {between}"
            self.report(start, "no-such-relation", message, f"Choose {choices}, or delete the relation.")
        else:
            wanted = names[0] if names else "content" if len(fitting) > 1 else fitting[0].name
            return next(r for r in fitting if r.name == wanted)
        return None

    def _meant(self, start: Region, end: Region) -> str:
        """The hint of a relation that there is not: which region at the same place it should have met, where there is one."""
        for hit, kept in ((end, start), (start, end)):
            for other in self.regions.values():
                ends = {(kept.label, other.label), (other.label, kept.label)}
                if other.span == hit.span and other not in (hit, kept) and any((r.start, r.end) in ends for r in RELATIONS):
                    place = f"{other.label} {other.span.start}-{other.span.end}"
                    drawn = "which lies at the same place: delete the relation and draw it to that one"
                    return f"You meant {place}, {drawn}; the list Regions has both."
        return "Delete the relation, or change a label."

    def _check_loose(self) -> None:
        """A piece that nothing owns, unless a relation that was meant to say so is already reported."""
        owned = {link.end.id for link in self.links if link.name != "parent"} | self.suspect
        for region in self.regions.values():
            if region.label in OWNER and region.id not in owned and not self.is_anchor(region):
                more = " fill its fields if it is a quotation without a cue," if region.label == "CONTENT" else ""
                hint = f"Draw a relation from its {OWNER[region.label]} to it,{more} or delete it."
                self.report(region, "loose-region", f"{region.label} belongs to nothing", hint)
        for link, times in Counter((x.name, x.start.id, x.end.id) for x in self.links).items():
            if times > 1:
                self.report(
                    self.regions[link[1]], "relation-twice", f"{link[0]} to {link[2]} is drawn twice", "Delete one of the two."
                )


def _lines(value: Json) -> list[str]:
    """What was written in a text field, line by line, or chosen."""
    given = value.get("text") or value.get("choices") or []
    texts = [given] if isinstance(given, str) else given
    return [line.strip() for text in texts for line in str(text).splitlines() if line.strip()]


OWNER = {r.end: r.start for r in reversed(RELATIONS) if r.name != "parent" and r.start != r.end}
"""Label of a piece → that of what it usually belongs to."""
