"""Pages → documents: an article, and the teasers of other stories below it.

    title                                                the first line that is not blank; no full stop at its end
    PLACE/PLACE (AGENCY/AGENCY) - first paragraph        the dateline shares the line of its paragraph
    paragraph                                            one a line
    subheading                                           a line without final punctuation, above another line
    Meer uit Buitenland                                  the section, with a capital; below the last such line stand the teasers
    PLACE (AGENCY) - teaser
    12 minuten geledenPLACE (AGENCY) - next teaser       an age ends a teaser and is glued to the next one

A page is normalised once: byte order mark dropped, line ends LF, Unicode NFC. Nothing else is touched (a no-break space stays
one), and each document's text is one contiguous slice of the page so normalised, without outer white space (in the sense of
`str.strip`). So a text can be cut out of its page by an offset and a length, and the cut is the same bytes every time.

Segments have no outer white space and cover the text but for the white space between them. The dateline ends with its dash:
`DEN HAAG (ANP/RTR) -` is the segment, its paragraph starts after the blank.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, NoReturn

from volgens.curation.profile import DEFAULT, FILE, Profile, read_profile
from volgens.model.documents import Document, Segment
from volgens.model.problem import Problem, ProblemsFound, Where

GLUED = re.compile(r"\w|[\"'‘’“”„]\w")
LINE = re.compile(r"[^\n]+")
FINAL = ".!?…:;,"
CLOSING = "\"'’”»)]"
SENTENCE = re.compile(r"[^\W\d_]{2}\.$")


class PageError(ValueError):
    """A page that is none; `problems` says why, and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Part(NamedTuple):
    """The article or one teaser: `page[start:end]`, code points of the normalised page."""

    kind: str
    start: int
    end: int
    age: str | None = None


def parse_page(
    raw: bytes | str, page_id: str, config: str, split: str, file: str | None = None, profile: Profile = DEFAULT
) -> list[Document]:
    """The documents of a page: the article (id `page_id`) and its teasers (`page_id-t1` …), in order, without gold.

    `profile` says what its lines are. Raises `PageError` where the page is empty, not UTF-8, or not of the form above; `file` is
    the name said in its problems.
    """
    page = normalise(raw, file)
    section, parts = split_page(page, file, profile)
    return [document(page, part, n, page_id, config, split, section, profile) for n, part in enumerate(parts)]


def read_pages(paths: Iterable[Path], config: str, split: str = "test") -> tuple[list[Document], list[Problem]]:
    """The documents of many files in order of their names, and all problems of all files.

    A page's number is the first three digits of its file's name: `004_x.txt` and `anp-004.txt` are the page `anp-004`. A file
    `profile.toml` beside the pages says what their lines are.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    paths = sorted(paths, key=lambda p: p.name)
    try:
        profile = profile_beside(paths)
    except ProblemsFound as found:
        return [], found.problems
    for path in paths:
        try:
            page_id = name_page(path, config)
            if page_id in taken:
                _refuse(
                    str(path), 1, "duplicate-page", f"{page_id} is also {taken[page_id]}", "Give every page a number of its own."
                )
            taken[page_id] = str(path)
            documents += parse_page(path.read_bytes(), page_id, config, split, str(path), profile)
        except PageError as error:
            problems += error.problems
    return documents, problems


def profile_beside(paths: Sequence[Path]) -> Profile:
    """The profile that lies beside the pages, the default where there is none. Raises `ProblemsFound`."""
    beside = paths[0].with_name(FILE) if paths else None
    return read_profile(beside) if beside is not None and beside.is_file() else DEFAULT


def name_page(path: Path, config: str) -> str:
    """`anp-004` for the file `004_x.txt` or `anp-004.txt`. Raises `PageError` where the name has no number."""
    found = re.match(rf"(?:{re.escape(config)}-)?(\d{{3}})(?!\d)", path.name)
    if found is None:
        _refuse(
            str(path), None, "no-page-number", "the file's name does not start with three digits", "Name it like 004_title.txt."
        )
    return f"{config}-{found[1]}"


def normalise(raw: bytes | str, file: str | None = None) -> str:
    """The page with its byte order mark dropped, LF and NFC. Raises `PageError` where it is empty or not UTF-8."""
    text = _decode(raw, file) if isinstance(raw, bytes) else raw
    page = unicodedata.normalize("NFC", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if "\0" in page:
        line = page.count("\n", 0, page.index("\0")) + 1
        _refuse(file, line, "not-utf-8", "a NUL character: this is UTF-16 or no text", "Save the page as UTF-8.")
    if not page.strip():
        _refuse(file, 1, "empty-page", "the page holds no text", "Save the page again, or leave the file out.")
    return page


def _decode(raw: bytes, file: str | None) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        _refuse(file, line, "not-utf-8", found, "Save the page as UTF-8, for example with iconv -t UTF-8.")


def split_page(page: str, file: str | None = None, profile: Profile = DEFAULT) -> tuple[str | None, list[Part]]:
    """The section's name and the parts of a normalised page, the article first. Raises `PageError` where it has no title."""
    headings = list(profile.section.finditer(page))
    heading = next((h for h in reversed(headings) if h["section"][:1].isupper() and h["section"][-1:] not in FINAL), None)
    stop = heading.start() if heading else len(page)
    article = _trim(page, 0, stop)
    _check_article(page, article, file, profile)
    teasers = _teasers(page, heading.end(), file, profile) if heading else []
    return _flat(heading["section"]) if heading else None, [Part("article", *article), *teasers]


def document(
    page: str, part: Part, number: int, page_id: str, config: str, split: str, section: str | None, profile: Profile = DEFAULT
) -> Document:
    """One part of a page as a document. `number` is 0 for the article, 1 for the first teaser and so on."""
    text = page[part.start : part.end]
    segments = tuple(_segments(text, part.kind == "article", profile))
    datelines = [match for s in segments if s.kind == "dateline" and (match := match_dateline(text, s.start, profile))]
    return Document(
        id=f"{page_id}-t{number}" if number else page_id,
        page=page_id,
        kind=part.kind,
        config=config,
        split=split,
        text=text,
        length=len(text),
        sha256=digest(text),
        segments=segments,
        places=_names(match["places"] for match in datelines),
        agencies=_names(match.groupdict().get("agencies") or "" for match in datelines),
        section=section,
        age=part.age,
    )


def digest(text: str) -> str:
    """The sha256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(segments: tuple[Segment, ...], text: str) -> tuple[Segment, ...]:
    """The segments of a text with their hashes; one paragraph where it has none."""
    whole = segments or ((Segment("paragraph", 0, len(text)),) if text else ())
    return tuple(replace(segment, sha256=digest(segment.span.cut(text))) for segment in whole)


def match_dateline(text: str, start: int = 0, profile: Profile = DEFAULT) -> re.Match[str] | None:
    """The dateline that begins at `start`, its dash included: places in capitals, agencies in brackets."""
    match = profile.dateline.match(text, start)
    return match if match and (not profile.capitals or all(map(_capitals, match["places"].split("/")))) else None


def match_age(page: str, start: int, profile: Profile = DEFAULT) -> re.Match[str] | None:
    """The age that begins a line at `start`: it ends the line, or the next teaser is glued to it or begins with a dateline.

    So `2 dagen geleden begon …`, `2 dagen geleden, zei …` and `2 dagen geleden.` are text.
    """
    match = profile.age.match(page, start)
    if match is None:
        return None
    rest = match.end()
    after = next((at for at in range(rest, len(page)) if page[at] == "\n" or not page[at].isspace()), len(page))
    ends = page[after : after + 1] in ("", "\n")
    return match if ends or GLUED.match(page, rest) or match_dateline(page, after, profile) else None


def _capitals(place: str) -> bool:
    name = re.sub(r"^\W*['’][st][\s-]", "", place)
    return any(c.isalpha() for c in name) and name == name.upper()


def _names(lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_flat(name) for names in lists for name in names.split("/") if name))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines that are not blank, trimmed."""
    for match in LINE.finditer(text, start, end):
        first, last = _trim(text, *match.span())
        if first < last:
            yield first, last


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return end - len(piece.lstrip()) if piece.strip() else start, start + len(piece.rstrip())


def _segments(text: str, titled: bool, profile: Profile) -> Iterator[Segment]:
    lines = list(_lines(text, 0, len(text)))
    for n, (start, end) in enumerate(lines):
        if titled and n == 0:
            yield _segment(text, "title", start, end)
            continue
        dateline = match_dateline(text, start, profile)
        kind = ("dateline", dateline.end() - start) if dateline else profile.kind(text[start:end])
        if kind:
            yield _segment(text, kind[0], start, start + kind[1])
            start = _trim(text, start + kind[1], end)[0]
        if start < end:
            heads = not dateline and n + 1 < len(lines) and not _is_final(text[start:end])
            yield _segment(text, "subheading" if heads else "paragraph", start, end)


def _segment(text: str, kind: str, start: int, end: int) -> Segment:
    return Segment(kind, start, end, digest(text[start:end]))


def _is_final(line: str) -> bool:
    return line.rstrip(CLOSING)[-1:] in FINAL


def _check_article(page: str, article: tuple[int, int], file: str | None, profile: Profile) -> None:
    """The article begins with a title and holds no teaser."""
    start, end = next(_lines(page, *article), (article[0], article[0]))
    line = page.count("\n", 0, start) + 1
    untitled = (
        "the page begins with its section"
        if start == end
        else "the first line is a dateline"
        if match_dateline(page, start, profile)
        else "the first line is an age"
        if match_age(page, start, profile)
        else "the first line ends in a full stop, as a paragraph does"
        if SENTENCE.search(page[start:end])
        else None
    )
    if untitled:
        _refuse(file, line, "no-title", f"no title: {untitled}", "Put the title on a line of its own, above the dateline.")
    for start, _ in _lines(page, *article):
        age = match_age(page, start, profile)
        if age and match_dateline(page, age.end(), profile):
            line = page.count("\n", 0, start) + 1
            found = f"the age {age['age']!r} stands in the article"
            _refuse(file, line, "no-section", found, "Put the line `Meer uit …` between the article and the teasers.")


def _teasers(page: str, start: int, file: str | None, profile: Profile) -> list[Part]:
    """An age ends a teaser; so does a line that begins with the next dateline."""
    teasers: list[Part] = []
    begin = start
    for first, _ in _lines(page, start, len(page)):
        age = match_age(page, first, profile)
        opens = not age and page[begin:first].strip() and match_dateline(page, first, profile)
        if age or opens:
            bounds = _trim(page, begin, first)
            if bounds[0] == bounds[1]:
                line = page.count("\n", 0, first) + 1
                _refuse(file, line, "age-without-teaser", "an age without a teaser above it", "Remove the age or add its teaser.")
            teasers.append(Part("teaser", *bounds, _flat(age["age"]) if age else None))
            begin = age.end() if age else first
    if page[begin:].strip():
        teasers.append(Part("teaser", *_trim(page, begin, len(page))))
    return teasers


def _flat(name: str) -> str:
    return " ".join(name.split())


def _refuse(file: str | None, line: int | None, rule: str, message: str, hint: str) -> NoReturn:
    raise PageError([Problem(Where(file, line), rule, message, hint)])
