"""The whole loop from the shell against a real server: push, label, pull, check, diff, accept or adjudicate, for any split."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from houses import FIRST, SPLITS, export, make_house
from test_label_studio_form import full
from volgens.cli import main
from volgens.curation.adjudication import read_decisions
from volgens.curation.build import build
from volgens.curation.corrections import replay
from volgens.curation.label_studio import from_export, to_tasks
from volgens.curation.label_studio.client import annotate
from volgens.curation.label_studio.pushing import push
from volgens.curation.label_studio.server import free_port
from volgens.curation.label_studio.tasks import to_results
from volgens.model.gold import Gold, read_gold

pytest_plugins = ["label_studio_server"]
DAY = ("--by", "person", "--date", "2026-11-20")


@pytest.fixture
def made(tmp_path):
    return make_house(tmp_path / "house")


@pytest.fixture
def house(made):
    return made[0]


@pytest.fixture
def label(house, label_studio):
    """Run a step on the house, and on the server as `serve` leaves it."""
    data = house.root / "out" / "label-studio"
    data.mkdir(parents=True)
    (data / "url").write_text(label_studio.url + "\n")
    (data / "token").write_text(label_studio.login.token)
    return lambda *arguments: main(["label", *map(str, arguments), "--root", str(house.root)])


def documents(house, config="own", texts=None):
    found, problems = house.documents(config, texts=texts)
    assert problems == []
    return {document.id: document for document in found}


def less(document):
    return replace(document, entities=document.entities[1:])


@pytest.mark.parametrize(("config", "split"), [(c, s) for c, splits in SPLITS.items() for s in splits])
def test_the_whole_loop_works_for_every_configuration_and_split(made, label, server, title, config, split, capsys):
    house, texts = made
    where = ("--config", config, "--split", split, *(("--texts", texts[config]) if config in texts else ()))
    found = {n: d for n, d in documents(house, config, texts.get(config)).items() if d.split == split}
    one = found[FIRST[config, split]]
    assert label("push", title, *where) == 0
    assert f"{len(found)} tasks pushed" in capsys.readouterr().out
    results = [(d.id, to_results(less(d) if d.id == one.id else d)) for d in found.values()]
    annotate(server, server.find(title), "reader-a@volgens.invalid", results)
    assert label("pull", title) == 0
    shown = capsys.readouterr().out
    raw = house.raw / re.search(r"raw/(\S+\.json):", shown)[1]
    assert (one.text.splitlines()[0] in raw.read_text(encoding="utf-8")) == (config == "own")
    assert label("check", raw) == label("check", title) == 0
    capsys.readouterr()
    assert label("diff", raw, *where, "--format", "json") == 0
    (change,) = [c for c in json.loads(capsys.readouterr().out) if c["field"] is None]
    assert (change["document"], change["before"], change["after"]) == (one.id, "e1", None)
    assert label("accept", raw, *where[:4], *DAY, "--rule", "E14", "--reason", "no name") == 0
    after = {g.id: g for g in read_gold(house.gold_file(config, split))[0]}
    assert after.keys() == found.keys() and len(after[one.id].entities) == len(one.entities) - 1
    assert {n for n in after if after[n] != Gold.of(found[n])} == {one.id}
    splits, problems = build(house.root)
    assert problems == [] and (config, split) in {(s.config, s.name) for s in splits}


def two_readings(house, path):
    """Exports of two blind readings of one document of `train`, and of all others alike; they differ in one name."""
    found = documents(house)
    one = found["own-001"]
    paths = []
    for n, name in enumerate(("reading-1", "reading-2")):
        mine = [less(d) if d.id == one.id and n else d for d in (one, found["own-002"])]
        paths.append(export(path / f"own-{name}.json", mine, name, shown=False))
    return one, paths


def test_two_readings_are_adjudicated_into_their_split_and_the_rest_stays(house, label, server, title, tmp_path, capsys):
    one, paths = two_readings(house, tmp_path)
    before = documents(house)
    assert label("adjudicate", "push", title, *paths) == 0
    assert "1 tasks pushed" in capsys.readouterr().out
    assert label("adjudicate", "write", *paths, "--blind", *DAY) == 1
    assert "[undecided]" in capsys.readouterr().err and documents(house) == before
    assert label("adjudicate", "pull", title, *DAY) == 0
    assert "0 decisions on 0 documents" in capsys.readouterr().out
    note = {"id": "n", "from_name": "decisions", "to_name": "text", "type": "textarea", "value": {"text": ["E1 kept out"]}}
    annotate(server, server.find(title), "chief@volgens.invalid", [(one.id, [*to_results(less(one)), note])])
    assert label("adjudicate", "pull", title, *DAY) == 0
    assert {d.by for d in read_decisions(house.decisions)[0]} == {"person"}
    assert label("adjudicate", "write", *paths, "--blind", *DAY) == 0
    after = documents(house)
    assert after.keys() == before.keys() and {n for n in after if after[n] != before[n]} == {one.id, "own-002"}
    assert after["own-002"] == replace(before["own-002"], provenance=after[one.id].provenance)
    got = after[one.id].provenance
    assert (got.readings, got.blind, got.adjudicated) == (2, True, True) and len(after[one.id].entities) == len(one.entities) - 1
    state = house.gold_file("own", "train").read_bytes()
    assert label("adjudicate", "write", *paths, "--blind", *DAY) == 0 and house.gold_file("own", "train").read_bytes() == state


def test_readings_that_saw_labels_are_not_called_blind(house, label, tmp_path, capsys):
    path = export(tmp_path / "own-reading-1.json", [documents(house)["own-001"]], "reading-1", shown=True)
    assert label("adjudicate", "write", path, "--blind", *DAY) == 1
    assert "[not-blind]" in capsys.readouterr().err


def rows(house, path, change=lambda row: None):
    """Predictions that are the names of the gold, without refs; `change` spoils those of own-000."""
    found = [
        {"id": d.id, "entities": [{"start": e.start, "end": e.end, "type": e.type} for e in d.entities]}
        for d in documents(house).values()
    ]
    change(found[0])
    path.write_text("".join(json.dumps(row) + "\n" for row in found))
    return path


def verdict(value):
    return {"id": "v", "from_name": "verdict", "to_name": "text", "type": "choices", "value": {"choices": [value]}}


def test_a_difference_that_stays_is_one_choice_and_does_not_come_again(house, label, server, title, tmp_path, capsys):
    predictions = rows(house, tmp_path / "rules.jsonl", lambda row: row["entities"].pop())
    assert label("adjudicate", "push", title, "--predictions", predictions) == 0
    assert "1 tasks pushed" in capsys.readouterr().out
    before = documents(house)
    one = before["own-000"]
    annotate(server, server.find(title), "chief@volgens.invalid", [(one.id, [*to_results(one), verdict("stays")])])
    assert label("adjudicate", "pull", title, *DAY) == 0
    assert "1 documents decided" in capsys.readouterr().out and documents(house) == before
    assert len(read_decisions(house.kept)[0]) == 1 and not house.corrections.exists()
    assert label("adjudicate", "push", f"{title} 2", "--predictions", predictions) == 0
    assert "nothing is open" in capsys.readouterr().out


def test_a_difference_that_changes_the_gold_is_a_correction_and_a_line_for_the_changelog(
    house, label, server, title, tmp_path, capsys
):
    house.raw.mkdir(parents=True)
    export(house.raw / "own-reading-1.json", documents(house).values(), "reading-1", shown=False)
    predictions = rows(house, tmp_path / "rules.jsonl", lambda row: row["entities"].pop(0))
    assert label("adjudicate", "push", title, "--predictions", predictions) == 0
    before = documents(house)
    one = before["own-000"]
    note = {"id": "n", "from_name": "decisions", "to_name": "text", "type": "textarea", "value": {"text": ["E2 no name"]}}
    annotate(server, server.find(title), "chief@volgens.invalid", [(one.id, [*to_results(less(one)), verdict("changed"), note])])
    capsys.readouterr()
    assert label("adjudicate", "pull", title, *DAY) == 0
    shown = capsys.readouterr().out
    assert "for CHANGELOG.md, under Data:" in shown and re.search(r"- own-000: entities was: \S+ PER .*\(E2: no name\)", shown)
    after = documents(house)
    assert {n for n in after if after[n] != before[n]} == {"own-000"} and replay(house, "own") == []
    assert after["own-000"].provenance == one.provenance
    state = house.corrections.read_bytes()
    assert label("adjudicate", "pull", title, *DAY) == 0 and house.corrections.read_bytes() == state
    other = export(tmp_path / "x.json", [replace(after["own-000"], entities=one.entities[2:])])
    assert label("accept", other, *DAY, "--rule", "E3", "--reason", "x") == 0
    assert label("adjudicate", "pull", title, *DAY) == 1
    assert "[gold-moved]" in capsys.readouterr().err and replay(house, "own") == []


def test_a_difference_without_verdict_or_reason_is_told(house, label, server, title, tmp_path, capsys):
    predictions = rows(house, tmp_path / "rules.jsonl", lambda row: row["entities"].pop(0))
    assert label("adjudicate", "push", title, "--predictions", predictions) == 0
    before = documents(house)
    one = before["own-000"]
    annotate(server, server.find(title), "a@volgens.invalid", [(one.id, to_results(one))])
    annotate(server, server.find(title), "b@volgens.invalid", [(one.id, [*to_results(one), verdict("changed")])])
    capsys.readouterr()
    assert label("adjudicate", "pull", title, *DAY) == 1
    shown = capsys.readouterr().err
    assert "Choose `stays`, or change it." in shown and "[nothing-changed]" in shown and documents(house) == before


def test_another_name_in_a_project_that_is_there_is_refused(house, label, title, tmp_path, capsys):
    predictions = rows(house, tmp_path / "rules.jsonl", lambda row: row["entities"].pop())
    assert label("adjudicate", "push", title, "--predictions", predictions, "--name", "one") == 0
    assert label("adjudicate", "push", title, "--predictions", predictions, "--name", "one") == 0
    assert label("adjudicate", "push", title, "--predictions", predictions, "--name", "two") == 1
    assert "shows readings by gold, one, not by gold, two" in capsys.readouterr().err


def test_drafts_are_told_and_kept_in_the_file(house, label, server, title, capsys):
    assert label("push", title, "--documents", "own-000") == 0
    task = server.tasks(server.find(title))[0].id
    result = to_results(documents(house)["own-000"])
    server.sdk._client_wrapper.httpx_client.request(f"api/tasks/{task}/drafts", method="POST", json={"result": result})
    assert label("pull", title, "--out", house.root / "x.json") == 0
    assert "1 drafts, not submitted, by annotator: own-000" in capsys.readouterr().out
    kept = from_export(json.loads((house.root / "x.json").read_text(encoding="utf-8"))).readings
    assert [r.status for r in kept if r.status != "prediction"] == ["draft"]
    assert label("adjudicate", "pull", title, *DAY) == 0
    assert "1 drafts, not submitted" in capsys.readouterr().out


def test_a_pull_never_takes_submitted_annotations_out_of_a_file(house, label, server, title, capsys):
    assert label("push", title, "--documents", "own-000") == 0
    path = export(house.root / "x.json", [documents(house)["own-001"]])
    before = path.read_bytes()
    assert label("pull", title, "--out", path) == 1
    assert "own-001 by reader-a" in capsys.readouterr().err and path.read_bytes() == before


def test_a_changed_form_is_noticed_by_pull_and_check(house, label, server, title, capsys):
    assert label("push", title, "--documents", "own-000") == 0
    server.sdk.projects.update(id=server.find(title), label_config=house.form.replace("Naam van een persoon", "Iets"))
    for step in ("pull", "check"):
        assert label(step, title) == 1
        assert "[form-changed]" in capsys.readouterr().err


def test_blind_readers_have_a_project_each_and_their_agreement_is_measured_straight_from_these(
    house, label, server, title, capsys
):
    assert label("push", title, "--reader", "anna", "bob", "--documents", "own-000", "own-001") == 0
    shown = capsys.readouterr().out
    assert re.search(r"invite    http://\S+token=\S+", shown) and shown.count("next ") == 2
    found = documents(house)
    for name, cut in (("anna", lambda d: d), ("bob", less)):
        project = server.find(f"{title} {name}")
        assert all(not t.get("predictions") for t in server_tasks(server, project))
        annotate(server, project, f"{name}@volgens.invalid", [(n, to_results(cut(found[n]))) for n in ("own-000", "own-001")])
    assert label("agreement", f"{title} anna", f"{title} bob") == 0
    shown = capsys.readouterr().out
    names = len(found["own-000"].entities)
    assert f"n {2 * names}" in shown and f"entities.span: F1 | {2 * (names - 1) / (2 * names - 1):.3f}" in shown


def server_tasks(server, project):
    from volgens.curation.label_studio.client import pull

    return pull(server, project)


def test_pages_without_gold_begin_with_predictions(house, label, server, title, tmp_path, capsys):
    predictions = rows(house, tmp_path / "rules.jsonl")
    expected = {d.id: len(d.entities) for d in documents(house).values()}
    house.gold_file("own", "train").unlink()
    assert label("adjudicate", "push", title, "--predictions", predictions) == 0
    assert "5 documents have no gold" in capsys.readouterr().out
    assert label("push", title, "--split", "train", "--predictions", predictions) == 0
    readings = [r for r in from_export(server_tasks(server, server.find(title))).readings if r.status == "prediction"]
    assert {r.annotator for r in readings} == {"rules"} and len(readings) == 5
    shown = {t["data"]["doc_id"]: t["predictions"][0]["result"] for t in server_tasks(server, server.find(title))}
    assert {n: sum(r["type"] == "labels" for r in result) for n, result in shown.items()} == {n: expected[n] for n in shown}
    few = tmp_path / "few.jsonl"
    few.write_text(predictions.read_text().splitlines()[0] + "\n")
    assert label("push", f"{title} 2", "--predictions", few) == 1
    assert "have no prediction" in capsys.readouterr().err


def test_a_server_that_is_not_there_and_a_wrong_token_are_one_line(house, label, monkeypatch, capsys):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "f" * 40)
    assert label("push", "own", "--url", f"http://127.0.0.1:{free_port()}") == 1
    assert "cannot be reached" in capsys.readouterr().err
    token = house.root / "wrong"
    token.write_text("f" * 40)
    assert label("push", "own", "--token-file", token) == 1
    shown = capsys.readouterr()
    assert "refuses the token" in shown.err and len(shown.err.splitlines()) == 1 and "f" * 40 not in shown.out + shown.err
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    (house.root / "out" / "label-studio" / "url").unlink()
    assert label("push", "own") == 1
    assert capsys.readouterr().err.startswith("no server: start one with `volgens label serve`")


@pytest.mark.parametrize("step", ["pull", "check"])
def test_a_project_that_is_not_there_is_one_line(label, step, capsys):
    assert label(step, "no such project") == 1
    assert re.fullmatch(r"\S+ has no project 'no such project', or it is not yours\n", capsys.readouterr().err)


def test_a_file_that_is_no_export_is_a_problem(house, label, capsys):
    (house.root / "raw.csv").write_text("id,text\n")
    assert label("check", house.root / "raw.csv") == 1
    assert "[not-an-export]" in capsys.readouterr().err


def test_a_project_edited_by_hand_is_told_by_the_check(house, label, server, title, capsys):
    project = push(server, title, to_tasks([full()]), house.form).project
    key = re.search(r'hotkey="[^"]+"', house.form)[0]
    server.sdk.projects.update(id=project, label_config=house.form.replace(key, 'hotkey="s"', 1))
    assert label("check", title) == 1
    assert "[duplicate-hotkey]" in capsys.readouterr().err
