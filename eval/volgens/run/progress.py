"""How far a run is, on standard error: a bar where tqdm is installed and there is a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec

from volgens.run.extractor import Answer

EVERY = 10.0
"""Seconds between two lines."""


def with_progress(answers: Iterator[Answer], total: int, initial: int, show: bool) -> Iterator[Answer]:
    """The answers, told as they pass: how many of all, how many a second, tokens, and failures."""
    if not show:
        return answers
    if sys.stderr.isatty() and find_spec("tqdm") is not None:
        return _bar(answers, total, initial)
    return _lines(answers, total, initial)


def _bar(answers: Iterator[Answer], total: int, initial: int) -> Iterator[Answer]:
    from tqdm import tqdm

    counts: Counter[str] = Counter()
    with tqdm(total=total, initial=initial, unit="document") as bar:
        for answer in answers:
            _count(counts, answer)
            bar.set_postfix(counts, refresh=False)
            bar.update()
            yield answer


def _lines(answers: Iterator[Answer], total: int, initial: int) -> Iterator[Answer]:
    counts: Counter[str] = Counter()
    begun = last = time.monotonic()
    for done, answer in enumerate(answers, 1):
        _count(counts, answer)
        now = time.monotonic()
        if now - last >= EVERY:
            last, rate = now, done / (now - begun)
            left = (total - initial - done) / rate
            more = "".join(f", {name} {number}" for name, number in counts.items())
            print(f"{initial + done} of {total} documents, {rate:.2g} a second, {left:.0f} s left{more}", file=sys.stderr)
        yield answer


def _count(counts: Counter[str], answer: Answer) -> None:
    for name, number in answer.usage.items():
        if name.endswith("_tokens"):
            counts[name.removesuffix("_tokens")] += number
    if answer.error is not None:
        counts["failed"] += 1
