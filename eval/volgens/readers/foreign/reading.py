"""What a reader is given and what it gives back."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from volgens.model.problem import Problem, Where

Row = dict[str, Any]
AT = "_at"
TOKENS = "tokens"
"""The `kind` of a document of gold whose text was made of tokens."""


class Options(NamedTuple):
    """What the user says of a file: the `scheme` of its tags (`schemes.SCHEMES`), the `columns` of token and tag
    (`token=2,tag=8`), the sign of `decimals` in numbers given as strings, and whether an `unusable` reply of a language model
    is refused (`refuse`) or counts as nothing predicted (`empty`).
    """

    scheme: str | None = None
    columns: str | None = None
    decimals: str | None = None
    unusable: str = "refuse"


class File(NamedTuple):
    """A foreign file, decompressed (`data` is empty for a folder); `texts` has the gold's documents, None where a text may not
    travel.

    `alone`: the file is the gold itself. There are no texts to hold it against: its own ids and texts are the documents'.
    `of_tokens`: the documents of the gold whose text was made of tokens, so that its white space says nothing.
    """

    path: Path
    data: bytes
    texts: Mapping[str, str | None]
    options: Options = Options()
    alone: bool = False
    of_tokens: frozenset[str] = frozenset()


@dataclass
class Reading:
    """Rows in the form of a prediction line, and every problem of the file. With problems the rows are partial.

    `notes` counts what a reader leaves out or adds by its rules, in the words that the user is told.
    """

    file: File
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def report(
        self,
        rule: str,
        message: str,
        hint: str,
        *,
        line: int | None = None,
        document: str | None = None,
        field: str | None = None,
    ) -> None:
        """Record a problem at its place in the file."""
        self.problems.append(Problem(Where(str(self.file.path), line, document, field), rule, message, hint))

    def offsets(self, item: Mapping[str, Any], line: int | None, document: str, field: str) -> tuple[int, int] | None:
        """The item's `start` and `end`; None and a problem where they are no whole numbers."""
        start, end = item.get("start"), item.get("end")
        if type(start) is int and type(end) is int:
            return start, end
        message = f"start and end are {start!r} and {end!r}"
        hint = "Give both as whole numbers; a transformers pipeline needs a fast tokenizer for them."
        self.report("no-offsets", message, hint, line=line, document=document, field=field)
        return None

    def document(self, text: str, line: int | None, place: str, *, stated: str | None = None) -> str | None:
        """The id of the document with this text, for formats that have texts and perhaps ids.

        An id that is `stated` holds; one that the gold lacks, where one document of the gold has exactly this text, is that
        document's, and that is counted. Without one it is the one document of the gold with this text, white space aside; in a
        file that is gold itself, its number in the file.
        """
        if stated is not None:
            return self.known(stated, self.same(text) if self.lacks(stated) else [])
        return str(len(self.rows) + 1) if self.file.alone else self.by_text(text, line, place)

    def lacks(self, stated: str) -> bool:
        """Whether the gold has no document of this id."""
        return not self.file.alone and stated not in self.file.texts

    def known(self, stated: str, same: list[str]) -> str:
        """The id, or where that is not the gold's, the one document that is the `same`: gold without ids has our numbers."""
        if len(same) != 1:
            return stated
        self.notes["documents whose id the gold lacks, found by their text"] += 1
        return same[0]

    def numbered(self, text: str, number: object, line: int | None, place: str) -> str | None:
        """As `document`, for tools that number documents by themselves: the text says which it is, their number only where it is
        an id of the gold (or where the file is the gold)."""
        name = str(number) if isinstance(number, str | int) and not isinstance(number, bool) else None
        known = name if name is not None and (self.file.alone or name in self.file.texts) else None
        same = [] if self.file.alone else self.same(text)
        return same[0] if len(same) == 1 else self.document(text, line, place, stated=known)

    def by_text(self, text: str, line: int | None, place: str) -> str | None:
        """The id of the one document of the gold that has this text, white space aside; None and a problem if there is none."""
        same = self.same(text)
        if len(same) == 1:
            return same[0]
        found = "no document of the gold has its text" if not same else f"{len(same)} documents of the gold have its text"
        hint = "Give every document its `id`, and the extractor the gold's `text` as it is."
        self.report("no-id", f"{place} has no id, and {found}", hint, line=line)
        return None

    def same(self, text: str) -> list[str]:
        """The ids of the documents of the gold with exactly this text, or else, if it was made of tokens, with this but for white
        space."""
        alike = self.with_letters(text)
        exact = [name for name in alike if self.file.texts[name] == text]
        return exact or [name for name in alike if name in self.file.of_tokens]

    def with_letters(self, text: str) -> list[str]:
        """The ids of the documents of the gold with this text but for white space."""
        return self._by_letters.get(squeezed(text), [])

    @cached_property
    def _by_letters(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, text in self.file.texts.items():
            if text is not None:
                found.setdefault(squeezed(text), []).append(name)
        return found


def at(line: int | None, file: Path | None = None) -> Row:
    """Where an item or row stands, as a field of it that no prediction has: `read_foreign` takes it off again."""
    return {} if line is None else {AT: (None if file is None else str(file), line)}


def score(value: object) -> Row:
    """A confidence as the field `score` of an item, where the tool gives a number."""
    return {"score": float(value)} if isinstance(value, int | float) and not isinstance(value, bool) else {}


def squeezed(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


NUMBER = re.compile(r"\d+(?:[.,]\d+)+")


def inside_word(text: str | None, at: int) -> bool:
    """Whether the offset stands between two letters or digits, or within a number such as 5.975,74. Unknown texts have no
    words."""
    if text is None or not 0 < at < len(text):
        return False
    if text[at - 1].isalnum() and text[at].isalnum():
        return True
    around = NUMBER.finditer(text, max(0, at - 30), at + 30) if not text[at].isspace() else ()
    return any(found.start() < at < found.end() for found in around)


def letters(text: str) -> str:
    """Letters and digits alone, without case and accents: what is left of a word after any tokeniser."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())
