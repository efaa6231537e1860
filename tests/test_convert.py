"""Predictions of any tool in our own form: the same bytes for the same predictions, and the same score."""

from __future__ import annotations

import json
import random

import polars as pl
import pytest
from foreign import CASES, gold
from volgens import score
from volgens.cli import main
from volgens.model.problem import ProblemsFound
from volgens.readers.native import Reading
from volgens.writers.convert import to_native

IOB2 = Reading(scheme="iob2", missing="empty")
FILES = {
    "hf-grouped.jsonl": Reading(),
    "iob2.conll": IOB2,
    "brat": Reading(),
    "doccano.jsonl": Reading(),
    "gliner2.jsonl": Reading(),
    "langextract.jsonl": Reading(),
    "label-studio-labels.jsonl": Reading(),
    "own.jsonl": Reading(missing="empty"),
}


@pytest.mark.parametrize(("case", "how"), FILES.items())
def test_what_is_converted_scores_as_what_was_read(tmp_path, case, how):
    found = to_native(CASES / case, gold(), how)
    path = tmp_path / "x.jsonl"
    path.write_bytes(found.data)
    direct = score(CASES / case, gold(), scheme=how.scheme, missing=how.missing)
    again = score(path, gold(), missing=how.missing)
    assert json.loads(again.to_json())["measures"] == json.loads(direct.to_json())["measures"]
    assert to_native(path, gold(), Reading(missing=how.missing)).data == found.data


def test_the_lines_are_sorted_whole_and_without_empty_fields():
    found = to_native(CASES / "hf-grouped.jsonl", gold())
    lines = found.data.decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b"]
    assert all(list(json.loads(line)) == ["id", "entities"] for line in lines)
    assert (found.documents, found.layers, found.form) == (2, ("entities",), "hf-pipeline")
    assert all(list(item)[:3] == ["start", "end", "type"] for line in lines for item in json.loads(line)["entities"])
    assert b"null" not in found.data


def test_order_of_documents_and_keys_changes_nothing(tmp_path):
    rows = [json.loads(line) for line in (CASES / "own.jsonl").read_text(encoding="utf-8").splitlines()]
    rows += [{"id": name, "entities": []} for name in ("a", "b") if name not in [row["id"] for row in rows]]
    expected = to_native(rows, gold()).data
    chance = random.Random(1)
    for _ in range(5):
        chance.shuffle(rows)
        turned = [dict(reversed(row.items())) for row in rows]
        assert to_native(turned, gold()).data == expected


def test_strings_that_stand_nowhere_are_kept(tmp_path):
    found = to_native(CASES / "llm.jsonl", gold())
    items = [item for line in found.data.decode().splitlines() for item in json.loads(line)["entities"]]
    assert {"text": "Kees Bakker", "type": "PER"} in items
    assert any("start" in item for item in items)


def test_without_texts_no_strings_are_written():
    rows = [{"id": name, "entities": [{"start": 0, "end": 4, "text": "Oslo", "type": "GPE"}]} for name in ("a", "b")]
    textless = gold().with_columns(text=pl.lit(None, pl.String))
    assert b"Oslo" not in to_native(rows, textless).data


def test_what_scoring_refuses_is_not_converted(tmp_path):
    with pytest.raises(ProblemsFound, match="word-piece"):
        to_native(CASES / "hf-word-piece.jsonl", gold())


def test_the_command_writes_whole_or_not_at_all(tmp_path, capsysbinary):
    out, options = tmp_path / "x.jsonl", ["--gold", str(CASES / "gold.jsonl")]
    assert main(["convert", str(CASES / "iob2.conll"), "--scheme", "iob2", "--to", "native", "--out", str(out), *options]) == 0
    assert b"2 documents with entities, from conll" in capsysbinary.readouterr().out
    assert main(["convert", str(CASES / "iob2.conll"), "--scheme", "iob2", *options]) == 0
    assert capsysbinary.readouterr().out == out.read_bytes()
    before = out.read_bytes()
    assert main(["convert", str(CASES / "hf-word-piece.jsonl"), "--out", str(out), *options]) == 1
    assert out.read_bytes() == before
