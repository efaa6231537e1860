"""A sample of the gold for two people: drawn, pushed to a real server, answered, and turned into figures."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from volgens.cli import main as volgens_command
from volgens.curation.folder import Folder
from volgens.curation.label_studio.client import annotate
from volgens.curation.label_studio.tasks import to_results
from volgens.curation.spot_check import COLUMNS, GOLD, OTHER, draw, figures, key, read_key, tasks_of, told
from volgens.model.gold import Gold
from volgens.model.problem import ProblemsFound

pytest_plugins = ["label_studio_server"]

ROOT = Path(__file__).parents[1]
HOUSE = Folder(ROOT)
NUMBER, LONGEST = 8, 700
PROTOCOL = (ROOT / "annotations" / "CHECKING.md").read_text(encoding="utf-8")
SCRIPT = ROOT / "scripts" / "spot_check.py"


@pytest.fixture(scope="module")
def documents():
    found, problems = HOUSE.documents("own")
    assert problems == []
    return [document for document in found if document.provenance is not None]


@pytest.fixture(scope="module")
def sample(documents):
    return draw(documents, NUMBER, LONGEST, 0)


def bare(documents):
    return [replace(document, entities=(), figures=(), attributions=()) for document in documents]


def test_the_same_seed_draws_the_same_short_documents_evenly(documents, sample):
    assert draw(reversed(documents), NUMBER, LONGEST, 0) == sample != draw(documents, NUMBER, LONGEST, 1)
    assert len({d.id for d in sample}) == NUMBER and max(d.length for d in sample) <= LONGEST
    two = [replace(d, id=f"x{d.id}", config="x") for d in documents[:4]]
    assert Counter(d.config for d in draw([*documents, *two], 6, 9999, 0)) == {"own": 3, "x": 3}
    with pytest.raises(ProblemsFound, match="are wanted"):
        draw(documents, 10_000, LONGEST, 0)


def test_each_begins_half_with_the_gold_and_the_other_way_round_in_an_order_of_their_own(sample):
    tasks = key(sample, ["anna", "bob"], 0)
    anna, bob = ([t for t in tasks if t.reader == name] for name in ("anna", "bob"))
    assert [t.place for t in anna] == [t.place for t in bob] == list(range(1, NUMBER + 1))
    assert Counter(t.begun for t in anna) == Counter(t.begun for t in bob) == {GOLD: NUMBER // 2, OTHER: NUMBER // 2}
    theirs = {t.document: t.begun for t in bob}
    assert all(theirs[t.document] != t.begun for t in anna)
    assert [t.document for t in anna] != [t.document for t in bob] and [t.document for t in anna] != sorted(theirs)


def test_nothing_in_a_task_says_where_its_labels_come_from(sample):
    tasks = key(sample, ["anna", "bob"], 0)
    made = tasks_of("anna", tasks, sample, bare(sample))
    assert [task["data"]["doc_id"] for task in made] == [t.document for t in tasks if t.reader == "anna"]
    assert {prediction["model_version"] for task in made for prediction in task["predictions"]} == {"labels"}
    assert len({json.dumps(sorted(task["data"])) for task in made}) == 1
    labelled = {task["data"]["doc_id"] for task in made if task["predictions"][0]["result"]}
    assert labelled == {t.document for t in tasks if t.reader == "anna" and t.begun == GOLD}


def test_figures_tell_apart_who_began_with_the_gold(sample):
    """Anna and Bob submit what they began with: all agreement with the gold comes of being led."""
    tasks, gold = key(sample, ["anna", "bob"], 0), {d.id: Gold.of(d) for d in sample}
    none = {d.id: Gold.of(d) for d in bare(sample)}
    answers = {name: {t.document: (gold if t.begun == GOLD else none)[t.document] for t in tasks if t.reader == name}
               for name in ("anna", "bob")}  # fmt: skip
    del answers["bob"][next(iter(answers["bob"]))]
    found = figures(tasks, gold, answers)
    led, away, both = (found["configurations"][COLUMNS[name]] for name in (GOLD, OTHER, "both"))
    assert (led["f1"]["entities.span"]["f1"], away["f1"]["entities.span"]["f1"]) == (1.0, 0.0)
    assert (found["documents"], found["not submitted"], both["documents"]) == (NUMBER, 1, NUMBER - 1)
    assert led["documents"] + away["documents"] == 2 * NUMBER - 1
    assert "1 answers were not submitted" in told(found) and told(found).count("| ") > 60


def test_answers_of_another_sample_and_none_at_all_are_problems(sample):
    tasks, gold = key(sample, ["anna", "bob"], 0), {d.id: Gold.of(d) for d in sample}
    stranger = {"anna": {"own-999": next(iter(gold.values()))}}
    for answers, message in ((stranger, "was not given this document"), ({}, "nobody has submitted")):
        with pytest.raises(ProblemsFound, match=message):
            figures(tasks, gold, answers)


def lines(begin):
    return [shlex.split(line) for line in PROTOCOL.splitlines() if line.startswith(begin)]


@pytest.fixture
def run(capsys, monkeypatch):
    """A command of this process, from the root; what it prints."""
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT / "scripts")
    import spot_check

    def call(program, *words):
        code = {"draw": spot_check.main, "figures": spot_check.main, "label": volgens_command}[program](
            [program, *map(str, words)]
        )
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out

    return call


def options(server, token):
    return ["--url", server.url, "--token-file", token]


def test_the_protocol_from_the_draw_to_the_figures(run, server, title, tmp_path):
    """Its commands against a real server; two invented people, one of whom corrects everything and one nothing."""
    token = tmp_path / "token"
    token.write_text(server._token)
    (drawn,), (made,) = lines("python scripts/spot_check.py draw"), lines("python scripts/spot_check.py figures")
    short = ["--documents", NUMBER, "--longest", LONGEST]
    own = [
        word for word in drawn[3:] if word not in ("wikinews", "eval/results/rules-2-wikinews.jsonl", "--texts", "wikinews=CLONE")
    ]
    here = {"check": title, "out/check-key.jsonl": tmp_path / "key.jsonl"}
    said = run("draw", *(here.get(word, word) for word in own), *short, *options(server, token))
    assert said.count(f"{NUMBER} tasks pushed, 0 were there") == 2
    tasks, golds = read_key(tmp_path / "key.jsonl"), {name: gold for name, (_, gold) in HOUSE.golds("own")[0].items()}
    documents = {d.id: d for d in HOUSE.documents("own")[0]}
    for reader in ("anna", "bob"):
        project = server.find(f"{title} {reader}")
        shown = [task.doc_id for task in sorted(server.tasks(project), key=lambda task: task.id)]
        assert shown == [t.document for t in tasks if t.reader == reader], "in the order that was drawn"
        results = [(name, to_results(golds[name].on(documents[name]))) for name in shown]
        assert annotate(server, project, f"{reader}@volgens.invalid", results) == NUMBER
    for words in lines("volgens label pull"):
        out = tmp_path / Path(words[-1]).name
        run(*words[1:3], words[3].replace("check", title), "--out", out, *options(server, token))
    exports = [tmp_path / Path(word).name for word in made[3:5]]
    said = run("figures", *exports, "--key", tmp_path / "key.jsonl", "--out", tmp_path / "figures.json")
    found = json.loads((tmp_path / "figures.json").read_text())
    assert {one["f1"]["entities.span"]["f1"] for one in found["configurations"].values()} == {1.0}
    assert f"A sample of {NUMBER} documents was checked by two people" in said


def test_what_the_protocol_promises():
    """The size and the default of the script, and that it names the files of its commands."""
    said = subprocess.run([sys.executable, SCRIPT, "draw", "--help"], capture_output=True, text=True).stdout
    (number,) = re.findall(r"how many \(default: (\d+)\)", said)
    assert f"sample of {number} short documents" in PROTOCOL
    assert all((ROOT / word).is_file() for word in lines("python scripts/spot_check.py draw")[0] if word.startswith("eval/"))
