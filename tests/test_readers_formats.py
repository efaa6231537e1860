"""Formats are told by content, labels are mapped as the user says, and nothing is mapped or dropped unasked."""

from __future__ import annotations

import pytest
from foreign import CASES, gold, read, rules, words
from volgens.model.problem import Problem
from volgens.readers.foreign import FORMATS, OURS, detect, map_labels, parse_map, read_foreign

TOLD = {
    "hf-grouped.jsonl": "hf-pipeline",
    "hf-tokens.json": "hf-pipeline",
    "hf-word-piece.jsonl": "hf-pipeline",
    "gliner.jsonl": "gliner",
    "spacy.jsonl": "spacy-json",
    "langextract.jsonl": "langextract",
    "llm.jsonl": "llm",
    "llm-broken.jsonl": "llm",
    "iob2.conll": "conll",
    "bilou.conll": "conll",
    "no-ids.conll": "conll",
    "own.jsonl": OURS,
    "gold.jsonl": OURS,
    "brat": "brat",
    "brat/a.ann": "brat",
}


@pytest.mark.parametrize(("case", "name"), TOLD.items())
def test_a_format_is_told_by_content(case, name):
    path = CASES / case
    assert detect(b"" if path.is_dir() else path.read_bytes(), path) == name


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (b"PAR1....", OURS),
        (b'{"id": "a", "entities": []}\n', OURS),
        (b'{"id": "a"}\n', OURS),
        (b'{"id": "a", "entities": [{"start": 0,\n', OURS),
        (b'[{"id": "a", "output": [{"entity": "B-PER", "word": "x", "start": 0, "end": 1}]}]', "hf-pipeline"),
        (b'{"a": [{"start": 0, "end": 1, "text": "x", "label": "PER"}], "b": []}', "gliner"),
        (b'{"id": "a", "attributions": [{"cue": ["zegt"], "content": ["x"]}]}', "llm"),
        (b'{\n "a": "```json {}```"\n}', "llm"),
        (b'[{"data": {"doc_id": "a"}, "annotations": []}]', "label-studio"),
        (b'{"text": "{}", "ents": [], "tokens": [], "spans": {"entities": []}}', "spacy-json"),
        (b'{"document_id": "a", "text": "{}", "extractions": []}', "langextract"),
        (b"Zomaar wat woorden\nen nog een regel\n", "unknown-format"),
        (b'{"id": "a", "output": []}', "ambiguous-format"),
        (b'[[{"entity": "B-PER", "word": "x", "start": 0, "end": 1}]]', "no-id"),
    ],
)
def test_by_hand(data, outcome):
    found = detect(data, "x")
    assert (found.id if isinstance(found, Problem) else found) == outcome


def test_an_item_of_two_formats_names_both(tmp_path):
    data = b'{"id": "a", "x": [{"entity": "PER", "score": 1, "label": "PER", "text": "x", "start": 0, "end": 1}]}'
    found = detect(data, tmp_path / "x")
    assert isinstance(found, Problem)
    assert "gliner or hf-pipeline" in found.message
    assert "--from" in found.hint


def test_a_name_forces_a_reader():
    assert rules(read("hf-grouped.jsonl", "brat")) != []
    assert rules(read("hf-grouped.jsonl", "hf")) == ["unknown-format"]
    assert rules(read("own.jsonl")) == ["own-form"]
    assert rules(read("brat", "prodigy")) == ["directory"]
    assert rules(read("nothing.jsonl")) == ["no-file"]
    assert all(form.description for form in FORMATS.values())


def test_without_texts_offsets_are_still_read():
    found = read_foreign(CASES / "hf-grouped.jsonl", None, gold().drop("text"))
    assert (len(found.rows), found.problems) == (2, [])
    assert rules(read_foreign(CASES / "iob2.conll", None, gold().with_columns(text=None), scheme="iob2")) == ["no-text"] * 2
    located = read_foreign(CASES / "llm.jsonl", None, gold().drop("text"))
    assert located.rows[0]["entities"][0] == {"text": "Oslo", "type": "GPE"}


def test_a_gzipped_file_is_read(tmp_path):
    import gzip

    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress((CASES / "gliner.jsonl").read_bytes()))
    assert words(read(path)) == words(read("gliner.jsonl"))


@pytest.mark.parametrize(
    ("name", "labels", "ours"),
    [
        ("sonar", "per ORG loc EVE pro MISC", "PER ORG LOC EVENT MISC MISC"),
        ("frog", "PER org LOC eve PRO misc", "PER ORG LOC EVENT MISC MISC"),
        ("wikiner", "PER ORG LOC MISC", "PER ORG LOC MISC"),
        ("polyglot", "I-PER I-ORG I-LOC", "PER ORG LOC"),
        ("spacy-nl", "PERSON ORG GPE NORP LOC FAC EVENT LAW DATE", "PER ORG GPE NORP LOC FAC EVENT MISC"),
        ("gliner", "person Organization country City location date", "PER ORG GPE GPE LOC"),
    ],
)
def test_ready_maps_lead_to_labels_of_the_scheme(name, labels, ours):
    rows = [{"id": "d", "entities": [{"start": 0, "end": 1, "type": label} for label in labels.split()]}]
    mapped = map_labels(rows, parse_map(name)[0]).rows
    assert [item["type"] for item in mapped[0]["entities"]] == ours.split()


def test_maps():
    mapping, problems = parse_map("ontonotes, MONEY=figure:money ,work of art=MISC,X=-")
    assert problems == []
    assert (mapping["PERSON"], mapping["DATE"], mapping["MONEY"], mapping["work of art"], mapping["X"]) == (
        "PER", "-", "figure:money", "MISC", "-",
    )  # fmt: skip
    assert [p.id for p in parse_map("conll,PERSON=,PERSON=Person,=PER")[1]] == ["unknown-map"] * 4


def test_ontonotes_leaves_what_we_do_not_annotate_out_and_counts_it():
    rows = [
        {"id": "a", "entities": [{"start": n, "end": n + 1, "type": t} for n, t in enumerate(("PERSON", "DATE", "DATE", "GPE"))]}
    ]
    mapped, left_out = map_labels(rows, parse_map("ontonotes")[0])
    assert [item["type"] for item in mapped[0]["entities"]] == ["PER", "GPE"]
    assert left_out == {"DATE": 2}
    assert "figures" not in mapped[0]
    assert [item["type"] for item in rows[0]["entities"]] == ["PERSON", "DATE", "DATE", "GPE"]


def test_an_unmapped_label_stays():
    mapped, left_out = map_labels([{"id": "a", "entities": [{"start": 0, "end": 1, "type": "Z"}]}], {"PERSON": "PER"})
    assert (mapped[0]["entities"][0]["type"], left_out) == ("Z", {})
