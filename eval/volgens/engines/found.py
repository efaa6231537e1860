"""Problems of many partitions: the first ones in full, all of them counted. What is gathered adds, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from volgens.model.problem import Problem, Where

KEPT = 10_000
"""Problems that are kept in full."""


class Block(NamedTuple):
    """A piece of a file of lines, as an engine divides it: the file's address and the byte at which the piece begins."""

    file: str
    start: int


class Placed(NamedTuple):
    """A problem; where `block` is known its line counts from the beginning of that."""

    problem: Problem
    block: Block | None = None

    @property
    def place(self) -> tuple[str, int, int, str, str, str]:
        """By what problems are put in order."""
        where = self.problem.where
        file, start = self.block or Block(where.file or "", 0)
        return file, start, where.line or 0, where.document or "", where.field or "", self.problem.id


@dataclass(frozen=True)
class Found:
    """`first`: the problems that come first, at most `KEPT`, in order. `times`: rule → how often it is broken."""

    first: tuple[Placed, ...] = ()
    times: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, problems: Iterable[Placed]) -> Found:
        given = list(problems)
        return cls(_first(given), Counter(each.problem.id for each in given))

    def __add__(self, other: Found) -> Found:
        if not self.times or not other.times:
            return self if self.times else other
        return Found(_first([*self.first, *other.first]), self.times + other.times)

    def told(self, lines: Mapping[Block, int]) -> list[Problem]:
        """The problems for people; `lines` are those that each block has. What is not told in full is the last one."""
        before = _before(lines)
        told = [_in_file(each, before) for each in self.first]
        left = self.times - Counter(each.problem.id for each in self.first)
        if left:
            rules = ", ".join(f"{rule} {times:,}" for rule, times in sorted(left.items()))
            hint = "Mend the first ones: the others are probably of the same kind."
            told.append(Problem(Where(), "more-problems", f"and {left.total():,} more problems: {rules}", hint))
        return told


def _first(problems: list[Placed]) -> tuple[Placed, ...]:
    return tuple(sorted(problems, key=lambda each: each.place)[:KEPT])


def _before(lines: Mapping[Block, int]) -> dict[Block, int]:
    """The lines of the file before each block."""
    found, file, count = {}, "", 0
    for block in sorted(lines):
        file, count = block.file, count if block.file == file else 0
        found[block] = count
        count += lines[block]
    return found


def _in_file(each: Placed, before: Mapping[Block, int]) -> Problem:
    where = each.problem.where
    if each.block is None or where.line is None:
        return each.problem
    return each.problem._replace(where=where._replace(line=where.line + before[each.block]))
