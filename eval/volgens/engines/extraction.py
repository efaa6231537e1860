"""`volgens run` at scale: an extractor over a Spark frame of texts, in the executors; what fails becomes a row that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from volgens.engines.steps import in_arrow, type_of
from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.jsonl import Labels, read_jsonl
from volgens.readers.shape import SCHEMA
from volgens.run.extractor import Effort, Extractor, Text
from volgens.run.reply import Taking
from volgens.run.run import check_options, extractor_of, record_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

TEXTS = 2_000
"""Texts that an extractor gets at once; its processes are started anew for so many."""

WITHOUT = ("the document has no text", "the document has no id")

COLUMNS = {"id": pl.String, **{layer: SCHEMA[layer] for layer in LAYERS}, "error": pl.String}


def extract(
    texts: DataFrame,
    extractor: str | Extractor | Callable[[Any], Any],
    *,
    jobs: int = 1,
    timeout: float | None = None,
    retries: int = 0,
    layers: Sequence[str] = LAYERS,
    map: Mapping[str, str] | None = None,
    labels: Literal["scheme", "any"] = "scheme",
) -> DataFrame:
    """The predictions of a frame with `id` and `text`, one row a document: `id`, the layers, and `error`, null where the document
    was predicted; the layers are null where it was not.

    The options are those of `volgens.run.run.run`; `jobs` and `timeout` hold in each task of Spark. `extractor`:
    `module:function` or `path/to/file.py:function`, which must be found on the executors too, a callable, or an `Extractor` such
    as `Command` or `Endpoint`, which must pickle. Nothing runs before the rows are asked for: write them
    (`.write.parquet(…)`), since each action runs the extractor again. `spark.score` takes
    `frame.filter("error is null").drop("error")`, with `missing="empty"` where some failed.
    Raises `ProblemsFound` for a frame without these columns, for options that cannot be, and where there is no such extractor.
    """
    check_options(jobs, timeout, retries, layers, labels, "refuse")
    _refuse_others(texts.columns)
    chosen = extractor_of(extractor)
    effort = Effort(jobs, timeout, retries)
    taking = Taking(tuple(layer for layer in LAYERS if layer in layers), dict(map or {}), labels)

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for some in _gathered(batches):
            yield from in_arrow(_predicted(some, chosen, effort, taking))

    named = ", ".join(f"`{name}` {type_of(kind)}" for name, kind in COLUMNS.items())
    return texts.select("id", "text").mapInArrow(run, named)


def _refuse_others(columns: Sequence[str]) -> None:
    hint = "Name the columns of ids and texts `id` and `text`."
    lacking = [name for name in ("id", "text") if name not in columns]
    if lacking:
        message = f"the frame has {', '.join(columns) or 'no columns'}"
        raise ProblemsFound([Problem(Where(field=name), "missing-field", message, hint) for name in lacking])


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[list[tuple[str | None, str | None]]]:
    held: list[tuple[str | None, str | None]] = []
    for batch in batches:
        held += zip(*(column.to_pylist() for column in batch.columns), strict=True)
        while len(held) >= TEXTS:
            yield held[:TEXTS]
            held = held[TEXTS:]
    if held:
        yield held


def _predicted(rows: Sequence[tuple[str | None, str | None]], chosen: Extractor, effort: Effort, taking: Taking) -> pl.DataFrame:
    """A row for every document, in their order. Documents of one id share an answer."""
    texts = {name: text for name, text in rows if name is not None and text}
    answers = chosen.answers([Text(name, text) for name, text in texts.items()], effort) if texts else ()
    records = {answer.id: record_of(answer, texts[answer.id], taking) for answer in answers}
    failed = [(name, records[name].get("error") if name in records else WITHOUT[name is None]) for name, _ in rows]
    lines = "\n".join(records[name]["line"] for name in records if "line" in records[name]).encode()
    allowed = Labels(any=taking.labels == "any")
    found = read_jsonl(lines, Path("answers"), "prediction", allowed).frame if lines else pl.DataFrame(schema=SCHEMA)
    told = pl.DataFrame(failed, schema={"id": pl.String, "error": pl.String}, orient="row")
    return told.join(found.select("id", *LAYERS), on="id", how="left", maintain_order="left").select(list(COLUMNS))
