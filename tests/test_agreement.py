"""Agreement of two readings: on readings made up for it, and that the published figures are those of the raw exports."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from volgens.curation.agreement import agreement, kappa, measure, page_of, table
from volgens.model.gold import read_gold

ROOT = Path(__file__).parents[1]
RAW = ROOT / "annotations" / "raw"
GOLD = [replace(g, provenance=None) for g in read_gold(ROOT / "annotations" / "gold" / "own" / "test.jsonl")[0]][:8]


@pytest.fixture(scope="module")
def same():
    return agreement(GOLD, GOLD)


def test_equal_readings_agree_in_everything(same):
    assert same["documents"] == same["equal documents"] == 8 and same["pages"] == 2
    assert all(cell["f1"] == 1 and cell["agree"] == cell["one"] == cell["other"] for cell in same["f1"].values())
    assert all(cell["mean"] == 1 and cell["kappa"] in (1, None) for cell in same["given a match"].values())
    assert all(cell["mean"] == 1 for cell in same["dice given a match"].values())
    assert set(same["gamma"].values()) == {1}


def changed(layer, number, **fields):
    document = GOLD[number]
    items = getattr(document, layer)
    return [*GOLD[:number], replace(document, **{layer: (replace(items[0], **fields), *items[1:])}), *GOLD[number + 1 :]]


def test_a_difference_shows_where_it_is_and_nowhere_else(same):
    found = agreement(GOLD, changed("attributions", 0, stance="deny"))
    lower = {name for name, cell in found["f1"].items() if cell["f1"] < 1}
    assert lower == {"attributions.stance"}
    cell = found["given a match"]["attributions.stance"]
    assert cell["mean"] < 1 and cell["kappa"] < 1 and cell["interval"][0] < cell["mean"] < cell["interval"][1]
    assert found["equal documents"] == 7 and found["gamma"] == same["gamma"]


def test_a_span_that_differs_lowers_exact_overlap_and_gamma():
    first = GOLD[0].attributions[0].content[0]
    shorter = changed("attributions", 0, content=(first._replace(start=first.start + 4),))
    found = agreement(GOLD, shorter)
    assert found["f1"]["attributions.content.exact"]["f1"] < 1 == found["f1"]["attributions.content"]["f1"]
    assert found["dice given a match"]["content"]["mean"] < 1 == found["dice given a match"]["cue"]["mean"]
    stump = agreement(GOLD, changed("attributions", 0, content=(first._replace(end=first.start + 4),)))
    assert stump["gamma"]["attributions.content"] < 1 == stump["gamma"]["attributions.cue"]


def test_it_is_the_same_either_way_round():
    other = changed("entities", 3, type="MISC", role=None)
    there, back = agreement(GOLD, other), agreement(other, GOLD)
    assert {n: c["f1"] for n, c in there["f1"].items()} == {n: c["f1"] for n, c in back["f1"].items()}
    assert there["given a match"]["entities.type"]["kappa"] == back["given a match"]["entities.type"]["kappa"] < 1


def test_readings_of_other_texts_are_refused():
    with pytest.raises(ValueError, match="same documents"):
        agreement(GOLD, GOLD[1:])


def test_kappa():
    assert kappa(["a", "a"], ["a", "a"]) is None and kappa([], []) is None
    assert kappa(["a", "b", "a", "b"], ["a", "b", "b", "a"]) == pytest.approx(0)


def test_the_page_of_a_document():
    assert [page_of(name) for name in ("own-000", "own-000-t12")] == ["own-000", "own-000"]


@pytest.fixture(scope="module")
def published():
    return json.loads((ROOT / "annotations" / "agreement.json").read_text(encoding="utf-8"))


def test_the_published_figures_are_those_of_the_raw_exports(published):
    measured = json.loads(json.dumps(measure(RAW)))
    for one, other in zip(published["configurations"].values(), measured["configurations"].values(), strict=True):
        assert one.pop("gamma") == pytest.approx(other.pop("gamma"), abs=0.01)
    assert {name: told for name, told in published.items() if name != "published"} == measured


def test_it_is_never_called_what_it_is_not(published):
    assert "not inter-annotator agreement" in published["what"] and "language model" in published["what"]


def test_the_card_shows_every_figure(published):
    published = json.loads((ROOT / "annotations" / "agreement.json").read_text(encoding="utf-8"))
    card = (ROOT / "DATASET_CARD.md").read_text(encoding="utf-8")
    assert published["what"] in card
    for row in table(published):
        assert "| " + " | ".join(row) + " |" in card


def test_the_command_writes_nothing_where_an_export_has_problems(tmp_path):
    for path in RAW.glob("own-reading-*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    broken = json.loads((tmp_path / "own-reading-2.json").read_text(encoding="utf-8"))
    broken[0]["data"]["text"] = "x"
    (tmp_path / "own-reading-2.json").write_text(json.dumps(broken), encoding="utf-8")
    command = [sys.executable, str(ROOT / "scripts" / "measure_agreement.py"), "--raw", str(tmp_path)]
    done = subprocess.run([*command, "--out", str(tmp_path / "out.json")], capture_output=True, text=True)
    assert done.returncode == 1 and "[text-changed]" in done.stderr and not (tmp_path / "out.json").exists()
    assert subprocess.run([*command, "--nonsense"], capture_output=True).returncode == 2
