"""One version everywhere, and no number of a version that scores otherwise beside one of this."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import volgens
import yaml
from volgens.board.results import differences, results
from volgens.cli import main
from volgens.curation.build import VERSION
from volgens.model.problem import ProblemsFound
from volgens.report.html import leaderboard
from volgens.scorecard.versions import CHANGES, changes_since

ROOT = Path(__file__).parents[1]
RULES = ROOT / "eval" / "results" / "rules-own.json"
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def released(part):
    """(version, day) of the newest release under a heading of the changelog."""
    section = CHANGELOG.split(f"\n## {part}\n")[1].split("\n## ")[0]
    return re.search(r"^### ([\d.]+) \((\d{4}-\d{2}-\d{2})\)", section, re.MULTILINE).groups()


def test_code_data_changelog_and_citation_say_one_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    (data, data_day), (code, code_day) = released("Data"), released("Code")
    assert (data, code, citation["version"]) == (VERSION, volgens.__version__, VERSION)
    assert str(citation["date-released"]) == max(data_day, code_day)
    assert {"cff-version", "message", "title", "authors", "type", "license", "repository-code"} <= set(citation)


def test_every_change_of_scores_is_in_the_changelog():
    assert all(f"### {version} (" in CHANGELOG for version in CHANGES)


@pytest.mark.parametrize(
    ("version", "comparable"), [("0.1.0", False), ("0.1.9", False), (volgens.__version__, True), ("0", False)]
)
def test_what_is_comparable(version, comparable):
    assert (changes_since(version) == []) == comparable


def older(tmp_path, **signature):
    stored = json.loads(RULES.read_text(encoding="utf-8"))
    stored["signature"] |= signature
    path = tmp_path / "older.json"
    path.write_text(json.dumps(stored), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("signature", "told"),
    [({"volgens": "0.1.0"}, "scored by version 0.1.0; beside"), ({"gold": "f" * 32}, "scored against the gold ffff")],
)
def test_a_ceiling_of_another_version_or_gold_is_refused(tmp_path, capsys, signature, told):
    page = tmp_path / "page.html"
    ceiling = older(tmp_path, **signature)
    assert main(["score", str(RULES.with_suffix(".jsonl")), "--html", str(page), "--ceiling", str(ceiling)]) == 1
    assert told in capsys.readouterr().err and not page.exists()


def test_the_board_refuses_an_older_result_with_the_reason(tmp_path):
    stored = json.loads(older(tmp_path, volgens="0.1.0").read_text())
    with pytest.raises(ProblemsFound, match=r"rules: scored by version 0\.1\.0.*equal Dice"):
        leaderboard([json.loads(RULES.read_text(encoding="utf-8")), stored])
    (result,) = (one for one in results(RULES.parent) if one.path.name == RULES.name)
    found = differences(type(result)(result.path, stored), result.rescore())
    assert [p.id for p in found] == ["another-version", "stale-result"]
