"""brat stand-off: `own-000.ann`, or a folder of them; the file's name is the document's id.

Read are text-bound annotations (`T`), relations (`R`) and attributes (`A`, `M`), in the form that our own export writes:
names by type; `FIGURE`, `COUNTED`, `HEAD`, `CUE`, `SOURCE`, `CONTENT`, `ANTECEDENT`; relations `counts`, `head`, `part_of`,
`source`, `content`, `antecedent`, `parent`; fields as attributes. A cue in pieces is one split span, another part also
several annotations. brat cuts an annotation at line breaks: pieces of one annotation with only white space between them are
one stretch. `figures` is attempted where the files have a FIGURE, `attributions` where they have a CUE. Notes (`#`),
normalisations (`N`) and equivalences (`*`) are left out and counted, and so are the relations and attributes of others in
files with names alone; events (`E`) are a problem. Offsets are code points, end exclusive, into the `.txt` beside the file or
else into the gold's text; the covered text is compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from volgens.model.documents import Span
from volgens.model.problem import Problem, Where
from volgens.readers.files import read_bytes, text_problem
from volgens.readers.find import parted
from volgens.readers.foreign.brat_items import FIELDS, Attribute, Bound, Relation, Sheet, items
from volgens.readers.foreign.reading import File, Reading

DESCRIPTION = "brat stand-off, an .ann file or a folder of them"
BOUND = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")
RELATION = re.compile(r"(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (\S.*?))?\s*")


def recognise(lines: Sequence[str]) -> bool:
    """Whether all lines are brat's and one is text-bound."""
    rows = [line for line in lines if line.strip()]
    bound = any(re.match(r"T\d+\t\S+ \d+ \d+(;\d+ \d+)*\t", line) for line in rows)
    return bound and all(re.match(r"([TREAMN#]\d+|\*)\t", line) for line in rows)


def read(file: File) -> Reading:
    """The rows of a file or folder."""
    reading = Reading(file)
    sheets = [_sheet(path, reading) for path in _paths(file, reading)]
    labels = {bound.label for sheet in sheets for bound in sheet.bound.values()}
    layers = ["entities", *(layer for label, layer in (("FIGURE", "figures"), ("CUE", "attributions")) if label in labels)]
    for sheet in sheets:
        found = items(sheet, reading, strict=bool(labels & set(FIELDS)))
        text = {"text": sheet.text} if sheet.own_text else {}
        reading.rows.append({"id": sheet.id, **text, **{layer: found[layer] for layer in layers}})
    return reading


def _paths(file: File, reading: Reading) -> list[Path]:
    paths = sorted(file.path.glob("*.ann")) if file.path.is_dir() else [file.path]
    if not paths:
        reading.report("no-documents", "the folder has no .ann files", "Name a folder of brat's files, one per document.")
    return paths


def _sheet(path: Path, reading: Reading) -> Sheet:
    """Read one file, line by line; the gold's text is compared with the `.txt` beside it and with what is covered."""
    sheet = Sheet(path.name.removesuffix(".gz").removesuffix(".ann"), path)
    data = reading.file.data if path == reading.file.path else path.read_bytes()
    if problem := text_problem(data, path):
        reading.problems.append(problem)
        return sheet
    _find_text(sheet, reading)
    for number, line in enumerate(data.decode("utf-8-sig").split("\n"), 1):
        wrong = _line(sheet, number, line.rstrip("\r"), reading) if line.strip() else None
        if wrong:
            reading.problems.append(Problem(Where(str(path), number, sheet.id), *wrong))
    return sheet


def _find_text(sheet: Sheet, reading: Reading) -> None:
    """The text that the offsets count in: that of the `.txt` beside the file, which must be the gold's but for white space; else
    the gold's. A file that the gold does not know by its name is the document with that text."""
    beside = sheet.path.with_name(sheet.id + ".txt")
    asked = beside.is_file() and reading.file.texts.get(sheet.id, "") is not None
    own = _read_text(beside, reading) if asked else None
    if own is not None and reading.lacks(sheet.id):
        sheet.id = reading.known(sheet.id, reading.same(own))
    known = sheet.text = reading.file.texts.get(sheet.id)
    if reading.file.alone:
        sheet.text, sheet.own_text = own, own is not None
        if own is None and not beside.is_file():
            message, hint = "there is no text beside it", f"Put {beside.name} into the folder: gold needs its text."
            reading.problems.append(Problem(Where(str(sheet.path), None, sheet.id), "no-text", message, hint))
    elif own is not None and known is not None:
        if own != known and sheet.id not in reading.same(own):
            hint = "Annotate the gold's `text`; brat's files with it are written by `volgens export brat`."
            message = f"this is not the gold's text: {parted(own, known)}"
            reading.problems.append(Problem(Where(str(beside), None, sheet.id), "another-text", message, hint))
        else:
            sheet.text, sheet.own_text = own, own != known


def _read_text(path: Path, reading: Reading) -> str | None:
    """The text of a file without its last line feed; None and a problem where it is none."""
    data = read_bytes(path)
    problem = data if isinstance(data, Problem) else text_problem(data, path)
    if problem or isinstance(data, Problem):
        reading.problems += [problem] if problem else []
        return None
    return data.decode("utf-8-sig").removesuffix("\n")


Wrong = tuple[str, str, str] | None
"""Rule, message and hint of a problem, or None."""


def _line(sheet: Sheet, number: int, line: str, reading: Reading) -> Wrong:
    name, _, rest = line.partition("\t")
    kind = name[:1]
    if kind == "T":
        return _bound(sheet, number, name, rest)
    if kind == "R" and (found := RELATION.fullmatch(rest)):
        sheet.relations.append(Relation(number, found[1], found[2], found[3]))
    elif kind in ("A", "M") and (found := ATTRIBUTE.fullmatch(rest)):
        sheet.attributes.append(Attribute(number, found[1], found[2], found[3]))
    elif kind in ("#", "N", "*"):
        reading.notes["brat's notes, normalisations and equivalences left out"] += 1
    elif kind == "E":
        return "event", "events are not read", "Write figures and attributions as text-bound annotations and relations."
    else:
        return (
            "not-brat",
            f"{line[:40]!r} is no line of brat's format",
            "Columns are parted by tabs: T1, the label and offsets, the text.",
        )
    return None


def _bound(sheet: Sheet, number: int, name: str, rest: str) -> Wrong:
    place, _, written = rest.partition("\t")
    found = BOUND.fullmatch(place)
    if found is None:
        return "not-brat", f"{place!r} is no label with offsets", "Write `T1<tab>PER 0 5<tab>text`, split spans as `0 5;8 12`."
    if name in sheet.bound:
        return "duplicate-id", f"{name} occurs twice", "Give every annotation an id of its own."
    pieces = [piece.split() for piece in found[2].split(";")]
    spans = tuple(Span(int(start), int(end)) for start, end in pieces)
    sheet.bound[name] = Bound(name, found[1], _joined(spans, sheet.text), number)
    covered = None if sheet.text is None else " ".join(span.cut(sheet.text) for span in spans).replace("\n", " ")
    if covered is not None and written and covered != written:
        message = f"{found[2]} covers {covered!r}, not {written!r}"
        return "text-and-offsets-differ", message, "Offsets count code points in the gold's `text`, end exclusive."
    return None


def _joined(spans: Sequence[Span], text: str | None) -> tuple[Span, ...]:
    """The pieces, in order, with those as one that have only white space between them."""
    joined: list[Span] = []
    for span in spans:
        between = text[joined[-1].end : span.start] if joined and text is not None else "-"
        if joined and joined[-1].end <= span.start and not between.strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
