"""`run`: predictions from functions and commands, what fails and how it is told, and going on after a kill."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from volgens.model.documents import Document
from volgens.model.problem import ProblemsFound
from volgens.run.functions import batch_size
from volgens.run.pipes import Command
from volgens.run.run import run

CASES = Path(__file__).parent / "cases" / "extract"
EXTRACTORS = str(CASES / "extractors.py")


def documents(*texts):
    return [{"id": f"d{n}", "text": text} for n, text in enumerate(texts)]


def lines(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def files_of(out):
    return sorted(p.name.removeprefix(out.name) for p in out.parent.iterdir())


@pytest.fixture
def out(tmp_path):
    return tmp_path / "made" / "p.jsonl"


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_function_of_a_file_in_the_order_of_the_documents(out, jobs):
    result = run(f"{EXTRACTORS}:first_letter", documents(*"zyxwv"), out, jobs=jobs, progress=False)
    assert [row["id"] for row in lines(out)] == ["d0", "d1", "d2", "d3", "d4"]
    assert lines(out)[0] == {"id": "d0", "entities": [{"start": 0, "end": 1, "type": "PER"}]}
    assert (result.documents, result.resumed, result.failures) == (5, 0, {})
    assert files_of(out) == ["", ".run.json"]


def test_documents_may_be_the_package_s_own(out):
    document = Document("own-000", "own-000", "article", "own", "test", "Een zin.", 8, "")
    run(lambda text: {"entities": [{"start": 0, "end": len(text)}]}, [document], out, progress=False)
    assert lines(out) == [{"id": "own-000", "entities": [{"start": 0, "end": 8}]}]


def test_the_baseline_runs_as_a_file_and_as_a_module(tmp_path):
    text = documents("Premier Ida Holm zegt dat er 300 boten zijn.")
    rules = Path(__file__).parents[1] / "eval" / "baselines" / "rules.py"
    run(f"{rules}:extract", text, tmp_path / "file.jsonl", progress=False)
    run("baselines.rules:extract", text, tmp_path / "module.jsonl", progress=False)
    (row,) = lines(tmp_path / "file.jsonl")
    assert len(row["entities"]) == len(row["figures"]) == len(row["attributions"]) == 1
    assert (tmp_path / "file.jsonl").read_bytes() == (tmp_path / "module.jsonl").read_bytes()


MOODS = ("fine", "raises", "exits", "hangs", "label", "beyond", "object", "infinite", "nothing", "list", "other", "fine")


@pytest.fixture(scope="module")
def moody(tmp_path_factory):
    out = tmp_path_factory.mktemp("moody") / "p.jsonl"
    return run(f"{EXTRACTORS}:moody", documents(*MOODS), out, timeout=1.5, jobs=2, progress=False)


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ("raises", "ValueError: no good"),
        ("exits", "exit code 3"),
        ("hangs", "no answer within 1.5 seconds"),
        ("label", 'entities[0].type: "PERSON" is not one of the values allowed'),
        ("beyond", "entities[0]: 0-99 is no span of a text of 6 characters"),
        ("object", "not JSON serializable"),
        ("infinite", "not JSON"),
        ("nothing", "none of the layers"),
        ("list", "the answer is list, not a dictionary"),
        ("other", "the answer is about 'somebody-else'"),
    ],
)
def test_a_failure_is_recorded_with_its_error(moody, mood, error):
    assert error in moody.failures[f"d{MOODS.index(mood)}"]


def test_failures_stand_beside_the_predictions_and_nowhere_else(moody):
    assert [row["id"] for row in lines(moody.out)] == ["d0", f"d{len(MOODS) - 1}"]
    assert {row["id"]: row["error"] for row in lines(f"{moody.out}.failures.jsonl")} == moody.failures
    assert "10 failed" in str(moody) and "p.jsonl.failures.jsonl" in str(moody)
    summary = json.loads(Path(f"{moody.out}.run.json").read_text(encoding="utf-8"))
    assert (summary["documents"], summary["predicted"], summary["failed"]) == (12, 2, 10)


def test_run_again_tries_only_what_failed(out, tmp_path, monkeypatch):
    monkeypatch.setenv("FLAKY_FOLDER", str(tmp_path))
    first = run(f"{EXTRACTORS}:flaky", documents("a", "b"), out, progress=False)
    assert set(first.failures) == {"d0", "d1"} and lines(out) == []
    (tmp_path / "b").unlink()
    second = run(f"{EXTRACTORS}:flaky", documents("a", "b"), out, progress=False)
    assert set(second.failures) == {"d1"} and second.resumed == 0
    third = run(f"{EXTRACTORS}:flaky", documents("a", "b"), out, progress=False)
    assert third.failures == {} and third.resumed == 1
    assert files_of(out) == ["", ".run.json"]


@pytest.mark.parametrize("spec", [f"{EXTRACTORS}:flaky", "callable"])
def test_retries(out, tmp_path, monkeypatch, spec):
    monkeypatch.setenv("FLAKY_FOLDER", str(tmp_path))
    seen = set()

    def flaky(text):
        if text not in seen:
            seen.add(text)
            raise RuntimeError("not yet")
        return {"entities": []}

    extractor = flaky if spec == "callable" else spec
    assert run(extractor, documents("a", "b"), out, retries=1, progress=False).failures == {}
    assert [row["id"] for row in lines(out)] == ["d0", "d1"]


def test_batches(out):
    result = run(f"{EXTRACTORS}:in_batches", documents(*"abcde", "raises"), out, progress=False)
    assert [row["figures"][0]["value"] for row in lines(out)] == [4, 4, 4, 4, 1]
    assert result.failures == {"d5": "ValueError: no good"}


def test_how_a_function_declares_batches():
    from cases.extract import extractors

    assert [batch_size(f) for f in (extractors.in_batches, extractors.declared, extractors.first_letter)] == [4, 32, None]


UNRULY = ("fine", "chatter", "silence", "garbage", "stranger", "twice", "sorry", "dies", "hangs", "fine")


@pytest.fixture(scope="module")
def unruly(tmp_path_factory):
    out = tmp_path_factory.mktemp("unruly") / "p.jsonl"
    return run(Command([sys.executable, str(CASES / "unruly.py")]), documents(*UNRULY), out, timeout=1.5, progress=False)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("silence", "ended without an answer"),
        ("garbage", "not JSON: '{half an ans"),
        ("stranger", "about no document of its input"),
        ("twice", "answered twice"),
        ("sorry", "too hard"),
        ("dies", "exit code 9; out of memory"),
        ("hangs", "no answer within 1.5 seconds"),
    ],
)
def test_an_unruly_command(unruly, text, error):
    assert error in unruly.failures[f"d{UNRULY.index(text)}"]


def test_the_rest_of_an_unruly_command_s_answers(unruly):
    assert [row["id"] for row in lines(unruly.out)] == ["d0", "d1", "d9"]


def test_lines_that_are_no_answers_are_left_aside_and_shown(out, capfd):
    command = f"{sys.executable} {CASES / 'banners.py'}"
    result = run(Command(command), documents(*"abcdef"), out, jobs=2, progress=False)
    assert result.failures == {} and len(lines(out)) == 6
    assert capfd.readouterr().err.count("left aside: it wrote a line that is not JSON: 'Model loaded.") == 2


def test_a_function_is_warmed_up_once_a_process_and_not_timed(out):
    result = run(f"{EXTRACTORS}:warmed", documents(*"abcdef"), out, jobs=2, timeout=0.9, progress=False)
    assert result.failures == {} and {row["figures"][0]["value"] for row in lines(out)} == {1}


def test_what_it_cost(out):
    result = run(f"{EXTRACTORS}:slow", documents(*"abcdef"), out, jobs=2, progress=False)
    told = json.loads(Path(f"{out}.run.json").read_text(encoding="utf-8"))["cost"]
    assert told == {"jobs": 2, "seconds": result.seconds, "per_1000_documents": {"seconds": round(result.seconds / 6 * 1000, 1)}}
    assert 0.03 < result.seconds < 30 and "per 1,000 documents: seconds" in str(result)


@pytest.mark.parametrize(
    ("option", "value"),
    [("jobs", 0), ("timeout", -1), ("retries", -1), ("layers", ("names",)), ("layers", ()), ("unusable", "skip")],
)
def test_options_are_checked_before_anything_is_made(out, option, value):
    (problem,) = problems(f"{EXTRACTORS}:slow", documents("a"), out, **{option: value})
    assert (problem.id, problem.where.field) == ("unfit-option", option) and not out.parent.exists()


def test_a_line_of_progress_with_its_rate(out, capsys, monkeypatch):
    monkeypatch.setattr("volgens.run.progress.EVERY", 0.0)
    run(lambda text: {"entities": []}, documents(*"ab"), out)
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("1 of 2 documents, ") and " a second, " in first and second.startswith("2 of 2 documents, ")


def test_a_command_may_answer_at_the_end_and_in_any_order(out):
    result = run(Command(f"{sys.executable} {CASES / 'at_the_end.py'}"), documents(*"abcdef"), out, jobs=2, progress=False)
    assert result.failures == {} and [row["id"] for row in lines(out)] == [f"d{n}" for n in range(6)]


def problems(*args, **options):
    with pytest.raises(ProblemsFound) as found:
        run(*args, progress=False, **options)
    return found.value.problems


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nothing", "names no function"),
        ("no.such.module:extract", "no.such"),
        ("no/such/file.py:extract", "there is no file"),
        (f"{EXTRACTORS}:nobody", "has no function 'nobody'"),
        (f"{CASES / 'broken.py'}:extract", "broken at import"),
    ],
)
def test_an_extractor_that_is_not_there(out, spec, message):
    (problem,) = problems(spec, documents("a"), out)
    assert problem.id == "no-extractor" and message in problem.message and problem.hint
    assert not out.exists()


def test_a_command_that_is_not_there(out):
    assert "cannot be run" in problems(Command("no-such-command --x"), documents("a"), out)[0].message


def test_documents_without_text_are_refused_all_at_once(out):
    found = problems(lambda text: {}, [{"id": "anp-000", "text": None}, {"id": "anp-001", "text": None}], out)
    assert [(p.id, p.where.document) for p in found] == [("no-text", "anp-000"), ("no-text", "anp-001")]
    assert "build_dataset.py --articles" in found[0].hint
    assert not out.parent.exists()


def test_no_documents_and_documents_given_twice_are_refused(out):
    assert [p.id for p in problems(lambda text: {}, [], out)] == ["no-documents"]
    assert [p.id for p in problems(lambda text: {}, documents("a") * 2, out)] == ["duplicate-document"]


def test_an_unfinished_run_is_not_mixed_with_another(out):
    run(f"{EXTRACTORS}:moody", documents("raises", "a"), out, progress=False)
    (problem,) = problems(f"{EXTRACTORS}:first_letter", documents("raises", "a"), out)
    assert problem.id == "another-run" and "extractor" in problem.message and "--fresh" in problem.hint
    (problem,) = problems(f"{EXTRACTORS}:moody", documents("raises", "b"), out)
    assert "documents" in problem.message
    assert run(f"{EXTRACTORS}:first_letter", documents("raises", "a"), out, fresh=True, progress=False).failures == {}
    assert files_of(out) == ["", ".run.json"]


def test_a_callable_knows_no_time_out(out):
    with pytest.raises(ValueError, match="module:function"):
        run(lambda text: {"entities": []}, documents("a"), out, timeout=1, progress=False)


MANY = 1_000
"""Documents: more than twenty kills let through on a slow machine."""

COMMAND = """
import sys
from volgens.run.run import run
texts = [{"id": f"d{n}", "text": "x" * (n + 1)} for n in range(int(sys.argv[3]))]
run(sys.argv[1], texts, sys.argv[2], jobs=2, progress=False)
"""


def start(spec, out):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, spec, str(out), str(MANY)], env=environment, stderr=subprocess.DEVNULL
    )


def records(out):
    partial = Path(f"{out}.partial")
    return partial.read_bytes().count(b"\n") if partial.exists() else 0


def test_killed_at_twenty_moments_it_ends_with_the_bytes_of_an_unbroken_run(tmp_path):
    spec, chance = f"{EXTRACTORS}:slow", random.Random(7)
    whole, broken = tmp_path / "whole" / "p.jsonl", tmp_path / "broken" / "p.jsonl"
    assert start(spec, whole).wait(60) == 0
    kept = [0]
    for kill in range(20):
        process = start(spec, broken)
        if kill % 5 == 0:
            time.sleep(chance.uniform(0, 0.5))  # while it starts
        else:
            wanted = records(broken) + chance.randint(1, 8)
            while records(broken) < wanted and process.poll() is None:
                time.sleep(chance.uniform(0, 0.005))
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept.append(records(broken))
    assert kept == sorted(kept), "nothing is lost"
    assert len(set(kept)) > 10, "the kills came at different moments of the work"
    assert start(spec, broken).wait(60) == 0
    assert broken.read_bytes() == whole.read_bytes()
    one, other = (json.loads(Path(f"{out}.run.json").read_text(encoding="utf-8")) for out in (broken, whole))
    assert one.pop("cost")["seconds"] > 0 < other.pop("cost")["seconds"]
    assert one == other
    assert files_of(broken) == ["", ".run.json"]


@pytest.mark.parametrize("cut", [1, 7, 30, 120])
def test_a_line_cut_off_by_a_kill_is_done_again(out, cut):
    run(f"{EXTRACTORS}:moody", documents("a", "raises", "b"), out, progress=False)
    journal = Path(f"{out}.partial")
    journal.write_bytes(journal.read_bytes()[:-cut])
    result = run(f"{EXTRACTORS}:moody", documents("a", "raises", "b"), out, progress=False)
    assert [row["id"] for row in lines(out)] == ["d0", "d2"] and set(result.failures) == {"d1"}
    assert all(json.loads(line) for line in journal.read_bytes().splitlines())


def test_two_runs_cannot_write_one_file(out):
    process = start(f"{EXTRACTORS}:slow", out)
    try:
        journal = Path(f"{out}.partial")
        while not journal.exists() or not journal.stat().st_size:
            time.sleep(0.01)
        found = problems(f"{EXTRACTORS}:slow", documents("a"), out)
        assert [p.id for p in found] == ["run-in-progress"]
    finally:
        assert process.wait(60) == 0
    assert len(lines(out)) == MANY
