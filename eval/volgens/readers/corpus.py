"""Where the gold comes from: what is installed with the package, a dataset folder, or a file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from volgens import options
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.options import Labels
from volgens.readers.check import MOST, Source, check
from volgens.readers.located import with_offsets
from volgens.readers.native import PLAIN, Foreign, Reading, is_folder, opened, read
from volgens.readers.shape import Lines

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parents[1] / "dataset"


def load_gold(
    config: str | None = None,
    split: str | None = None,
    gold: Any = None,
    *,
    labels: Labels = "scheme",
    how: Reading = PLAIN,
) -> pl.DataFrame:
    """The gold of a configuration and split (`own` and `test` for None) as a frame, one row a document, sorted by id.

    `gold`: a dataset folder, a file (Parquet or JSON lines), a frame or dictionaries, or a file of another tool
    (`readers.foreign`), told by its content or by `how` (its form, scheme, columns, map, decimal sign); for None the gold
    installed with the package or, in a checkout, that of `dataset/`. What is not ours is held to the same rules as predictions;
    `labels="any"` allows labels that the scheme does not know. What follows from a text or an id is filled in where it is not
    given: `length`, `sha256`, `page`, and offsets of items that are strings. A layer that is null in a document is not annotated
    there. Raises `ProblemsFound`.
    """
    options.check(config=config, split=split, labels=labels)
    return validate(read_gold(config, split, gold, how, labels=labels), gold, labels)


def read_gold(
    config: str | None,
    split: str | None,
    source: Any,
    how: Reading = PLAIN,
    *,
    labels: str = "scheme",
    scheme: str | None = None,
) -> Lines:
    """The gold as read, not yet held to the rules; `scheme` is that of its tags where `how` states none. Raises `ProblemsFound`
    where it could not be read."""
    config, split = config or "own", split or "test"
    if source is None:
        lines = read(_path(config, split))
    else:
        told = replace(how, labels=labels)
        begun = opened(_in_folder(source, config, split, how, scheme), told, tags=scheme)
        lines = _foreign(begun, how, scheme) if isinstance(begun, Foreign) else begun
    if lines.problems:
        raise ProblemsFound(lines.problems)
    return lines._replace(frame=with_lengths(lines.frame))


def with_lengths(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the lengths of the texts that it has."""
    if not frame["length"].null_count():
        return frame
    return frame.with_columns(length=pl.coalesce("length", pl.col("text").str.len_chars().cast(pl.Int64)))


def _foreign(file: Foreign, how: Reading, scheme: str | None) -> Lines:
    """The gold in a file of another tool: ids and texts are its own."""
    from volgens.readers.foreign.gold import gold_of

    return gold_of(file.path, file.form, map=how.map, scheme=how.scheme, fallback=scheme, columns=how.columns,
                   decimals=how.decimals, data=file.data)  # fmt: skip


def validate(lines: Lines, source: Any, labels: str, most: int = MOST) -> pl.DataFrame:
    """The gold sorted by id. Raises `ProblemsFound` where a source of one's own breaks a rule, with so many problems of one rule
    at most.
    """
    frame, problems = _fit(lines, source, labels, most) if source is not None else (lines.frame, [])
    if problems:
        raise ProblemsFound(problems)
    frame = frame if frame["id"].is_sorted() else frame.sort("id")
    return _completed(frame)


def _completed(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the page and the hash of each document: the page is the document itself where none is given."""
    if frame["page"].null_count():
        frame = frame.with_columns(page=pl.coalesce("page", "id"))
    if not frame["sha256"].null_count():
        return frame
    hashes = [
        known or (_sha256(text) if text is not None else None) for known, text in frame.select("sha256", "text").iter_rows()
    ]
    return frame.with_columns(sha256=pl.Series(hashes, dtype=pl.String))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _path(config: str, split: str) -> Path:
    for folder in (PACKAGE / "gold", CHECKOUT / "data"):
        path = folder / config / f"{split}.parquet"
        if path.is_file():
            return path
    message = f"the gold of config {config!r}, split {split!r} is not installed"
    hint = "Give `--gold` a dataset folder or file; `own` with split `test` is installed with the package."
    raise ProblemsFound([Problem(Where(), "no-gold", message, hint)])


def path_of(source: Any, config: str | None, split: str | None) -> Any:
    """The file of gold that a configuration and split (`own` and `test` for None) choose from a dataset folder, or for None from
    what is installed; any other source itself. Raises `ProblemsFound`.
    """
    config, split = config or "own", split or "test"
    return _path(config, split) if source is None else _in_folder(source, config, split, PLAIN, None)


def _in_folder(source: Any, config: str, split: str, how: Reading, tags: str | None) -> Any:
    if not isinstance(source, str | Path) or not Path(source).is_dir() or is_folder(source, how, tags):
        return source
    path = Path(source) / "data" / config / f"{split}.parquet"
    if path.is_file():
        return path
    have = sorted(f"{p.parent.name}/{p.stem}" for p in Path(source).glob("data/*/*.parquet"))
    message = f"the folder has no data/{config}/{split}.parquet"
    hint = f"Choose one of {', '.join(have)} with --config and --split." if have else "Name a dataset folder, or a file of gold."
    raise ProblemsFound([Problem(Where(str(source)), "no-gold", message, hint)])


def _fit(lines: Lines, source: Any, labels: str, most: int) -> tuple[pl.DataFrame, list[Problem]]:
    """The gold with offsets everywhere, and what keeps it from being scored against: documents, each once, with spans and labels
    that can be.
    """
    name = str(source) if isinstance(source, str | Path) else None
    if not len(lines.frame):
        return lines.frame, [Problem(Where(name), "no-documents", "the gold has no documents", "Give a file of gold documents.")]
    where = Source(name, lines.line, most)
    problems = [lines.placed(problem) for problem in check(lines.frame, lines.frame, where, labels=labels)]
    return with_offsets(lines.frame, lines.frame, where, must=True) if not problems else (lines.frame, problems)
