r"""What the lines of an agency's pages are: a section, an age, a dateline, and kinds of line beside paragraphs.

The default is that of `pages`. Pages of another agency are read by a profile, a TOML file; what it does not say is as there:

    section = 'Verder in (?P<section>.+)'                   a whole line
    age = '(?P<age>\d+ (?:min|uur))'                        the beginning of a line
    dateline = '(?P<places>\w+) \((?P<agencies>\w+)\):'     the beginning of a line; `agencies` may lack
    capitals = false                                        places need not be in capitals
    [kinds]
    time = true                                             as usual
    caption = 'Foto van .+'                                 a whole line

Of the kinds, `update` and `time` are the beginning of a line, whose rest is a line of its own; the others are whole lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from volgens.model.problem import Problem, ProblemsFound, Where

GAP = r"[^\S\n]"
AGENCY = r"[^\W\d_][^\s()/\d]*"
DATELINE = rf"(?P<places>[^()\n]{{1,80}}?){GAP}*\((?P<agencies>{AGENCY}(?:/{AGENCY})*)\){GAP}+[-–—](?=\s|\Z)"
UNITS = "seconden?|minuut|minuten|uur|uren|dag|dagen|week|weken|maand|maanden|jaar|jaren"
AGE = rf"(?P<age>\d+{GAP}(?:{UNITS}){GAP}geleden)"
SECTION = rf"Meer{GAP}uit{GAP}(?P<section>\S.{{0,59}}?)"
CLOCK = r"\d{1,2}[.:]\d{2}(?: uur)?"
USUAL: Mapping[str, str] = MappingProxyType(
    {
        "bullet": r"[-–—•*·▪]\s+\S.*",
        "caption": r"\(?(?:Foto|Beeld|Video)\b ?[:©].*",
        "link": r"(?:Lees|Bekijk|Luister|Kijk) ook\b.*",
        "update": rf"Update {CLOCK}:?",
        "time": rf"{CLOCK}(?=\s|\Z)(?:\s+[-–—|])?",
        "row": r"[^\t]+\t.+|\|.*\||[^|]+\|[^|]+\|.+",
        "question": r"(?:Vraag|V) ?[:.] .+|[^.!?]{1,119}\?",
    }
)
"""Kind of line → how it usually looks."""
BEGINNING = ("update", "time")
"""The kinds that are the beginning of a line."""
GROUPS = {"section": {"section"}, "age": {"age"}, "dateline": {"places"}}
FILE = "profile.toml"
"""The profile of a configuration's pages, in their folder."""


@dataclass(frozen=True)
class Profile:
    """Patterns of lines. `section` matches whole lines; `age`, `dateline` and the kinds of `BEGINNING` what a line begins with;
    the other `kinds` whole lines. `capitals`: a place in a dateline stands in capitals."""

    section: re.Pattern[str] = re.compile(rf"^{GAP}*{SECTION}{GAP}*$", re.MULTILINE)
    age: re.Pattern[str] = re.compile(rf"{GAP}*{AGE}")
    dateline: re.Pattern[str] = re.compile(DATELINE)
    capitals: bool = True
    kinds: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def kind(self, line: str) -> tuple[str, int] | None:
        """The kind of a line and how much of it is of that kind; None for a paragraph or a subheading."""
        for name, pattern in self.kinds.items():
            if found := pattern.match(line) if name in BEGINNING else pattern.fullmatch(line):
                return name, found.end()
        return None


DEFAULT = Profile()
LOOKS = Profile(kinds={name: re.compile(pattern) for name, pattern in USUAL.items()})
"""Lines as they usually look, to be warned of where a profile does not say what they are."""


def read_profile(path: Path) -> Profile:
    """The profile of a file. Raises `ProblemsFound` with every key that is none and every pattern that cannot be."""
    where = Where(str(path))
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        hint = "Write TOML as annotations/README.md shows it."
        raise ProblemsFound([Problem(where, "no-profile", f"this is no profile: {error}", hint)]) from error
    problems = list(_problems(given, where))
    if problems:
        raise ProblemsFound(problems)
    wrapped: dict[str, Callable[[str], re.Pattern[str]]] = {
        "section": lambda p: re.compile(rf"^{GAP}*(?:{p}){GAP}*$", re.MULTILINE),
        "age": lambda p: re.compile(rf"{GAP}*(?:{p})"),
        "dateline": lambda p: re.compile(p),
    }
    told: dict[str, Any] = {name: made(given[name]) for name, made in wrapped.items() if name in given}
    kinds = {name: re.compile(USUAL[name] if p is True else p) for name, p in given.get("kinds", {}).items() if p is not False}
    return Profile(**told, capitals=given.get("capitals", True), kinds=kinds)


def _problems(given: Mapping[str, Any], where: Where) -> Iterator[Problem]:
    known = (*GROUPS, "capitals", "kinds")
    for name in sorted(given.keys() - set(known)):
        yield Problem(where._replace(field=name), "unknown-key", "no such key", f"Known are {', '.join(known)}.")
    if not isinstance(given.get("capitals", True), bool):
        yield Problem(where._replace(field="capitals"), "wrong-type", f"{given['capitals']!r}", "Give true or false.")
    for name in GROUPS.keys() & given.keys():
        yield from _pattern(given[name], GROUPS[name], where._replace(field=name))
    kinds = given.get("kinds", {})
    if not isinstance(kinds, dict):
        yield Problem(where._replace(field="kinds"), "wrong-type", f"{kinds!r}", "Give a table: [kinds].")
        return
    for name, pattern in kinds.items():
        here = where._replace(field=f"kinds.{name}")
        if name not in USUAL:
            yield Problem(here, "unknown-kind", "no such kind of line", f"Known are {', '.join(USUAL)}.")
        elif not isinstance(pattern, bool):
            yield from _pattern(pattern, set(), here)


def _pattern(pattern: object, groups: set[str], where: Where) -> Iterator[Problem]:
    try:
        found = re.compile(pattern) if isinstance(pattern, str) else None
    except re.error as error:
        yield Problem(where, "no-pattern", f"no regular expression: {error}", "Write it in Python's syntax, in single quotes.")
        return
    if found is None:
        yield Problem(where, "no-pattern", f"{pattern!r} is no pattern", "Write a string in single quotes.")
    elif missing := sorted(groups - found.groupindex.keys()):
        hint = f"Name the part of it: (?P<{missing[0]}>…)."
        yield Problem(where, "no-group", f"the pattern has no group {missing[0]!r}", hint)
    elif found.match(""):
        yield Problem(where, "no-pattern", "the pattern fits nothing at all, and so every line", "Ask for a character at least.")
