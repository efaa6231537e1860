"""What Spark reads: frames, tables, Parquet and JSON lines, by the names that the user gives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from volgens.corpus import Gold
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.corpus import path_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LINES = re.compile(r"\.(jsonl|ndjson|json)(\.(gz|bz2|zst|lz4|snappy|deflate))?(/?|/\*)$")
PARQUET = re.compile(r"\.parquet(/?|/\*.*)$")
ADDRESS = re.compile(r"[a-z0-9]+://|/")


class Source(NamedTuple):
    """A frame; of `lines` it has `value`, `file` and `start`, the block's beginning. `name`: what problems call it, None where
    the files have names of their own. `documents`: rows, as far as they need not be read twice to be counted.
    """

    frame: DataFrame
    lines: bool
    name: str | None


def source(spark: SparkSession, given: Any) -> Source:
    """A Spark frame, the name of a table, or a path: JSON lines (also compressed) by their ending, else Parquet.

    Raises `ProblemsFound` for what is none of them.
    """
    if hasattr(given, "mapInArrow"):
        return Source(given, False, None)
    if not isinstance(given, str | Path):
        message = f"a {type(given).__name__} is nothing that Spark reads"
        hint = "Give a Spark frame, the name of a table, or a path of Parquet or JSON lines; `volgens.score` takes other things."
        raise ProblemsFound([Problem(Where(), "not-for-spark", message, hint)])
    name = str(given)
    if isinstance(given, str) and not _is_path(name) and spark.catalog.tableExists(name):
        return Source(spark.table(name), False, name)
    _refuse_absent(name)
    if _of_lines(name):
        return Source(_lines(spark, name), True, name if _is_one(name) else None)
    if not PARQUET.search(name) and Path(name).is_file():
        _refuse_unknown(Path(name))
    return Source(spark.read.parquet(name), False, name)


def gold_source(spark: SparkSession, gold: Gold) -> Source:
    """The gold: as `source`, or of a dataset folder or what is installed the file of the configuration and split."""
    return source(spark, gold.source if gold.is_one or _is_data(gold.source) else path_of(gold.source, gold.config, gold.split))


def _is_data(given: Any) -> bool:
    """Whether it is a folder of files that Spark reads, not one of a dataset."""
    return isinstance(given, str | Path) and Path(given).is_dir() and not (Path(given) / "data").is_dir()


def _is_path(name: str) -> bool:
    return bool(ADDRESS.match(name) or LINES.search(name) or PARQUET.search(name)) or Path(name).exists()


def _is_one(name: str) -> bool:
    return not re.search(r"[*?\[{]", name) and not Path(name).is_dir()


def _of_lines(name: str) -> bool:
    if LINES.search(name):
        return True
    folder = Path(name)
    return folder.is_dir() and any(LINES.search(path.name) for path in folder.iterdir())


def _refuse_absent(name: str) -> None:
    """Raise `ProblemsFound` for a local path of nothing; elsewhere Spark tells."""
    if "://" not in name and _is_one(name) and not Path(name).exists():
        hint = "Check the path." if _is_path(name) else "Check the path, or the name of the table."
        raise ProblemsFound([Problem(Where(name), "no-file", "there is no such file", hint)])


def _refuse_unknown(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(4) == b"PAR1":
            return
    message = "by its name and its first bytes this is neither Parquet nor JSON lines"
    hint = "Convert it (`volgens convert FILE --to volgens`), or score it on one machine (leave --engine out)."
    raise ProblemsFound([Problem(Where(str(path)), "not-for-spark", message, hint)])


def _lines(spark: SparkSession, name: str) -> DataFrame:
    from pyspark.sql import functions as f

    found = spark.read.text(name, lineSep="\n")
    block = f.col("_metadata.file_path").alias("file"), f.col("_metadata.file_block_start").alias("start")
    return found.select(f.col("value").cast("binary").alias("value"), *block)
