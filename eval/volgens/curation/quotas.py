"""How many items of each kind a split must bring, so that a score can tell systems apart, and how many it brings.

The marks are a dataset's own, in dataset/pages/quotas.json: configuration → split → `pages`, on how many of which a kind must
lie, and `items`, kind → mark. What may be counted is `KINDS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from volgens.model.documents import Attribution, Document, Entity, claimants
from volgens.model.layers import BY_NAME, Span
from volgens.model.problem import Problem, Where

FILE = "quotas.json"

Marks = Mapping[str, Any]
"""`pages` and `items` of one split."""
Test = Callable[[Document], Iterable[object]]


def read_marks(path: Path) -> tuple[dict[str, dict[str, Marks]], list[Problem]]:
    """configuration → split → its marks; a file that is not there holds none. All problems."""
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        named = {(split, name) for splits in found.values() for split, marks in splits.items() for name in marks["items"]}
        whole = all(
            type(n) is int for splits in found.values() for m in splits.values() for n in (m["pages"], *m["items"].values())
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {}, [_problem(path, None, f"no quotas: {error!s:.100}")]
    if not whole:
        return {}, [_problem(path, None, "a mark is no whole number")]
    unknown = sorted((split, name) for split, name in named if name not in KINDS)
    return found, [_problem(path, split, f"no kind of item is called {name!r}") for split, name in unknown]


def _problem(path: Path, split: str | None, found: str) -> Problem:
    hint = f"Give configuration → split → pages and items, with kinds of: {'; '.join(KINDS)}."
    return Problem(Where(str(path), field=split), "not-a-quota", found, hint)


def quotas(documents: Sequence[Document], marks: Marks) -> list[dict[str, Any]]:
    """A row for each kind that has a mark: how many `items` there are, on how many `pages`, and whether that is enough. Needs the
    texts.
    """
    rows = []
    for name, mark in marks["items"].items():
        found = {document.id: sum(1 for _ in KINDS[name](document)) for document in documents}
        items, pages = sum(found.values()), len({document.page for document in documents if found[document.id]})
        reached = items >= mark and pages >= marks["pages"]
        rows.append({"item": name, "mark": mark, "items": items, "pages": pages, "reached": reached})
    return rows


def _values(layer: str, field: str) -> tuple[str, ...]:
    return BY_NAME[layer].field(field).values


def _named(kind: str, role: str | None = None) -> Test:
    return lambda d: (e for e in d.entities if e.type == kind and role in (None, e.role))


def _figure(field: str, *values: object) -> Test:
    return lambda d: (f for f in d.figures if getattr(f, field) in values)


def _filled(field: str) -> Test:
    return lambda d: (f for f in d.figures if getattr(f, field) not in (None, False))


def _claimed(is_claimed: bool) -> Test:
    return lambda d: (f for found in [claimants(d)] for f in d.figures if (f.id in found) is is_claimed)


def _said(field: str, *values: object) -> Test:
    return lambda d: (a for a in d.attributions if getattr(a, field) in values)


def _with(test: Callable[[Attribution, Document], bool]) -> Test:
    return lambda d: (a for a in d.attributions if test(a, d))


def _nested(document: Document) -> Iterator[Entity]:
    names = document.entities
    return (e for e in names if any(other.span != e.span and other.span.covers(e.span) for other in names))


def _in_compound(document: Document) -> Iterator[Entity]:
    """Names that a letter, or a hyphen with a letter behind it, touches."""
    text = f" {document.text} "
    for name in document.entities:
        before, after = text[name.start - 1 : name.start + 1], text[name.end + 1 : name.end + 3]
        if before[1:].isalpha() or after[:1].isalpha() or (before[1:] == "-" and before[:1].isalpha()) or _joins(after):
            yield name


def _joins(after: str) -> bool:
    return after[:1] == "-" and after[1:].isalpha()


def _headline(said: Attribution, document: Document) -> bool:
    """Whether its cue and a source lie in a title or subheading."""
    heads = [s.span for s in document.segments if s.kind in ("title", "subheading")]
    return bool(said.source and said.cue) and any(_within(head, (*said.cue, *said.source)) for head in heads)


def _within(head: Span, parts: Iterable[Span]) -> bool:
    return all(head.covers(part) for part in parts)


KINDS: Mapping[str, Test] = {
    **{kind: _named(kind) for kind in ("PER", "ORG", "NORP", "LOC", "FAC", "EVENT", "MISC")},
    **{f"GPE, {role}": _named("GPE", role) for role in ("actor", "place")},
    "name inside another": _nested,
    "name in a compound": _in_compound,
    **{f"figure: {kind}": _figure("kind", kind) for kind in _values("figures", "kind")},
    **{f"figure: {bound}": _figure("bound", bound) for bound in _values("figures", "bound")},
    **{f"figure: change {way}": _figure("change", way) for way in _values("figures", "change")},
    "figure: approximate": _filled("approx"),
    "figure: with part_of": _filled("part_of"),
    "figure: with counted": _filled("counted"),
    "figure: claimed by a source": _claimed(True),
    "figure: claimed by nobody": _claimed(False),
    **{f"attribution: {kind}": _said("kind", kind) for kind in _values("attributions", "kind")},
    **{f"attribution: {stance}": _said("stance", stance) for stance in _values("attributions", "stance")},
    **{f"attribution: source {kind}": _said("source_kind", kind) for kind in _values("attributions", "source_kind")},
    "attribution: hedged": _said("hedged", True),
    "attribution: with antecedent": _with(lambda a, d: bool(a.antecedent)),
    "attribution: within another": _with(lambda a, d: a.parent is not None),
    "attribution: cue in several pieces": _with(lambda a, d: len(a.cue) > 1),
    "attribution: quotation without a cue": _with(lambda a, d: not a.cue),
    "attribution: headline with a speaker": _with(_headline),
}
"""Kind of item → the items of a document that are of it."""
