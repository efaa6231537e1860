"""Gold → Label Studio → gold, with annotators, adjudicators and a model's predictions in between; and the scripts that do it."""

import importlib.util
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from test_adjudication import GOLD, other_reading
from test_label_studio_form import full, region
from volgens.curation.adjudication import changelog, points, resolve
from volgens.curation.label_studio import doors, from_export, to_tasks
from volgens.curation.label_studio.adjudicate import (
    START,
    adjudication_config,
    by_document,
    decisions,
    disagreements,
    filled,
    open_tasks,
)
from volgens.curation.label_studio.check import check
from volgens.curation.label_studio.client import annotate, pull, push
from volgens.curation.label_studio.server import free_port
from volgens.curation.label_studio.tasks import to_results
from volgens.model.gold import Gold, read_gold

pytest_plugins = ["label_studio_server"]

ROOT = Path(__file__).parents[1]
CONFIG = (ROOT / "annotations" / "labeling.xml").read_text(encoding="utf-8")
ARTICLES = ROOT.parent / "shared" / "articles"


def configurations():
    return ["own", *(["anp"] if ARTICLES.is_dir() else [])]


@pytest.mark.parametrize("config", configurations())
def test_the_gold_of_all_documents_comes_back_unchanged(config, server, title):
    documents, problems = doors.documents(ROOT, config, ARTICLES if config == "anp" else None)
    assert problems == [] and len(documents) == {"own": 20, "anp": 40}[config]
    project = push(server, title, to_tasks(documents), CONFIG).project
    assert annotate(server, project, "reader-a@volgens.invalid", [(d.id, to_results(d)) for d in documents]) == len(documents)
    tasks = pull(server, project)
    assert check(tasks).problems == []
    for export in (tasks, doors.travelling(tasks)):
        submitted = {r.gold.id: r.gold for r in from_export(export).readings if r.status == "submitted"}
        assert [submitted[d.id].on(d) for d in documents] == [replace(d, provenance=None) for d in documents]
    travelling = json.dumps(doors.travelling(tasks), ensure_ascii=False)
    assert (documents[0].text.splitlines()[0] in travelling) == (config == "own")


def test_check_gives_task_annotator_region_cure_and_a_link_that_opens_the_task(server, title):
    tasks = to_tasks([full()], as_="annotations")
    region(tasks, "f1", "bound")["value"]["choices"] = ["range"]
    region(tasks, "e2")["value"]["labels"] = ["NORP"]
    project = push(server, title, tasks, CONFIG).project
    (problem,) = check(pull(server, project), link=lambda task: server.link(project, task)).problems
    task = server.tasks(project)[0].id
    assert problem.id == "bound-and-numbers"
    assert str(problem).startswith(f"{server.url}/projects/{project}/data?task={task}: own-900: task {task}, annotation ")
    assert "(annotator), region f1, figures[0]: bound 'range' with value" in str(problem)


def test_a_cycle_of_parents_is_found_with_its_region():
    tasks = to_tasks([full()], as_="annotations")
    tasks[0]["annotations"][0]["result"].append(
        {"type": "relation", "from_id": "a1", "to_id": "a2", "direction": "right", "labels": ["parent"]}
    )
    problems = check(tasks).problems
    assert "cycle" in [p.id for p in problems]
    assert all("region a" in p.where.field for p in problems if p.id == "cycle")


def submit(server, project, doc_id, gold, notes, email="chief@volgens.invalid"):
    """What the editor sends when an adjudicator submits."""
    results = to_results(gold.on(replace(full(), id=doc_id)))
    note = {"id": "n", "from_name": "decisions", "to_name": "text", "type": "textarea", "value": {"text": notes}}
    annotate(server, project, email, [(doc_id, [*results, note])])


def test_readings_become_gold_by_way_of_decisions(server, title):
    documents = [full(), full(id="own-901"), full(id="own-902")]
    readings = [Gold.of(d) for d in documents]
    others = [replace(other_reading(), id="own-900"), replace(GOLD, id="own-901", entities=GOLD.entities[1:]), readings[2]]
    project = push(server, title, to_tasks(documents, as_=None), CONFIG).project
    for name, golds in (("reader-a", readings), ("reader-b", others)):
        results = [(g.id, to_results(g.on(d))) for g, d in zip(golds, documents, strict=True)]
        annotate(server, project, f"{name}@volgens.invalid", results)
    read = by_document(check(pull(server, project)).good)
    tasks = open_tasks(documents, read)
    assert [t["data"]["doc_id"] for t in tasks] == ["own-900", "own-901"]
    assert len(tasks[0]["data"]["open"].splitlines()) == 5 and "«Noorse Zeepartij»" in tasks[0]["data"]["open"]

    second = push(server, f"{title} 2", tasks, adjudication_config(CONFIG)).project
    server.begin_with(second, START)
    submit(server, second, "own-900", readings[0], [f"{n}: E{n} as reader a" for n in range(1, 6)])
    submit(server, second, "own-901", others[1], ["1: E1 no name"])
    found, finals, problems = decisions(pull(server, second), "2026-11-20")
    assert problems == [] and len(found) == 6 and {d.by for d in found} == {"chief"}
    for name, wanted in (("own-900", readings[0]), ("own-901", replace(others[1]))):
        gold, wrong = resolve(read[name]["reader-a"], points(read[name]), found)
        assert wrong == [] and gold == finals[name] and gold.entities == finals[name].entities
        assert gold.figures == wanted.figures
    assert resolve(readings[2], points(read["own-902"]), found) == (readings[2], [])


def predicted(gold, **absent):
    """A predictions file's row: no refs, no parents, ids of the model's own."""
    row = gold.to_dict()
    for layer, prefix in (("entities", "x"), ("figures", "y"), ("attributions", "z")):
        for n, item in enumerate(row[layer]):
            item.update(id=f"{prefix}{n}", **{k: None for k in ("ref", "parent", "part_of", "source_ref") if k in item})
    return {k: row[k] for k in ("id", "entities", "figures", "attributions")} | absent


def test_what_a_model_does_not_attempt_is_no_disagreement():
    assert filled([GOLD], [predicted(GOLD)])[0].entities[0].ref == "zeepartij"
    assert disagreements([full()], [predicted(GOLD)], "rules") == []
    assert disagreements([full()], [predicted(GOLD, figures=None)], "rules") == []
    assert len(disagreements([full()], [predicted(GOLD, figures=[])], "rules")) == 1


def test_where_model_and_gold_disagree_most_comes_first_and_the_decision_comes_back_with_its_reason(server, title):
    documents = [full(), full(id="own-901"), full(id="own-902")]
    model = [
        predicted(replace(GOLD, id="own-900", entities=GOLD.entities[1:])),
        predicted(replace(other_reading(), id="own-901")),
        predicted(replace(GOLD, id="own-902")),
    ]
    tasks = disagreements(documents, model, "rules")
    assert [t["data"]["doc_id"] for t in tasks] == ["own-901", "own-900"]
    assert [p["model_version"] for p in tasks[0]["predictions"]] == [START, "gold", "rules"]
    project = push(server, title, tasks, adjudication_config(CONFIG)).project
    server.begin_with(project, START)
    corrected = replace(GOLD, id="own-900", entities=GOLD.entities[1:])
    submit(server, project, "own-900", corrected, ["1: E1 the party is no name here"])
    found, finals, problems = decisions(pull(server, project), "2026-11-20")
    assert problems == [] and list(finals) == ["own-900"] and len(finals["own-900"].entities) == 3
    (line,) = changelog(found)
    assert line.startswith("own-900: entities was: 2-18 ORG") and line.endswith("| is: — (E1: the party is no name here)")


def test_predictions_without_offsets_are_refused():
    row = predicted(GOLD)
    row["entities"][0]["start"] = None
    with pytest.raises(ValueError, match="item 1 of entities has no offsets"):
        filled([GOLD], [row])


@pytest.fixture
def house(tmp_path):
    """A repository with our own pages and gold, that scripts may change."""
    for part in ("dataset/pages/own", "annotations/gold/own"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "annotations" / "labeling.xml", tmp_path / "annotations")
    return tmp_path


@pytest.fixture
def door(house, label_studio, monkeypatch, tmp_path):
    """Run a script on the house and the real server, as from the shell."""
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", label_studio.login.token)

    def run(name, *arguments, url=label_studio.url):
        spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        monkeypatch.setattr(script, "ROOT", house)
        if hasattr(script, "DECISIONS"):
            monkeypatch.setattr(script, "DECISIONS", house / "decisions.jsonl")
        monkeypatch.setattr(doors, "URL", url)
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        return script.main([str(x) for x in arguments])

    return run


def lines(house):
    return {g.id: g for g in read_gold(house / "annotations" / "gold" / "own" / "test.jsonl")[0]}


def test_the_scripts_take_a_correction_from_the_server_into_the_gold(door, house, server, title, capsys):
    assert door("push_tasks", title) == 0
    assert "20 tasks pushed" in capsys.readouterr().out
    project = server.find(title)
    documents, _ = doors.documents(house, "own")
    first = documents[0]
    corrected = replace(first, entities=first.entities[1:])
    read = [(document.id, to_results(document)) for document in (corrected, documents[1])]
    annotate(server, project, "reader-a@volgens.invalid", read)
    raw = house / "raw.json"
    assert door("pull_annotations", title, "--out", raw) == 0
    assert door("check_annotations", raw) == door("check_annotations", title) == 0
    capsys.readouterr()
    assert door("diff_annotations", raw, "--format", "json") == 0
    (change,) = json.loads(capsys.readouterr().out)
    assert (change["document"], change["before"], change["after"]) == (first.id, "e1", None)
    assert door("diff_annotations", raw) == 0 and "removed: «" in capsys.readouterr().out
    before = lines(house)
    assert door("accept_annotations", raw, "--by", "person", "--date", "2026-11-20") == 0
    after = lines(house)
    assert [name for name in after if after[name] != before[name]] == [first.id]
    assert len(after[first.id].entities) == len(before[first.id].entities) - 1
    assert after[first.id].provenance.annotator == "person" and after[first.id].figures == before[first.id].figures


def test_the_scripts_adjudicate(door, house, server, title, capsys):
    documents, _ = doors.documents(house, "own")
    first, exports = documents[0], []
    for name, entities in (("reader-a", first.entities), ("reader-b", first.entities[1:])):
        tasks = to_tasks([replace(first, entities=entities), *documents[1:]], as_="annotations", annotator=name)
        exports.append(house / f"{name}.json")
        exports[-1].write_text(json.dumps(tasks))
    assert door("adjudicate", "push", title, *exports) == 0
    assert "1 tasks pushed" in capsys.readouterr().out
    assert door("adjudicate", "write", *exports, "--by", "model", "--date", "2026-11-20") == 1
    assert "[undecided]" in capsys.readouterr().err
    note = {"id": "n", "from_name": "decisions", "to_name": "text", "type": "textarea", "value": {"text": ["1: E1 kept out"]}}
    results = [*to_results(replace(first, entities=first.entities[1:])), note]
    annotate(server, server.find(title), "chief@volgens.invalid", [(first.id, results)])
    assert door("adjudicate", "pull", title, "--date", "2026-11-20") == 0
    assert door("adjudicate", "write", *exports, "--by", "model", "--date", "2026-11-20") == 0
    gold = lines(house)
    assert len(gold[first.id].entities) == len(first.entities) - 1
    assert gold[first.id].provenance.adjudicated and gold[first.id].provenance.readings == 2


def test_the_scripts_push_disagreements(door, house, title, capsys, tmp_path):
    gold = lines(house)
    rows = [
        {"id": name, "entities": [{"start": e.start, "end": e.end, "type": e.type} for e in g.entities]}
        for name, g in gold.items()
    ]
    rows[0]["entities"].pop()
    (tmp_path / "predictions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert door("push_disagreements", tmp_path / "predictions.jsonl", title) == 0
    assert "1 tasks pushed" in capsys.readouterr().out


def test_a_wrong_token_and_a_server_that_is_down_are_one_line_and_exit_code_1(door, monkeypatch, capsys):
    assert door("push_tasks", "x", url=f"http://127.0.0.1:{free_port()}") == 1
    assert "cannot be reached" in capsys.readouterr().err
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "f" * 40)
    assert door("push_tasks", "x") == 1
    shown = capsys.readouterr()
    assert "refuses the token" in shown.err and len(shown.err.splitlines()) == 1 and "f" * 40 not in shown.out + shown.err


@pytest.mark.parametrize("arguments", [("pull_annotations", "no such project"), ("check_annotations", "no such project")])
def test_a_script_tells_a_servers_refusal_in_one_line(door, arguments, capsys, label_studio):
    assert door(*arguments) == 1
    shown = capsys.readouterr()
    assert re.fullmatch(r"\S+ has no project 'no such project', or it is not yours\n", shown.err)
    assert label_studio.login.token not in shown.out + shown.err


def test_a_file_that_is_no_export_is_a_problem(door, house, capsys):
    (house / "raw.csv").write_text("id,text\n")
    assert door("check_annotations", house / "raw.csv") == 1
    assert "[not-an-export]" in capsys.readouterr().err


def test_a_project_edited_by_hand_is_told_by_the_check(door, server, title, capsys):
    project = push(server, title, to_tasks([full()]), CONFIG).project
    server.sdk.projects.update(id=project, label_config=CONFIG.replace('hotkey="1"', 'hotkey="8"', 1))
    assert door("check_annotations", title) == 1
    assert "[duplicate-hotkey]" in capsys.readouterr().err


def test_no_token_is_one_line(door, monkeypatch, capsys):
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    assert door("push_tasks", "x") == 1
    assert capsys.readouterr().err.startswith("no token: ")
