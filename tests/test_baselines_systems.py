"""The list of systems: every one runs here, and what is not installed is left out with the line that installs it."""

from __future__ import annotations

import pytest
from baselines import systems as listed
from baselines.installed import debian_versions, program, python_versions


@pytest.mark.parametrize("name", listed.systems())
def test_every_system_of_the_list_can_run_here(name):
    assert listed.lacking(listed.systems()[name]) is None


def test_versions_are_those_of_other_peoples_software():
    told = {name: listed.versions(system) for name, system in listed.systems().items()}
    assert set(told["frog"]) >= {"frog", "frogdata"} and told["learned"].keys() == {"sklearn-crfsuite", "python-crfsuite"}
    assert told["rules"] is told["reading-1"] is None


def test_what_is_not_installed_is_said_with_its_cure(monkeypatch):
    with pytest.raises(ModuleNotFoundError, match=r"no-such-frog is not installed: apt-get install frog"):
        program("no-such-frog", "apt-get install frog")

    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"{name} is not installed: pip install it")

    monkeypatch.setattr(listed, "import_module", missing)
    assert listed.lacking({"function": "eval/baselines/x.py:f"}) == "baselines.x is not installed: pip install it"


def test_versions_of_packages():
    assert python_versions("polars")["polars"].count(".") >= 2
    assert debian_versions("frog", "no-such-package").keys() == {"frog"}
