"""The second step of scoring in parts: both sides of a bucket are checked and scored as `volgens.score` does."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import polars as pl

from volgens.engines.found import Block, Found, Placed
from volgens.engines.reading import FILE, LINE, START, TOLD, local
from volgens.engines.wire import together
from volgens.model.problem import Problem, ProblemsFound
from volgens.model.schema import bare, explain
from volgens.readers.corpus import validate
from volgens.readers.native import Reading, against, validate_against
from volgens.readers.shape import SCHEMA, Lines, conform
from volgens.readers.threshold import sure
from volgens.scoring.parts import Part, part_of
from volgens.scoring.score import Scoring
from volgens.stats.uncertainty import Units


@dataclass(frozen=True)
class Task:
    """What is done with every bucket. `names`: what problems call gold and predictions (None: each line's own file);
    `trusted`: the gold is ours and not checked; `absent`: the layers that no prediction gives; `scored`: those whose items have
    scores, for a threshold.
    """

    names: tuple[str | None, str | None]
    trusted: bool
    reading: Reading
    scoring: Scoring
    units: Units
    absent: Sequence[str] = ()
    scored: Sequence[str] = ()


class Bucket(NamedTuple):
    """Gold of the view and predictions, valid, or what is wrong with them."""

    gold: pl.DataFrame
    predictions: pl.DataFrame
    wrong: tuple[Found, Found]
    notes: Counter[str]


@dataclass(frozen=True)
class Sum:
    """What buckets add up to: the sums of scoring (None where there was nothing to score), the problems of gold and predictions,
    what was noted.
    """

    part: Part | None = None
    wrong: tuple[Found, Found] = (Found(), Found())
    notes: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Sum) -> Sum:
        parts = [part for part in (self.part, other.part) if part is not None]
        part = parts[0] + parts[1] if len(parts) == 2 else next(iter(parts), None)
        wrong = self.wrong[0] + other.wrong[0], self.wrong[1] + other.wrong[1]
        return Sum(part, wrong, self.notes + other.notes)


Row = tuple[int, int, bytes]
"""Bucket, side (0: gold, 1: predictions), documents."""


def buckets(rows: Iterable[Row], task: Task) -> Iterator[Bucket]:
    """The buckets of rows that are in the order of their buckets, valid."""
    for _, some in groupby(rows, itemgetter(0)):
        blobs: tuple[list[bytes], list[bytes]] = ([], [])
        for _, side, documents in some:
            blobs[side].append(documents)
        yield _valid(_opened(blobs[0]), _opened(blobs[1]), task)


def sums(rows: Iterable[Row], task: Task) -> Sum:
    """What the buckets add up to. After the first problem nothing is scored any more, and the rest still checked."""
    found = Sum()
    for bucket in buckets(rows, task):
        fine = not any(each.times for each in (*found.wrong, *bucket.wrong))
        part = part_of(bucket.gold, bucket.predictions, task.scoring, task.units) if fine and len(bucket.gold) else None
        found = found + Sum(part, bucket.wrong, bucket.notes)
    return found


def each_bucket(rows: Iterable[Row], task: Task, what: Callable[[Bucket], Any]) -> Iterator[Any]:
    """What is made of each valid bucket that has documents of the view."""
    return (what(bucket) for bucket in buckets(rows, task) if len(bucket.gold))


def nothing() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Gold and predictions of no documents."""
    return pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=SCHEMA)


def _opened(blobs: list[bytes]) -> pl.DataFrame:
    """The documents of a bucket with all columns, and where they stood."""
    if not blobs:
        return pl.DataFrame(schema=SCHEMA)
    found = together(blobs)
    places = found.select(name for name in (FILE, START, LINE, TOLD) if name in found.columns)
    return conform(found.drop(places.columns)).frame.hstack(places)


def _valid(golds: pl.DataFrame, guesses: pl.DataFrame, task: Task) -> Bucket:
    """Both sides held to the rules that `volgens.score` holds them to."""
    lines = _lines(golds)
    gold, wrong = lines.frame, list[Problem]()
    try:
        source = None if task.trusted else task.names[0] or task
        gold = validate(lines, source, task.reading.labels, sys.maxsize) if len(gold) else gold
    except ProblemsFound as refused:
        wrong = refused.problems
    how = replace(task.reading, threshold=None, chosen_on=None)
    rows = against(_lines(guesses), lines.frame, how)
    read = validate_against(rows, lines.frame, task.names[1], how, sys.maxsize)
    said = _said(guesses, task) if read.problems else frozenset()
    problems = [problem for problem in read.problems if problem not in said]
    found = _placed(wrong, golds), _placed(problems, guesses)
    if wrong or problems:
        return Bucket(gold, read.frame, found, Counter())
    kept = sure(read.frame, task.reading.threshold, task.scored) if task.reading.threshold is not None else None
    frame = (read.frame if kept is None else kept.frame).drop(task.absent)
    return Bucket(task.scoring.view.documents(gold), frame, found, Counter(kept.left_out if kept else {}))


def _lines(frame: pl.DataFrame) -> Lines:
    """The documents, each numbered where it stood in a line."""
    bare = frame.drop([name for name in (FILE, START, LINE, TOLD) if name in frame.columns])
    return Lines(bare, range(1, len(frame) + 1) if LINE in frame.columns else None, [])


def _said(frame: pl.DataFrame, task: Task) -> frozenset[Problem]:
    """What reading has said already of the form of a line."""
    if TOLD not in frame.columns:
        return frozenset()
    rows = _lines(frame)
    told = frame[TOLD].arg_true().to_list()
    from volgens.readers.check import Source

    source = Source(task.names[1], rows.line)
    plain = [(n, bare(rows.frame.row(n, named=True))) for n in told]
    return frozenset(p for n, row in plain for p in explain("prediction", row, source.where(n, row.get("id"))))


def _placed(problems: Sequence[Problem], frame: pl.DataFrame) -> Found:
    """The problems at their places in the files, where the documents stood in lines."""
    return Found.of(_in_block(problem, frame) for problem in problems)


def _in_block(problem: Problem, frame: pl.DataFrame) -> Placed:
    row = problem.where.line
    if row is None:
        return Placed(problem)
    file, start, line = (frame[name][row - 1] for name in (FILE, START, LINE))
    where = problem.where._replace(file=problem.where.file or local(file), line=line)
    return Placed(problem._replace(where=where), Block(file, start))
