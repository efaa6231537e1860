"""What an annotation may have missed or got wrong, listed by program. Nothing here is a verdict: a reader decides on each.

`missed`, `continued`, `number_differences` and `split_words` need the text. `register_problems` needs gold alone, and looks at
how names are written where the texts are there.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from volgens.curation.cues import SENTENCE_END, cue_words
from volgens.curation.grammar.numerals import read_numeral
from volgens.curation.grammar.quantities import find_quantities, read_quantity
from volgens.model.documents import PARTS, Document, Figure, Span
from volgens.model.problem import Problem, Where


class Finding(NamedTuple):
    """A place to look at. `what` is a lemma of the cue lexicon, or `name`, `number`, `quotation`, or a field of a figure."""

    document: str
    layer: str
    start: int
    end: int
    what: str


def missed(document: Document, names: Iterable[str] = ()) -> list[Finding]:
    """Capitals and known `names` without an entity, numbers without a figure, cue words and quotations without an attribution.

    In text order; date lines carry no labels and are not searched. Raises ValueError for a document without text.
    """
    text = _text(document)
    found = {
        *(Finding(document.id, "entities", *span, "name") for span in _names(document, text, names)),
        *(Finding(document.id, "figures", *span, "number") for span in _numbers(document, text)),
        *(Finding(document.id, "attributions", *span, what) for span, what in _cues(document, text)),
    }
    dates = [s.span for s in document.segments if s.kind == "date"]
    found = {finding for finding in found if not _touched(Span(finding.start, finding.end), dates)}
    return sorted(found, key=lambda f: (f.layer, f.start, f.end, f.what))


def _text(document: Document) -> str:
    if document.text is None:
        raise ValueError(f"{document.id} has no text: restore it from its page first")
    return document.text


def _touched(span: Span, by: Iterable[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in by)


def _names(document: Document, text: str, names: Iterable[str]) -> Iterator[Span]:
    labelled = [e.span for e in document.entities] + [_agencies(document, text)]
    for match in re.finditer(r"\w*[A-ZÀ-ÖØ-Þ]\w*", text):
        span = Span(*match.span())
        if not _touched(span, labelled) and not _opens_sentence(document, text, span.start):
            yield span
    for name in names:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}", text):
            if not _touched(Span(*match.span()), labelled):
                yield Span(*match.span())


def _agencies(document: Document, text: str) -> Span:
    dateline = next((s.span for s in document.segments if s.kind == "dateline"), Span(0, 0))
    return Span(text.find("(", *dateline), dateline.end) if "(" in dateline.cut(text) else Span(0, 0)


def _opens_sentence(document: Document, text: str, start: int) -> bool:
    before = text[:start].rstrip().rstrip('"').rstrip()
    return any(s.start <= start <= s.start + 1 for s in document.segments) or before.endswith((".", "?", "!"))


def _numbers(document: Document, text: str) -> Iterator[Span]:
    labelled = [f.span for f in document.figures]
    words = [Span(*m.span()) for m in re.finditer(r"\w+", text)]
    spans = [found.span for found in find_quantities(text)]
    spans += [word for word in words if _is_number(word.cut(text))]
    for span in sorted(set(spans), key=lambda s: (s.start, -s.end)):
        if not _touched(span, labelled):
            yield span
            labelled.append(span)


def _is_number(word: str) -> bool:
    """Digits and number words; `een` is the article unless the number grammar finds it."""
    return any(c.isdigit() for c in word) or (word.lower() != "een" and read_numeral(word) is not None)


def _cues(document: Document, text: str) -> Iterator[tuple[Span, str]]:
    cues = [span for a in document.attributions for span in a.cue]
    contents = [span for a in document.attributions for span in a.content]
    for word in cue_words(text):
        if not _touched(word.span, cues):
            yield word.span, word.lemma
    for match in re.finditer(r'"[^"\n]*"', text):
        if not any(content.covers(Span(*match.span())) for content in contents):
            yield Span(*match.span()), "quotation"


def continued(document: Document) -> list[Span]:
    """Free-standing quotations, whole sentences without a cue of their own, that stand after an attribution and in no content:
    each is one more piece of that one, or an attribution of its own.
    """
    text = _text(document)
    contents = [span for a in document.attributions for span in a.content]
    begun = [span.start for a in document.attributions for span in (*a.cue, *a.content)]
    found = []
    for match in re.finditer(r'"[^"\n]*[.?!]"', text):
        span = Span(*match.span())
        alone = re.search(r'(?:[.?!]"?|\n|- )\s*$', text[: span.start]) or not text[: span.start].strip()
        closed = SENTENCE_END.match(text, span.end - 2)
        after = any(start < span.start for start in begun)
        if alone and closed and after and not any(content.covers(span) for content in contents):
            found.append(span)
    return found


QUANTITY = ("kind", "bound", "value", "min", "max", "approx", "unit")


class NumberDifference(NamedTuple):
    """A figure that the number grammar reads otherwise, without its context; `read` is None where it reads nothing."""

    document: str
    start: int
    end: int
    field: str
    gold: Any
    read: Any


def number_differences(document: Document) -> list[NumberDifference]:
    """Every field of a figure in which the gold is not what the grammar reads from the covered text alone."""
    text = _text(document)
    return [difference for figure in document.figures for difference in _differences(document.id, figure, text)]


def _differences(name: str, figure: Figure, text: str) -> Iterator[NumberDifference]:
    read = read_quantity(figure.span.cut(text))
    if read is None:
        yield NumberDifference(name, *figure.span, "value", figure.value, None)
        return
    for field in QUANTITY:
        gold, other = getattr(figure, field), getattr(read, field)
        if gold != other:
            yield NumberDifference(name, *figure.span, field, gold, other)


def split_words(document: Document) -> list[Finding]:
    """Spans that begin or end within a word (`Groenland` in `Groenlandmoment`)."""
    text = _text(document)
    return [
        Finding(document.id, layer, *span, text[span.end :].split()[0] if span.end < len(text) else "")
        for layer, span in _all_spans(document)
        if _within_word(text, span.start) or _within_word(text, span.end)
    ]


def _within_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _all_spans(document: Document) -> Iterator[tuple[str, Span]]:
    yield from (("entities", e.span) for e in document.entities)
    for figure in document.figures:
        yield "figures", figure.span
        yield from (("counted", span) for span in (figure.counted, figure.head) if span is not None)
    for a in document.attributions:
        yield from ((part, span) for part in PARTS for span in getattr(a, part))


class Ref(NamedTuple):
    """What a `ref` stands for: the canonical Dutch name, the type of the thing, how the texts call it."""

    slug: str
    name: str
    type: str
    wikidata: str | None
    variants: tuple[str, ...]


def read_register(path: str | os.PathLike[str]) -> list[Ref]:
    """The register of refs, one JSON object a line. Raises ValueError naming the first line that is none."""
    refs = []
    for line, row in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        try:
            given = json.loads(row)
            refs.append(Ref(**{**given, "variants": tuple(given["variants"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{path}:{line}: not a line of the register: {error!s:.100}") from None
    return refs


def register_problems(refs: Sequence[Ref], documents: Sequence[Document]) -> list[Problem]:
    """Where register and gold disagree: a ref that is not listed or not used, one thing twice, two things on one slug.

    A thing has one type, but for what `SHARED` says.
    Variants are compared where all texts of the gold are there.
    """
    return [Problem(Where("refs.jsonl", field=slug), *rest) for slug, *rest in _register_findings(refs, documents)]


def _register_findings(refs: Sequence[Ref], documents: Sequence[Document]) -> Iterator[tuple[str, str, str, str]]:
    listed = {ref.slug: ref for ref in refs}
    for field in ("slug", "name", "wikidata"):
        for value, times in Counter(getattr(ref, field) for ref in refs).items():
            if value is not None and times > 1:
                yield (
                    str(value),
                    "one-thing-twice",
                    f"{field} {value!r} stands there {times} times",
                    "Keep one line for one thing.",
                )
    if [ref.slug for ref in refs] != sorted(listed):
        yield refs[0].slug, "not-sorted", "the lines are not sorted by slug", "Sort them."
    types: Mapping[str, set[str]] = defaultdict(set)
    variants: Mapping[str, set[str]] = defaultdict(set)
    for document in documents:
        for entity in document.entities:
            types[str(entity.ref)].add(entity.type)
            variants[str(entity.ref)].add(entity.span.cut(document.text or ""))
        own = {entity.ref for entity in document.entities}
        for a in document.attributions:
            if a.source_ref is not None and a.source_ref not in own:
                yield a.source_ref, "ref-without-name", f"{document.id} has a source but no name of it", "Correct the source_ref."
    for slug in sorted(types.keys() - listed.keys()):
        yield slug, "not-registered", "the gold uses a slug that is not listed", "List it, or use the slug of the same thing."
    for slug in sorted(listed.keys() - types.keys()):
        yield slug, "not-used", "no name of the gold refers to it", "Remove it."
    for slug in sorted(listed.keys() & types.keys()):
        yield from _thing_findings(listed[slug], types[slug])
        if all(d.text is not None for d in documents) and tuple(sorted(variants[slug])) != listed[slug].variants:
            yield slug, "other-variants", f"the texts call it {sorted(variants[slug])}", "List exactly these."


SHARED = {
    "NORP": {"NORP"},
    "ORG": {"ORG", "FAC", "MISC", "NORP"},
    "FAC": {"FAC", "ORG"},
    "GPE": {"GPE", "NORP", "ORG"},
    "LOC": {"LOC", "NORP"},
}
"""Type of a thing → the types of its names: E53 (nationality), E55 (building), E63 (channel and offer), E68 (national team)."""


def _thing_findings(ref: Ref, types: set[str]) -> Iterator[tuple[str, str, str, str]]:
    others = types - SHARED.get(ref.type, {ref.type})
    if others:
        message = f"a {ref.type} is also annotated as {', '.join(sorted(others))}"
        yield ref.slug, "two-things", message, "Give each thing a slug of its own."
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", ref.slug):
        yield ref.slug, "slug-shape", "small letters and digits, joined by single hyphens", "Spell it so."
    if ref.wikidata is not None and not re.fullmatch(r"Q[1-9]\d*", ref.wikidata):
        yield ref.slug, "wikidata-shape", f"{ref.wikidata!r} is no Wikidata id", "Give Q and a number, or null."
