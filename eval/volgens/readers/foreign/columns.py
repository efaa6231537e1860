"""Which columns of a file hold the token and its tag: told by number or by the name in the file's header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from volgens.model.problem import Problem, Where
from volgens.readers.foreign.schemes import TAG, Scheme

HEADER = re.compile(r"#\s*global\.columns\s*=\s*(.+)")
WORDS = ("token", "form", "word")
"""Names of the column of tokens, by which a first line without a tag is known as a header."""


class Row(NamedTuple):
    """A line of the file as its columns."""

    line: int
    cells: Sequence[str]


class Columns(NamedTuple):
    """The numbers of the two columns, from 0 (`tag` is -1 for the last); `header` is the line that names them. `key`: the tag is
    the value of that key in cells like `NER=B-PER|SpaceAfter=No`, as the last column of CoNLL-U has them, and O where it lacks.
    """

    token: int = 0
    tag: int = -1
    header: int | None = None
    key: str = ""

    def tag_of(self, cells: Sequence[str]) -> str:
        """The tag of a line's cells, which reach so far."""
        cell = cells[self.tag]
        if not self.key:
            return cell
        values = dict(pair.partition("=")[::2] for pair in cell.split("|"))
        return values.get(self.key, "O")


def cells(line: str) -> list[str]:
    """The columns of a line, parted by tabs where it has any, else by white space; what is empty at its end is none."""
    parts = [part.strip() for part in line.split("\t")]
    while parts and not parts[-1]:
        parts.pop()
    return parts if len(parts) > 1 else line.split()


def rows(text: str) -> list[Row]:
    """The lines with columns: all but empty ones and comments. A line that begins with `#` is a comment, unless it has a tag
    in as many columns as most lines."""
    found = [Row(n, cells(line)) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    plain = Counter(len(row.cells) for row in found if not row.cells[0].startswith("#"))
    width = plain.most_common(1)[0][0] if plain else 0
    return [
        row
        for row in found
        if not row.cells[0].startswith("#") or (len(row.cells) == width and any(TAG.fullmatch(cell) for cell in row.cells[1:]))
    ]


def tagged(given: Sequence[Row]) -> list[int]:
    """The numbers (from 0) of the columns, after the first, that hold a tag in nine of ten lines; a header is none of them."""
    given = given[1:] if given and not any(TAG.fullmatch(cell) for cell in given[0].cells) else given
    held = Counter(n for row in given for n, cell in enumerate(row.cells) if n and TAG.fullmatch(cell))
    return sorted(n for n, times in held.items() if 10 * times >= 9 * len(given))


def choose(option: str | None, text: str, given: Sequence[Row], file: str, scheme: Scheme) -> Columns | Problem:
    """The columns by the option (`token=2,tag=8`, or names of the header; `tag=10.NER` for a key within a column); a problem
    where they cannot be told."""
    where = Where(file)
    parts = dict(part.partition("=")[::2] for part in (option or "").replace(" ", "").split(",") if part)
    if set(parts) - {"token", "tag"} or not all(parts.values()) or (option is not None and not parts):
        hint = "Write --columns token=2,tag=8: numbers from 1, or names of the file's header."
        return Problem(where._replace(file=None, field="--columns"), "wrong-columns", f"{option!r} names no columns", hint)
    names, header = _names(text, given, parts)
    key = ""
    if "tag" in parts and parts["tag"] not in names and "." in parts["tag"]:
        parts["tag"], _, key = parts["tag"].partition(".")
    chosen = {}
    for role, name in parts.items():
        number = names.index(name) + 1 if name in names else int(name) if name.isdecimal() else 0
        if not 0 < number <= max((len(row.cells) for row in given), default=0):
            known = f"the header names {', '.join(names)}" if names else "the file has no header"
            hint = "Name a column of the file by its number, from 1, or by its name in the header."
            return Problem(where, "wrong-columns", f"there is no column {name!r} for the {role}; {known}", hint)
        chosen[role] = number - 1
    columns = Columns(**chosen, header=header, key=key)
    return _untagged(columns, given, names, where, scheme) or columns


def _names(text: str, given: Sequence[Row], parts: dict[str, str]) -> tuple[list[str], int | None]:
    """The names of the columns and the line of the header, where the file has one that is no comment."""
    if found := next(filter(None, map(HEADER.fullmatch, text.split("\n")[:20])), None):
        return found[1].split(), None
    first = given[0] if given else Row(0, ())
    named = any(name in first.cells and not name.isdecimal() for name in parts.values())
    words = any(cell.casefold() in WORDS for cell in first.cells) and not any(TAG.fullmatch(cell) for cell in first.cells)
    return (list(first.cells), first.line) if named or words else ([], None)


def _untagged(columns: Columns, given: Sequence[Row], names: list[str], where: Where, scheme: Scheme) -> Problem | None:
    """The one problem of a file whose column of tags has hardly any, with the columns that have."""
    lines = [row for row in given if row.line != columns.header]
    reaching = [row for row in lines if max(1, columns.tag) < len(row.cells)]
    held = sum(bool(scheme.tag.fullmatch(columns.tag_of(row.cells))) for row in reaching)
    if 2 * held >= len(lines):
        return None
    told = "the last column" if columns.tag < 0 else f"column {columns.tag + 1}"
    candidates = tagged(lines)
    token = 2 if all(row.cells[0].isdecimal() for row in lines) else 1
    hint = f"Write the token first and its tag last ({scheme.form}), or name them: --columns token=2,tag=8."
    if candidates:
        shown = " and ".join(f"{n + 1} ({names[n]})" if n < len(names) else str(n + 1) for n in candidates)
        hint = f"Name the columns: --columns token={token},tag={candidates[0] + 1}. Tags stand in {shown}."
    return Problem(
        where._replace(line=lines[0].line), "no-tag-column", f"{told} holds no tags: {_cell(lines[0], columns.tag)!r}", hint
    )


def _cell(row: Row, number: int) -> str:
    return row.cells[number] if number < len(row.cells) else ""
