"""A learned tagger of attributions: first the cues, then source and content as seen from each cue, then the fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from volgens.model.documents import Attribution, Document, Span

from baselines.learned_crf import Settings, Tagger
from baselines.learned_features import Unit, argument_features, decode, encode, token_features, units
from baselines.learned_spans import Row, annotated, learn, place

FIELDS = ("kind", "stance", "hedged")


class Cue(NamedTuple):
    """A cue within its unit: its pieces, in text order."""

    unit: Unit
    pieces: tuple[Span, ...]

    @property
    def tokens(self) -> list[int]:
        return sorted({n for piece in self.pieces for n in self.unit.tokens_of(piece)})

    def features(self) -> list[list[str]]:
        """Of the cue as a whole, as a sequence of one."""
        words = [self.unit.tokens[n].text.lower() for n in self.tokens]
        return [["1", f"first={words[0]}", f"last={words[-1]}", *(f"w={w}" for w in words), *(f"begin={w[:5]}" for w in words)]]


class AttributionTagger:
    """Attributions whose parts stand in the sentence of the cue; `antecedent` is not attempted.

    A later piece of a cue (`heeft … gezegd`) has a tag of its own and joins the nearest first piece. `source_ref` is that of the
    first name in the source. `parent` is the attribution with the shortest content around the cue.
    """

    def __init__(self, documents: Sequence[Document], settings: Settings) -> None:
        documents = annotated(documents, "attributions")
        examples = [(Cue(unit, a.cue), a, text) for unit, a, text in _within(documents)]
        self._cues = learn(_cue_examples(documents), settings)
        seen = [argument_features(c.unit, c.tokens) for c, _, _ in examples]
        self._parts = Tagger(seen, [_parts(c.unit, a) for c, a, _ in examples], settings)
        self._fields = Tagger([c.features() for c, _, _ in examples], [[_joined(a)] for _, a, _ in examples], settings)
        named = [(a, text) for _, a, text in examples if a.source]
        sources = [_source_features(a.source[0].cut(text)) for a, text in named]
        self._kinds = Tagger(sources, [[a.source_kind] for a, _ in named], settings)

    def extract(self, text: str, names: Sequence[Row]) -> list[Row]:
        """`names`: the entities found in the text, as predicted."""
        found = [self._attribution(cue, text, names) for unit in units(text) for cue in self._find(unit)]
        numbered = [{"id": f"a{k}", **row} for k, row in enumerate(found, 1)]
        return [{**row, "parent": _parent(row, numbered)} for row in numbered]

    def _find(self, unit: Unit) -> list[Cue]:
        """The cues of a unit; a later piece without any first piece is a cue of its own."""
        pieces = decode(unit, self._cues.tag(token_features(unit)))
        first = [span for label, span in pieces if label == "cue"]
        groups = {span: [span] for span in first or [span for _, span in pieces]}
        for span in (span for label, span in pieces if label == "more" and first):
            groups[min(first, key=lambda f: (abs(f.start - span.start), f))].append(span)
        return sorted(Cue(unit, tuple(sorted(group))) for group in groups.values())

    def _attribution(self, cue: Cue, text: str, names: Sequence[Row]) -> Row:
        parts = decode(cue.unit, self._parts.tag(argument_features(cue.unit, cue.tokens)))
        source, content = ([span for label, span in parts if label == part] for part in ("source", "content"))
        kind, stance, hedged = self._fields.tag(cue.features())[0].split()
        return {
            "cue": [place(s) for s in cue.pieces],
            "source": [place(s) for s in source],
            "content": [place(s) for s in content],
            "kind": kind,
            "stance": stance,
            "hedged": hedged == "True",
            "source_kind": self._kinds.tag(_source_features(source[0].cut(text)))[0] if source else "none",
            "source_ref": _ref(source, names),
        }


def _within(documents: Sequence[Document]) -> Iterator[tuple[Unit, Attribution, str]]:
    """Each attribution with the unit of its first cue, where that holds the whole cue; one without a cue is seen from none."""
    for document in documents:
        text = document.text or ""
        for unit in units(text):
            yield from ((unit, a, text) for a in document.attributions if a.cue and all(map(unit.span.covers, a.cue)))


def _cue_examples(documents: Sequence[Document]) -> Iterator[tuple[Unit, list[str]]]:
    for document in documents:
        for unit in units(document.text or ""):
            inside = [(n, c) for a in document.attributions for n, c in enumerate(a.cue) if unit.span.covers(c)]
            yield unit, encode(unit, [("more" if n else "cue", c) for n, c in inside])


def _parts(unit: Unit, a: Attribution) -> list[str]:
    return encode(unit, [("source", s) for s in a.source] + [("content", s) for s in a.content])


def _joined(a: Attribution) -> str:
    return f"{a.kind} {a.stance} {a.hedged}"


def _source_features(source: str) -> list[list[str]]:
    words = source.split()
    shapes = [f"capital={word[0].isupper()}" for word in words]
    return [
        [
            "1",
            f"first={words[0].lower()}",
            f"last={words[-1].lower()}",
            f"words={min(len(words), 5)}",
            *(f"w={w.lower()}" for w in words),
            *shapes,
        ]
    ]


def _ref(source: Sequence[Span], names: Sequence[Row]) -> str | None:
    return next((n["ref"] for n in names for s in source if s.start <= n["start"] and n["end"] <= s.end), None)


def _parent(row: Row, others: Sequence[Row]) -> str | None:
    """The attribution with the shortest content around the cue; its content is longer than this one's, so no circle arises."""
    cue, own = row["cue"][0], _length(row)
    around = [
        (span["end"] - span["start"], other["id"])
        for other in others
        for span in other["content"]
        if other is not row and span["start"] <= cue["start"] and cue["end"] <= span["end"] and _length(other) > own
    ]
    return min(around)[1] if around else None


def _length(row: dict[str, Any]) -> int:
    return sum(int(span["end"]) - int(span["start"]) for span in row["content"])
