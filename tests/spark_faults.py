"""Run by test_spark_faults: scores on two real executors while workers and executors are killed; prints what came of it.

`spark_faults.py PREDICTIONS GOLD MARKS`
"""

import json
import os
import signal
import sys
from pathlib import Path

from pyspark.sql import SparkSession
from volgens import ProblemsFound
from volgens.engines import steps
from volgens.engines.spark import score

ORDERED = steps.ordered


def executor():
    """The process of the executor that this task runs in: the first Java above."""
    pid = os.getppid()
    while "java" not in Path(f"/proc/{pid}/exe").resolve().name:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return pid


def deadly(mark, victim):
    """A step that kills once for all tasks, or with no mark each time that it comes to a row."""

    def step(batches):
        for batch in batches:
            try:
                if mark is not None:
                    Path(mark).touch(exist_ok=False)
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid() if victim == "worker" else executor(), signal.SIGKILL)
            yield batch

    return step


def with_fault(where, mark, victim):
    """Let the step before the reading, or behind the shuffle, kill."""

    def read(frame):
        return frame.mapInArrow(deadly(mark, victim), frame.schema) if where == "reading" else frame

    def ordered(found, partitions):
        frame = ORDERED(found, partitions)
        return frame.mapInArrow(deadly(mark, victim), frame.schema) if where == "shuffle" else frame

    steps.ordered = ordered
    return read


def main(predictions, gold, marks):
    settings = {
        "spark.ui.enabled": "false",
        "spark.log.level": "OFF",
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": "700m",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(sys.path),
        "spark.executorEnv.PYSPARK_PYTHON": sys.executable,
        "spark.sql.shuffle.partitions": "4",
        "spark.stage.maxConsecutiveAttempts": "2",
        "spark.task.maxFailures": "2",
    }
    spark = SparkSession.builder.master("local-cluster[2,1,1024]").config(map=settings).getOrCreate()
    golds, guesses = (spark.read.parquet(path) for path in (gold, predictions))
    told = {}
    for name, where, victim, once in (
        ("worker while reading", "reading", "worker", True),
        ("worker behind the shuffle", "shuffle", "worker", True),
        ("executor behind the shuffle", "shuffle", "executor", True),
        ("every executor", "shuffle", "executor", False),
    ):
        mark = Path(marks, name) if once else None
        read = with_fault(where, mark and str(mark), victim)
        try:
            found = score(golds, read(guesses.repartition(3)), partitions=5, spark=spark).to_dict()
        except ProblemsFound as refused:
            found = [[problem.id, problem.message, problem.hint] for problem in refused.problems]
        told[name] = {"killed": mark is None or mark.exists(), "found": found}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
