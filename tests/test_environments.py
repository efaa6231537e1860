"""An environment that cannot be made fails in CI and is skipped elsewhere; neither leaves half of one behind."""

from __future__ import annotations

import subprocess

import pytest
from environments import environment

MISSING = ["./no-such-package-0-py3-none-any.whl"]


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VOLGENS_CACHE", str(tmp_path))


def test_it_is_made_once(tmp_path):
    python = environment("bare", [])
    made = python.stat().st_mtime_ns
    assert environment("bare", []) == python and python.stat().st_mtime_ns == made
    assert python.is_relative_to(tmp_path)
    assert subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True).stdout.strip() == str(
        python.parents[1]
    )


def test_half_an_environment_is_made_anew():
    python = environment("bare", [])
    (python.parents[1] / "complete").unlink()
    python.unlink()
    assert environment("bare", []).exists()


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_failure_is_loud_in_ci_and_said_elsewhere(tmp_path, monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="not tested against gone"):
        environment("gone", MISSING)
    assert [p.name for p in (tmp_path / "environments").iterdir() if p.is_dir()] == []
