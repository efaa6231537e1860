"""Whole commands as a user types them: what they print, where, and how they end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import volgens

ROOT = Path(__file__).parents[1]


def command(*words, cwd=ROOT):
    return subprocess.run([sys.executable, "-m", "volgens", *map(str, words)], capture_output=True, text=True, cwd=cwd)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Gold as predictions, and a worse system: half the names, units forgotten, one source too many."""
    folder = tmp_path_factory.mktemp("predictions")
    rows = volgens.load_gold().select("id", "entities", "figures", "attributions").to_dicts()
    worse = json.loads(json.dumps(rows))
    for row in worse:
        row["entities"] = row["entities"][::2]
        row["figures"] = [{**f, "unit": "1"} for f in row["figures"]]
    for name, lines in (("good", rows), ("bad", worse)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_score_prints_a_table_and_the_signature(files):
    run = command("score", files / "good.jsonl")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[0].split() == [
        "measure",
        "precision",
        "recall",
        "F1",
        "95",
        "%",
        "of",
        "F1",
        "accuracy",
        "tp",
        "predicted",
        "gold",
    ]
    assert "signature: volgens:" in run.stdout.splitlines()[-1]


@pytest.mark.parametrize("form", ["json", "markdown", "latex", "csv", "score"])
def test_every_format_says_the_same_number(files, form):
    out = command("score", files / "bad.jsonl", "--measures", "claims", "--format", form).stdout
    number = volgens.score(files / "bad.jsonl")["claims"].f1
    found = {
        "json": lambda: json.loads(out)["measures"]["claims"]["f1"],
        "markdown": lambda: float(out.splitlines()[2].split("|")[4]),
        "latex": lambda: float(next(line for line in out.splitlines() if line.startswith("claims")).split("&")[3]),
        "csv": lambda: float(out.splitlines()[1].split(",")[3]),
        "score": lambda: float(out),
    }[form]()
    assert found == pytest.approx(number, abs=0.0005)


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_the_ledger_as_a_file(files, tmp_path, ending):
    path = tmp_path / f"ledger.{ending}"
    assert command("score", files / "bad.jsonl", "--ledger", path).returncode == 0
    ledger = {"parquet": pl.read_parquet, "csv": pl.read_csv, "jsonl": pl.read_ndjson}[ending](path)
    assert len(ledger) == len(volgens.score(files / "bad.jsonl").ledger)


def test_compare(files):
    run = command("compare", files / "good.jsonl", files / "bad.jsonl", "--format", "json")
    found = json.loads(run.stdout)
    assert found["differences"][0]["difference"] < 0
    assert found["ranks"]["entities"] == {"good": [1, 2], "bad": [1, 2]}
    assert "Only 5 pages" in command("compare", files / "good.jsonl", files / "bad.jsonl").stdout


def test_run_scores_at_once(tmp_path):
    run = command("run", "eval/baselines/rules.py:extract", "--out", tmp_path / "p.jsonl", "--score")
    assert run.returncode == 0
    assert "p.jsonl: 20 of 20 documents" in run.stdout
    assert "signature:" in run.stdout


def test_export_and_read_back(tmp_path):
    assert command("export", "brat", "--out", tmp_path / "brat").returncode == 0
    card = json.loads(command("score", tmp_path / "brat", "--format", "json").stdout)
    assert card["measures"]["entities"]["f1"] == 1.0
    assert card["signature"]["from"] == "brat"


def test_labels_of_others(files, tmp_path):
    rows = [json.loads(line) for line in (files / "good.jsonl").open()]
    path = tmp_path / "foreign.jsonl"
    for row in rows:
        row["entities"] = [{**e, "type": {"PER": "PERSON"}.get(e["type"], e["type"])} for e in row["entities"]]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    refused = command("score", path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert '"PERSON" is not one of the values allowed' in refused.stderr
    mapped = json.loads(command("score", path, "--map", "PERSON=PER", "--format", "json").stdout)
    assert mapped["measures"]["entities"]["f1"] == 1.0
    assert mapped["signature"]["map"] == "PERSON=PER"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["score", "nowhere.jsonl"], 1, "there is no such file"),
        (["score", "README.md"], 1, "of no known format"),
        (["score", "{good}", "--config", "xyz"], 1, "is not installed"),
        (["score", "{good}", "--measures", "entites"], 2, "did you mean entities"),
        (["score", "{good}", "--view", "plat"], 2, "no view 'plat'"),
        (["score", "{good}", "--map", "PERSON=DOG"], 1, "maps nothing"),
        (["score", "{good}", "--html", "/tmp/x.html", "--ceiling", "README.md"], 1, "this is no result"),
        (["compare", "{good}"], 2, "two or more"),
        (["run", "--out", "/tmp/x.jsonl"], 2, "one of FUNCTION"),
        (["run", "nowhere:extract", "--out", "/tmp/x.jsonl"], 1, "no module nowhere"),
        (["run", "eval/baselines/rules.py:extract", "--config", "anp", "--out", "/tmp/x.jsonl"], 1, "has no text"),
        (["show", "own-999"], 1, "no such document"),
        (["export", "xml", "--out", "/tmp/x"], 1, "xml"),
        (["score"], 2, "usage"),
    ],
    ids=lambda value: "-".join(map(str, value))[:40] if isinstance(value, list) else None,
)
def test_what_goes_wrong_is_a_sentence(files, words, code, says):
    run = command(*(word.format(good=files / "good.jsonl") for word in words))
    assert (run.returncode, run.stdout) == (code, "")
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_a_closed_pipe_is_no_error(files):
    shell = f"{sys.executable} -m volgens score {files / 'good.jsonl'} | head -1"
    run = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, cwd=ROOT)
    assert run.stderr == ""


PROCESS = """
import os
import volgens.__main__ as process
process.main = lambda: print(os.environ.get("OPENBLAS_NUM_THREADS"))
process.process()
"""


@pytest.mark.parametrize(
    ("word", "given", "found"), [("score", {}, "1"), ("score", {"OPENBLAS_NUM_THREADS": "3"}, "3"), ("run", {}, "None")]
)
def test_threads_of_matrices_are_left_to_the_user_and_to_extractors(word, given, found):
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    run = subprocess.run([sys.executable, "-c", PROCESS, word], capture_output=True, text=True, env=kept | given)
    assert (run.returncode, run.stdout.strip()) == (0, found)
