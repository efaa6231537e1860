"""What a reader is given and what it gives back."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from volgens.model.problem import Problem, Where

Row = dict[str, Any]


class File(NamedTuple):
    """A foreign file, decompressed (`data` is empty for a folder); `texts` has the gold's documents, None where a text may not
    travel.

    `scheme` is what the user says of the tags (`conll.SCHEMES`).
    """

    path: Path
    data: bytes
    texts: Mapping[str, str | None]
    scheme: str | None = None


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
        cure: str,
        *,
        line: int | None = None,
        document: str | None = None,
        field: str | None = None,
    ) -> None:
        """Record a problem at its place in the file."""
        self.problems.append(Problem(Where(str(self.file.path), line, document, field), rule, message, cure))

    def offsets(self, item: Mapping[str, Any], line: int | None, document: str, field: str) -> tuple[int, int] | None:
        """The item's `start` and `end`; None and a problem where they are no whole numbers."""
        start, end = item.get("start"), item.get("end")
        if type(start) is int and type(end) is int:
            return start, end
        message = f"start and end are {start!r} and {end!r}"
        cure = "Give both as whole numbers; a transformers pipeline needs a fast tokenizer for them."
        self.report("no-offsets", message, cure, line=line, document=document, field=field)
        return None

    def by_text(self, text: str, line: int | None, place: str) -> str | None:
        """The id of the one document of the gold that has this text, for formats that carry texts and no ids."""
        same = [name for name, known in self.file.texts.items() if known == text]
        if len(same) == 1:
            return same[0]
        found = "no document of the gold has its text" if not same else f"{len(same)} documents of the gold have its text"
        cure = "Give every document its `id`, and the extractor the gold's `text` as it is."
        self.report("no-id", f"{place} has no id, and {found}", cure, line=line)
        return None


def inside_word(text: str | None, at: int) -> bool:
    """Whether the offset stands between two letters or digits. Unknown texts have no words."""
    return text is not None and 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def letters(text: str) -> str:
    """Letters and digits alone, without case and accents: what is left of a word after any tokeniser."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())
