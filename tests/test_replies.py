"""What a language model replies: the answer in it, or why there is none."""

from __future__ import annotations

import json

import polars as pl
import pytest
from volgens.model.problem import Problem
from volgens.readers.native import Reading, predictions
from volgens.readers.replies import Answered, answer_of, parse

TEXT = "Ida Holm meldt 12.000 gewonden."
ANSWER = {"entities": [{"text": "Ida Holm", "type": "PER"}], "figures": [], "attributions": []}
DRAFT = {"entities": [{"text": "Ida", "type": "PER"}]}
WRITTEN, ROUGH = json.dumps(ANSWER), json.dumps(DRAFT)


@pytest.mark.parametrize(
    "reply",
    [
        WRITTEN,
        f"```json\n{WRITTEN}\n```",
        f"Hier is `het` antwoord: {WRITTEN} Klaar.",
        f"<think>Misschien {ROUGH}? Nee.</think>\n{WRITTEN}",
        f"Even denken: {ROUGH}.</think>{WRITTEN}",
        f"<think>a</think>{ROUGH}<THINKING>b</THINKING>{WRITTEN}",
        json.dumps({"result": ANSWER}),
        json.dumps({"answer": {"data": [ANSWER]}, "note": "x"}),
        f"[{WRITTEN}]",
    ],
)
def test_the_answer_is_found(reply):
    assert parse(reply) == ANSWER


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Sorry, dat kan ik niet.", "no JSON objects"),
        (f"{WRITTEN} of {WRITTEN}", "2 JSON objects"),
        (json.dumps({"first": ANSWER, "second": DRAFT}), "2 JSON objects"),
        (WRITTEN[:-1], "cut off"),
        (f"<think>Nog even {WRITTEN}", "done thinking"),
        (WRITTEN.replace("[]", "NaN", 1), "NaN is no number"),
        (WRITTEN.replace('"figures"', '"entities"'), "occurs twice"),
        (WRITTEN.replace('"', "'"), "double quotes"),
        ('[{"text": "Ida Holm", "type": "PER"}]', "no JSON objects"),
    ],
)
def test_a_reply_without_one_whole_answer_says_why(reply, said):
    with pytest.raises(ValueError, match=said):
        parse(reply)


def figure(**more):
    return {"figures": [{"text": "12.000", "kind": "count", "bound": "point", "value": "12.000", "unit": "1", **more}]}


def test_answer_of_gives_offsets_and_how_they_were_found():
    found = answer_of(f"<think>{ROUGH}</think>{json.dumps(ANSWER | figure())}", "d", TEXT, decimals=",")
    assert isinstance(found, Answered)
    assert found.row["entities"] == [{"start": 0, "end": 8, "type": "PER"}]
    assert found.row["figures"][0] == {"start": 15, "end": 21, "kind": "count", "bound": "point", "value": 12000.0, "unit": "1"}
    assert [one.alignment for one in found.alignments] == ["exact", "exact"]


@pytest.mark.parametrize(
    ("answer", "required", "said"),
    [
        (figure(), (), "figures[0].value"),
        (DRAFT, ("entities", "figures"), "figures missing"),
        ({"entities": [{"text": 7, "type": "PER"}]}, (), "entities[0].text"),
        ({"entities": ["Ida"]}, (), "not a list of objects"),
    ],
)
def test_answer_of_says_all_that_is_wrong(answer, required, said):
    found = answer_of(json.dumps(answer), "d", TEXT, required=required)
    assert isinstance(found, Problem)
    assert (found.id, found.where.document) == ("no-answer", "d")
    assert said in found.message


GOLD = pl.DataFrame({"id": ["a", "b"], "text": [TEXT, TEXT], "length": [len(TEXT)] * 2})


def read(tmp_path, replies, **how):
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"id": i, "output": reply}) + "\n" for i, reply in zip("ab", replies, strict=True)))
    return predictions(path, GOLD, Reading(**how))


def test_an_unusable_reply_is_refused_with_its_place_or_counts_as_nothing(tmp_path):
    replies = [json.dumps(DRAFT), "Sorry."]
    refused = read(tmp_path, replies)
    assert [(p.id, p.where.line, p.where.document) for p in refused.problems if p.id == "no-answer"] == [("no-answer", 2, "b")]
    assert "--unusable empty" in next(p.hint for p in refused.problems if p.id == "no-answer")
    found = read(tmp_path, replies, unusable="empty")
    assert found.problems == []
    assert {row["id"]: len(row["entities"]) for row in found.frame.to_dicts()} == {"a": 1, "b": 0}
    assert "figures" not in found.frame.columns
    assert [note for note in found.notes if "counted as nothing predicted: b: no JSON" in note]


def test_an_answer_of_another_form_is_unusable_too(tmp_path):
    found = read(tmp_path, [WRITTEN, json.dumps({"entities": [{"text": 7, "type": "PER"}]})], unusable="empty")
    assert found.problems == []
    assert [note for note in found.notes if "b: entities[0].text" in note]


@pytest.mark.parametrize(("decimals", "value"), [(",", 12000.0), (".", 12.0), (None, None)])
def test_numbers_as_strings_are_read_by_the_sign_that_is_stated(tmp_path, decimals, value):
    replies = [json.dumps(ANSWER | figure())] * 2
    for given in (replies, [json.loads(reply) for reply in replies]):
        found = read(tmp_path, given, decimals=decimals)
        if value is None:
            assert [(p.id, p.where.line) for p in found.problems] == [("wrong-type", 1), ("wrong-type", 2)]
        else:
            assert [row["figures"][0]["value"] for row in found.frame.to_dicts()] == [value, value]
