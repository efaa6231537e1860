"""An invented clone of the corpus of token files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

DB = "http://dbpedia.org/resource/"
Row = tuple[str, str, str]
"""A token, its tag and its link."""

MOLEN: list[list[Row]] = [
    [
        *(("Molen", "(ORG)", "_"), ("Oost", "_", "_"), ("verkoopt", "_", "_"), ('"', "_", "_")),
        *(("Wiek", "(PRO", "_"), ("2", "PRO)", "_"), ('"', "_", "_")),
    ],
    [("07-May-09", "_", "_")],
    [
        ("Voorzitter", "(PER", DB + "Ina"),
        ("van", "PER", DB + "Ina"),
        ("Molen", "(ORG|PER", "_"),
        ("Oost", "ORG)|PER", "_"),
        ("Ina", "PER)", DB + "Ina "),
        ("toonde", "_", "_"),
        ("de", "(PRO|(PRO", "_"),
        ("Wiek", "PRO|PRO", "_"),
        ("2", "PRO)", DB + "Wiek_2"),
        (",", "_", "_"),
        ("3", "PRO)", DB + "Wiek_3"),
        ("(", "_", "_"),
        ("zo", "_", "_"),
        ("'", "_", "_"),
        ("n", "_", "_"),
        ("molen", "_", "_"),
        (")", "_", "_"),
        (".", "_", "_"),
    ],
]  # fmt: skip


def written(path: Path, sentences: Sequence[Sequence[Row]]) -> None:
    """Write sentences as a token file."""
    numbers = iter(range(1, 999))
    lines = ["".join(f"{next(numbers)}\t{token}\t{tag}\t{link}\n" for token, tag, link in sentence) for sentence in sentences]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
