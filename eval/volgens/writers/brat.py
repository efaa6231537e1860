"""brat stand-off: per document a `.txt` and an `.ann`, and one `annotation.conf`. All three layers, nothing lost but the ids.

The vocabulary is that of the reader (`readers.foreign.brat_items`): fields are attributes, pieces of a part one split span.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from volgens.model.documents import Attribution, Document, Entity, Figure, Span
from volgens.model.schema import enumeration
from volgens.readers.foreign.brat_items import FIELDS, LABELS, NAME, RELATIONS, THOUSANDS

DESCRIPTION = "brat stand-off, a .txt and an .ann per document: all three layers"
CHOICES = {
    "role": ("GPE", enumeration("entity", "role")),
    "bound": ("FIGURE", enumeration("figure", "bound")),
    "stance": ("CUE", enumeration("attribution", "stance")),
    "source_kind": ("CUE", enumeration("attribution", "source_kind")),
}
FLAGS = {name: label for label, fields in FIELDS.items() for name, kind in fields.items() if kind is bool}


def standoff(document: Document, notes: Counter[str]) -> str:
    """The `.ann` of a document with text. What is lost is counted in `notes`."""
    return "".join(f"{line}\n" for line in _Sheet(document, notes).lines())


def configuration() -> str:
    """The `annotation.conf`: labels, relations, flags and the fields with a closed list of values."""
    kinds = (*enumeration("figure", "kind"), *enumeration("attribution", "kind"))
    choices = {"kind": ("FIGURE|CUE", kinds), **CHOICES}
    parts = {
        "entities": [*enumeration("entity", "type"), *FIELDS],
        "relations": [f"{name}\tArg1:{start}, Arg2:{end}" for name, (start, end) in RELATIONS.items()],
        "events": [],
        "attributes": [
            *(f"{name}\tArg:{label}" for name, label in FLAGS.items()),
            *(f"{name}\tArg:{label}, Value:{'|'.join(v for v in values if v)}" for name, (label, values) in choices.items()),
        ],
    }
    return "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in parts.items())


class _Sheet:
    def __init__(self, document: Document, notes: Counter[str]) -> None:
        self.notes = notes
        self.document, self.text = document, document.text or ""
        self.numbers: Counter[str] = Counter()
        self.bound: dict[str, str] = {}

    def lines(self) -> Iterator[str]:
        for entity in self.document.entities:
            yield from self._entity(entity)
        for figure in self.document.figures:
            yield from self._figure(figure)
        for attribution in self.document.attributions:
            yield from self._attribution(attribution)
        links = [(f.id, "part_of", f.part_of) for f in self.document.figures]
        links += [(a.id, "parent", a.parent) for a in self.document.attributions]
        told = ((self.bound.get(start), name, self.bound.get(end)) for start, name, end in links if end)
        yield from (self._relation(name, start, end) for start, name, end in told if start and end)

    def _next(self, kind: str) -> str:
        self.numbers[kind] += 1
        return f"{kind}{self.numbers[kind]}"

    def _spans(self, label: str, spans: tuple[Span, ...]) -> tuple[str, str]:
        """A text-bound annotation: its id and its line."""
        name = self._next("T")
        covered = " ".join(span.cut(self.text) for span in spans).replace("\n", " ")
        return name, f"{name}\t{label} {';'.join(f'{s.start} {s.end}' for s in spans)}\t{covered}"

    def _relation(self, name: str, start: str, end: str) -> str:
        return f"{self._next('R')}\t{name} Arg1:{start} Arg2:{end}"

    def _fields(self, target: str, item: Any, names: Any) -> Iterator[str]:
        for name in names:
            value = getattr(item, name)
            if value is True:
                yield f"{self._next('A')}\t{name} {target}"
            elif value is not None and value is not False:
                yield f"{self._next('A')}\t{name} {target} {_written(value)}"

    def _entity(self, entity: Entity) -> Iterator[str]:
        name, line = self._spans(entity.type, (entity.span,))
        yield line
        yield from self._fields(name, entity, NAME)

    def _figure(self, figure: Figure) -> Iterator[str]:
        name, line = self._spans("FIGURE", (figure.span,))
        self.bound[figure.id] = name
        yield line
        yield from self._fields(name, figure, FIELDS["FIGURE"])
        if figure.counted:
            counted, line = self._spans("COUNTED", (figure.counted,))
            yield from (line, self._relation("counts", name, counted))
            if figure.head:
                head, line = self._spans("HEAD", (figure.head,))
                yield from (line, self._relation("head", counted, head))

    def _attribution(self, attribution: Attribution) -> Iterator[str]:
        if not attribution.cue:
            self.notes["attributions without a cue, left out"] += 1
            return
        name, line = self._spans("CUE", attribution.cue)
        self.bound[attribution.id] = name
        yield line
        yield from self._fields(name, attribution, FIELDS["CUE"])
        for part, label in LABELS.items():
            for spans in self._stretches(getattr(attribution, part)):
                piece, line = self._spans(label, spans)
                yield from (line, self._relation(part, name, piece))

    def _stretches(self, spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
        """The pieces of a part as split annotations; two with only white space between them stand in two, which a reader does not
        join."""
        split: list[Span] = []
        for span in spans:
            if split and not self.text[split[-1].end : span.start].strip():
                yield tuple(split)
                split = []
            split.append(span)
        if split:
            yield tuple(split)


def _written(value: str | float) -> str:
    """A value as an attribute. A number with three decimals gets a fourth, so that it is not taken for thousands."""
    text = repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
    return f"{text}0" if isinstance(value, float) and THOUSANDS.fullmatch(text) else text
