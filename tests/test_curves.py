"""Confidence: thresholds, and precision and recall by score, as scikit-learn has them."""

from __future__ import annotations

import json
import random

import numpy as np
import polars as pl
import pytest
from builders import document, figure
from environments import environment
from sklearn.metrics import average_precision_score, precision_recall_curve
from volgens import score
from volgens.cli import main
from volgens.model.problem import ProblemsFound
from volgens.report.html.curves import curves_chart
from volgens.scoring.curves import Curve

KINDS = ("PER", "ORG")


def name(start, kind="PER", sure=None):
    return {"start": start, "end": start + 4, "type": kind, **({} if sure is None else {"score": sure})}


def made(seed, documents=12):
    """Gold and predictions of random names, some right, some not, with scores of few values so that there are ties."""
    chance = random.Random(seed)
    gold, predicted = [], []
    for n in range(documents):
        places = range(0, 100, 10)
        named = [name(at, chance.choice(KINDS)) for at in places if chance.random() < 0.5]
        given = [name(at, chance.choice(KINDS), round(chance.random(), 1)) for at in places if chance.random() < 0.6]
        gold.append(document(f"d{n}", named))
        predicted.append({"id": f"d{n}", "entities": given})
    return gold, predicted


def marked(gold, predicted):
    """Per predicted name whether it is right, and its score; and how many names the gold has."""
    wanted = {(d["id"], e["start"], e["type"]) for d in gold for e in d["entities"]}
    items = [((d["id"], e["start"], e["type"]) in wanted, e["score"]) for d in predicted for e in d["entities"]]
    return np.array([right for right, _ in items]), np.array([sure for _, sure in items]), len(wanted)


@pytest.mark.parametrize("seed", range(6))
def test_average_precision_is_that_of_scikit_learn(seed):
    gold, predicted = made(seed)
    curve = score(predicted, gold).curves["entities"]
    right, sure, wanted = marked(gold, predicted)
    found = right.sum() / wanted  # scikit-learn's recall is of what was predicted: what nobody predicts is not in its list
    assert curve.average_precision == pytest.approx(average_precision_score(right, sure) * found)
    precision, recall, thresholds = precision_recall_curve(right, sure)
    theirs = {t: (p, r * found) for t, p, r in zip(thresholds, precision, recall, strict=False)}
    ours = {p.threshold: (p.precision, p.recall) for p in curve.points()}
    assert set(ours) == set(theirs) and all(ours[t] == pytest.approx(theirs[t]) for t in ours)


def test_where_all_of_the_gold_is_predicted_it_is_exactly_theirs():
    gold = [document("d", [name(0), name(10)])]
    predicted = [{"id": "d", "entities": [name(0, sure=0.9), name(10, sure=0.3), name(20, sure=0.5)]}]
    curve = score(predicted, gold).curves["entities"]
    assert curve.average_precision == average_precision_score([1, 1, 0], [0.9, 0.3, 0.5]) == pytest.approx((1 + 2 / 3) / 2)


def test_the_order_of_items_changes_no_curve():
    gold, predicted = made(3)
    turned = [{**d, "entities": d["entities"][::-1]} for d in reversed(predicted)]
    assert score(turned, gold).curves["entities"].to_dict() == score(predicted, gold).curves["entities"].to_dict()


@pytest.mark.parametrize("threshold", [0.0, 0.35, 0.5])
def test_a_threshold_gives_the_point_of_the_curve_where_names_do_not_meet(threshold):
    gold, predicted = made(4)
    whole = score(predicted, gold)
    card = score(predicted, gold, threshold=threshold, chosen_on="validation")
    kept = [e for d in predicted for e in d["entities"] if e["score"] >= threshold]
    point = min((p for p in whole.curves["entities"].points() if p.threshold >= threshold), key=lambda p: p.threshold)
    counts = card["entities"]
    assert counts.predicted == len(kept)
    assert (counts.precision, counts.recall, counts.f1) == pytest.approx((point.precision, point.recall, point.f1))
    left = sum(len(d["entities"]) for d in predicted) - len(kept)
    assert card.notes == ({"entities below the threshold left out": left} if left else {})
    assert (card.signature["threshold"], card.signature["chosen_on"]) == (f"{threshold:g}", "validation")


def test_the_highest_f1_and_what_is_said_of_it():
    gold = [document("d", [name(0), name(10), name(20)], split="test")]
    predicted = [{"id": "d", "entities": [name(0, sure=0.9), name(10, sure=0.8), name(30, sure=0.1), name(40, sure=0.1)]}]
    card = score(predicted, gold)
    assert card.curves["entities"].best == (0.8, 1.0, pytest.approx(2 / 3), pytest.approx(0.8))
    assert "highest F1 0.800 at a score of 0.8 or more, found on test" in str(card)
    again = score(predicted, gold, threshold=0.8, chosen_on="test")
    assert "The threshold was chosen on test, which is scored here: expect less elsewhere." in str(again)
    assert "expect less" not in str(score(predicted, gold, threshold=0.8, chosen_on="validation"))


def test_every_layer_has_its_curve_and_one_that_lacks_scores_has_none():
    figures = [figure(50, 53, 3), figure(60, 63, 4)]
    gold = [document("d", [name(0), name(10)], figures)]
    given = [{**figures[0], "score": 0.5}, {**figures[1], "value": 9.0, "score": 0.6}]
    card = score([{"id": "d", "entities": [name(0, sure=1), name(10)], "figures": given}], gold)
    assert set(card.curves) == {"figures"}
    assert card.curves["figures"].average_precision == pytest.approx(0.25)
    assert card.notes == {"entities without a score, so no curve of precision and recall": 1}
    stored = json.loads(card.to_json())["curves"]["figures"]
    assert [p["threshold"] for p in stored["points"]] == [0.6, 0.5] and stored["thresholds"] == 2
    assert "curves" not in score([{"id": "d", "entities": [name(0)]}], gold).to_dict()


def problems(predicted, gold, **given):
    with pytest.raises(ProblemsFound) as found:
        score(predicted, gold, **given)
    return [(p.id, p.where.field) for p in found.value.problems]


def test_what_a_threshold_cannot_decide_is_refused():
    gold = [document("d", [name(0), name(10)])]
    some, none = ([{"id": "d", "entities": [name(0, sure=sure), name(10)]}] for sure in (0.5, None))
    assert problems(some, gold, threshold=0.4, chosen_on="none") == [("no-score", "entities")]
    assert problems(none, gold, threshold=0.4, chosen_on="none") == [("option-without-effect", "threshold")]
    assert problems(some, gold, threshold=0.4) == [("threshold-unsaid", "chosen_on")]
    assert problems(some, gold, chosen_on="validation") == [("option-without-effect", "chosen_on")]
    assert problems(some, gold, threshold=float("nan"), chosen_on="none") == [("unknown-option-value", "threshold")]


def test_what_points_at_an_item_left_out_points_at_nothing():
    whole, part = {**figure(50, 53, 9), "id": "f1", "score": 0.1}, {**figure(60, 63, 4), "part_of": "f1", "score": 0.9}
    gold = [document("d", [], [figure(50, 53, 9, id="f1"), figure(60, 63, 4, part_of="f1")])]
    card = score([{"id": "d", "figures": [whole, part]}], gold, threshold=0.5, chosen_on="none")
    assert (card["figures"].predicted, card["figures.part_of"].tp) == (1, 0)


def test_very_many_documents_are_scored_by_the_threshold_too(tmp_path, monkeypatch):
    gold, predicted = made(1)
    pl.DataFrame(gold).select("id", "length", "entities").write_parquet(tmp_path / "gold.parquet")
    pl.DataFrame(predicted).write_parquet(tmp_path / "p.parquet")
    paths = tmp_path / "p.parquet", tmp_path / "gold.parquet"
    how = {"threshold": 0.5, "chosen_on": "validation"}
    whole = score(*paths, **how)
    monkeypatch.setattr("volgens.api.LARGE", 3)
    card = score(*paths, **how)
    assert (card["entities"], card.signature) == (whole["entities"], whole.signature)


def test_the_command_and_its_page(tmp_path, capsys):
    gold, predicted = ("".join(json.dumps(d) + "\n" for d in side) for side in made(2))
    (tmp_path / "gold.jsonl").write_text(gold)
    (tmp_path / "p.jsonl").write_text(predicted)
    command = ["score", str(tmp_path / "p.jsonl"), "--gold", str(tmp_path / "gold.jsonl")]
    assert main([*command, "--format", "json", "--html", str(tmp_path / "page.html")]) == 0
    stored = json.loads(capsys.readouterr().out)["curves"]["entities"]
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Precision and recall by score" in page and f"entities {stored['average_precision']:.3f}" in page
    assert main([*command, "--threshold", "0.5", "--chosen-on", "validation"]) == 0
    assert "threshold:0.5|chosen_on:validation" in capsys.readouterr().out
    assert main([*command, "--threshold", "0.5"]) == 1
    assert "--chosen-on validation" in capsys.readouterr().err
    converted = ["convert", *command[1:], "--threshold", "0.5", "--chosen-on", "validation"]
    assert main(converted) == 1 and "option-without-effect" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*command, "--threshold", "high", "--chosen-on", "validation"])


def test_a_long_curve_is_drawn_from_some_of_its_points():
    steps = np.arange(1, 2001)
    curve = Curve(np.linspace(1, 0, 2000), steps // 2, steps, 1500)
    points = curve.points()
    assert len(points) == 500 and points[0] == curve.point(0) and points[-1] == curve.point(1999)
    assert len(curves_chart({"entities": curve}).rows) == 20 and curves_chart({}) is None


TEXT = "Ida Holm woont in Nieuw Bergen."
PLACES = [(0, 8, "PER", 0.9), (18, 30, "GPE", 0.4)]


def keyed(**names):
    return [{names.get(k, k): v for k, v in zip(("start", "end", "label", "score"), p, strict=True)} for p in PLACES]


def region(start, end, label, sure):
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": [label]}
    return {"id": label, "from_name": "label", "to_name": "text", "type": "labels", "score": sure, "value": value}


TOOLS = {
    "prodigy": {"text": TEXT, "spans": keyed()},
    "gliner": {"id": "d", "output": [{**one, "text": TEXT[one["start"] : one["end"]]} for one in keyed()]},
    "gliner2": {"id": "d", "entities": {label: [{"text": TEXT[s:e], "start": s, "end": e, "confidence": sure}]
                                        for s, e, label, sure in PLACES}},
    "hf-pipeline": {"id": "d", "output": keyed(label="entity_group")},
    "label-studio": {"id": 1, "data": {"text": TEXT}, "predictions": [{"result": [region(*p) for p in PLACES]}]},
    "spacy-json": {"text": TEXT, "tokens": [], "ents": keyed()},
    "volgens": {"id": "d", "entities": keyed(label="type")},
}  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_scores_are_read_where_tools_give_them(tmp_path, tool):
    gold = [document("d", [p[:3] for p in PLACES], text=TEXT, length=len(TEXT))]
    (tmp_path / "p.jsonl").write_text(json.dumps(TOOLS[tool]) + "\n")
    card = score(tmp_path / "p.jsonl", gold, from_=None if tool == "volgens" else tool)
    assert [p.threshold for p in card.curves["entities"].points()] == [0.9, 0.4]


SPACY = """
import sys, spacy
from spacy.tokens import DocBin
nlp = spacy.blank("nl")
doc = nlp(sys.argv[1])
doc.spans["sc"] = [doc.char_span(0, 8, label="PER"), doc.char_span(18, 30, label="GPE")]
doc.spans["sc"].attrs["scores"] = [0.9, 0.4]
DocBin(docs=[doc], store_user_data=True).to_disk(sys.argv[2])
"""
READ = "import sys, json; from volgens import score; print(json.dumps(score(sys.argv[1], sys.argv[2]).to_dict()['curves']))"


def test_scores_of_a_span_categorizer_are_read_from_a_docbin(tmp_path):
    import subprocess

    from test_baselines_spacy import SPACY as WITH_SPACY
    from test_baselines_spacy import spacy

    gold = document("d", [p[:3] for p in PLACES], text=TEXT, length=len(TEXT))
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n")
    python = environment("spacy", WITH_SPACY)
    subprocess.run([python, "-c", SPACY, TEXT, tmp_path / "p.spacy"], check=True, capture_output=True)
    done = spacy("-c", READ, tmp_path / "p.spacy", tmp_path / "gold.jsonl")
    assert done.returncode == 0, done.stderr
    assert [p["threshold"] for p in json.loads(done.stdout)["entities"]["points"]] == [0.9, 0.4]
