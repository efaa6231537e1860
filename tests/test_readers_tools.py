"""Readers of what annotation tools and data sets hold: told by content, read whole, and refused with their place."""

from __future__ import annotations

import json

import polars as pl
import pytest
from foreign import CASES, checked, read, rules, text, words
from volgens.readers.foreign import detect, read_foreign

A = [("Oslo", "GPE"), ("Ida Jansen", "PER"), ("Zoë Süß", "PER")]
B = [("Jansen", "PER"), ("Noorse Zee", "LOC")]
FILES = {
    "prodigy.jsonl": "prodigy",
    "doccano.jsonl": "doccano",
    "doccano-relations.jsonl": "doccano",
    "spacy-tuples.jsonl": "spacy-train",
    "spans.jsonl": "spacy-train",
    "gliner2.jsonl": "gliner2",
    "gliner-train.jsonl": "gliner-train",
    "tagged.jsonl": "tagged",
    "label-studio-min.jsonl": "label-studio-min",
    "label-studio-labels.jsonl": "label-studio",
}
SCHEME = {"tagged.jsonl": "iob2"}


@pytest.mark.parametrize(("case", "form"), FILES.items())
def test_a_form_is_told_by_content_and_read(case, form):
    assert detect((CASES / case).read_bytes(), case) == form
    found = read(case, scheme=SCHEME.get(case))
    assert (found.format, words(found)) == (form, {"a": A, "b": B})
    assert checked(found) == []


@pytest.mark.parametrize("case", ["prodigy.jsonl", "doccano.jsonl", "spacy-tuples.jsonl", "label-studio-min.jsonl"])
def test_one_list_is_read_as_its_lines_are(tmp_path, case):
    path = tmp_path / "x.json"
    values = [json.loads(line) for line in (CASES / case).read_text(encoding="utf-8").splitlines()]
    path.write_text(json.dumps(values, indent=1), encoding="utf-8")
    assert words(read(path)) == {"a": A, "b": B}


def test_one_training_tuple_is_no_list_of_two_documents(tmp_path):
    path = tmp_path / "x.json"
    path.write_text((CASES / "spacy-tuples.jsonl").read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    assert words(read(path)) == {"a": A}


def test_what_is_left_out_is_counted():
    assert read("prodigy.jsonl").notes == {"Prodigy: tasks with the answer 'reject' left out": 1}
    assert read("doccano-relations.jsonl").notes == {"doccano's relations left out": 1}
    assert read("spacy-tuples.jsonl").notes == {"spaCy's 'cats' left out": 1}
    assert read("label-studio-min.jsonl").notes == {"Label Studio: 'mood' left out": 1}
    assert read("label-studio-labels.jsonl").notes == {"Label Studio: relation results left out": 2}


def scores(found):
    return {row["id"]: [item.get("score") for item in row["entities"]] for row in found.rows}


def test_a_confidence_is_kept_where_the_tool_gives_one(tmp_path):
    assert scores(read("prodigy.jsonl"))["a"] == [None, 0.9, None]
    assert scores(read("gliner2.jsonl"))["a"] == [None, 0.9, None]
    assert scores(read("gliner.jsonl", map={"person": "PER"}))["a"][0] is not None
    tokens = [("B-PER", 15, 18, 0.9), ("I-PER", 19, 25, 0.7)]
    items = [{"entity": tag, "start": s, "end": e, "index": n, "score": c} for n, (tag, s, e, c) in enumerate(tokens)]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"a": items}))
    assert scores(read(path)) == {"a": [0.7]}


UNLABELLED = {"type": "labels", "value": {"start": 0, "end": 4, "labels": []}}
WRONG = [
    ("doccano", {"id": 1, "text": "A", "label": [[0, "x", "PER"]]}, "no-offsets", "label[0]"),
    ("doccano", {"id": 1, "text": "A", "label": [[0, 4]]}, "no-span", "label[0]"),
    ("prodigy", {"text": "A", "spans": [{"start": 0, "end": 4, "label": ""}]}, "no-label", "spans[0]"),
    ("prodigy", {"text": "A", "spans": [{"start": None, "end": None, "label": "PER"}]}, "no-offsets", "spans[0]"),
    ("spacy-train", ["A", {"entities": [["Oslo", "GPE"]]}], "no-span", "entities[0]"),
    ("gliner2", {"id": "a", "output": {"entities": {"PER": [7]}}}, "no-name", "entities.PER[0]"),
    ("gliner2", {"id": "a", "entities": {"PER": [{"text": "Oslo", "start": 0, "end": "4"}]}}, "no-offsets", "entities.PER[0]"),
    ("gliner-train", {"id": "a", "tokenized_text": "A", "ner": [[0, 99, "PER"]]}, "no-span", "ner[0]"),
    ("tagged", {"id": "a", "tokens": "A", "ner_tags": "I"}, "no-tag", "ner_tags[0]"),
    ("label-studio", {"data": {"text": "A"}, "annotations": [{"result": [UNLABELLED]}]}, "no-label", "region 1"),
    ("label-studio", {"data": {"text": "A"}, "annotations": [{"result": []}, {"result": []}]}, "several-annotations", None),
    ("label-studio", {"data": {"a": "x", "b": "y"}, "annotations": [{"result": []}]}, "no-text", None),
]


def with_text(value):
    """The value with document a's text for "A", its tokens for tokens and a number for each as tags."""
    if isinstance(value, dict):
        filled = {key: with_text(inner) for key, inner in value.items()}
        for name in ("tokens", "tokenized_text", "ner_tags"):
            if name in value:
                size = text("a").split()
                filled[name] = [0] * len(size) if name == "ner_tags" else size
        return filled
    return [with_text(inner) for inner in value] if isinstance(value, list) else text("a") if value == "A" else value


@pytest.mark.parametrize(("form", "document", "rule", "field"), WRONG)
def test_what_does_not_fit_is_refused_with_its_place(tmp_path, form, document, rule, field):
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(with_text(document)) + "\n" + json.dumps({"id": "q"}) + "\n", encoding="utf-8")
    found = read(path, form, scheme="iob2" if form == "tagged" else None)
    assert rule in rules(found)
    problem = next(problem for problem in found.problems if problem.id == rule)
    assert problem.where.line == 1
    assert field is None or problem.where.field == field
    assert problem.hint


def test_nothing_submitted_and_result_null_are_not_the_same(tmp_path):
    path = tmp_path / "x.json"
    task = {"id": 1, "data": {"text": text("a")}, "annotations": [{"result": None}]}
    path.write_text(json.dumps([task]), encoding="utf-8")
    assert words(read(path)) == {"a": []}
    path.write_text(json.dumps([{**task, "annotations": []}]), encoding="utf-8")
    assert rules(read(path)) == ["no-annotation"]


def test_a_task_is_read_by_the_field_that_its_regions_are_of(tmp_path):
    region = {"type": "labels", "value": {"start": 0, "end": 4, "text": "Oslo", "labels": ["GPE"]}}
    task = {"id": 1, "data": {"headline": "Nieuws", "body": text("a")}, "annotations": [{"result": [region]}]}
    path = tmp_path / "x.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    assert words(read(path)) == {"a": [("Oslo", "GPE")]}


def test_pieces_of_a_number_begin_within_a_word(tmp_path):
    page = "Het kost 5.975,74 euro."
    items = [{"entity_group": "M", "start": start, "end": end} for start, end in ((9, 11), (11, 13), (13, 16), (16, 22))]
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"id": "d", "output": items}))
    found = read_foreign(path, None, pl.DataFrame({"id": ["d"], "text": [page]}))
    assert [(p.id, p.where.field) for p in found.problems] == [("word-piece", f"output[{n}]") for n in (1, 2, 3)]
    assert ["end at signs" in p.hint for p in found.problems] == [True, False, False]


@pytest.mark.parametrize(
    ("mapping", "said"), [({"FOO": "PER"}, "'FOO'"), ({"pro": "MISC"}, "'pro'"), ({"GPE": "LOC", "Oslo": "-"}, "'Oslo'")]
)
def test_a_key_of_the_map_that_no_item_has_is_a_problem(mapping, said):
    found = read("doccano.jsonl", map=mapping)
    assert rules(found) == ["unused-label"]
    assert said in found.problems[0].message
    assert "GPE, LOC, PER" in found.problems[0].hint


def test_keys_of_a_ready_map_need_not_occur():
    from volgens.readers.foreign import parse_map

    assert rules(read("doccano.jsonl", map=parse_map("ontonotes")[0])) == []
    assert rules(read("doccano.jsonl", map=parse_map("ontonotes,PERSON=PER")[0])) == ["unused-label"]


def test_an_option_that_says_nothing_is_a_problem():
    assert rules(read("doccano.jsonl", scheme="iob2")) == ["option-without-effect"]
    assert rules(read("iob2.conll", scheme="iob2", unusable="empty")) == ["option-without-effect"]
