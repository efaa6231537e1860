"""`load_dataset` opens the folder in three releases of `datasets`, really installed, and never gives rows of an older build."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from environments import environment
from small import make_repository
from volgens.curation.build import build
from volgens.curation.features import card_features

ROOT = Path(__file__).parents[1]
DATASET = ROOT / "dataset"
RELEASES = {"datasets-3.6": ["datasets==3.6.*"], "datasets-4": ["datasets==4.*"], "datasets-5": ["datasets==5.*"]}
PROGRESS = re.compile(r"(Generating|Downloading|Loading) .*: +\d+")
LOAD = """
import json, sys
from datasets import load_dataset
for folder, arguments, streaming in json.load(sys.stdin):
    loaded = load_dataset(folder, *arguments, streaming=streaming)
    rows = {name: list(split) for name, split in loaded.items()}
    features = {name: split.features._to_yaml_list() for name, split in loaded.items()}
    print(json.dumps({"rows": rows, "features": features}))
"""


@pytest.fixture(scope="module", params=RELEASES)
def python(request):
    return environment(request.param, RELEASES[request.param])


@pytest.fixture
def load(python, tmp_path):
    """Load several times with one release and one cache: (folder, arguments, streaming) → rows and features by split."""

    def call(*calls):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        settings = {"HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        done = subprocess.run(
            [python, "-c", LOAD],
            input=json.dumps([[str(folder), arguments, streaming] for folder, arguments, streaming in calls]),
            capture_output=True,
            text=True,
            env={**kept, **settings},
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        call.said = [line for line in re.split(r"[\r\n]+", done.stderr) if line and not PROGRESS.match(line)]
        return [json.loads(line) for line in done.stdout.splitlines()]

    return call


def rows_of(folder, config):
    return pq.read_table(folder / "data" / config / "test.parquet").to_pylist()


def test_the_dataset_opens_with_the_same_rows(load):
    configs = ([], ["own"], ["anp"], ["wikinews"])
    calls = [(DATASET, arguments, streaming) for arguments in configs for streaming in (False, True)]
    loaded = load(*calls)
    assert load.said == []
    for (_, arguments, _), found in zip(calls, loaded, strict=True):
        folder = DATASET / "data" / (arguments or ["own"])[0]
        rows = {path.stem: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")}
        assert found["rows"] == rows
        assert list(found["rows"]["test"][0]) == list(rows["test"][0])
        given = {"change"} & {name for some in rows.values() for row in some for figure in row["figures"] for name in figure}
        assert found["features"] == dict.fromkeys(rows, card_features(frozenset(given)))


def test_a_rebuild_in_the_same_folder_is_seen(load, tmp_path):
    root = tmp_path / "repo"
    make_repository(root)
    dataset = root / "dataset"

    def build_and_load():
        assert build(root)[1] == []
        found = load((dataset, [], False), (dataset, ["anp"], False))
        assert [f["rows"]["test"] for f in found] == [rows_of(dataset, "own"), rows_of(dataset, "anp")]
        return found

    first = build_and_load()
    gold = root / "annotations" / "gold" / "own" / "test.jsonl"
    gold.write_text(gold.read_text(encoding="utf-8").replace('"iemand"', '"niemand"'), encoding="utf-8")
    second = build_and_load()
    assert first[0] != second[0] and first[1] == second[1]
    assert build_and_load() == second


def test_two_checkouts_with_one_folder_name_do_not_mix(load, tmp_path):
    make_repository(tmp_path / "a")
    assert build(tmp_path / "a")[1] == []
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    gold = tmp_path / "b" / "annotations" / "gold" / "own" / "test.jsonl"
    gold.write_text(gold.read_text(encoding="utf-8").replace('"iemand"', '"niemand"'), encoding="utf-8")
    assert build(tmp_path / "b")[1] == []
    a, b = load((tmp_path / "a" / "dataset", [], False), (tmp_path / "b" / "dataset", [], False))
    assert a["rows"]["test"] == rows_of(tmp_path / "a" / "dataset", "own")
    assert b["rows"]["test"] == rows_of(tmp_path / "b" / "dataset", "own") != a["rows"]["test"]


def test_a_restored_dataset_opens_like_the_other(load, tmp_path):
    root = tmp_path / "repo"
    articles = make_repository(root)
    assert build(root)[1] == [] == build(root, texts={"anp": articles})[1]
    bare, full = load((root / "dataset", ["anp"], False), (root / "restored", ["anp"], False))
    assert [row["text"] for row in bare["rows"]["test"]] == [None, None]
    assert all(row["text"] for row in full["rows"]["test"])
    assert [{**row, "text": None} for row in full["rows"]["test"]] == bare["rows"]["test"]
