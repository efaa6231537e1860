"""Learned taggers of names and of figures: BIO tags over the tokens of a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from volgens.curation.grammar.quantities import read_quantity
from volgens.model.documents import Document, Figure, Span

from baselines.gazetteer import slug
from baselines.learned_crf import Settings, Tagger
from baselines.learned_features import Unit, decode, encode, token_features, units

Row = dict[str, Any]


def learn(examples: Iterable[tuple[Unit, Sequence[str]]], settings: Settings) -> Tagger:
    """A tagger of tokens from units and their tags."""
    pairs = [(token_features(unit), tags) for unit, tags in examples]
    return Tagger([features for features, _ in pairs], [tags for _, tags in pairs], settings)


def annotated(documents: Sequence[Document], layer: str) -> list[Document]:
    """Those in which the layer was annotated: the others teach nothing about it."""
    return [document for document in documents if layer not in document.unannotated]


def place(span: Span) -> Row:
    """A span as a prediction gives it."""
    return {"start": span.start, "end": span.end}


class NameTagger:
    """Names without those inside other names. A tag is a type, with its role for a place with a government.

    `ref` is what the same string most often refers to in the training documents, else the name's own slug.
    """

    def __init__(self, documents: Sequence[Document], settings: Settings) -> None:
        known = annotated(documents, "entities")
        self._tagger = learn(_name_examples(known), settings)
        self._refs = _refs(known)

    def extract(self, text: str) -> list[Row]:
        found = [hit for unit in units(text) for hit in decode(unit, self._tagger.tag(token_features(unit)))]
        return [self._entity(k, label, span, span.cut(text)) for k, (label, span) in enumerate(found, 1)]

    def _entity(self, k: int, label: str, span: Span, surface: str) -> Row:
        kind, _, role = label.partition(".")
        return {"id": f"e{k}", **place(span), "type": kind, "role": role or None, "ref": self._refs.get(surface) or slug(surface)}


def _name_examples(documents: Sequence[Document]) -> Iterator[tuple[Unit, list[str]]]:
    for document in documents:
        for unit in units(document.text or ""):
            spans = [(f"{e.type}.{e.role}" if e.role else e.type, e.span) for e in document.entities if unit.span.covers(e.span)]
            yield unit, encode(unit, spans)


def _refs(documents: Sequence[Document]) -> dict[str, str]:
    """string → its commonest ref, of equally common ones the first by the alphabet."""
    seen: dict[str, Counter[str]] = {}
    for document in documents:
        for e in document.entities:
            if e.ref:
                seen.setdefault(e.span.cut(document.text or ""), Counter())[e.ref] += 1
    return {surface: min(refs, key=lambda ref: (-refs[ref], ref)) for surface, refs in seen.items()}


class FigureTagger:
    """Figures and what they count, by tags. The number grammar reads the span; one that it cannot read stays without fields."""

    def __init__(self, documents: Sequence[Document], settings: Settings) -> None:
        self._tagger = learn(_figure_examples(annotated(documents, "figures")), settings)

    def extract(self, text: str) -> list[Row]:
        figures: list[Row] = []
        for unit in units(text):
            last: Row | None = None
            for label, span in decode(unit, self._tagger.tag(token_features(unit))):
                if label == "figure":
                    last = {"id": f"f{len(figures) + 1}", **_fields(text, span)}
                    figures.append(last)
                elif last is not None and "counted" not in last:
                    last |= {"counted": place(span), "head": place(_last_word(text, span))}
        return figures


def _figure_examples(documents: Sequence[Document]) -> Iterator[tuple[Unit, list[str]]]:
    for document in documents:
        for unit in units(document.text or ""):
            inside = [f for f in document.figures if unit.span.covers(f.span)]
            yield unit, encode(unit, [("figure", f.span) for f in inside] + [("counted", c) for c in _counted(inside)])


def _counted(figures: Sequence[Figure]) -> list[Span]:
    return sorted({f.counted for f in figures if f.counted is not None})


def _fields(text: str, span: Span) -> Row:
    quantity = read_quantity(span.cut(text))
    if quantity is None:
        return place(span)
    names = ("kind", "bound", "value", "min", "max", "approx", "unit")
    return {**place(span), **{name: getattr(quantity, name) for name in names}}


def _last_word(text: str, span: Span) -> Span:
    return Span(max(span.start, text.rfind(" ", span.start, span.end) + 1), span.end)
