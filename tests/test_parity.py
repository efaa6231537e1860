"""Other scorers' numbers, where they are right (tests/data/parity/README.md says whose)."""

import json
import random
from pathlib import Path

import polars as pl
import pytest
from builders import document, scored, spans
from volgens.scorecard.plain import cell, five
from volgens.scoring.agreement import Agreement
from volgens.scoring.matching import Sides, meet, pair
from volgens.scoring.spans import overlaps

PARITY = Path(__file__).parent / "data" / "parity"


def cases(name):
    return [pytest.param(case, id=case["id"]) for case in json.loads((PARITY / f"{name}.json").read_text())["cases"]]


def rows(case, side):
    return [document(d["id"], [(s["start"], s["end"], s["label"]) for s in d[side]]) for d in case["documents"]]


def scheme(case):
    return case["scheme"].removeprefix("ent_")


def of_scheme(card, name):
    counts = card[f"semeval.{name}"]
    return five(f"semeval.{name}", counts), cell(counts)


def by_type(gold, predicted):
    return Agreement(gold.to_frame("type"), predicted.to_frame("type"), "type", ())


@pytest.mark.parametrize("case", cases("nervaluate_strategies"))
def test_nervaluate_strategies(case):
    if case["min_overlap_pct_of_gold"] == 1.0:
        gold, predicted = ([document("d", [tuple(s.values()) for s in case[side]])] for side in ("gold", "pred"))
        counts, scores = of_scheme(scored(gold, predicted, view="nested"), scheme(case))
        assert {**counts, **{k: scores[k] or 0.0 for k in ("precision", "recall", "f1")}} == pytest.approx(case["expected"])
    else:
        assert from_pairs(case) == {k: case["expected"][k] for k in ("correct", "incorrect", "partial", "missed", "spurious")}


def from_pairs(case):
    """The five counts with a least share of the gold for an overlap, which is no option of the scorecard."""
    gold, pred = sorted(tuple(s.values()) for s in case["gold"]), sorted(tuple(s.values()) for s in case["pred"])
    kinds = (pl.Series([span[2] for span in side], dtype=pl.String) for side in (gold, pred))
    how = "exact" if scheme(case) == "partial" else scheme(case)
    sides = Sides(spans(gold), spans(pred), by_type(*kinds))
    pairs = pair(sides, how, meet(sides, case["min_overlap_pct_of_gold"] / 100))
    same = [(gold[g][:2] == pred[p][:2], gold[g][2] == pred[p][2]) for g, p in zip(*pairs, strict=True)]
    credited = {"strict": all, "exact": lambda s: s[0], "partial": lambda s: s[0], "type": lambda s: s[1]}[scheme(case)]
    right = sum(map(credited, same))
    wrong = len(same) - right
    partial = scheme(case) == "partial"
    return {
        "correct": right, "incorrect": 0 if partial else wrong, "partial": wrong if partial else 0,
        "missed": len(gold) - len(same), "spurious": len(pred) - len(same),
    }  # fmt: skip


@pytest.mark.parametrize("case", cases("differential_flat"))
def test_flat_corpora_agree_with_nervaluate_and_an_optimal_assignment(case):
    gold, predicted = rows(case, "gold"), rows(case, "pred")
    shuffled = [dict(d, entities=random.Random(1).sample(d["entities"], len(d["entities"]))) for d in reversed(predicted)]
    for side in (predicted, shuffled):
        card = scored(gold, side)
        for name, expected in case["expected_order_free"].items():
            counts, _ = of_scheme(card, name.removeprefix("ent_"))
            assert {k: counts[k] for k in expected} == expected
        for name, expected in case["expected_nervaluate_1_2_1"]["overall"].items():
            counts, scores = of_scheme(card, name.removeprefix("ent_"))
            found = {**counts, **scores}
            assert {k: found[k] or 0.0 for k in expected} == pytest.approx(expected)


def test_conlleval_sample():
    (case,) = json.loads((PARITY / "conlleval_conll2000_sample.json").read_text())["cases"]
    card = scored(rows(case, "gold"), rows(case, "pred"))
    percent = case["expected_percent"]
    assert 100 * card["entities"].precision == pytest.approx(percent["precision"], abs=0.005)
    assert 100 * card["entities"].recall == pytest.approx(percent["recall"], abs=0.005)
    assert 100 * card["entities"].f1 == pytest.approx(percent["f1"], abs=0.005)
    for kind, expected in case["per_type_percent"].items():
        counts = card[f"entities[type={kind}]"]
        assert 100 * (counts.f1 or 0) == pytest.approx(expected["f1"], abs=0.005)


def chunks(tags, strict):
    """(start, end, type) of a sequence of IOB tags: strict as IOB2, else as conlleval reads them."""
    found, start, kind = [], None, None
    for n, tag in enumerate([*tags, "O"]):
        mark, _, name = tag.partition("-")
        begins = mark == "B" or (not strict and mark == "I" and name != kind)
        if kind is not None and (begins or mark == "O" or name != kind):
            found.append((start, n, kind))
            kind = None
        if begins:
            start, kind = n, name
    return found


def micro(case):
    return case["average"] == "micro" and case["scheme"] in ("IOB2", "lenient (conlleval)") and not case["suffix"]


@pytest.mark.parametrize("case", [c for c in cases("seqeval_tags") if micro(c.values[0])])
def test_seqeval_micro(case):
    strict = case["scheme"] == "IOB2"
    gold = [document(str(n), chunks(tags, strict)) for n, tags in enumerate(case["tags_gold"])]
    predicted = [document(str(n), chunks(tags, strict)) for n, tags in enumerate(case["tags_pred"])]
    card, expected = scored(gold, predicted)["entities"], case["expected"]
    assert [card.precision or 0.0, card.recall or 0.0, card.f1 or 0.0] == pytest.approx(
        [expected[k] for k in ("precision", "recall", "f1")]
    )


@pytest.mark.parametrize("case", cases("gerbil_span_matching"))
def test_gerbil(case):
    gold, predicted = sorted(tuple(s.values()) for s in case["gold"]), sorted(tuple(s.values()) for s in case["pred"])
    one = (pl.Series(["name"] * len(side), dtype=pl.String) for side in (gold, predicted))
    pairs = pair(Sides(spans(gold), spans(predicted), by_type(*one)))
    exact = sum(gold[g] == predicted[p] for g, p in zip(*pairs, strict=True))
    tp = exact if case["matching"].startswith("strong") else len(pairs.gold)
    assert case["expected"] == {"tp": tp, "fp": len(predicted) - tp, "fn": len(gold) - tp}


def test_touching_spans_share_nothing():
    assert len(overlaps(spans([(0, 4)]), spans([(4, 8)])).left) == 0
