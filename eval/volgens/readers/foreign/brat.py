"""brat stand-off: `own-000.ann`, or a folder of them; the file's name is the document's id.

Read are text-bound annotations (`T`), relations (`R`) and attributes (`A`, `M`), in the form that our own export writes: names
by type; `FIGURE`, `COUNTED`, `HEAD`, `CUE`, `SOURCE`, `CONTENT`, `ANTECEDENT`; relations `counts`, `head`, `part_of`, `source`,
`content`, `antecedent`, `parent`; fields as attributes. A cue in pieces is one split span, another part also several
annotations. `figures` is attempted where the files have a FIGURE, `attributions` where they have a CUE. Notes (`#`),
normalisations (`N`) and equivalences (`*`) are left out and counted; events (`E`) are a problem. Offsets are code points, end
exclusive; the covered text is compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from volgens.model.documents import Span
from volgens.model.problem import Problem, Where
from volgens.readers.files import read_bytes, text_problem
from volgens.readers.foreign.brat_items import Attribute, Bound, Relation, Sheet, items
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
        found = items(sheet, reading)
        reading.rows.append({"id": sheet.id, **{layer: found[layer] for layer in layers}})
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
    text = reading.file.texts.get(sheet.id)
    _compare(path, sheet.id, text, reading)
    for number, line in enumerate(data.decode("utf-8-sig").split("\n"), 1):
        wrong = _line(sheet, number, line.rstrip("\r"), text, reading) if line.strip() else None
        if wrong:
            reading.problems.append(Problem(Where(str(path), number, sheet.id), *wrong))
    return sheet


def _compare(path: Path, name: str, text: str | None, reading: Reading) -> None:
    beside = path.with_suffix(".txt")
    if text is None or not beside.is_file():
        return
    data = read_bytes(beside)
    if isinstance(data, bytes) and data.decode("utf-8", "replace").removesuffix("\n") != text:
        cure = "Annotate the gold's `text`; brat's files with it are written by `volgens export brat`."
        reading.problems.append(Problem(Where(str(beside), None, name), "another-text", "this is not the gold's text", cure))


Wrong = tuple[str, str, str] | None
"""Rule, message and cure of a problem, or None."""


def _line(sheet: Sheet, number: int, line: str, text: str | None, reading: Reading) -> Wrong:
    name, _, rest = line.partition("\t")
    kind = name[:1]
    if kind == "T":
        return _bound(sheet, number, name, rest, text)
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


def _bound(sheet: Sheet, number: int, name: str, rest: str, text: str | None) -> Wrong:
    place, _, written = rest.partition("\t")
    found = BOUND.fullmatch(place)
    if found is None:
        return "not-brat", f"{place!r} is no label with offsets", "Write `T1<tab>PER 0 5<tab>text`, split spans as `0 5;8 12`."
    if name in sheet.bound:
        return "duplicate-id", f"{name} occurs twice", "Give every annotation an id of its own."
    pieces = [piece.split() for piece in found[2].split(";")]
    spans = tuple(Span(int(start), int(end)) for start, end in pieces)
    sheet.bound[name] = Bound(name, found[1], spans, number)
    covered = None if text is None else " ".join(span.cut(text) for span in spans).replace("\n", " ")
    if covered is not None and written and covered != written:
        message = f"{found[2]} covers {covered!r}, not {written!r}"
        return "text-and-offsets-differ", message, "Offsets count code points in the gold's `text`, end exclusive."
    return None
