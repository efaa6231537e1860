"""Pieces of work at once. Threads, because polars and numpy let go of the interpreter while they work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

One = TypeVar("One")
Other = TypeVar("Other")


def both(one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """The results of both. What `one` raises goes before what `other` raises."""
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(other)
        return one(), later.result()


def each(function: Callable[[One], Other], values: Iterable[One]) -> list[Other]:
    """The function of each value, two at a time. Raises what the first call that fails does."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(function, values))
