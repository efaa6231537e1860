"""Texts that may not travel: what stands for them, and how they are put back.

A stand-off line is a document without its text: its split, where it starts in its normalised page (see `pages`), its length, and
sha256 of the whole and of each segment. The text is looked for in whatever lies in a folder: the pages themselves under any name,
one large file that holds them among other text, JSON or JSON lines with the text in some string, token files that spell it. It is
taken only where length and sha256 agree, so what is restored is what was annotated, to the byte.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from volgens.curation.pages import PageError, digest, match_age, match_dateline, name_page, normalise, parse_page
from volgens.curation.profile import DEFAULT, Profile
from volgens.curation.sources import Place, Source, lines, read_sources
from volgens.model.documents import LAYERS, Document
from volgens.model.gold import compact, write_text
from volgens.model.problem import Problem, Where

DRIFT = 100
DASH = re.compile(r" - ")
FIELDS = ("id", "page", "kind", "split", "length", "sha256", "segments", "places", "agencies", "section", "age")


class Standoff(NamedTuple):
    """A document without text, and where it starts in its normalised page."""

    document: Document
    start: int


def strip(page: str, documents: Iterable[Document]) -> list[Standoff]:
    """The documents of one normalised page without their texts."""
    stripped, at = [], 0
    for document in documents:
        assert document.text is not None
        start = page.index(document.text, at)
        at = start + document.length
        stripped.append(Standoff(replace(document, text=None), start))
    return stripped


def strip_pages(
    paths: Iterable[Path], config: str, split: str = "test", profile: Profile = DEFAULT
) -> tuple[list[Standoff], list[Problem]]:
    """The documents of many pages without their texts, in order of the files' names, and all problems of all files."""
    stripped: list[Standoff] = []
    problems: list[Problem] = []
    for path in sorted(paths, key=lambda p: p.name):
        try:
            page = normalise(path.read_bytes(), str(path))
            stripped += strip(page, parse_page(page, name_page(path, config), config, split, str(path), profile))
        except PageError as error:
            problems += error.problems
    return stripped, problems


def write_standoff(path: Path, stripped: Iterable[Standoff]) -> None:
    """One line a document: offsets, lengths and hashes, and what the dateline and the page say of it. No text. Atomic."""
    rows = []
    for document, start in stripped:
        plain = document.to_dict()
        row = {name: plain[name] for name in FIELDS}
        rows.append({**{name: row.pop(name) for name in ("id", "page", "kind", "split")}, "start": start, **row})
    write_text(path, "".join(compact(row) + "\n" for row in rows))


def read_standoff(path: Path, config: str) -> tuple[list[Standoff], list[Problem]]:
    """The inverse of `write_standoff`, and what could not be read, by line."""
    found, problems = [], []
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(_standoff(json.loads(text), config))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            hint = "Write the file anew with `volgens data parse`."
            problems.append(Problem(Where(str(path), line), "not-standoff", f"not a stand-off line: {error!s:.200}", hint))
    return found, problems


def _standoff(row: Mapping[str, Any], config: str) -> Standoff:
    fields = {name: row[name] for name in FIELDS}
    empty: dict[str, Any] = {layer: [] for layer in LAYERS}
    return Standoff(Document.from_dict({**fields, **empty, "config": config, "text": None}), row["start"])


def restore(stripped: Sequence[Standoff], folder: Path) -> tuple[list[Document], list[Problem]]:
    """The documents with their texts, found in the files under `folder` (or in that file), in the order given.

    All or nothing: where one document is not found the list is empty, and the problems name every document that is missing and,
    of a document that differs, each segment that does.
    """
    if not folder.exists():
        return [], [Problem(Where(str(folder)), "no-folder", "no such folder", "Give the folder that holds the texts.")]
    unread: list[Problem] = []
    documents = [s.document for s in stripped]
    found = _find_documents(documents, read_sources(folder, unread))
    for s in [s for s in stripped if s.document.id not in found]:
        near = (_near(place, s.document.sha256) for place in _by_neighbours(s, stripped, found))
        if place := next(filter(None, near), None):
            found[s.document.id] = place
    lost = [s for s in stripped if s.document.id not in found]
    if not lost:
        return [replace(document, text=found[document.id].text) for document in documents], []
    pieces = _find_segments([s.document for s in lost], read_sources(folder, []))
    problems: list[Problem] = []
    for s in lost:
        expected = [*_by_neighbours(s, stripped, found), *_by_segments(s, pieces)]
        problems += _explain(s.document, expected, folder)
    return [], problems + unread


def _find_documents(documents: Sequence[Document], sources: Iterable[Source]) -> dict[str, Place]:
    """id → where the whole document stands, at any offset, in one reading of the sources that ends as soon as all are found."""
    sought = [(document, _dateline(document)) for document in documents]
    found: dict[str, Place] = {}
    for source in sources:
        for document, anchor in sought:
            for start in _starts(anchor, source.text):
                place = Place(source, start, start + document.length)
                if digest(place.text) == document.sha256:
                    found[document.id] = place
                    break
        sought = [(document, anchor) for document, anchor in sought if document.id not in found]
        if not sought:
            break
    return found


def _dateline(document: Document) -> tuple[str, int] | None:
    """The document's first dateline, spelt from its places and agencies, and its offset; None unless its hash agrees."""
    segment = next((s for s in document.segments if s.kind == "dateline"), None)
    names = f"{'/'.join(document.places)} ({'/'.join(document.agencies)})"
    spelt = (f"{names} {dash}" for dash in "-–—")
    return next(((text, segment.start) for text in spelt if digest(text) == segment.sha256), None) if segment else None


def _starts(anchor: tuple[str, int] | None, text: str) -> Iterator[int]:
    """Where a document may start in a text: a known distance before its dateline, else wherever a line may begin."""
    if anchor is None:
        yield from (start for start, _ in _stretches(text))
        return
    dateline, offset = anchor
    at = text.find(dateline)
    while at >= 0:
        if at >= offset:
            yield at - offset
        at = text.find(dateline, at + 1)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that may be segments: to a line's end from its start, age or dateline; and the dateline."""
    for start, end in lines(text):
        yield start, end
        if age := match_age(text, start):
            start = age.end()
            yield start, end
        if dateline := match_dateline(text, start):
            yield start, dateline.end()
        if dash := DASH.search(text, start, end):
            yield dash.end(), end


def _find_segments(documents: Iterable[Document], sources: Iterable[Source]) -> dict[str, Place]:
    """sha256 → where a segment of these documents stands."""
    wanted = {segment.sha256: segment for document in documents for segment in document.segments}
    lengths = {segment.end - segment.start for segment in wanted.values()}
    found = {}
    for source in sources:
        for start, end in _stretches(source.text):
            if end - start in lengths and (name := digest(source.text[start:end])) in wanted:
                found[name] = Place(source, start, end)
    return found


def _by_segments(lost: Standoff, pieces: Mapping[str, Place]) -> Iterator[Place]:
    """Where a lost document should stand, by those of its segments that were found; a dateline alone says nothing."""
    for segment in lost.document.segments:
        if segment.kind != "dateline" and (place := pieces.get(segment.sha256)):
            start = place.start - segment.start
            yield Place(place.source, start, start + lost.document.length)


def _by_neighbours(lost: Standoff, stripped: Iterable[Standoff], found: Mapping[str, Place]) -> Iterator[Place]:
    """Where a lost document should stand, by the documents of its page that were found, unless another one stands there."""
    for other in stripped:
        if other.document.page == lost.document.page and (place := found.get(other.document.id)):
            start = place.start + lost.start - other.start
            here = Place(place.source, start, start + lost.document.length)
            if here.start >= 0 and here.text.strip() and not any(here.overlaps(taken) for taken in found.values()):
                yield here


def _explain(document: Document, expected: Sequence[Place], folder: Path) -> Iterator[Problem]:
    """Which segments of a lost document differ where it should stand, or that it is missing."""
    if not expected:
        message = f"no text of {document.length} characters with its sha256 was found, nor any of its paragraphs"
        yield Problem(Where(str(folder), document=document.id), "document-missing", message, f"Add {document.page} as published.")
        return
    place, whole = max(((place, _around(document, place)) for place in expected), key=lambda pair: len(pair[1]))
    file, line_of = place.source.file, place.source.line_of
    if len(whole) == len(document.segments):
        where = Where(file, line_of(place.start), document.id)
        hint = f"Add {document.page} as published, with one line end between its lines."
        yield Problem(where, "white-space-differs", "all segments were found, but not parted or ordered as on the page", hint)
    kinds: Counter[str] = Counter()
    for n, segment in enumerate(document.segments):
        kinds[segment.kind] += 1
        if n not in whole:
            where = Where(file, line_of(place.start + segment.start), document.id, f"segments[{n}]")
            message = f"{segment.kind} {kinds[segment.kind]} ({segment.start}-{segment.end}) is not the text that was annotated"
            yield Problem(
                where, "segment-differs", message, f"Put back its {segment.end - segment.start} characters as published."
            )


def _around(document: Document, place: Place) -> set[int]:
    """The numbers of the segments that stand about where they should."""
    places = [Place(place.source, place.start + s.start, place.start + s.end) for s in document.segments]
    return {n for n, s in enumerate(document.segments) if _near(places[n], s.sha256)}


def _near(place: Place, sha256: str) -> Place | None:
    """The place within `DRIFT` characters of this one where the text with this hash stands."""
    for drift in sorted(range(-DRIFT, DRIFT + 1), key=abs):
        moved = Place(place.source, place.start + drift, place.end + drift)
        if moved.start >= 0 and digest(moved.text) == sha256:
            return moved
    return None
