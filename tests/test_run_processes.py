"""`run` with processes of their own: a server that is killed, replies in chunks, and what Ctrl-C leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from volgens.model.problem import ProblemsFound
from volgens.run.endpoint import Endpoint
from volgens.run.pipes import Command
from volgens.run.run import run

CASES = Path(__file__).parent / "cases" / "extract"


def documents(*texts):
    return [{"id": f"d{n}", "text": text} for n, text in enumerate(texts)]


@pytest.fixture
def server():
    """The address of a server in a process of its own."""
    process = subprocess.Popen([sys.executable, str(CASES / "chunked_server.py")], stdout=subprocess.PIPE, text=True)
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    process.kill()
    process.communicate()


def test_replies_in_chunks_are_read_whole_and_counted(server, tmp_path):
    result = run(Endpoint(server, "small"), documents(*"abc"), tmp_path / "p.jsonl", jobs=2, progress=False)
    assert result.failures == {} and len((tmp_path / "p.jsonl").read_text().splitlines()) == 3
    cost = json.loads((tmp_path / "p.jsonl.run.json").read_text())["cost"]["per_1000_documents"]
    assert (cost["prompt_tokens"], cost["completion_tokens"]) == (7000.0, 3000.0)


def test_a_server_process_that_is_killed_ends_the_run_and_keeps_what_is_done(server, tmp_path):
    begun = time.monotonic()
    with pytest.raises(ProblemsFound, match="what was answered is kept"):
        run(Endpoint(server, "small", pause=0.05), documents("a", "kill", "b"), tmp_path / "p.jsonl", retries=2, progress=False)
    assert time.monotonic() - begun < 20
    assert '"d0"' in (tmp_path / "p.jsonl.partial").read_text(encoding="utf-8")


def test_a_last_line_without_an_end_is_an_answer(tmp_path):
    command = Command([sys.executable, str(CASES / "sleeper.py"), str(tmp_path)])
    assert run(command, documents("answer"), tmp_path / "p.jsonl", progress=False).failures == {}


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_ctrl_c_ends_the_processes_of_a_command_too(tmp_path):
    gold = tmp_path / "gold.jsonl"
    none = {"entities": [], "figures": [], "attributions": []}
    gold.write_text("".join(json.dumps({"id": i, "text": "wait", "length": 4, **none}) + "\n" for i in "abcd"))
    words = ["run", "--command", f"{sys.executable} {CASES / 'sleeper.py'} {tmp_path}", "--jobs", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "volgens", *words, "--gold", gold, "--out", tmp_path / "p.jsonl"],
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(started := list(tmp_path.glob("*.pid"))) < 2:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 130 and "0 of 4 documents are answered" in said and "Traceback" not in said
    assert [pid.stem for pid in started if alive(int(pid.stem))] == []
