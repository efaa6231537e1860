"""A Spark session, the settings that a score needs of it, and its failures as problems."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volgens.model.problem import Problem, ProblemsFound, Where

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAVA = 17
"""The oldest Java that Spark 4 runs on."""

NEEDED = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(1 << 26),
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}
"""What a score sets while it runs: small batches, and no file is passed over in silence."""


def session(master: str | None = None, *, progress: bool = False) -> SparkSession:
    """The session there is; else a new one on `master`, or on this machine's cores for None (the master that `spark-submit` or
    SPARK_REMOTE names goes before). Raises `ProblemsFound` where Java is missing or too old, or another master is running.
    """
    from pyspark.sql import SparkSession

    if (running := SparkSession.getActiveSession()) is not None:
        refuse_another(running, master)
        return running
    require_java()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])])
    builder: Any = SparkSession.builder
    builder = builder.appName("volgens score").config("spark.ui.showConsoleProgress", str(progress).lower())
    builder = builder.config("spark.log.level", "FATAL")  # what fails is told as a problem
    if master is not None or not _submitted():
        builder = builder.master(master or "local[*,4]").config("spark.executorEnv.PYTHONPATH", path)
        builder = builder.config("spark.ui.enabled", "false")
    if (master or "local").startswith("local["[:5]) and not _submitted():
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    try:
        started: SparkSession = builder.getOrCreate()
    except Exception as error:
        raise ProblemsFound([_not_started(master, error)]) from error
    return started


def _submitted() -> bool:
    """Whether `spark-submit` started this process, and so says where Spark runs."""
    return "PYSPARK_GATEWAY_PORT" in os.environ


def refuse_another(running: SparkSession, master: str | None) -> None:
    """Raise `ProblemsFound` where the session that runs is on another master than the one that is named."""
    now = running.conf.get("spark.master", "")
    if master is not None and now != master:
        message = f"a Spark session runs already, on {now}, not on {master}"
        raise ProblemsFound([Problem(Where(field="master"), "another-master", message, "Stop it, or leave the master out.")])


def require_java() -> None:
    """Raise `ProblemsFound` where there is no Java that Spark can run on."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    hint = f"Install Java {JAVA} or later (Debian: `apt-get install openjdk-{JAVA}-jre-headless`), or set JAVA_HOME to it."
    if java is None or not Path(java).exists():
        where = f"JAVA_HOME is {home}, and there is no bin/java in it" if home else "there is no `java` on the path"
        raise ProblemsFound([Problem(Where(), "no-java", f"Spark needs Java: {where}", hint)])
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', told.stderr + told.stdout)
    if found is None or int(found[1]) < JAVA:
        version = found[1] if found else "of no known version"
        raise ProblemsFound([Problem(Where(java), "old-java", f"Spark needs Java {JAVA}, and this is {version}", hint)])


def _not_started(master: str | None, error: Exception) -> Problem:
    message = f"Spark did not start on {master or 'this machine'}: {_line(str(error))}"
    return Problem(Where(field="master"), "no-spark", message, "Check the master's address, and that it can be reached.")


@contextmanager
def settings(spark: SparkSession) -> Iterator[None]:
    """With what a score needs set; afterwards the session is as it was."""
    before = {name: spark.conf.get(name, None) for name in NEEDED}
    for name, value in NEEDED.items():
        spark.conf.set(name, value)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")  # of which nothing is used
            yield
    finally:
        for name, old in before.items():
            if old is None:
                spark.conf.unset(name)
            else:
                spark.conf.set(name, old)


@contextmanager
def failures() -> Iterator[None]:
    """What Spark raises as one problem each: which file, or what to lower."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("pyspark", "py4j"):
            raise
        raise ProblemsFound([problem_of(str(error))]) from error


ADDRESS = r"[a-z0-9]+:/[^\s,;'\"()]+"
UNREADABLE = re.compile(
    rf"FAILED_READ_FILE\S*\].*?reading file\s+(?P<file>{ADDRESS})|(?:footer for file|file:?)\s+(?P<other>{ADDRESS})"
)
NO_PATH = re.compile(r"PATH_NOT_FOUND\].*?:\s*(?P<file>\S+?)\.?(?:\s|$)")
LESS = (
    "Give more partitions (`--partitions`, `partitions=`), so that less is in memory at once; or fewer cores to an executor "
    "(spark.executor.cores), or more memory (spark.executor.memory, spark.executor.memoryOverhead, spark.driver.memory)."
)


def problem_of(told: str) -> Problem:
    """What a message of Spark says, as a problem."""
    from volgens.engines.reading import local

    if found := NO_PATH.search(told):
        return Problem(Where(local(found["file"])), "no-file", "there is no such file", "Check the path.")
    if re.search(r"OutOfMemory|MemoryError|exit code 137|exit status 137|Container killed.*memory|oom-kill", told, re.I):
        return Problem(Where(), "out-of-memory", f"an executor ran out of memory: {_cause(told)}", LESS)
    if re.search(r"ExecutorLostFailure|FetchFailed", told):
        message = f"executors were lost again and again, most often for want of memory: {_cause(told)}"
        return Problem(Where(), "executors-lost", message, f"Read the log of the executors. {LESS}")
    if "maxResultSize" in told:
        hint = "Raise spark.driver.maxResultSize (and spark.driver.memory), or give fewer partitions."
        return Problem(Where(), "out-of-memory", f"the sums are too large for the driver: {_cause(told)}", hint)
    if ("FAILED_READ_FILE" in told or "footer" in told) and (found := UNREADABLE.search(told)):
        return _damaged(local((found["file"] or found["other"]).rstrip(".")), told)
    hint = "Read the log of the driver and of the executors."
    return Problem(Where(), "engine-failed", f"Spark gave up: {_cause(told)}", hint)


def _damaged(file: str, told: str) -> Problem:
    if file.endswith(".gz"):
        message = f"the gzip data is cut off or damaged: {_cause(told)}"
        return Problem(Where(file), "broken-gzip", message, "Copy or write the file again; a part of it is not scored.")
    rule = "broken-parquet" if "arquet" in told else "unreadable"
    return Problem(Where(file), rule, f"the file cannot be read: {_cause(told)}", "Write or copy the file again.")


def _cause(told: str) -> str:
    """The line that says most: the last cause, the last line of a Python traceback, or why a stage was given up."""
    causes = re.findall(r"Caused by: ([^\n]+)", told)
    python = re.findall(r"^\s*((?:\w+\.)*\w*(?:Error|Exception): [^\n]+)", told, re.M)
    aborted = re.findall(r"(?:Most recent failure(?: reason)?|stage failure): ([^\n]+)", told)
    return _line((causes or python or aborted or [told])[-1])


def _line(text: str) -> str:
    return f"{text.strip().splitlines()[0] if text.strip() else 'no reason given'}"[:300]
