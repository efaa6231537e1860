"""Corpora too large for memory: Parquet files scored a range of ids at a time; the tallies add up to the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, ProblemsFound
from volgens.readers.check import Source, check
from volgens.readers.foreign.labels import OTHER
from volgens.readers.native import PLAIN, Reading, validate_against
from volgens.readers.shape import Lines, conform
from volgens.scoring.parts import Part, part_of, scored
from volgens.scoring.score import Scored, Scoring, page_of
from volgens.stats.uncertainty import Units

BATCH = 50_000
"""Documents at a time."""

MOST = 10_000
"""Problems that are gathered before reading on is given up."""


class Range(NamedTuple):
    """Ids from `low` (exclusive) to `high` (inclusive), open where None, so that ranges cover every id that there can be."""

    low: str | None
    high: str | None

    def holds(self) -> pl.Expr:
        above = pl.col("id") > self.low if self.low is not None else pl.lit(True)
        return above & (pl.col("id") <= self.high if self.high is not None else pl.lit(True))


def score_batches(gold: Path, predictions: Path, how: Scoring, reading: Reading = PLAIN, batch: int = BATCH) -> Scored:
    """Score Parquet files of any size; the evidence is not kept. Raises `ProblemsFound`."""
    with TemporaryDirectory(prefix="volgens-") as folder:
        paths = [
            _by_id(path, Path(folder) / name) for path, name in ((gold, "gold.parquet"), (predictions, "predictions.parquet"))
        ]
        known = how.view.documents(pl.read_parquet(paths[0], columns=_present(paths[0], ("id", "page", "kind"))))
        units = Units(page_of(known)["page"])
        absent = _layers_absent(paths[1])
        found: Part | None = None
        problems: list[Problem] = []
        notes: Counter[str] = Counter()
        for reach in _ranges(pl.scan_parquet(paths[0]).select("id").collect()["id"], batch):
            golds, guesses, wrong = _read(paths, reach, (gold, predictions), reading)
            notes.update(guesses.notes)
            problems += [problem for problem in wrong if problem.id != OTHER or all(said.id != OTHER for said in problems)]
            if problems:
                if len(problems) > MOST:
                    break
                continue
            some = part_of(how.view.documents(golds), guesses.frame.drop(absent), how, units)
            found = some if found is None else found + some
    if problems or found is None:
        raise ProblemsFound(problems)
    return scored(found, how, units, notes)


def _by_id(path: Path, sorted_copy: Path) -> Path:
    """The file, or a copy of it sorted by id."""
    if pl.scan_parquet(path).select(pl.col("id").is_sorted()).collect().item():
        return path
    pl.scan_parquet(path).sort("id").sink_parquet(sorted_copy)
    return sorted_copy


def _present(path: Path, columns: tuple[str, ...]) -> list[str]:
    have = pl.read_parquet_schema(path)
    return [name for name in columns if name in have]


def _layers_absent(path: Path) -> list[str]:
    """The layers that no document gives."""
    given = _present(path, LAYERS)
    empty = pl.scan_parquet(path).select(pl.col(given).is_null().all()).collect().row(0) if given else ()
    return [layer for layer in LAYERS if layer not in given or dict(zip(given, empty, strict=True))[layer]]


def _ranges(ids: pl.Series, batch: int) -> Iterator[Range]:
    edges = [ids[n - 1] for n in range(batch, len(ids), batch)]
    yield from (Range(low, high) for low, high in zip([None, *edges], [*edges, None], strict=True))


def _read(
    paths: list[Path], reach: Range, names: tuple[Path, Path], reading: Reading
) -> tuple[pl.DataFrame, Lines, list[Problem]]:
    """Gold and predictions of a range of ids, and every problem of either; `names` are the files as the user knows them."""
    golds, guesses = (
        conform(pl.scan_parquet(path).filter(reach.holds()).collect(), str(name)) for path, name in zip(paths, names, strict=True)
    )
    if golds.problems or guesses.problems:
        return golds.frame, guesses, golds.problems + guesses.problems
    wrong = check(golds.frame, golds.frame, Source(str(names[0])), labels=reading.labels)
    valid = validate_against(guesses, golds.frame, str(names[1]), reading)
    return golds.frame, valid, wrong + valid.problems
