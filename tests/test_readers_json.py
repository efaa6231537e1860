"""Readers of JSON: what they convert, and each trap as a problem with its place and hint."""

from __future__ import annotations

import json

import pytest
from foreign import CASES, checked, gold, names, read, rules, text, words
from volgens.curation.label_studio.tasks import to_tasks
from volgens.model.documents import Document
from volgens.readers.native import Reading, predictions

A = [("Oslo", "GPE"), ("Ida Jansen", "PER"), ("Zoë Süß", "PER")]


def test_a_grouped_pipeline():
    found = read("hf-grouped.jsonl")
    assert words(found) == {"a": [*A, ("NAVO", "ORG")], "b": [("Jansen", "PER"), ("Noorse Zee", "LOC")]}
    assert found.format == "hf-pipeline"
    assert checked(found) == []


def test_a_pipeline_by_token_joins_pieces_and_keeps_neighbours_apart():
    """`I-` without a `B-` before it begins a name, as such models give it; two `B-` are two names; `O` is none."""
    assert words(read("hf-tokens.json")) == {
        "a": [*A, ("Wijk bij Duurstede", "GPE")],
        "b": [("Jansen", "PER"), ("Noorse", "LOC"), ("Zee", "LOC")],
    }


@pytest.mark.parametrize(
    ("second", "joined"),
    [
        ({"entity": "I-PER", "index": 5}, True),
        ({"entity": "PER", "index": 5}, True),
        ({"entity": "I-PER", "index": 6}, False),
        ({"entity": "I-PER"}, True),
        ({"entity": "I-ORG", "index": 5}, False),
        ({"entity": "B-PER", "index": 5}, False),
        ({"entity": "E-PER", "index": 5}, True),
        ({"entity": "S-PER", "index": 5}, False),
    ],
)
def test_tokens_are_one_name_if_type_and_neighbourhood_say_so(tmp_path, second, joined):
    first = {"entity": "B-PER", "word": "Ida", "start": 15, "end": 18, **({"index": 4} if "index" in second else {})}
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"a": [first, {**second, "word": "Jansen", "start": 19, "end": 25}]}))
    assert len(words(read(path))["a"]) == (1 if joined else 2)


def test_a_closed_name_does_not_go_on(tmp_path):
    tags = [("E-PER", 15, 18, 4), ("I-PER", 19, 25, 5)]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"a": [{"entity": t, "word": "", "start": s, "end": e, "index": i} for t, s, e, i in tags]}))
    assert words(read(path))["a"] == [("Ida", "PER"), ("Jansen", "PER")]


@pytest.mark.parametrize(
    ("case", "rule", "said"),
    [
        ("hf-word-piece.jsonl", "word-piece", "22-25 ('sen') begins within a word"),
        ("hf-slow-tokenizer.jsonl", "no-offsets", "start and end are None and None"),
        ("hf-chunk-offsets.jsonl", "text-and-offsets-differ", "not 'Wijk bij Duurstede'"),
        ("hf-leading-space.jsonl", "outer-space", "' Ida Jansen'"),
        ("hf-no-ids.json", "no-id", "lists without the ids"),
        ("empty-outputs.jsonl", "ambiguous-format", "gliner or hf-pipeline"),
        ("spacy-several-groups.jsonl", "several-groups", "names, sc"),
    ],
)
def test_a_trap_is_a_problem(case, rule, said):
    found = read(case)
    assert rules(found) == [rule]
    assert said in found.problems[0].message
    assert found.problems[0].where.file == str(CASES / case)
    assert found.problems[0].hint


@pytest.mark.parametrize("name", ["hf-pipeline", "gliner"])
def test_empty_outputs_are_empty_once_the_format_is_said(name):
    found = read("empty-outputs.jsonl", name)
    assert (found.rows, found.problems) == ([{"id": "a", "entities": []}, {"id": "b", "entities": []}], [])


def test_gliner():
    labels = {"country or city": "GPE", "person": "PER", "number": "figure:count"}
    found = read("gliner.jsonl", map=labels)
    assert words(found) == {"a": [("Oslo", "GPE"), ("Ida Jansen", "PER")], "b": [("Jansen", "PER")]}
    assert [row["figures"] for row in found.rows] == [
        [{"start": 32, "end": 40, "text": "Zo'n 300", "kind": "count", "score": 0.8}],
        [],
    ]
    assert names(found)["b"][0][1] == text("b").rindex("Jansen")
    assert checked(found) == []


def test_gliners_text_is_compared_with_the_golds():
    found = read("gliner-wrong-text.jsonl")
    assert rules(found) == ["outer-space"]
    assert "text-and-offsets-differ" in [p.id for p in predictions(found.rows, gold()).problems]


def test_unknown_labels_are_the_checks_to_report():
    assert checked(read("gliner.jsonl")) == ["unknown-value"] * 4


def test_spacy_json_finds_the_document_by_its_text():
    found = read("spacy.jsonl", map={"PERSON": "PER", "CARDINAL": "-"})
    assert words(found) == {
        "a": [("Oslo", "GPE"), ("Ida Jansen", "PER")],
        "b": [("Noorse Zee", "LOC"), ("Noorse", "NORP"), ("Jansen", "PER")],
    }
    assert [item.get("ref") for item in found.rows[1]["entities"]] == [None, "noorwegen", None]
    assert found.notes == {"kb_id that is no ref of ours left out": 1, "CARDINAL left out by the map": 1}
    assert checked(found) == []


def test_spacy_docs_of_another_text_are_found_out():
    found = read("spacy-another-text.jsonl")
    assert rules(found) == ["no-id"]
    assert "another-text" in [p.id for p in predictions(found.rows, gold()).problems]


def test_langextract():
    found = read("langextract.jsonl")
    assert words(found) == {
        "a": [("Oslo", "GPE"), ("Wijk bij Duurstede", "GPE"), ("Zoë Süß", "PER"), ("Kees Bakker", "PER")],
        "b": [("Jansen", "PER")],
    }
    assert names(found)["b"] == [("Jansen", text("b").rindex("Jansen"), "PER")]
    assert names(found)["a"][-1] == ("Kees Bakker", None, "PER")
    assert found.notes["not aligned by LangExtract, handed on as text"] == 2


def test_langextracts_statuses_and_intervals_are_checked():
    found = read("langextract-wrong.jsonl")
    assert rules(found) == ["text-and-offsets-differ", "unknown-status", "not-an-extraction", "no-id"]
    assert [p.where.field for p in found.problems] == ["extractions[0]", "extractions[1]", "extractions[2]", None]
    assert [p.where.line for p in found.problems] == [1, 1, 1, 2]


def test_a_language_models_strings_are_located():
    found = read("llm.jsonl")
    assert names(found) == {
        "a": [("Oslo", 0, "GPE"), ("Ida Jansen", 15, "PER"), ("Kees Bakker", None, "PER")],
        "b": [("Jansen", text("b").rindex("Jansen"), "PER")],
    }
    assert found.rows[0]["figures"][0]["counted"] == {"start": 41, "end": 48}
    assert found.rows[0]["attributions"][0]["cue"] == [{"start": 5, "end": 10}]
    assert found.notes == {"strings located: exact": 8, "strings located: case": 1, "strings located: unlocated": 1}


def test_a_reply_without_one_whole_answer_is_a_problem():
    found = read("llm-broken.jsonl")
    assert rules(found) == ["no-answer", "no-answer"]
    assert "cut off" in found.problems[0].message
    assert found.problems[1].message.startswith("2 JSON objects")


def test_an_answer_of_another_form_is_explained_by_the_check():
    found = read("llm-wrong-schema.jsonl")
    assert rules(found) == ["no-answer"]
    fields = {p.where.field for p in predictions(found.rows, gold()).problems}
    assert {"entities[0].text", "figures[0].counted"} <= fields


def test_every_reader_stands_broken_json(tmp_path):
    path = tmp_path / "broken.jsonl"
    path.write_text('{"id": "a", "output": [\n{"id": "b", "output": []}\n[1]\n7\n')
    for name in ("hf-pipeline", "gliner", "spacy-json", "langextract", "llm", "label-studio"):
        found = read(path, name)
        assert "not-json" in rules(found), name
        assert found.problems[0].where.line == 1


@pytest.mark.parametrize("value", [b"\xff\xfe{}", b"{}\0", b'{"id": "a", "output": [{"entity_group": 3}, 4, null]}'])
def test_bytes_of_any_kind_are_problems_and_no_traceback(tmp_path, value):
    path = tmp_path / "x"
    path.write_bytes(value)
    for name in ("hf-pipeline", "gliner", "spacy-json", "langextract", "llm", "label-studio", "conll", "brat"):
        assert read(path, name, scheme="iob2").problems, name


def documents():
    keep = ("entities", "figures", "attributions")
    rows = [json.loads(line) for line in (CASES / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return [Document.from_dict(row) for row in rows], {row["id"]: {layer: row[layer] for layer in keep} for row in rows}


def export(tmp_path, tasks):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["annotations", "predictions"])
def test_label_studio_gives_back_what_was_pushed(tmp_path, kind):
    given, gold_items = documents()
    found = read(export(tmp_path, to_tasks(given, as_=kind, annotator="ann@example.org")))
    assert (found.format, found.problems) == ("label-studio", [])
    assert {row["id"]: {layer: row[layer] for layer in gold_items["a"]} for row in found.rows} == gold_items
    assert checked(found) == []


def test_label_studio_with_two_annotations_of_a_document(tmp_path):
    given, _ = documents()
    tasks = to_tasks(given, as_="annotations", annotator="ann@example.org")
    tasks[0]["annotations"].append({**tasks[0]["annotations"][0], "completed_by": "bo@example.org"})
    tasks[1]["annotations"][0]["was_cancelled"] = True
    found = read(export(tmp_path, tasks))
    assert rules(found) == ["several-annotations", "no-annotation"]
    assert "ann and bo" in found.problems[0].message
    assert found.notes == {"Label Studio: skipped annotations left out": 1}


def test_label_studio_tasks_of_another_text(tmp_path):
    given, _ = documents()
    tasks = to_tasks(given)
    tasks[0]["data"]["text"] += "!"
    assert rules(read(export(tmp_path, tasks)))[0] == "text-changed"


LINE = {"id": "a", "entities": [{"start": 0, "end": 4, "type": "PLACE"}], "figures": [{"start": 32, "end": 40, "value": "300"}]}


@pytest.mark.parametrize(("how", "expected"), [
    (Reading(missing="empty"), ["unknown-value", "wrong-type"]),
    (Reading(missing="empty", labels="any"), ["wrong-type"]),
    (Reading(missing="empty", map={"PLACE": "GPE"}), ["wrong-type"]),
])  # fmt: skip
def test_an_allowed_label_is_no_problem_beside_another_one(tmp_path, how, expected):
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(LINE) + "\n")
    for given in (path, [LINE]):
        assert sorted(p.id for p in predictions(given, gold(), how).problems) == expected


def test_a_map_of_our_own_form_says_what_it_drops_and_what_it_does_not_find(tmp_path):
    rows = [{"id": name, "entities": [{"start": 0, "end": 4, "type": "PLACE"}]} for name in ("a", "b")]
    dropped = predictions(rows, gold(), Reading(map={"PLACE": "-"}))
    assert (dropped.problems, dropped.notes) == ([], {"PLACE left out by the map": 2})
    wrong = predictions(rows, gold(), Reading(map={"PLACE": "GPE", "pro": "MISC"}))
    assert [(p.id, p.where.field) for p in wrong.problems] == [("unused-label", "--map")]


def test_options_for_foreign_forms_say_nothing_about_ours():
    rows = [{"id": name, "entities": []} for name in ("a", "b")]
    found = predictions(rows, gold(), Reading(scheme="iob2", columns="tag=2", unusable="empty"))
    assert [p.id for p in found.problems] == ["option-without-effect"] * 3
