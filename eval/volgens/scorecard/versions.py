"""Which versions of the code give numbers that may stand beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from volgens import __version__
from volgens.model.problem import Problem, ProblemsFound, Where

CHANGES = {
    "0.2.0": "of pairings with equal Dice the one that agrees in more wins, refs are compared by any spelling, the register's "
    "aliases count, and agencies in datelines count neither way",
}
"""Version → how it scores otherwise than those before it, oldest first. A version that changes no number is not here."""


def changes_since(version: str) -> list[str]:
    """What has changed in the scores since a version, each with the version that changed it; none for comparable ones."""
    return [f"since {new} {what}" for new, what in CHANGES.items() if _number(version) < _number(new) <= _number(__version__)]


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else -1 for part in version.split(".")[:3])


def of_another_version(stored: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Problem]:
    """A problem for each stored scorecard (a name, its JSON) whose numbers may not stand beside those of this version."""
    for name, card in stored:
        version = str(card.get("signature", {}).get("volgens", "0"))
        if found := changes_since(version):
            message = f"scored by version {version}; beside {__version__} its numbers mean something else: {'; '.join(found)}"
            hint = "Score its predictions again: `volgens score`, in this repository `make results`."
            yield Problem(Where(name), "another-version", message, hint)


def refuse_another_version(stored: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Raise `ProblemsFound` with the problems of `of_another_version`."""
    if problems := list(of_another_version(stored)):
        raise ProblemsFound(problems)
