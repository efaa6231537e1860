"""Gold of one's own: read by the one reader, held to what scoring needs of it, completed as far as it can be."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import polars as pl
import pytest
import volgens
from builders import document, figure
from volgens.model.problem import ProblemsFound
from volgens.model.units import CODES
from volgens.writers.formats import documents, export

TEXT = "Ida Holm zegt dat er 300 boten zijn."
GUIDELINES = Path(__file__).parents[1] / "annotations" / "guidelines" / "figures.md"


def gold_of(tmp_path, *rows):
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def problems(source):
    with pytest.raises(ProblemsFound) as found:
        volgens.load_gold(gold=source)
    return [(p.id, p.where.line, p.where.document, p.where.field) for p in found.value.problems]


def test_what_follows_from_text_and_id_is_filled_in(tmp_path):
    gold = volgens.load_gold("own", "test", gold_of(tmp_path, {"id": "b", "text": TEXT, "entities": []}))
    row = gold.row(0, named=True)
    assert (row["page"], row["length"], row["sha256"]) == ("b", len(TEXT), hashlib.sha256(TEXT.encode()).hexdigest())
    assert (row["entities"], row["figures"], row["segments"], row["config"]) == ([], None, None, None)
    assert documents(gold)[0].unannotated == {"figures", "attributions"}


def test_a_length_that_is_not_given_still_bounds_the_predictions(tmp_path):
    path = gold_of(tmp_path, {"id": "b", "text": TEXT, "entities": []})
    with pytest.raises(ProblemsFound, match="beyond-text"):
        volgens.score([{"id": "b", "entities": [{"start": 0, "end": 99}]}], path)


def test_strings_of_gold_are_located_or_refused(tmp_path):
    row = {"id": "b", "text": TEXT, "entities": [{"text": "Ida Holm", "type": "PER"}]}
    gold = volgens.load_gold("own", "test", gold_of(tmp_path, row))
    assert gold["entities"][0][0]["end"] == 8
    row["entities"].append({"text": "Ola Berg", "type": "PER"})
    assert problems(gold_of(tmp_path, row)) == [("not-in-text", 1, "b", None)]


def test_only_what_is_wrong_with_gold_of_ones_own_is_said(tmp_path):
    row = {"id": "b", "text": TEXT, "entities": [{"start": 0, "end": 8, "kind": "PER"}]}
    assert problems(gold_of(tmp_path, row)) == [("unknown-field", 1, "b", "entities[0].kind")]


MINIMAL = [
    {"id": "a", "text": TEXT, "length": len(TEXT), "entities": [{"start": 0, "end": 8, "type": "PER"}]},
    {"id": "b", "text": TEXT, "entities": [], "figures": None, "attributions": None},
    {"id": "c", "text": TEXT, "figures": [{"start": 21, "end": 24, "kind": "count"}]},
]


@pytest.mark.parametrize("format", ["brat", "conll2002"])
def test_minimal_gold_is_exported(tmp_path, format):
    gold = volgens.load_gold("own", "test", gold_of(tmp_path, *MINIMAL))
    assert export(gold, format, tmp_path / "out").documents == 3


def test_a_count_without_a_unit_is_counted_in_ones():
    gold = [document("d", figures=[figure(0, 3, 300), figure(5, 8, 2, kind="money", unit="EUR")])]
    guess = [document("d", figures=[figure(0, 3, 300, unit=None), figure(5, 8, 2, kind="money", unit="euro")])]
    assert volgens.score(guess, gold)["figures"].f1 == 1.0
    guess[0]["figures"][1]["unit"] = None
    assert volgens.score(guess, gold)["figures"].tp == 1


@pytest.mark.parametrize(
    ("written", "code"),
    [("hectare", "har"), ("m³", "m3"), ("kubieke  meter", "m3"), ("procentpunt", "pp"), ("KWH", "kW.h"), ("Euro", "EUR")],
)  # fmt: skip
def test_a_word_for_a_unit_is_its_code(written, code):
    gold = [document("d", figures=[figure(0, 3, 4, kind="measure", unit=code)])]
    assert volgens.score([document("d", figures=[figure(0, 3, 4, kind="measure", unit=written)])], gold)["figures"].tp == 1


def test_units_are_those_of_the_guidelines():
    rows = re.findall(r"^\| `([^`]+)` \| (.*?) \| [a-z, ]+ \| ?(.*?) ?\|$", GUIDELINES.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [(code, re.findall(r"`([^`]+)`", forms)) for code, forms, remark in rows if "×" not in remark and code != "deg"]
    assert len(plain) > 60
    assert {form: CODES.get(form, form) for code, forms in plain for form in forms} == {
        f: code for code, forms in plain for f in forms
    }


def test_a_label_of_another_scheme_names_the_map(tmp_path):
    gold = [document("d", [(0, 3, "PER")])]
    for source in (
        [document("d", [(0, 3, "PERSON")])],
        pl.DataFrame([document("d", [(0, 3, "PERSON")])]).drop("figures", "attributions"),
    ):
        with pytest.raises(ProblemsFound, match="--map PERSON="):
            volgens.score(source, gold)


def test_a_capital_is_told_from_the_field_that_is_meant():
    with pytest.raises(ProblemsFound, match="Did you mean `entities`"):
        volgens.score([{"id": "d", "Entities": []}], [document("d")])
