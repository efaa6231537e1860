"""The word lists and tables of the rules, read from the TOML files beside this one."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def words(file: str, table: str) -> frozenset[str]:
    """A list of words."""
    return frozenset(_file(file)[table].split())


def rows(file: str, table: str) -> list[list[str]]:
    """A table: one row a line, cells between `|`."""
    return [line.split("|") for line in _file(file)[table].splitlines() if line]
