"""A problem is a record: where it is, which rule it breaks, what was found and what to do about it."""

from __future__ import annotations

from typing import NamedTuple


class Where(NamedTuple):
    """An address, as far as it is known. `line` counts from 1; `field` is a path such as `figures[2].value`."""

    file: str | None = None
    line: int | None = None
    document: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        head = self.file or ""
        if self.line is not None:
            head += f":{self.line}" if head else f"line {self.line}"
        return ": ".join(part for part in (head, self.document, self.field) if part)


class Problem(NamedTuple):
    """`id` is the stable kebab-case name of the rule; `hint` says what to do, in the imperative."""

    where: Where
    id: str
    message: str
    hint: str

    def __str__(self) -> str:
        place = str(self.where)
        return f"{place + ': ' if place else ''}{self.message} [{self.id}]\n    {self.hint}"


class ProblemsFound(Exception):  # noqa: N818 - it carries findings, and reads as what happened
    """Bad input. `problems` has all of them; the text prints each with its place and its hint."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UnknownName(ProblemsFound, KeyError):  # noqa: N818 - it says what it is
    """A name that no table has: of a measure, a view, a form. Its text is a message with the nearest names."""

    def __init__(self, message: str, hint: str = "`volgens measures` lists the names.") -> None:
        super().__init__([Problem(Where(), "unknown-name", message, hint)])

    def __str__(self) -> str:
        return self.problems[0].message
