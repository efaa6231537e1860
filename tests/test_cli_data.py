"""`volgens data`: any folder's pages and gold become a dataset, are restored, checked, and taken in from elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from houses import SPLITS, export, make_house
from volgens.cli import main
from volgens.curation.folder import Folder


@pytest.fixture
def made(tmp_path):
    return make_house(tmp_path / "house")


@pytest.fixture
def house(made):
    return made[0]


def data(house, step, *arguments):
    return main(["data", step, *map(str, arguments), "--root", str(house.root)])


def built(folder):
    return {(p.parent.name, p.stem): pq.read_table(p).to_pylist() for p in (folder / "data").glob("*/*.parquet")}


def test_every_configuration_and_split_is_built_restored_and_scored(made, tmp_path, capsys):
    house, texts = made
    assert data(house, "build") == 0
    shown = capsys.readouterr().out
    assert "next      volgens score" in shown
    rows = built(house.root / "dataset")
    assert rows.keys() == {(config, split) for config, splits in SPLITS.items() for split in splits}
    assert {config for (config, _), part in rows.items() if part[0]["text"] is None} == {"anp", "wikinews"}
    where = [f"{config}={folder}" for config, folder in texts.items()]
    assert data(house, "restore", *where, "--out", tmp_path / "restored") == 0
    rows = built(tmp_path / "restored")
    assert all(row["text"] for part in rows.values() for row in part)
    for (config, split), part in rows.items():
        path = tmp_path / "predictions.jsonl"
        layers = ("id", "entities", "figures", "attributions")
        path.write_text("".join(json.dumps({name: row[name] for name in layers}) + "\n" for row in part), encoding="utf-8")
        gold = ("--gold", str(tmp_path / "restored"), "--config", config, "--split", split)
        assert main(["score", str(path), *gold, "--format", "score"]) == 0
        assert float(capsys.readouterr().out.split()[-1]) == 1


def test_the_check_holds_pages_readings_gold_and_what_was_built_against_each_other(house, capsys):
    house.raw.mkdir(parents=True)
    found, _ = house.documents("own")
    export(house.raw / "own-reading-1.json", found, "reading-1", shown=False)
    assert data(house, "check") == 0
    shown = capsys.readouterr().out
    assert "own: readings, decisions and corrections give the gold" in shown and "not built yet" in shown
    assert "anp: no readings are kept" in shown
    assert data(house, "build") == data(house, "check") == 0
    assert "dataset/: what a build gives" in capsys.readouterr().out
    path = house.gold_file("own", "train")
    path.write_text(path.read_text(encoding="utf-8").replace('"ref":"iemand"', '"ref":"niemand"', 1), encoding="utf-8")
    assert data(house, "check") == 1
    shown = capsys.readouterr().err
    assert "[stale-build]" in shown and "[not-replayed]" in shown and "own-001" in shown


def test_a_file_of_gold_becomes_a_configuration_that_the_loop_takes(house, tmp_path, capsys):
    found, _ = house.documents("own", "train")
    rows = [{**replace(d, id=f"mine-{n}").to_dict()} for n, d in enumerate(found)]
    for row in rows:
        for name in (
            "page",
            "kind",
            "config",
            "split",
            "segments",
            "provenance",
            "places",
            "agencies",
            "section",
            "age",
            "canary",
        ):
            del row[name]
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    other = Folder(tmp_path / "other")
    how = ("--config", "mine", "--split", "validation", "--by", "person", "--date", "2026-11-20")
    assert data(other, "import", file, *how) == 0
    assert "5 documents" in capsys.readouterr().out
    taken, problems = other.documents("mine", "validation")
    assert problems == [] and [d.id for d in taken] == [row["id"] for row in rows] and other.travels("mine")
    assert [[e.span for e in d.entities] for d in taken] == [[e.span for e in d.entities] for d in found]
    assert {d.provenance.annotator for d in taken} == {"person"}
    assert data(other, "build") == 0 and built(other.root / "dataset").keys() == {("mine", "validation")}
    assert "labelled by people" in (other.root / "DATASET_CARD.md").read_text(encoding="utf-8")
    before = other.gold_file("mine", "validation").read_bytes()
    assert data(other, "import", file, *how) == 1 and other.gold_file("mine", "validation").read_bytes() == before
    assert "[config-there]" in capsys.readouterr().err


def test_what_cannot_be_taken_in_is_told_and_nothing_is_written(house, tmp_path, capsys):
    file = tmp_path / "x.jsonl"
    how = ("--config", "mine", "--by", "person", "--date", "2026-11-20")
    document = house.documents("own")[0][0]
    broken = document.to_dict()
    broken["entities"][0]["end"] = 99999
    cases = ({**document.to_dict(), "text": None}, broken)
    for row in cases:
        file.write_text(json.dumps(row) + "\n", encoding="utf-8")
        assert data(house, "import", file, *how) == 1
        assert capsys.readouterr().err.count("[") >= 1
    assert not (house.pages / "mine").exists() and not house.gold_file("mine", "test").exists()
    with pytest.raises(SystemExit) as caught:
        data(house, "restore", "anp", "--out", tmp_path / "r")
    assert caught.value.code == 2
