"""`volgens run` as a user types it: its options, what it scores, and what it says of documents that failed."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from volgens.cli import main

EXTRACTORS = str(Path(__file__).parent / "cases" / "extract" / "extractors.py")
LAYERS = {"figures": [], "attributions": []}
TEXTS = {"a": "Ida meldt.", "b": "Jan zwijgt.", "c": "Oslo meldt."}


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    name = {"start": 0, "end": 1, "type": "PER"}
    rows = [{"id": i, "text": t, "length": len(t), "entities": [name], **LAYERS} for i, t in TEXTS.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def go(gold, tmp_path, capsys):
    def call(*words, function="foreign"):
        out = tmp_path / "p.jsonl"
        code = main(["run", f"{EXTRACTORS}:{function}", "--gold", str(gold), "--out", str(out), *map(str, words)])
        said = capsys.readouterr()
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] if out.exists() else []
        return code, said.out, said.err, {row.pop("id"): row for row in rows}

    return call


def test_a_map_and_layers(go):
    _, _, _, rows = go("--map", "PERSON=PER", "--layers", "entities")
    assert rows == {i: {"entities": [{"start": 0, "end": 1, "type": "PER"}]} for i in "ac"}


def test_labels_of_any_scheme(go):
    _, _, _, rows = go("--labels", "any")
    assert rows["a"] == {"entities": [{"start": 0, "end": 1, "type": "PERSON"}], "figures": []}


def test_unusable_answers_as_empty_predictions(go):
    code, out, _, rows = go("--unusable", "empty", "--layers", "entities", "--limit", "1")
    assert code == 0 and rows == {"a": {"entities": []}} and "1 unusable and counted as empty" in out


@pytest.mark.parametrize(("words", "ids"), [(("--limit", "2"), "ab"), (("--documents", "c, a"), "ac")])
def test_a_part_of_the_documents(go, words, ids):
    _, out, _, rows = go(*words, function="first_letter")
    assert "".join(rows) == ids and f"{len(ids)} of {len(ids)} documents" in out


def test_a_part_is_scored_on_that_part_and_said(go):
    code, out, _, _ = go("--documents", "a,c", "--score", "--measures", "entities", "--view", "nested", function="first_letter")
    assert code == 0 and "scored: 2 documents, the others of the split left out" in out
    assert "documents:2|" in out and "view:nested" in out


def test_failed_documents_are_not_scored_and_it_says_why(go):
    code, out, err, _ = go("--map", "PERSON=PER", "--score")
    assert code == 1 and "signature" not in out
    assert "not scored: 1 of 3 documents have no prediction (b: ValueError: not this one)" in err and "--missing empty" in err


def test_failed_documents_scored_as_empty_predictions(go):
    code, out, _, _ = go("--map", "PERSON=PER", "--score", "--missing", "empty", "--measures", "entities")
    assert code == 0 and "scored: 3 documents; 1 of them failed and count as empty predictions" in out
    (line,) = [line for line in out.splitlines() if line.startswith("entities ")]
    assert line.split()[-3:] == ["2", "2", "3"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--view", "nested"), 2, "--view has no effect without --score"),
        (("--keep-replies",), 2, "--keep-replies has no effect without --endpoint"),
        (("--max-tokens", "5"), 2, "--max-tokens has no effect without --endpoint"),
        (("--score", "--view", "plat"), 2, "no view 'plat'"),
        (("--score", "--measures", "entites"), 2, "no measure 'entites'"),
        (("--limit", "1", "--documents", "a"), 2, "one of --limit and --documents"),
        (("--limit", "0"), 1, "--limit: it cannot be 0"),
        (("--documents", "a,x"), 1, "x: the gold has no such document"),
        (("--layers", "names"), 1, "Name some of entities, figures, attributions"),
        (("--map", "PERSON=DOG"), 1, "maps nothing"),
        (("--context", "5"), 2, "--context has no effect without --endpoint"),
        (("--jobs", "0"), 1, "jobs: it cannot be 0"),
    ],
)
def test_options_are_checked_before_anything_is_run(go, tmp_path, words, code, says):
    found, out, err, rows = go(*words)
    assert (found, out, rows) == (code, "", {}) and says in err
    assert [path.name for path in tmp_path.iterdir()] == ["gold.jsonl"]


def test_a_prompt_that_is_no_text(gold, tmp_path, capsys):
    (tmp_path / "prompt").write_bytes(b"caf\xe9")
    words = [
        "--endpoint",
        "http://127.0.0.1:9/v1",
        "--model",
        "m",
        "--prompt",
        tmp_path / "prompt",
        "--out",
        tmp_path / "p.jsonl",
    ]
    assert main(["run", *map(str, words), "--gold", str(gold)]) == 1
    assert "is not UTF-8" in capsys.readouterr().err


def test_ctrl_c_on_a_function_that_hangs_ends_at_once_and_says_what_to_type(tmp_path):
    gold, out = tmp_path / "gold.jsonl", tmp_path / "p.jsonl"
    rows = [{"id": i, "text": t, "length": len(t), "entities": [], **LAYERS} for i, t in (("a", "Eerst."), ("b", "Dan."))]
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    words = ["run", f"{EXTRACTORS}:endless", "--gold", gold, "--out", out]
    process = subprocess.Popen([sys.executable, "-m", "volgens", *map(str, words)], stderr=subprocess.PIPE, text=True)
    partial = Path(f"{out}.partial")
    while not partial.exists() or partial.read_bytes().count(b"\n") < 2:
        time.sleep(0.02)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 130 and time.monotonic() - begun < 3
    assert said.strip().splitlines()[-1].startswith("interrupted; 1 of 2 documents are answered") and "Traceback" not in said
