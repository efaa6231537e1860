"""One local Spark for the tests of a process.

In CI (environment variable CI set) a Java or a PySpark that is missing fails the tests; elsewhere they are skipped, and say why.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def missing(message: str) -> NoReturn:
    """Fail in CI, skip elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def require_spark() -> None:
    """PySpark, and a Java that it runs on."""
    from volgens.engines.session import require_java
    from volgens.model.problem import ProblemsFound

    try:
        import pyspark  # noqa: F401
    except ModuleNotFoundError:
        missing("not tested on Spark: pyspark is not installed (the extra `spark`)")
    try:
        require_java()
    except ProblemsFound as found:
        missing(f"not tested on Spark: {found.problems[0].message} (scripts/install_java.sh)")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Two cores of this machine; files are divided after a few thousand bytes, so that even small ones have several parts."""
    require_spark()
    from volgens.engines.session import session

    small = {"spark.sql.files.maxPartitionBytes": "20000", "spark.sql.files.openCostInBytes": "0"}
    started = session("local[2,4]")
    for name, value in small.items():
        started.conf.set(name, value)
    yield started
    started.stop()
