"""A worker or an executor that dies gives the right numbers or one clear problem, on real executors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import volgens
from spark_session import require_spark
from test_spark import kinds, small

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    require_spark()
    folder = tmp_path_factory.mktemp("faults")
    gold, guess = small(300)
    paths = [str(folder / name) for name in ("guess.parquet", "gold.parquet")]
    pl.DataFrame(guess, schema=kinds(), strict=False).write_parquet(paths[0])
    pl.DataFrame(gold, schema={**kinds(), "length": pl.Int64, "page": pl.String}, strict=False).write_parquet(paths[1])
    (folder / "marks").mkdir()
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYSPARK_PYTHON": sys.executable}
    command = [sys.executable, str(HERE / "spark_faults.py"), *paths, str(folder / "marks")]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    return volgens.score(*paths).to_dict(), json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("fault", ["worker while reading", "worker behind the shuffle", "executor behind the shuffle"])
def test_the_numbers_are_right(told, fault):
    here, found = told
    assert found[fault]["killed"]
    there = found[fault]["found"]
    assert isinstance(there, dict), there
    assert there["signature"].pop("engine") == "spark"
    assert there == json.loads(json.dumps(here))


def test_what_is_lost_again_and_again_is_one_problem(told):
    (problem,) = told[1]["every executor"]["found"]
    assert problem[0] in ("out-of-memory", "executors-lost") and "--partitions" in problem[2]  # whichever Spark gives up of first
