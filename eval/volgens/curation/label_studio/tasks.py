"""Documents and what is annotated on them → Label Studio tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from volgens.model.documents import Attribution, Document, Entity, Figure, Span
from volgens.model.gold import Gold, renumbered
from volgens.readers.label_studio.form import CONTROL, FIELDS, OBJECT, UNITLESS, Json, format_number, last_word


def to_tasks(
    documents: Iterable[Document],
    *,
    as_: Literal["predictions", "annotations"] | None = "predictions",
    model_version: str = "gold",
    annotator: int | str | None = None,
) -> list[Json]:
    """One task a document, with its items as a pre-annotation, as a submitted annotation by `annotator`, or (None) without.

    Whatever an item lacks (predictions may) stays empty for the annotator. Raises ValueError for a document without text.
    """
    tasks = []
    for document in documents:
        task: Json = {"data": to_data(document)}
        if as_ == "predictions":
            task["predictions"] = [{"model_version": model_version, "result": to_results(document)}]
        elif as_ == "annotations":
            # Without the explicit False an imported annotation becomes ground truth.
            task["annotations"] = [{"result": to_results(document), "ground_truth": False, "was_cancelled": False}]
            if annotator is not None:
                task["annotations"][0]["completed_by"] = annotator
        tasks.append(task)
    return tasks


def to_data(document: Document) -> Json:
    """What a task shows and what later proves that it is still the same document."""
    if document.text is None:
        raise ValueError(f"{document.id} has no text: restore it from its page before it goes to annotators")
    segments = [{"kind": s.kind, "start": s.start, "end": s.end, "sha256": s.sha256} for s in document.segments]
    return {
        "doc_id": document.id,
        "page": document.page,
        "config": document.config,
        "length": document.length,
        "sha256": document.sha256,
        "segments": segments,
        "text": document.text,
    }


def to_results(document: Document) -> list[Json]:
    """The regions, fields and relations of a document, in Label Studio's form; main regions are called e1…, f1…, a1…"""
    gold = renumbered(Gold.of(document))
    sheet = _Sheet(document.text or "")
    for entity in gold.entities:
        sheet.entity(entity)
    for figure in gold.figures:
        sheet.figure(figure)
    for attribution in gold.attributions:
        sheet.attribution(attribution)
    for figure in gold.figures:
        if figure.part_of is not None:
            sheet.relate("part_of", figure.id, figure.part_of)
    for attribution in gold.attributions:
        if attribution.parent is not None:
            sheet.relate("parent", attribution.id, attribution.parent)
    return [*sheet.regions.values(), *sheet.fields, *sheet.relations]


class _Sheet:
    """The results of one document as they grow. A figure's or attribution's main region has the item's own id."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.regions: dict[str, Json] = {}
        self.fields: list[Json] = []
        self.relations: list[Json] = []

    def entity(self, e: Entity) -> None:
        self.region(e.id, e.type, e.span)
        self.fill(e.id, e.type, e)

    def figure(self, f: Figure) -> None:
        self.region(f.id, "FIGURE", f.span)
        self.fill(f.id, "FIGURE", f)
        if f.counted is None:
            return
        drawn = f.head is not None and f.head != last_word(self.text, f.counted)
        counted = self.shared("COUNTED", f.counted, f.head if drawn else None)
        self.relate("counts", f.id, counted)
        if drawn and f.head is not None:
            self.relate("head", counted, self.shared("HEAD", f.head))

    def attribution(self, a: Attribution) -> None:
        anchor = "CUE" if a.cue else "CONTENT" if a.content else None
        if anchor is not None:
            self.region(a.id, anchor, (a.cue or a.content)[0])
            self.fill(a.id, anchor, a)
        for n, piece in enumerate(a.cue[1:], 2):
            self.region(f"{a.id}-cue{n}", "CUE", piece)
            self.relate("cue", a.id, f"{a.id}-cue{n}")
        further = a.content if a.cue else a.content[1:]
        for part, spans in (("source", a.source), ("content", further), ("antecedent", a.antecedent)):
            for span in spans:
                region = self.shared(part.upper(), span)
                if anchor is not None:
                    self.relate(part, a.id, region)

    def region(self, name: str, label: str, span: Span) -> None:
        self.regions[name] = self._result(name, CONTROL, "labels", span, labels=[label])

    def shared(self, label: str, span: Span, head: Span | None = None) -> str:
        """One region for one stretch of text, however many items need it."""
        name = "-".join(str(x) for x in (label.lower(), *span, *(head or ())))
        if name not in self.regions:
            self.region(name, label, span)
        return name

    def fill(self, name: str, label: str, item: Entity | Figure | Attribution) -> None:
        span = Span(*(self.regions[name]["value"][edge] for edge in ("start", "end")))
        for field in FIELDS.values():
            given = getattr(item, field.attribute) if label in field.labels else None
            if given is None or given is False:
                continue
            if field.name == "unit" and given == "1" and isinstance(item, Figure) and item.kind in UNITLESS:
                continue
            if field.type == "choices":
                chosen = field.values[0] if field.kind == "flag" else given
                self.fields.append(self._result(name, field.name, "choices", span, choices=[chosen]))
            else:
                written = format_number(given) if field.kind == "number" else given
                self.fields.append(self._result(name, field.name, "textarea", span, text=[written]))

    def relate(self, name: str, start: str, end: str) -> None:
        relation = {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": [name]}
        if relation not in self.relations:
            self.relations.append(relation)

    def _result(self, region: str, control: str, kind: str, span: Span, **value: Any) -> Json:
        place = {"start": span.start, "end": span.end, "text": span.cut(self.text)}
        return {"id": region, "from_name": control, "to_name": OBJECT, "type": kind, "value": place | value}
