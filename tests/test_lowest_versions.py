"""The lowest versions that pyproject allows give the same scorecard, to the last digit."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import volgens
from environments import environment

ROOT = Path(__file__).parents[1]
LAYERS = ("entities", "figures", "attributions")


def test_the_same_scorecard(tmp_path):
    predictions = tmp_path / "predictions.jsonl"
    rows = volgens.load_gold("own").select("id", *LAYERS).to_dicts()
    some = [{"id": row["id"], **{name: bare(row[name])[n % 3 :] for name in LAYERS}} for n, row in enumerate(rows)]
    predictions.write_text("".join(json.dumps(row) + "\n" for row in some), encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest = environment("lowest", [bound.replace(">=", "==") for bound in project["dependencies"]])
    assert scorecard(lowest, predictions) == scorecard(Path(sys.executable), predictions)


def bare(items):
    """Items without what is not given, and without links to items that may be gone."""
    return [{k: v for k, v in item.items() if v is not None and k not in ("part_of", "parent")} for item in items]


def scorecard(python, predictions):
    command = [str(python), "-m", "volgens", "score", str(predictions), "--format", "json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "eval")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
