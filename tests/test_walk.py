"""The walks of annotations/README.md, line by line, in an invented dataset's folder and against a real server."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from houses import make_house
from volgens.cli import main
from volgens.curation.folder import Folder
from volgens.curation.label_studio.client import annotate, pull
from volgens.curation.label_studio.tasks import to_results
from volgens.model.documents import Entity

pytest_plugins = ["label_studio_server"]
ROOT = Path(__file__).parents[1]
README = (ROOT / "annotations" / "README.md").read_text(encoding="utf-8")
WALKS = dict(re.findall(r"<!-- walk: (\w+) -->\n```\n(.*?)```", README, re.S))
READER = "reader-a@volgens.invalid"
PAGE = "Brug dicht\nELBURG (NPN) - De brug is dicht, zegt Ida Holm.\nOp de brug stonden twaalf auto's.\n"


@pytest.fixture
def walk(tmp_path, monkeypatch, label_studio, server, capsys):
    """Run the lines of a walk in a folder; `by_hand` does, one after the other, what its comments say."""
    monkeypatch.chdir(tmp_path)
    left = tmp_path / "out" / "label-studio"
    left.mkdir(parents=True)
    (left / "url").write_text(label_studio.url + "\n")
    (left / "token").write_text(label_studio.login.token)
    (tmp_path / "eval").symlink_to(ROOT / "eval")
    done = []

    def run(name, *by_hand):
        steps = iter(by_hand)
        for line in WALKS[name].splitlines():
            capsys.readouterr()
            if line.startswith("#"):
                next(steps)(line)
            elif line != "volgens label serve":  # the server of the tests; tests/test_label_studio_start.py starts one
                program, *words = shlex.split(line)
                assert program == "volgens" and main(words) == 0, (line, capsys.readouterr().err)
            done.append(line)
        assert next(steps, None) is None
        return capsys.readouterr().out

    yield run
    for project in {re.match(r"volgens label push (\"[^\"]+\"|\S+)", line)[1] for line in done if "label push" in line}:
        server.sdk.projects.delete(id=server.find(project.strip('"')))


def submit(server, title, documents):
    """Submit what is said of documents, as their annotator does in the browser (tests/test_label_studio_browser.py)."""
    annotate(server, server.find(title), READER, [(d.id, to_results(d)) for d in documents])


def test_the_walks_are_four():
    assert list(WALKS) == ["correct", "page", "dataset", "gold"]


def test_a_corrected_document(walk, tmp_path, server):
    house, _ = make_house(tmp_path)
    before = {d.id: d for d in house.documents("own", "test")[0]}
    one = next(iter(before.values()))
    walk("correct", lambda line: submit(server, "walk", [replace(one, entities=one.entities[1:])]))
    after = {d.id: d for d in house.documents("own", "test")[0]}
    assert {n for n in after if after[n] != before[n]} == {one.id}
    assert len(after[one.id].entities) == len(one.entities) - 1 and "E14" in house.corrections.read_text()


def test_a_new_page_in_a_new_split(walk, tmp_path, server):
    house, _ = make_house(tmp_path)

    def write(line):
        page, cards = (tmp_path / name for name in re.findall(r"dataset/pages/\S+[.]\w+", line))
        page.write_text(PAGE, encoding="utf-8")
        with cards.open("a", encoding="utf-8") as file:
            file.write(re.search(r"\{.*\}", line)[0] + "\n")

    def correct(_):
        tasks = pull(server, server.find("extra"))
        assert [task["data"]["doc_id"] for task in tasks] == ["own-900"]
        begun = {r["value"]["text"] for r in tasks[0]["predictions"][0]["result"] if r["type"] == "labels"}
        assert {"ELBURG", "Ida Holm"} & begun
        (page,) = house.documents("own", "extra")[0]
        at = page.text.index("Ida Holm")
        submit(server, "extra", [replace(page, entities=(Entity("e1", at, at + 8, "PER", None, "ida-holm"),))])

    shown = walk("page", write, correct)
    (page,) = house.documents("own", "extra")[0]
    assert [e.ref for e in page.entities] == ["ida-holm"] and page.provenance.annotator == "person"
    assert re.search(r"^entities +\S+ +1\.000", shown, re.M)  # the rules find her; the place in the dateline was taken out


def test_a_new_dataset(walk, tmp_path, server):
    texts = {"een": "Ida Holm zwijgt.", "twee": "Niets te melden."}
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in texts.items()))
    (tmp_path / "predictions.jsonl").write_text(json.dumps({"id": "een", "entities": [{"text": "Ida Holm", "type": "PER"}]}))

    def label(_):
        een, twee = Folder(tmp_path / "mine").documents("mine")[0]
        name, silent = Entity("e1", 0, 8, "PER", None, "ida-holm"), Entity("e1", 0, 5, "MISC", None, "niets")
        submit(server, "mine", [replace(een, entities=(name,)), replace(twee, entities=(silent,))])

    shown = walk("dataset", label)
    assert re.search(r"^entities +1\.000 +0\.500", shown, re.M) and "MISSING" in shown
    assert (tmp_path / "mine" / "dataset" / "data" / "mine" / "train.parquet").exists()


def test_a_dataset_of_gold_that_is_there(walk, tmp_path, server):
    (tmp_path / "dataset" / "pages").mkdir(parents=True)
    (tmp_path / "gold.conll").write_text("Ida B-PER\nHolm I-PER\nzwijgt O\n. O\n")
    assert "1 tasks pushed" in walk("gold")
