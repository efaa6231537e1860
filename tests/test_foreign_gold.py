"""Gold in the forms of other tools: documents of its own, and predictions of any form that meet it."""

from __future__ import annotations

import json

import polars as pl
import pytest
from foreign import CASES
from volgens import score
from volgens.cli import main
from volgens.model.problem import ProblemsFound
from volgens.readers.corpus import load_gold
from volgens.readers.native import Reading

TOKENS = ["Ida", "Holm", "woont", "in", "Nieuw", "Bergen", ".", "Zij", "zwijgt", "."]
TAGS = ["B-WIE", "I-WIE", "O", "O", "B-WAAR", "I-WAAR", "O", "O", "O", "O"]
REAL = "Ida Holm woont in Nieuw Bergen. Zij zwijgt."
MADE = "Ida Holm woont in Nieuw Bergen .\nZij zwijgt ."
NAMES = [(0, 8, "WIE"), (18, 30, "WAAR")]
IOB2 = Reading(scheme="iob2")


def columns(tags=TAGS, head="", tail=lambda n: ""):
    lines = [f"{w} {t}{tail(n)}" for n, (w, t) in enumerate(zip(TOKENS, tags, strict=True))]
    return head + "\n".join([*lines[:7], "", *lines[7:]]) + "\n"


def write(path, content):
    path.write_text(content if isinstance(content, str) else "".join(json.dumps(row) + "\n" for row in content), encoding="utf-8")
    return path


def conll(tmp_path, **more):
    return write(tmp_path / "gold.conll", columns(**more))


def f1(predicted, gold, **more):
    card = score(predicted, gold, labels="any", measures=["entities"], **more)
    return card["entities"].f1


def spans(text=REAL, items=NAMES):
    return [{"start": s, "end": e, "label": label} for s, e, label in items]


PREDICTED = {
    "conll": columns(),
    "prodigy": [{"text": REAL, "spans": spans()}],
    "doccano": [{"id": 9, "text": REAL, "label": [list(n) for n in NAMES]}],
    "spacy-train": [[REAL, {"entities": [list(n) for n in NAMES]}], [REAL + "x", {"entities": []}]][:1],
    "label-studio-min": [{"id": 4, "text": REAL, "ner": [{"start": s, "end": e, "labels": [t]} for s, e, t in NAMES],
                          "annotation_id": 1}],
    "gliner": [{"id": "1", "text": REAL, "output": [{**span, "text": REAL[span["start"] : span["end"]]} for span in spans()]}],
    "tagged": [{"tokens": TOKENS, "ner_tags": TAGS}],
    "gliner-train": [{"tokenized_text": TOKENS, "ner": [[0, 1, "WIE"], [4, 5, "WAAR"]]}],
}  # fmt: skip


def test_columns_as_gold_have_the_text_that_their_tokens_make(tmp_path):
    gold = load_gold(gold=conll(tmp_path), labels="any", how=IOB2)
    assert gold.select("id", "text", "length", "kind").rows() == [("1", MADE, len(MADE), "tokens")]
    assert [(e["start"], e["end"], e["type"]) for e in gold["entities"][0]] == NAMES
    assert gold["figures"].to_list() == [None]


def test_no_space_follows_where_the_file_says_so(tmp_path):
    lines = columns(tail=lambda n: " SpaceAfter=No" if n in (5, 8) else " _").replace(" ", "\t")
    gold = load_gold(gold=write(tmp_path / "x", lines), labels="any", how=Reading(scheme="iob2", columns="token=1,tag=2"))
    assert gold["text"][0] == REAL.replace(". Zij", ".\nZij")


@pytest.mark.parametrize("form", PREDICTED)
def test_predictions_of_any_form_meet_gold_in_columns(tmp_path, form):
    predicted = write(tmp_path / "predicted", PREDICTED[form])
    scheme = "iob2" if form in ("conll", "tagged") else None
    assert f1(predicted, conll(tmp_path), from_=form, scheme=scheme, gold_reading=IOB2) == 1


@pytest.mark.parametrize("form", [form for form in PREDICTED if form not in ("gliner",)])
def test_any_form_is_gold_of_itself_and_of_columns(tmp_path, form):
    gold = write(tmp_path / "gold", PREDICTED[form])
    assert f1(conll(tmp_path), gold, scheme="iob2", gold_reading=Reading(from_=form)) == 1
    wrong = columns(tags=[*TAGS[:4], "O", "B-WAAR", *TAGS[6:]])
    assert f1(write(tmp_path / "wrong", wrong), gold, scheme="iob2", gold_reading=Reading(from_=form)) == 0.5


def test_offsets_are_carried_over_to_gold_of_tokens_and_it_is_said(tmp_path):
    card = score(write(tmp_path / "p", PREDICTED["prodigy"]), conll(tmp_path), labels="any", gold_reading=IOB2)
    assert [note for note in card.notes if "white space alone: offsets carried over" in note]
    shifted = [{"id": "1", "text": REAL.replace("Zij", "Hij"), "spans": spans()}]
    with pytest.raises(ProblemsFound, match="another-text"):
        f1(write(tmp_path / "p", shifted), conll(tmp_path), gold_reading=IOB2)


def test_a_mismatch_of_tokens_is_named(tmp_path):
    other = columns().replace("Bergen", "Dalen")
    with pytest.raises(ProblemsFound, match="no document of the gold has its tokens"):
        f1(write(tmp_path / "p", other), conll(tmp_path), scheme="iob2")
    with pytest.raises(ProblemsFound, match=r"gold.conll:6|p:7: d: the token 'Dalen'"):
        f1(write(tmp_path / "p", "# id = d\n" + other), conll(tmp_path, head="# id = d\n"), scheme="iob2")


def test_labels_of_golds_own_need_to_be_allowed_or_mapped(tmp_path):
    with pytest.raises(ProblemsFound) as found:
        load_gold(gold=conll(tmp_path), how=IOB2)
    assert [(p.id, p.where.line) for p in found.value.problems] == [("unknown-value", 1), ("unknown-value", 5)]
    mapped = load_gold(gold=conll(tmp_path), how=Reading(scheme="iob2", map={"WIE": "PER", "WAAR": "GPE"}))
    assert [e["type"] for e in mapped["entities"][0]] == ["PER", "GPE"]


def test_brat_is_gold_with_the_texts_beside_it(tmp_path):
    folder = tmp_path / "brat"
    folder.mkdir()
    write(folder / "d.txt", REAL + "\n")
    write(folder / "d.ann", "T1\tWIE 0 8\tIda Holm\nT2\tWAAR 18 30\tNieuw Bergen\n")
    assert f1(write(tmp_path / "p", "# id = d\n" + columns()), folder, scheme="iob2") == 1
    (folder / "d.txt").unlink()
    with pytest.raises(ProblemsFound, match="no-text"):
        load_gold(gold=folder, labels="any")


def test_a_dataset_with_classes_is_read_by_their_names(tmp_path):
    datasets = pytest.importorskip("datasets")
    labels = sorted({*TAGS})
    features = datasets.Features(
        {"id": datasets.Value("string"), "tokens": [datasets.Value("string")], "ner_tags": [datasets.ClassLabel(names=labels)]}
    )
    rows = {"id": ["x"], "tokens": [TOKENS], "ner_tags": [[labels.index(tag) for tag in TAGS]]}
    data = datasets.Dataset.from_dict(rows, features=features)
    predicted = [{"id": "x", "entities": [{"start": 0, "end": 8, "type": "WIE"}, {"start": 18, "end": 30, "type": "WAAR"}]}]
    assert f1(predicted, data, gold_reading=IOB2) == 1
    data.to_parquet(tmp_path / "x.parquet")
    assert f1(predicted, tmp_path / "x.parquet", gold_reading=IOB2) == 1
    assert f1(data, data, scheme="iob2") == 1


def test_frames_and_lists_in_foreign_forms_are_read():
    rows = [{"id": "x", "text": REAL, "spans": spans()}]
    assert f1(rows, pl.DataFrame(rows)) == 1
    assert f1(pl.DataFrame(rows).to_pandas(), rows) == 1


def test_numbers_without_names_are_refused():
    rows = [{"id": "x", "tokens": TOKENS, "ner_tags": [0] * len(TOKENS)}]
    with pytest.raises(ProblemsFound, match="ClassLabel"):
        f1(rows, rows, scheme="iob2")


def test_the_command_takes_gold_of_another_tool(tmp_path, capsys):
    gold, predicted = conll(tmp_path), write(tmp_path / "p.jsonl", PREDICTED["prodigy"])
    options = ["--gold", str(gold), "--labels", "any", "--measures", "entities", "--format", "score"]
    assert main(["score", str(gold), *options, "--scheme", "iob2"]) == 0
    assert main(["score", str(predicted), *options, "--gold-scheme", "iob2"]) == 0
    assert (
        main(["score", str(predicted), *options, "--gold-scheme", "iob2", "--gold-from", "conll", "--gold-map", "WIE=PER"]) == 0
    )
    assert [float(line) for line in capsys.readouterr().out.split()] == [1, 1, 0.5]
    assert main(["score", str(predicted), *options, "--gold-scheme", "iob2", "--gold-map", "FOO=PER"]) == 1
    assert "unused-label" in capsys.readouterr().err


def test_our_own_gold_stays_our_own():
    assert load_gold(gold=CASES / "gold.jsonl")["id"].to_list() == ["a", "b"]
    braces = [{"id": "a", "text": '{"entities": []} staat er.', "length": 26, "entities": []}]
    assert load_gold(gold=braces)["text"].to_list() == [braces[0]["text"]]
