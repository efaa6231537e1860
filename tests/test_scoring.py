"""Cases worked by hand (tests/cases/scoring), and what must hold of every score."""

import copy
import json
import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from builders import attribution, document, figure, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.v1 import precision_recall_fscore_support
from seqeval.scheme import IOB2
from volgens.scoring.measures import TABLE, Measure, measure, same

CASES = sorted((Path(__file__).parent / "cases" / "scoring").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_worked_by_hand(path):
    case = json.loads(path.read_text())
    card = scored(case["gold"], case["predicted"], view=case["view"])
    found = {name: [card[name].tp, card[name].predicted, card[name].gold] for name in case["expected"]}
    assert found == case["expected"]


def test_what_is_undefined_is_none():
    counts = scored([document(entities=[(0, 4, "PER")])], [document()])["entities"]
    assert (counts.precision, counts.recall, counts.f1) == (None, 0.0, 0.0)
    nothing = scored([document()], [document()])["figures"]
    assert (nothing.precision, nothing.recall, nothing.f1, nothing.given) == (None, None, None, None)


def test_an_absent_layer_is_not_attempted_and_an_empty_one_is():
    gold = [document(entities=[(0, 4, "PER")], figures=[figure(5, 8, 3)])]
    absent = scored_without(gold, {"entities": []})
    assert "figures" in absent.not_attempted
    assert "figures" not in absent.cells
    assert absent["entities"].recall == 0.0


def scored_without(gold, layers):
    from volgens import score

    return score([{"id": "d", **layers}], gold)


def test_a_field_that_no_item_gives_is_not_attempted():
    gold = [document(figures=[figure(5, 8, 3)])]
    card = scored(gold, [document(figures=[{"start": 5, "end": 8}])])
    assert {"figures", "figures.value", "figures.unit"} <= set(card.not_attempted)
    assert card["figures.span"].f1 == 1.0


def test_an_empty_source_is_an_answer_and_an_absent_one_is_none():
    said = attribution([], [(0, 6)], [(7, 20)])
    gold = [document(attributions=[said])]
    assert scored(gold, [document(attributions=[said])])["attributions"].f1 == 1.0
    silent = {name: value for name, value in said.items() if name != "source"}
    assert "attributions" in scored(gold, [document(attributions=[silent])]).not_attempted


def test_a_document_of_silence_counts_and_is_named():
    gold = [document("d", [(0, 4, "PER")]), document("e", [(0, 4, "PER")])]
    card = scored(gold, [document("d", [(0, 4, "PER")])])
    assert card.missing == ("e",)
    assert card["entities"].recall == 0.5


def test_a_measure_of_ones_own():
    mine = Measure("entities.initial", "entities", (pl.col("start") == pl.col("start_predicted"), same("type")), "starts right")
    gold, predicted = [document(entities=[(0, 9, "PER")])], [document(entities=[(0, 4, "PER")])]
    assert scored(gold, predicted, measures=[*TABLE, mine])["entities.initial"].f1 == 1.0


def test_measures_parse_and_print():
    assert all(measure(str(m)) is m for m in TABLE)
    assert len({m.name for m in TABLE}) == len(TABLE)
    with pytest.raises(KeyError, match=r"entities\.type"):
        measure("entities.tipe")


KINDS = ["PER", "ORG", "GPE"]


@st.composite
def corpora(draw, flat=False):
    """Two sides of a few documents, tangled on purpose; `flat`: no overlaps within a side."""
    rng = random.Random(draw(st.integers(0, 2**32)))

    def names(n):
        if flat:
            cuts = sorted(rng.sample(range(24), 2 * min(n, 6)))
            return [(s, e, rng.choice(KINDS)) for s, e in zip(cuts[::2], cuts[1::2], strict=True)]
        return [(s, s + rng.randint(1, 9), rng.choice(KINDS)) for s in (rng.randrange(15) for _ in range(n))]

    def numbers(n):
        starts = rng.sample(range(30), n)
        return [figure(s, s + rng.randint(1, 5), rng.choice([1, 2]), unit=rng.choice(["1", "EUR"]), id=f"f{s}") for s in starts]

    def claims(n):
        rows = []
        for k in range(n):
            s = rng.randrange(20)
            source = [(s, s + 2)] if rng.random() < 0.8 else []
            row = attribution(source, [(s + 2, s + 4)], [(s + 4, s + 4 + rng.randint(1, 12))], id=f"a{k}")
            parent = f"a{k - 1}" if k and rng.random() < 0.5 else None
            rows.append({**row, "stance": rng.choice(["affirm", "deny"]), "parent": parent})
        return rows

    def side():
        return [
            document(f"d{k}", names(rng.randint(0, 6)), numbers(rng.randint(0, 4)), claims(rng.randint(0, 4))) for k in range(4)
        ]

    return side(), side(), rng


def totals(card):
    return {name: tuple(counts) for name, counts in card.cells.items()}


@settings(max_examples=60, deadline=None)
@given(corpora())
def test_order_is_nothing(corpus):
    gold, predicted, rng = corpus

    def shuffled(rows):
        rows = copy.deepcopy(rows)
        for row in rows:
            for layer in ("entities", "figures", "attributions"):
                rng.shuffle(row[layer])
        rng.shuffle(rows)
        return rows

    before, after = scored(gold, predicted), scored(shuffled(gold), shuffled(predicted))
    assert totals(before) == totals(after)
    assert before.signature == after.signature


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_gold_against_itself_is_one(corpus):
    gold, _, _ = corpus
    for name, counts in scored(gold, gold).cells.items():
        assert counts.f1 in (None, 1.0), name


@settings(max_examples=60, deadline=None)
@given(corpora())
def test_swapped_sides_swap_precision_and_recall(corpus):
    gold, predicted, _ = corpus
    one, other = scored(gold, predicted, view="nested"), scored(predicted, gold, view="nested")
    lopsided = ("figures.counted",)
    for name in one.measures:
        if name not in lopsided and name in other.cells:
            assert (one[name].precision, one[name].recall) == (other[name].recall, other[name].precision), name


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_documents_do_not_know_their_neighbours(corpus):
    gold, predicted, _ = corpus
    together = scored(gold, predicted)
    apart = [scored([g], [p]) for g, p in zip(gold, predicted, strict=True)]
    for name in together.measures:
        assert together[name].tp == sum(card[name].tp for card in apart if name in card.cells), name


@settings(max_examples=80, deadline=None)
@given(corpora(), st.sampled_from(["flat", "nested"]))
def test_a_wrong_name_never_raises_precision(corpus, view):
    gold, predicted, rng = corpus
    before = scored(gold, predicted, view=view)["entities"]
    right = {(e["start"], e["end"], e["type"]) for e in gold[0]["entities"]}
    start = rng.randrange(20)
    wrong = (start, start + rng.randint(1, 20), rng.choice(KINDS))
    if wrong in right:
        return
    worse = copy.deepcopy(predicted)
    worse[0]["entities"].append({"start": wrong[0], "end": wrong[1], "type": wrong[2]})
    after = scored(gold, worse, view=view)["entities"]
    assert (after.precision or 0) <= (before.precision or 0)
    assert after.predicted == before.predicted + 1


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_a_duplicate_is_never_free(corpus):
    gold, predicted, _ = corpus
    doubled = copy.deepcopy(predicted)
    for row in doubled:
        row["entities"] = row["entities"] * 2
    before, after = scored(gold, predicted, view="nested")["entities"], scored(gold, doubled, view="nested")["entities"]
    distinct = [{(e["start"], e["end"], e["type"]) for e in row["entities"]} for row in gold]
    if all(len(d) == len(row["entities"]) for d, row in zip(distinct, gold, strict=True)):
        assert after.tp == before.tp
    assert after.predicted == 2 * before.predicted


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_totals_are_sums_of_rows_pages_and_ledger(corpus):
    gold, predicted, _ = corpus
    card = scored(gold, predicted)
    for name, counts in card.cells.items():
        assert card.by_page[name].sum(axis=0).tolist() == list(counts)
        if card.measures.get(name) and name in ("entities", "figures", "attributions"):
            for field in ("type", "kind", "bound", "source_kind"):
                rows = [c for row, c in card.cells.items() if row.startswith(f"{name}[{field}=")]
                if rows:
                    assert tuple(np.sum(rows, axis=0)[:3]) == tuple(counts)[:3]
    ledger = card.ledger
    for m in (m for m in TABLE if m.kind == m.layer and m.name in card.cells):
        gold_rows, predicted_rows = (ledger.filter(pl.col("side") == side) for side in ("gold", "predicted"))
        found = [
            gold_rows.filter(pl.col("agrees").list.contains(m.name)).height,
            predicted_rows.filter((pl.col("layer") == m.layer) & pl.col("counts").list.contains(m.name)).height,
            gold_rows.filter((pl.col("layer") == m.layer) & pl.col("counts").list.contains(m.name)).height,
        ]
        assert found == [card[m.name].tp, card[m.name].predicted, card[m.name].gold]


@settings(max_examples=60, deadline=None)
@given(corpora(flat=True))
def test_flat_strict_is_seqevals_strict(corpus):
    gold, predicted, _ = corpus

    def tags(row):
        found = ["O"] * 40
        for e in row["entities"]:
            found[e["start"] : e["end"]] = [f"B-{e['type']}"] + [f"I-{e['type']}"] * (e["end"] - e["start"] - 1)
        return found

    ours = scored(gold, predicted)["entities"]
    sides = [[tags(row) for row in side] for side in (gold, predicted)]
    precision, recall, f1, _ = precision_recall_fscore_support(*sides, average="micro", scheme=IOB2, zero_division=0)
    assert (ours.precision or 0, ours.recall or 0, ours.f1 or 0) == pytest.approx((precision, recall, f1))
