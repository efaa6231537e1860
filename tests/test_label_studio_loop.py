"""Gold → Label Studio → gold, with annotators, adjudicators and a model's predictions in between."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from agency import ARTICLES, needs_articles
from test_adjudication import GOLD, other_reading
from test_label_studio_form import full, region
from volgens.curation.adjudication import changelog, points, resolve
from volgens.curation.folder import Folder
from volgens.curation.label_studio import from_export, to_tasks
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
from volgens.curation.label_studio.client import annotate, pull
from volgens.curation.label_studio.exports import travelling
from volgens.curation.label_studio.pushing import push
from volgens.curation.label_studio.tasks import to_results
from volgens.model.gold import Gold

pytest_plugins = ["label_studio_server"]

ROOT = Path(__file__).parents[1]
CONFIG = (ROOT / "annotations" / "labeling.xml").read_text(encoding="utf-8")
HOUSE = Folder(ROOT)


@pytest.mark.parametrize("config", ["own", pytest.param("anp", marks=needs_articles)])
def test_the_gold_of_all_documents_comes_back_unchanged(config, server, title):
    documents, problems = HOUSE.documents(config, texts=ARTICLES if config == "anp" else None)
    documents = [document for document in documents if document.provenance is not None]
    assert problems == [] and len(documents) == len(HOUSE.golds(config)[0]) >= {"own": 20, "anp": 40}[config]
    project = push(server, title, to_tasks(documents), CONFIG).project
    assert annotate(server, project, "reader-a@volgens.invalid", [(d.id, to_results(d)) for d in documents]) == len(documents)
    tasks = pull(server, project)
    assert check(tasks).problems == []
    for export in (tasks, travelling(tasks, HOUSE.travels)):
        submitted = {r.gold.id: r.gold for r in from_export(export).readings if r.status == "submitted"}
        assert [submitted[d.id].on(d) for d in documents] == [replace(d, provenance=None) for d in documents]
    written = json.dumps(travelling(tasks, HOUSE.travels), ensure_ascii=False)
    assert (documents[0].text.splitlines()[0] in written) == (config == "own")


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
