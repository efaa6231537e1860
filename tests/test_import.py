"""Gold of one's own, in the form in which it lies, all the way: a dataset's folder, loaded, scored, exported and pushed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import polars as pl
import pytest
from environments import environment
from volgens import load_gold, score
from volgens.cli import main
from volgens.curation.folder import Folder
from volgens.curation.label_studio.client import pull
from volgens.curation.label_studio.tasks import to_results

pytest_plugins = ["label_studio_server"]
TEXTS = {"een": "Ida Holm woont in Nieuw Bergen.", "twee": "De Haven Unie zwijgt."}
NAMES = {"een": [(0, 8, "PER"), (18, 30, "GPE")], "twee": [(3, 13, "ORG")]}
SPACED = {"een": "Ida Holm woont in Nieuw Bergen .", "twee": "De Haven Unie zwijgt ."}
"""The texts that columns of tokens make."""
PREDICTIONS = [{"id": "een", "entities": [{"start": 0, "end": 8, "type": "PER"}]}, {"id": "twee", "entities": []}]
WITH_SPACY = ["spacy>=3.8", "polars>=1.37", "numpy>=1.26", "jsonschema>=4.21", "pyarrow>=17", "pyyaml>=6", "tqdm>=4.66"]
DOCBIN = """
import sys, json, spacy
from spacy.tokens import DocBin
nlp, docs = spacy.blank("nl"), []
for name, text, names in json.load(sys.stdin):
    doc = nlp(text)
    doc.ents = [doc.char_span(s, e, label=label) for s, e, label in names]
    doc.user_data["id"] = name
    docs.append(doc)
DocBin(docs=docs, store_user_data=True).to_disk(sys.argv[1])
"""


def conll(path):
    tags = {"een": "B-PER I-PER O O B-GPE I-GPE O", "twee": "O B-ORG I-ORG O O"}
    blocks = [f"# id = {n}\n" + "\n".join(map(" ".join, zip(SPACED[n].split(), tags[n].split(), strict=True))) for n in TEXTS]
    (path / "gold.conll").write_text("\n\n".join(blocks) + "\n")
    return path / "gold.conll", ("--scheme", "iob2")


def brat(path):
    (path / "brat").mkdir()
    for name, text in TEXTS.items():
        (path / "brat" / f"{name}.txt").write_text(text + "\n")
        lines = [f"T{n}\t{label} {s} {e}\t{text[s:e]}\n" for n, (s, e, label) in enumerate(NAMES[name], 1)]
        (path / "brat" / f"{name}.ann").write_text("".join(lines))
    return path / "brat", ()


def docbin(path):
    python = environment("spacy-build", WITH_SPACY)
    given = json.dumps([[name, TEXTS[name], NAMES[name]] for name in TEXTS])
    subprocess.run([python, "-c", DOCBIN, path / "gold.spacy"], input=given, check=True, capture_output=True, text=True)
    return path / "gold.spacy", ()


def label_studio_project(path):
    def result(name, n, start, end, label):
        value = {"start": start, "end": end, "text": TEXTS[name][start:end], "labels": [label]}
        return {"id": f"r{n}", "from_name": "ner", "to_name": "text", "type": "labels", "value": value}

    tasks = [
        {
            "id": k,
            "data": {"text": TEXTS[name], "doc_id": name},
            "annotations": [{"id": k, "result": [result(name, n, *one) for n, one in enumerate(NAMES[name])]}],
        }
        for k, name in enumerate(TEXTS, 1)
    ]
    (path / "project.json").write_text(json.dumps(tasks))
    return path / "project.json", ()


FORMS = {"conll": conll, "brat": brat, "spacy": docbin, "label-studio": label_studio_project}


def run(form, *command):
    """A command; where it has to read a DocBin, with spaCy installed."""
    if form != "spacy":
        return main([str(part) for part in command])
    python = environment("spacy-build", WITH_SPACY)
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "eval")}
    done = subprocess.run([python, "-m", "volgens", *map(str, command)], capture_output=True, text=True, env=paths)
    assert done.returncode == 0, done.stderr
    return 0


@pytest.fixture
def out(tmp_path):
    return tmp_path / "dataset"


def imported(tmp_path, form, out):
    gold, options = FORMS[form](tmp_path)
    assert run(form, "import", gold, "--config", "mine", "--split", "validation", "--out", out, *options) == 0
    return ("--gold", str(out), "--config", "mine", "--split", "validation")


def expected(form):
    texts = SPACED if form == "conll" else TEXTS
    return {name: (texts[name], NAMES[name]) for name in TEXTS}


@pytest.mark.parametrize("form", FORMS)
def test_gold_in_any_form_goes_all_the_way(tmp_path, out, form, server, label_studio, title, capsys):
    where = imported(tmp_path, form, out)

    datasets = pytest.importorskip("datasets")
    rows = list(datasets.load_dataset(str(out), "mine", split="validation", cache_dir=str(tmp_path / "cache")))
    found = {r["id"]: (r["text"], [(e["start"], e["end"], e["type"]) for e in r["entities"]]) for r in rows}
    assert found == expected(form)
    assert {r["length"] - len(r["text"]) for r in rows} == {0} and {r["figures"] for r in rows} == {None}

    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in PREDICTIONS))
    capsys.readouterr()
    assert main(["score", str(tmp_path / "p.jsonl"), *where, "--format", "json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert [scored["measures"]["entities"][name] for name in ("tp", "predicted", "gold")] == [1, 1, 3]
    assert f"`{scored['signature']['gold']}`" in (out / "README.md").read_text()

    assert main(["export", "brat", *where, "--out", str(tmp_path / "out")]) == 0
    assert score(load_gold("mine", "validation", out), load_gold(gold=tmp_path / "out"))["entities"].f1 == 1

    (tmp_path / "token").write_text(label_studio.login.token)
    at = ("--url", label_studio.url, "--token-file", str(tmp_path / "token"))
    assert main(["label", "push", title, *where, *at, "--root", str(tmp_path)]) == 0
    assert "2 tasks pushed" in capsys.readouterr().out
    tasks = {task["data"]["doc_id"]: task["predictions"][0]["result"] for task in pull(server, server.find(title))}
    places = {n: [(r["value"]["start"], r["value"]["end"], r["value"]["labels"][0]) for r in tasks[n]] for n in tasks}
    assert places == NAMES


def test_the_options_say_how_the_file_is_read(tmp_path, out, capsys):
    (tmp_path / "x.tsv").write_text("1\tIda\tB-WIE\tx\n2\tzwijgt\tO\tx\n")
    command = ["import", str(tmp_path / "x.tsv"), "--config", "mine", "--out", str(out), "--scheme", "iob2"]
    assert main([*command, "--columns", "token=2,tag=3"]) == 1
    assert "unknown-value" in capsys.readouterr().err and not out.exists()
    assert main([*command, "--columns", "token=2,tag=3", "--map", "WIE=PER"]) == 0
    assert load_gold("mine", gold=out)["entities"][0][0]["type"] == "PER"
    assert main([*command, "--columns", "token=2,tag=3", "--labels", "any", "--split", "train"]) == 0
    assert load_gold("mine", "train", out, labels="any")["entities"][0][0]["type"] == "WIE"
    assert set(pl.read_parquet(out / "data" / "mine" / "test.parquet")["canary"]) == {""}


def test_a_folder_grows_keeps_its_prose_and_loses_nothing_unasked(tmp_path, out, capsys):
    gold, _ = brat(tmp_path)
    command = ["import", str(gold), "--out", str(out), "--config"]
    assert main([*command, "mine"]) == 0
    card = out / "README.md"
    card.write_text(card.read_text().replace("What this dataset holds, from where, and for what.", "Ida's names."))
    before = (out / "data" / "mine" / "test.parquet").read_bytes()
    assert main([*command, "other", "--split", "train"]) == 0
    text = card.read_text()
    assert "Ida's names." in text and text.count("config_name: mine") == text.count("config_name: other") == 2
    assert (out / "data" / "mine" / "test.parquet").read_bytes() == before
    assert set(json.loads((out / "statistics.json").read_text())["configs"]) == {"mine", "other"}
    (gold / "twee.ann").unlink()
    (gold / "twee.txt").unlink()
    assert main([*command, "mine"]) == 1 and "[split-there]" in capsys.readouterr().err
    assert (out / "data" / "mine" / "test.parquet").read_bytes() == before
    assert main([*command, "mine", "--replace"]) == 0 and len(load_gold("mine", gold=out)) == 1


@pytest.mark.parametrize(
    ("made", "options", "problem"),
    [
        (lambda out: (out / "pages").mkdir(parents=True), (), "built-folder"),
        (lambda out: (out.mkdir(), (out / "README.md").write_text("no head\n")), (), "no-card"),
        (lambda out: None, ("--config", "../x"), "wrong-name"),
        (lambda out: None, ("--split", "a-b"), "wrong-name"),
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_is(tmp_path, out, made, options, problem, capsys):
    gold, _ = brat(tmp_path)
    made(out)
    assert main(["import", str(gold), "--config", "mine", "--out", str(out), *options]) == 1
    assert f"[{problem}]" in capsys.readouterr().err and not (out / "data").exists()


def data(root, *command):
    return main(["data", *map(str, command), "--root", str(root)])


def test_texts_without_labels_become_pages_to_be_labelled(tmp_path, capsys):
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in TEXTS.items()))
    assert data(tmp_path, "import", tmp_path / "texts.jsonl", "--config", "mine") == 0
    assert "0 of them with gold, to be labelled" in capsys.readouterr().out
    found, problems = Folder(tmp_path).documents("mine")
    assert problems == [] and [(d.id, d.text, d.provenance) for d in found] == [(n, t, None) for n, t in TEXTS.items()]
    assert not (tmp_path / "annotations").exists()


def test_gold_that_says_less_than_ours_begins_as_predictions(tmp_path, capsys):
    gold, options = conll(tmp_path)
    how = ("--config", "mine", *options)
    assert data(tmp_path, "import", gold, *how, "--by", "person", "--date", "2026-11-20") == 1
    assert "`--texts-only`" in capsys.readouterr().err and not (tmp_path / "dataset").exists()
    assert data(tmp_path, "import", gold, *how) == 1 and "[no-provenance]" in capsys.readouterr().err
    assert data(tmp_path, "import", gold, *how, "--texts-only") == 0
    found, _ = Folder(tmp_path).documents("mine")
    assert {d.id: d.text for d in found} == SPACED and all(to_results(d) == [] for d in found)
