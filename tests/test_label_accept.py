"""What an annotator submitted becomes gold, and nothing else of the gold is lost: every split, every configuration."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from houses import FIRST, SPLITS, export, make_house
from volgens.cli import main
from volgens.curation.adjudication import read_decisions
from volgens.curation.corrections import replay
from volgens.model.documents import Provenance

BECAUSE = ("--rule", "E14", "--reason", "no name")


@pytest.fixture
def made(tmp_path):
    return make_house(tmp_path / "house")


@pytest.fixture
def house(made):
    return made[0]


@pytest.fixture
def texts(made):
    return made[1]


def files(house):
    """Everything that may change."""
    return {
        str(p.relative_to(house.root)): p.read_bytes() for p in sorted((house.root / "annotations").rglob("*")) if p.is_file()
    }


def label(house, step, *arguments):
    return main(["label", step, *map(str, arguments), "--root", str(house.root)])


def accept(house, path, *more):
    return label(house, "accept", path, "--by", "person", "--date", "2026-11-20", *more)


def documents(house, config="own", texts=None):
    found, problems = house.documents(config, texts=texts)
    assert problems == []
    return {document.id: document for document in found}


def less(document, layer="entities", n=1):
    return replace(document, **{layer: getattr(document, layer)[n:]})


@pytest.mark.parametrize(("config", "split"), [(c, s) for c, splits in SPLITS.items() for s in splits])
def test_a_correction_lands_in_its_own_split_and_nothing_else_changes(house, texts, config, split, tmp_path, capsys):
    before = files(house)
    found = documents(house, config, texts.get(config))
    one = found[FIRST[config, split]]
    path = export(tmp_path / "x.json", [less(one), *(d for d in found.values() if d.id != one.id)])
    assert accept(house, path, "--config", config, *BECAUSE) == 0
    after = files(house)
    name = f"annotations/gold/{config}/{split}.jsonl"
    assert {n for n in after if after[n] != before.get(n)} == {name, "annotations/adjudication/corrections.jsonl"}
    changed = documents(house, config, texts.get(config))
    assert {n for n in found if found[n] != changed[n]} == {one.id}
    assert changed[one.id].provenance == Provenance("person", 1, False, False, "2", "2026-11-20")
    assert len(changed[one.id].entities) == len(one.entities) - 1
    shown = capsys.readouterr().out
    assert f"1 documents written to the gold: {one.id}" in shown and "(E14: no name)" in shown and "next " in shown
    assert accept(house, path, "--config", config, *BECAUSE) == 0 and files(house) == after


def test_a_reading_of_two_documents_leaves_the_others(house, tmp_path):
    found = documents(house)
    two = list(found.values())[:2]
    assert accept(house, export(tmp_path / "x.json", [less(d) for d in two]), *BECAUSE) == 0
    assert documents(house).keys() == found.keys()


def test_a_correction_needs_a_rule_and_a_reason(house, tmp_path, capsys):
    before = files(house)
    path = export(tmp_path / "x.json", [less(documents(house)["own-000"])])
    assert accept(house, path) == 1 and files(house) == before
    assert "[no-reason]" in capsys.readouterr().err
    assert accept(house, path, "--rule", "E14") == 1 and files(house) == before
    guidelines = house.root / "annotations" / "guidelines"
    guidelines.mkdir()
    (guidelines / "entities.md").write_text("**E13. A rule.** x\n", encoding="utf-8")
    assert accept(house, path, *BECAUSE) == 1 and files(house).keys() - before.keys() == {"annotations/guidelines/entities.md"}
    assert "[unknown-rule]" in capsys.readouterr().err


def test_what_would_be_lost_is_refused_unless_it_is_named(house, tmp_path, capsys):
    found = documents(house)
    full = max(found.values(), key=lambda d: len(d.entities))
    cases = {
        "empty": (replace(full, entities=(), figures=(), attributions=()), "--allow-empty"),
        "loss": (less(full, n=len(full.entities)), "--allow-loss"),
    }
    assert full.entities and full.attributions
    for rule, (document, option) in cases.items():
        path, before = export(tmp_path / f"{rule}.json", [document]), files(house)
        assert accept(house, path, *BECAUSE) == 1 and files(house) == before
        assert f"[{rule}]" in capsys.readouterr().err
        assert accept(house, path, *BECAUSE, option, "own-000-t9") == 1 and files(house) == before
        assert "[nothing-allowed]" in capsys.readouterr().err
    assert accept(house, path, *BECAUSE, option, full.id) == 0


def test_most_of_the_items_are_a_loss_too(house, tmp_path, capsys):
    full = max(documents(house).values(), key=lambda d: len(d.entities))
    spoilt = replace(full, entities=full.entities[-1:], figures=full.figures[-1:], attributions=full.attributions[-1:])
    assert accept(house, export(tmp_path / "x.json", [spoilt]), *BECAUSE) == 1
    assert f"--allow-loss {full.id}" in capsys.readouterr().err


def spoil(path, change):
    tasks = json.loads(path.read_text(encoding="utf-8"))
    change(tasks[0])
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def test_one_unfit_annotation_does_not_block_the_fit_ones(house, tmp_path, capsys):
    found = documents(house)
    path = export(tmp_path / "x.json", [less(found["own-000"]), less(found["own-001"])])
    spoil(path, lambda task: task["annotations"][0]["result"][0]["value"].update(labels=["NOTHING"]))
    assert accept(house, path, *BECAUSE) == 1
    shown = capsys.readouterr()
    assert "[unknown-label]" in shown.err and "own-000" in shown.err
    assert "1 documents written to the gold: own-001" in shown.out
    assert documents(house)["own-000"] == found["own-000"]


def elsewhere(task):
    task["data"].update(doc_id="own-000", sha256="0" * 64, length=3, text=None, segments=[])
    task["annotations"][0]["result"] = []


@pytest.mark.parametrize(
    ("change", "more", "rule"),
    [
        (lambda task: task["data"].update(doc_id="own-777"), (), "no-page"),
        (lambda task: None, ("--config", "anp"), "no-page"),
        (lambda task: None, ("--config", "nothing"), "no-pages"),
        (lambda task: None, ("--split", "dev"), "no-such-split"),
        (lambda task: None, ("--documents", "own-777"), "no-page"),
        (lambda task: None, ("--annotator", "nobody"), "which-annotator"),
        (lambda task: task["annotations"][0].update(was_cancelled=True), (), "nothing-submitted"),
        (lambda task: task["annotations"][0]["result"][0]["value"].update(labels=["NOTHING"]), (), "unknown-label"),
        (elsewhere, (), "another-text"),
    ],
)
def test_target_ids_and_text_are_checked_before_anything_is_written(house, tmp_path, change, more, rule, capsys):
    before = files(house)
    path = spoil(export(tmp_path / "x.json", [less(documents(house)["own-000"])]), change)
    assert accept(house, path, *BECAUSE, *more) == 1
    shown = capsys.readouterr().err
    assert f"[{rule}]" in shown and "Name one of: nobody" not in shown and files(house) == before


def test_a_file_that_is_not_there_is_said(house, tmp_path, capsys):
    assert accept(house, tmp_path / "none.json", *BECAUSE) == 1
    assert "[no-file]" in capsys.readouterr().err


@pytest.mark.parametrize("date", ["31-01-2026", "2026-13-01", "2026-1-1", "today"])
def test_a_date_is_iso(house, tmp_path, date, capsys):
    before = files(house)
    path = export(tmp_path / "x.json", [less(documents(house)["own-000"])])
    with pytest.raises(SystemExit) as caught:
        label(house, "accept", path, "--by", "person", "--date", date, *BECAUSE)
    assert caught.value.code == 2 and "YYYY-MM-DD" in capsys.readouterr().err and files(house) == before


def test_only_the_split_and_the_documents_that_are_named_are_taken(house, tmp_path):
    found = documents(house)
    path = export(tmp_path / "x.json", [less(d) for d in (found["own-000"], found["own-001"], found["own-002"])])
    assert accept(house, path, *BECAUSE, "--split", "train") == 0
    after = documents(house)
    assert {n for n in found if found[n] != after[n]} == {"own-001"}
    assert accept(house, path, *BECAUSE, "--documents", "own-002") == 0
    after = documents(house)
    assert {n for n in found if found[n] != after[n]} == {"own-001", "own-002"}


def test_new_gold_says_whether_it_was_read_blind_and_needs_no_reason(house, tmp_path):
    found = documents(house)
    for split in SPLITS["own"]:
        house.gold_file("own", split).unlink()
    assert all(d.provenance is None for d in documents(house).values())
    assert accept(house, export(tmp_path / "a.json", [found["own-000"]], shown=False)) == 0
    assert accept(house, export(tmp_path / "b.json", [found["own-001"]]), "--guidelines", "2") == 0
    after = documents(house)
    assert after["own-000"].provenance == Provenance("person", 1, True, False, "2", "2026-11-20")
    assert after["own-001"].provenance == Provenance("person", 1, False, False, "2", "2026-11-20")
    assert {n for n, d in after.items() if d.provenance} == {"own-000", "own-001"} and not house.corrections.exists()


def test_two_annotators_are_told_apart(house, tmp_path, capsys):
    one = documents(house)["own-000"]
    path = export(tmp_path / "x.json", [one])
    tasks = json.loads(path.read_text(encoding="utf-8"))
    tasks[0]["annotations"].append({**tasks[0]["annotations"][0], "id": 9, "completed_by": "reader-b"})
    path.write_text(json.dumps(tasks), encoding="utf-8")
    assert accept(house, path) == 1
    assert "Name one with --annotator: reader-a, reader-b" in capsys.readouterr().err
    tasks[0]["annotations"][1]["completed_by"] = "reader-a"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    before = files(house)
    assert accept(house, path) == 1 and files(house) == before
    assert {"[submitted-twice]", "[duplicate-document]"} <= set(capsys.readouterr().err.replace("\n", " ").split())


def test_corrections_follow_one_another_and_replay(house, tmp_path):
    """There, back, and there again; after a crash before the gold was written, once more."""
    raw = house.raw
    raw.mkdir(parents=True)
    for config, name in (("own", "own-reading-1"),):
        export(raw / f"{name}.json", documents(house, config).values(), "reading-1", shown=False)
    assert replay(house, "own") == []
    there = documents(house)["own-000"]
    away = export(tmp_path / "away.json", [less(there)])
    back = export(tmp_path / "back.json", [there])
    for path in (away, back, away):
        assert accept(house, path, *BECAUSE) == 0 and replay(house, "own") == []
    rows = read_decisions(house.corrections)[0]
    assert len(rows) == 3 and rows[0] == rows[2] and {d.by for d in rows} == {"person"}
    gold = house.gold_file("own", "test")
    now = gold.read_bytes()
    assert accept(house, back, *BECAUSE) == 0
    gold.write_bytes(now)
    assert [p.id for p in replay(house, "own")] == ["not-replayed"]
    assert accept(house, back, *BECAUSE) == 0
    assert replay(house, "own") == [] and len(read_decisions(house.corrections)[0]) == 4


def test_a_correction_of_a_span_takes_its_links_along(house, tmp_path):
    house.raw.mkdir(parents=True)
    found = documents(house)
    export(house.raw / "own-reading-1.json", found.values(), "reading-1", shown=False)
    one = max(found.values(), key=lambda d: len(d.figures))
    part, whole = sorted(one.figures, key=lambda f: f.value)[:: len(one.figures) - 1]
    others = tuple(f for f in one.figures if f not in (part, whole))
    linked = replace(one, figures=(*others, replace(part, part_of=whole.id), whole))
    wider = replace(whole, end=whole.end + len(one.text[whole.end :].split()[0]) + 1)
    for n, document in enumerate((linked, replace(linked, figures=(*linked.figures[:-1], wider)))):
        assert accept(house, export(tmp_path / f"{n}.json", [document]), *BECAUSE) == 0
        assert replay(house, "own") == []
    assert [d.point.layer for d in read_decisions(house.corrections)[0]] == ["figures"] * 3
    (linked_one,) = [f for f in documents(house)[one.id].figures if f.part_of]
    assert next(f for f in documents(house)[one.id].figures if f.id == linked_one.part_of).end == wider.end


def test_gold_that_was_typed_in_is_found_by_the_replay(house):
    house.raw.mkdir(parents=True)
    export(house.raw / "own-reading-1.json", documents(house).values(), "reading-1", shown=False)
    path = house.gold_file("own", "train")
    path.write_text(path.read_text(encoding="utf-8").replace('"ref":"iemand"', '"ref":"niemand"', 1), encoding="utf-8")
    assert [(p.id, p.where.document) for p in replay(house, "own")] == [("not-replayed", "own-001")]


def test_diff_says_what_it_could_not_compare_and_writes_numbers_as_they_are(house, tmp_path, capsys):
    found = documents(house)
    one = next(d for d in found.values() if d.figures and d.figures[0].value)
    other = replace(one, figures=(replace(one.figures[0], value=12000.0), *one.figures[1:]))
    path = export(tmp_path / "x.json", [other, found["own-001"]])
    assert label(house, "diff", path) == 0
    shown = capsys.readouterr().out
    assert "→ 12000\n" in shown and "2 documents compared" in shown and "next " in shown
    for split in ("test", "validation", "train"):
        house.gold_file("own", split).unlink()
    assert label(house, "diff", path) == 1
    shown = capsys.readouterr()
    assert "no difference" not in shown.out and "[nothing-to-compare]" in shown.err
