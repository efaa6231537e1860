"""The first step of scoring in parts: a side is read by the readers of `volgens.score` and dealt into buckets by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import polars as pl

from volgens.engines.facts import Facts, facts_of, labels_of
from volgens.engines.found import Block, Found, Placed
from volgens.engines.wire import by_bucket
from volgens.readers.corpus import with_lengths
from volgens.readers.jsonl import read_jsonl
from volgens.readers.native import Reading, with_map
from volgens.readers.shape import Lines, conform
from volgens.scoring.score import page_of
from volgens.scoring.views import View

FILE, START, LINE, TOLD = "@file", "@start", "@line", "@told"
"""Where a document stood, beside its columns: the block, the line in it, and whether its form was found wrong."""

ROWS = 5_000
"""Rows that are read at once."""
BYTES = 1 << 25
"""Bytes of lines that are read at once."""


@dataclass(frozen=True)
class Side:
    """Gold or predictions, and how they are read. `name` is what problems call the file; a file of `lines` that is one of
    several is called by its own name (`name` is None). `view` is that of the score, `dealt` the documents that are dealt into
    `buckets` at once.
    """

    is_gold: bool
    name: str | None
    lines: bool
    how: Reading
    view: View
    buckets: int
    dealt: int

    @property
    def schema(self) -> str:
        return "gold" if self.is_gold else "prediction"

    def called(self, file: str) -> str:
        """What a file of lines is called."""
        return self.name or local(file)


class Dealt(NamedTuple):
    """What reading gives: documents of a bucket, or the pages of some documents, or, at the end, the facts."""

    bucket: int | None = None
    documents: bytes | None = None
    pages: list[str] | None = None
    facts: Facts | None = None


def local(address: str) -> str:
    """A file's address as a path, where it lies on this machine."""
    parts = urlsplit(address)
    return unquote(parts.path) if parts.scheme == "file" else address


def read_lines(rows: Iterable[tuple[bytes, str, int]], side: Side) -> Iterator[Dealt]:
    """Deal lines, each with its file and the beginning of its block, in the order of the file."""
    counts: dict[Block, int] = {}

    def parts() -> Iterator[tuple[Lines, Facts]]:
        for block, some in _blocks(rows):
            begin = counts.get(block, 0)
            counts[block] = begin + len(some)
            if any(map(bytes.strip, some)):
                yield _of_block(b"\n".join(some), block, begin, side)

    yield from _deal(parts(), side)
    yield Dealt(facts=Facts(lines=counts))


def read_frames(frames: Iterable[pl.DataFrame], side: Side) -> Iterator[Dealt]:
    """Deal frames of any columns."""
    read = (conform(frame, side.name, side.how.decimals) for frame in _larger(frames))
    yield from _deal(((lines, Facts(found=Found.of(map(Placed, lines.problems)))) for lines in read), side)


def _blocks(rows: Iterable[tuple[bytes, str, int]]) -> Iterator[tuple[Block, list[bytes]]]:
    """Lines of one block, so many that reading them at once is worth it, and not more than fit."""
    for (file, start), some in groupby(rows, itemgetter(1, 2)):
        held, size = list[bytes](), 0
        for line, *_ in some:
            held.append(line)
            size += len(line)
            if len(held) >= ROWS or size >= BYTES:
                yield Block(file, start), held
                held, size = [], 0
        if held:
            yield Block(file, start), held


def _larger(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    held, rows = list[pl.DataFrame](), 0
    for frame in frames:
        held.append(frame)
        rows += len(frame)
        if rows >= ROWS:
            yield pl.concat(held)
            held, rows = [], 0
    if rows:
        yield pl.concat(held)


def _of_block(data: bytes, block: Block, begin: int, side: Side) -> tuple[Lines, Facts]:
    """Lines that follow `begin` others of their block, as `volgens.score` reads them."""
    lines = read_jsonl(data, Path(side.called(block.file)), side.schema, side.how.allowed, side.how.decimals)
    problems = [Placed(_moved(problem, begin), block) for problem in lines.problems]
    numbers = lines.line if lines.line is not None else [None] * len(lines.frame)
    told = {problem.where.line for problem in lines.problems}
    places = {FILE: [block.file] * len(numbers), START: [block.start] * len(numbers)}
    places |= {LINE: [n and n + begin for n in numbers], TOLD: [n in told for n in numbers]}
    kinds = {FILE: pl.String, START: pl.Int64, LINE: pl.Int64, TOLD: pl.Boolean}
    known = lines.frame.hstack(pl.DataFrame(places, schema=kinds)) if len(lines.frame) else lines.frame
    return lines._replace(frame=known), Facts(found=Found.of(problems), unread=int(not len(lines.frame)))


def _moved(problem: Any, by: int) -> Any:
    line = problem.where.line
    return problem if line is None else problem._replace(where=problem.where._replace(line=line + by))


def _deal(parts: Iterable[tuple[Lines, Facts]], side: Side) -> Iterator[Dealt]:
    known, held, rows = Facts(), list[pl.DataFrame](), 0
    for lines, facts in parts:
        known = known + facts
        if not len(lines.frame):
            continue
        frame, more = _prepared(lines, side)
        known = known + more
        held.append(frame)
        rows += len(frame)
        if side.is_gold:
            yield Dealt(pages=_pages(frame, side.view))
        if rows >= side.dealt:
            yield from _dealt(held, side)
            held, rows = [], 0
    if held:
        yield from _dealt(held, side)
    yield Dealt(facts=known)


def _prepared(lines: Lines, side: Side) -> tuple[pl.DataFrame, Facts]:
    """The frame with lengths, or labels mapped, and what it says."""
    places = [name for name in (FILE, START, LINE, TOLD) if name in lines.frame.columns]
    bare = lines.frame.drop(places)
    facts = Facts(applied=frozenset(lines.applied))
    if side.is_gold:
        bare = with_lengths(bare)
    elif side.how.map:
        facts = replace(facts, labels=labels_of(bare))
        mapped = with_map(lines._replace(frame=bare), side.how.map)
        bare = mapped.frame
        facts.notes.update(mapped.notes)
    facts = facts + facts_of(bare, side.how.threshold is not None)
    return bare.hstack(lines.frame.select(places)), facts


def _pages(frame: pl.DataFrame, view: View) -> list[str]:
    """The pages of the documents that count."""
    known = view.documents(frame.with_columns(page_of(frame)["page"]))
    return known["page"].drop_nulls().unique().to_list()


def _dealt(frames: list[pl.DataFrame], side: Side) -> Iterator[Dealt]:
    for bucket, documents in by_bucket(pl.concat(frames), side.buckets):
        yield Dealt(bucket, documents)
