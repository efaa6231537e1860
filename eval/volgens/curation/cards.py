"""Cards of invented pages: which split a page belongs to, drawn before anyone reads it, and whether pages repeat each other."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping

QUOTAS: Mapping[str, tuple[int, int, int]] = {
    "domestic, parliament": (8, 2, 6),
    "elections, polls": (4, 1, 3),
    "courts, police": (7, 2, 5),
    "economy, markets": (9, 2, 7),
    "sport": (8, 2, 6),
    "weather, traffic, climate": (5, 1, 4),
    "health, science": (5, 1, 4),
    "tech, media": (3, 1, 2),
    "foreign": (7, 2, 5),
    "culture, royals, animals, odd news": (4, 1, 3),
}
"""Rubric → its pages in test, validation and train."""


def draw(rubrics: Mapping[str, str]) -> dict[str, str]:
    """Page → split, from page → rubric: within a rubric the pages stand in the order of the sha256 of `volgens ID`, and the first
    are test, the next validation, the rest train (`QUOTAS`). Raises KeyError for a rubric that has no quota.
    """
    found = {}
    for rubric in sorted(set(rubrics.values())):
        test, validation, _ = QUOTAS[rubric]
        pages = sorted((page for page, name in rubrics.items() if name == rubric), key=_place)
        for n, page in enumerate(pages):
            found[page] = "test" if n < test else "validation" if n < test + validation else "train"
    return found


def _place(page: str) -> str:
    return hashlib.sha256(f"volgens {page}".encode()).hexdigest()


def shared_runs(texts: Mapping[str, str], length: int = 8) -> dict[tuple[str, ...], list[str]]:
    """Runs of `length` words (case and punctuation aside) that stand in more than one text → the names of these texts."""
    holders: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, text in texts.items():
        words = re.findall(r"\w+", text.lower())
        for n in range(len(words) - length + 1):
            holders[tuple(words[n : n + length])].add(name)
    return {run: sorted(names) for run, names in holders.items() if len(names) > 1}
