"""What lies in a folder, as texts in which the pages may stand."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from volgens.curation.pages import PageError, normalise
from volgens.curation.token_files import SUFFIX, read_tokens, spell
from volgens.model.problem import Problem, ProblemsFound, Where

LINE = re.compile(r"\S(?:[^\n]*\S)?")


class Source(NamedTuple):
    """A text in which documents may stand: a whole file, a string in the JSON on one line of it, or what its tokens spell.

    `rows`: of a token file, the line on which each line of the text begins.
    """

    file: str
    line: int
    text: str
    whole: bool
    rows: tuple[int, ...] = ()

    def line_of(self, at: int) -> int:
        above = self.text.count("\n", 0, at)
        return self.rows[above] if self.rows else self.line + above if self.whole else self.line


class Place(NamedTuple):
    """Where a document or a segment was found: `source.text[start:end]`."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def overlaps(self, other: Place) -> bool:
        return self.source is other.source and self.start < other.end and other.start < self.end


def read_sources(folder: Path, unread: list[Problem]) -> Iterator[Source]:
    """Every text under the folder, normalised like a page: plain, JSON, JSON lines, or gzip of these; or spelt from a token file.

    What cannot be read is added to `unread`.
    """
    from tqdm import tqdm

    files = [path for path in sorted(folder.rglob("*")) if path.is_file()] if folder.is_dir() else [folder]
    for path in tqdm(files, desc="reading pages", unit="file", leave=False, disable=None):
        try:
            raw = path.read_bytes()
            text = normalise(gzip.decompress(raw) if path.suffix == ".gz" else raw, str(path))
            if path.suffix == SUFFIX:
                yield _tokens(str(path), text)
                continue
        except (PageError, ProblemsFound) as error:
            unread += error.problems
        except (OSError, EOFError) as error:
            unread.append(Problem(Where(str(path)), "unread-file", f"not readable: {error}", "Repair the file or remove it."))
        else:
            yield from _strings(str(path), text)


def _tokens(file: str, raw: str) -> Source:
    sentences = read_tokens(raw, file)
    text = spell([[token.text for token in sentence] for sentence in sentences]).text
    return Source(file, 1, text, True, tuple(sentence[0].line for sentence in sentences))


def _strings(file: str, text: str) -> Iterator[Source]:
    """The text as a whole, or each string of its JSON or JSON lines, and the strings of one line together."""
    for line, value in enumerate(_values(text), 1):
        if value is text:
            yield from _spaced(Source(file, 1, text, True))
            continue
        strings = list(_leaves(value))
        for string in [*strings, "\n".join(strings)] if len(strings) > 1 else strings:
            with suppress(PageError):
                yield from _spaced(Source(file, line, normalise(string), False))


def _spaced(source: Source) -> Iterator[Source]:
    """The source as it is, then without blank lines and without white space around its lines."""
    yield source
    bare = "\n".join(source.text[start:end] for start, end in lines(source.text))
    if bare != source.text.strip():
        yield source._replace(text=bare, whole=False)


def lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines that are not blank, without the white space around them."""
    return (line.span() for line in LINE.finditer(text))


def _values(text: str) -> list[Any]:
    """The values of JSON or, line by line, of JSON lines, where a line that is no JSON stays a string; else the text itself."""
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return [text]
    whole = _json(text)
    rows = [_json(row) for row in text.split("\n")] if whole is text else [whole]
    return rows if any(isinstance(row, dict | list) for row in rows) else [text]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
