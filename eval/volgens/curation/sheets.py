"""Reading sheets: a document as numbered sentences, and readings that name strings by sentence instead of offsets.

A reader who cannot drag a mouse gets a sheet (`render`) and writes one line of JSON a document:

    {"id": "own-005",
     "e": [[3, "Oslo", "GPE/actor", "noorwegen"]],
     "f": [[3, "zo'n 300", "f1", {"kind": "count", "bound": "point", "value": 300, "approx": true, "counted": "agenten"}]],
     "a": [{"id": "a1", "cue": [[3, "meldt"]], "source": [[3, "Oslo"]], "content": [[3, "zo'n 300 … ontslagen"]],
            "kind": "assertion", "source_kind": "institution", "source_ref": "noorwegen"}]}

A string stands in the sentence of its number; `#2` behind it means its second occurrence there (whole words are counted before
parts of words), and `first words … last words` the stretch from one to the other. A quotation without a cue has `"cue": []`.
`read` gives rows in the gold's own form (offsets are code points, end exclusive) and every problem; nothing is guessed.
`submitted` makes them the export of an annotator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from volgens.curation.label_studio.check import check
from volgens.curation.label_studio.exports import travelling
from volgens.curation.label_studio.tasks import to_tasks
from volgens.model.checks import check_gold
from volgens.model.documents import PARTS, Document, Span
from volgens.model.problem import Problem, ProblemsFound, Where

SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s+[\"'“‘„«(\[]*[\w€$£])")
NTH = re.compile(r"(?P<string>.+)#(?P<nth>\d+)", re.DOTALL)
GAP = " … "
LAYERS = {"e": "entities", "f": "figures", "a": "attributions"}
FIGURE = {"kind", "bound", "value", "min", "max", "approx", "unit", "change", "counted", "head", "part_of"}
ATTRIBUTION = {"id", *PARTS, "kind", "source_kind", "source_ref", "stance", "hedged", "parent"}

Json = dict[str, Any]


class Sentence(NamedTuple):
    """A sentence, or a whole title, dateline or subheading: `text[start:end]` of the document."""

    number: int
    kind: str
    start: int
    end: int


def sentences(document: Document) -> list[Sentence]:
    """The numbered stretches of a document, from 1, in text order. The document must have its text."""
    found: list[Sentence] = []
    for segment in document.segments:
        for start, end in _split(document.text or "", segment.start, segment.end, segment.kind):
            found.append(Sentence(len(found) + 1, segment.kind, start, end))
    return found


def _split(text: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int]]:
    if kind == "paragraph":
        for stop in SENTENCE.finditer(text, start, end):
            yield start, stop.end()
            start = stop.end() + len(text[stop.end() : end]) - len(text[stop.end() : end].lstrip())
    yield start, end


def render(document: Document) -> str:
    """The sheet: a heading, then one line a sentence with its number and, but for paragraphs, its kind."""
    lines = [f"## {document.id} ({document.kind})"]
    for number, kind, start, end in sentences(document):
        label = f"{number}" if kind == "paragraph" else f"{number} {kind}"
        lines.append(f"[{label}] {(document.text or '')[start:end]}")
    return "\n".join(lines) + "\n"


def read(text: str, documents: Mapping[str, Document], file: str | None = None) -> tuple[list[Json], list[Problem]]:
    """Rows in the gold's own form (`id` and the three layers), and what is wrong with the reading, each with its line."""
    rows, problems = [], []
    for line, content in enumerate(text.splitlines(), 1):
        if not content.strip():
            continue
        where = Where(file, line)
        try:
            given = json.loads(content)
        except ValueError as error:
            problems.append(Problem(where, "not-json", f"{error}", "Write one JSON object a line."))
            continue
        if not isinstance(given, dict) or given.get("id") not in documents:
            problems.append(Problem(where, "unknown-document", f"no document {str(given)[:60]!r}", "Give the id of the sheet."))
            continue
        sheet = _Sheet(documents[given["id"]], where._replace(document=given["id"]))
        rows.append(sheet.row(given))
        problems += sheet.problems
    ids = [row["id"] for row in rows]
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        problems.append(Problem(Where(file, document=twice), "duplicate-document", "read twice", "Give each document one line."))
    return rows, problems


def submitted(
    documents: Iterable[Document],
    rows: Iterable[Mapping[str, Any]],
    annotator: str,
    *,
    travels: Callable[[str], bool] | None = None,
) -> list[Json]:
    """The rows of `read` as the tasks of a Label Studio export with one annotation each by `annotator`, which
    `volgens label adjudicate write` takes (`label_studio.strip.write_export` writes them).

    The documents need their texts; one without a row gives no task. Texts stay only in tasks of configurations that `travels`
    (`Folder.travels`) allows, in none where it is not given. Raises ProblemsFound with all that keeps a row from being gold.
    """
    known, rows = {document.id: document for document in documents}, list(rows)
    problems = [
        Problem(Where(document=str(row["id"])), "unknown-document", "a row of no document given", "Give the document too.")
        for row in rows
        if row["id"] not in known
    ]
    plain = [{**known[row["id"]].to_dict(), **row, "provenance": READING} for row in rows if row["id"] in known]
    if problems := problems + check_gold(plain):
        raise ProblemsFound(problems)
    tasks = to_tasks(map(Document.from_dict, plain), as_="annotations", annotator=annotator)
    for number, task in enumerate(tasks, 1):
        task["id"] = task["annotations"][0]["id"] = number
    if problems := check(tasks).problems:
        raise ProblemsFound(problems)
    return travelling(tasks, travels or (lambda config: False))


READING = {"annotator": "person", "readings": 1, "blind": True, "adjudicated": False, "guidelines": "none", "date": "2000-01-01"}
"""Stands for a provenance while a row is checked: a reading has none before it becomes gold."""


class _Sheet:
    """One document's reading, made into items; `problems` grows as it goes."""

    def __init__(self, document: Document, where: Where) -> None:
        self.text = document.text or ""
        self.sentences = {s.number: s for s in sentences(document)}
        self.where = where
        self.problems: list[Problem] = []

    def row(self, given: Json) -> Json:
        for name in sorted(set(given) - {"id", *LAYERS}):
            self.wrong(name, f"there is no field {name!r}", "Give id, e, f and a.")
        for name in LAYERS:
            if not isinstance(given.get(name), list):
                self.wrong(name, "the layer is missing", "Write [] where there is nothing.")
        layers = {name: given[name] if isinstance(given.get(name), list) else [] for name in LAYERS}
        return {
            "id": given["id"],
            "entities": [x for n, item in enumerate(layers["e"]) for x in self.entity(f"e[{n}]", item)],
            "figures": [x for n, item in enumerate(layers["f"]) for x in self.figure(f"f[{n}]", item)],
            "attributions": [x for n, item in enumerate(layers["a"]) for x in self.attribution(f"a[{n}]", item)],
        }

    def wrong(self, field: str, message: str, hint: str) -> None:
        self.problems.append(Problem(self.where._replace(field=field), "unfit-reading", message, hint))

    def entity(self, field: str, item: Any) -> Iterator[Json]:
        if not (isinstance(item, list) and len(item) == 4):
            return self.wrong(field, f"{item!r} is no name", 'Write [sentence, "string", "TYPE" or "GPE/role", "ref"].')
        span = self.locate(field, item[0], item[1])
        label, _, role = str(item[2]).partition("/")
        if span:
            yield {"id": field, "start": span.start, "end": span.end, "type": label, "role": role or None, "ref": item[3]}

    def figure(self, field: str, item: Any) -> Iterator[Json]:
        if not (isinstance(item, list) and len(item) == 4 and isinstance(item[3], dict)):
            return self.wrong(field, f"{item!r} is no figure", 'Write [sentence, "string", "id", {"kind": …, "bound": …}].')
        self.unknown(field, set(item[3]) - FIGURE)
        span = self.locate(field, item[0], item[1])
        if not span:
            return
        plain = {"value": None, "min": None, "max": None, "approx": False, "unit": "1", "change": None, "part_of": None}
        counted = self.inside(f"{field}.counted", item[0], item[3].get("counted"))
        head = self.inside(f"{field}.head", item[0], item[3].get("head"), counted) or (counted and self.last_word(counted))
        row = {"id": item[2], "start": span.start, "end": span.end, **plain, **item[3]}
        yield {**row, "counted": counted and counted._asdict(), "head": head and head._asdict()}

    def attribution(self, field: str, item: Any) -> Iterator[Json]:
        if not isinstance(item, dict):
            return self.wrong(field, f"{item!r} is no attribution", "Write an object with id and cue.")
        self.unknown(field, set(item) - ATTRIBUTION)
        parts: Json = {}
        for part in PARTS:
            spans = [
                span
                for n, place in enumerate(item.get(part) or ())
                for span in [self.place(f"{field}.{part}[{n}]", place)]
                if span
            ]
            parts[part] = [span._asdict() for span in sorted(spans)]
        plain = {"source_kind": "none", "source_ref": None, "stance": "affirm", "hedged": False, "parent": None}
        yield {**plain, **item, **parts}

    def unknown(self, field: str, names: set[str]) -> None:
        if names:
            self.wrong(field, f"unknown fields {', '.join(sorted(names))}", "Use the fields of the guidelines.")

    def place(self, field: str, place: Any) -> Span | None:
        if not (isinstance(place, list) and len(place) == 2):
            self.wrong(field, f"{place!r} is no place", 'Write [sentence, "string"].')
            return None
        return self.locate(field, *place)

    def inside(self, field: str, number: Any, value: Any, within: Span | None = None) -> Span | None:
        """`counted` and `head`: a string of the figure's sentence (the head within what is counted), or a place of its own."""
        if value is None:
            return None
        if isinstance(value, list):
            return self.place(field, value)
        if within and str(value) in within.cut(self.text):
            start = within.start + within.cut(self.text).rindex(str(value))
            return Span(start, start + len(str(value)))
        return self.locate(field, number, value)

    def last_word(self, span: Span) -> Span:
        word = re.search(r"\S+$", span.cut(self.text))
        return Span(span.start + word.start(), span.end) if word else span

    def locate(self, field: str, number: Any, string: Any) -> Span | None:
        sentence = self.sentences.get(number) if isinstance(number, int) else None
        if sentence is None or not isinstance(string, str) or not string.strip():
            self.wrong(field, f"no sentence {number!r}, or no string {string!r}", "Copy both from the sheet.")
            return None
        nth = NTH.fullmatch(string)
        words, which = (nth["string"], int(nth["nth"])) if nth else (string, 1)
        found = self.stretches(sentence, words, parts=nth is not None)
        if len(found) < which or (len(found) > 1 and not nth):
            told = f"{words!r} stands {len(found)} times in sentence {number}"
            self.wrong(field, told, "Copy the string from the sentence; where it stands more than once, add #1, #2 ….")
            return None
        return found[which - 1]

    def stretches(self, sentence: Sentence, words: str, parts: bool) -> list[Span]:
        """Where a string, or `first … last`, stands in a sentence: whole words, and within words where there are none or after
        them with `parts`.
        """
        first, gap, last = words.partition(GAP)
        starts = self.occurrences(first, sentence, parts)
        if gap:
            ends = self.occurrences(last, sentence)[-1:]
            return [Span(a.start, z.end) for a in starts for z in ends if z.start >= a.end]
        return starts

    def occurrences(self, words: str, sentence: Sentence, parts: bool = False) -> list[Span]:
        found = re.finditer(re.escape(words), self.text[: sentence.end])
        every = [Span(m.start(), m.end()) for m in found if m.start() >= sentence.start]
        whole = [s for s in every if _on_edges(self.text, s)]
        return [*whole, *(s for s in every if s not in whole)] if parts or not whole else whole


def _on_edges(text: str, span: Span) -> bool:
    before = span.start == 0 or not (text[span.start - 1].isalnum() and text[span.start].isalnum())
    after = span.end == len(text) or not (text[span.end - 1].isalnum() and text[span.end].isalnum())
    return before and after
