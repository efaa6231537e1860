"""The register of a gold: what else its things are called. One JSON object a line: `slug`, `name`, `wikidata`, `variants`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from volgens.model.problem import Problem, ProblemsFound, Where

PACKAGE = Path(__file__).parents[1]
PLACES = (PACKAGE / "gold" / "refs.jsonl", PACKAGE.parents[1] / "annotations" / "refs.jsonl")
"""Where the register of our gold is: installed with the package, or in a checkout."""


class Register(NamedTuple):
    """`aliases`: alias, in small letters → slug. `digest`: 16 hexadecimal digits, the same for the same aliases."""

    aliases: Mapping[str, str]
    digest: str


NO_REGISTER = Register(MappingProxyType({}), "")


def installed() -> Register:
    """The register of our gold. Raises `ProblemsFound` where it is broken; without one there are no aliases."""
    return next((read_register(path) for path in PLACES if path.is_file()), NO_REGISTER)


def register_of(source: Mapping[str, str] | str | Path | None) -> Register:
    """A register from a file, or from a mapping of aliases to slugs. Raises `ProblemsFound`."""
    if source is None:
        return NO_REGISTER
    if isinstance(source, str | Path):
        return read_register(Path(source))
    return _register({_plain(alias): slug for alias, slug in source.items()})


def read_register(path: Path) -> Register:
    """The register of a file. A slug names its own thing, whatever else is called so; then a Wikidata id, then a name or variant
    that one thing alone has: what several have names none. Raises `ProblemsFound` with every line that is none.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemsFound([Problem(Where(str(path)), "unreadable", f"{error}", "Give a register as JSON lines.")]) from error
    rows, problems = [], []
    for number, line in enumerate(lines, 1):
        row = _row(line)
        rows += [row] if isinstance(row, dict) else []
        if isinstance(row, str):
            hint = "Give slug, name, wikidata (or null) and variants (a list)."
            problems.append(Problem(Where(str(path), number), "not-of-the-register", row, hint))
    if problems:
        raise ProblemsFound(problems)
    aliases: dict[str, str] = {}
    for names in (_slugs, _ids, _words):
        found = [(_plain(alias), row["slug"]) for row in rows for alias in names(row)]
        things = Counter(alias for alias, _ in set(found))
        aliases |= {alias: slug for alias, slug in found if things[alias] == 1 and alias not in aliases}
    return _register(aliases)


def _row(line: str) -> dict[str, Any] | str:
    """A line as an entry, or what is wrong with it."""
    try:
        row = json.loads(line)
    except ValueError as error:
        return f"this is not JSON: {error}"
    if not isinstance(row, dict) or not isinstance(row.get("slug"), str) or not row["slug"]:
        return "the entry has no slug"
    texts = [*_ids(row), row.get("name") or "", *(row.get("variants") or ())]
    return row if all(isinstance(text, str) for text in texts) else "names, ids and variants are strings"


def _slugs(row: Mapping[str, Any]) -> Sequence[str]:
    return [row["slug"]]


def _ids(row: Mapping[str, Any]) -> Iterator[str]:
    if row.get("wikidata"):
        yield row["wikidata"]


def _words(row: Mapping[str, Any]) -> set[str]:
    return {word for word in (row.get("name"), *(row.get("variants") or ())) if word}


def _plain(alias: str) -> str:
    return alias.strip().lower()


def _register(aliases: Mapping[str, str]) -> Register:
    lines = "".join(f"{alias}\t{slug}\n" for alias, slug in sorted(aliases.items()))
    return Register(dict(aliases), sha256(lines.encode()).hexdigest()[:16])
