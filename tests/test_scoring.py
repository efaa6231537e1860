"""Cases worked by hand (tests/cases/scoring), and what must hold of every score."""

import copy
import json
import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from builders import attribution, document, figure, scored
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


def test_a_document_without_a_prediction_counts_and_is_named():
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


def crowd(seed, documents=240, flat=False):
    """Two sides of many documents, tangled on purpose; `flat`: no overlaps within a side. Every document is a page of its own."""
    rng = random.Random(seed)

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
        sizes = [[rng.randint(0, most) for most in (6, 4, 4)] for _ in range(documents)]
        return [document(f"d{k:03d}", names(e), numbers(f), claims(a)) for k, (e, f, a) in enumerate(sizes)]

    return side(), side(), rng


SEEDS = (1, 2)


def totals(card):
    return {name: tuple(counts) for name, counts in card.cells.items()}


def per_document(card):
    """name → id → (tp, predicted, gold, paired)."""
    return {name: dict(zip(card.pages, map(tuple, rows.tolist()), strict=True)) for name, rows in card.by_page.items()}


def precision(counts):
    return counts[0] / counts[1] if counts[1] else 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_order_is_nothing(seed):
    gold, predicted, rng = crowd(seed)

    def shuffled(rows):
        rows = copy.deepcopy(rows)
        for row in rows:
            for layer in ("entities", "figures", "attributions"):
                rng.shuffle(row[layer])
        rng.shuffle(rows)
        return rows

    before, after = scored(gold, predicted), scored(shuffled(gold), shuffled(predicted))
    assert per_document(before) == per_document(after)
    assert totals(before) == totals(after)
    assert before.signature == after.signature


@pytest.mark.parametrize("seed", SEEDS)
def test_gold_against_itself_is_one(seed):
    gold, _, _ = crowd(seed)
    for name, documents in per_document(scored(gold, gold)).items():
        wrong = {i: counts for i, counts in documents.items() if not counts[0] == counts[1] == counts[2]}
        assert wrong == {}, name


@pytest.mark.parametrize("seed", SEEDS)
def test_swapped_sides_swap_precision_and_recall(seed):
    gold, predicted, _ = crowd(seed)
    one, other = (per_document(scored(*sides, view="nested")) for sides in ((gold, predicted), (predicted, gold)))
    lopsided = ("figures.counted",)
    for name in {m.name for m in TABLE} & set(one) & set(other) - set(lopsided):
        for i, (tp, guessed, right, *_) in one[name].items():
            assert (tp, guessed, right) == (other[name][i][0], other[name][i][2], other[name][i][1]), (name, i)


@pytest.mark.parametrize("seed", SEEDS)
def test_documents_do_not_know_their_neighbours(seed):
    gold, predicted, rng = crowd(seed)
    together = per_document(scored(gold, predicted))
    alone = [[k] for k in rng.sample(range(len(gold)), 8)]
    halves = [sorted(rng.sample(range(len(gold)), len(gold) // 2)) for _ in range(3)]
    for some in (*alone, *halves):
        card = scored([gold[k] for k in some], [predicted[k] for k in some])
        found = per_document(card)
        for name in set(card.measures) & set(together):
            assert found[name] == {gold[k]["id"]: together[name][gold[k]["id"]] for k in some}, name


@pytest.mark.parametrize("view", ["flat", "nested"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_name_never_raises_precision(seed, view):
    gold, predicted, rng = crowd(seed)
    worse, touched = copy.deepcopy(predicted), []
    for true, row in zip(gold, worse, strict=True):
        start = rng.randrange(20)
        wrong = (start, start + rng.randint(1, 20), rng.choice(KINDS))
        if wrong not in {(e["start"], e["end"], e["type"]) for e in true["entities"]}:
            row["entities"].append({"start": wrong[0], "end": wrong[1], "type": wrong[2]})
            touched.append(row["id"])
    before, after = (per_document(scored(gold, side, view=view))["entities"] for side in (predicted, worse))
    assert len(touched) > 200
    for i in touched:
        assert precision(after[i]) <= precision(before[i]), i
        assert after[i][1] == before[i][1] + 1, i


@pytest.mark.parametrize("seed", SEEDS)
def test_a_duplicate_is_never_free(seed):
    gold, predicted, _ = crowd(seed)
    doubled = [{**row, "entities": row["entities"] * 2} for row in predicted]
    before, after = (per_document(scored(gold, side, view="nested"))["entities"] for side in (predicted, doubled))
    for row in gold:
        i = row["id"]
        if len({(e["start"], e["end"], e["type"]) for e in row["entities"]}) == len(row["entities"]):
            assert after[i][0] == before[i][0], i
        assert after[i][1] == 2 * before[i][1], i


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_are_sums_of_rows_pages_and_ledger(seed):
    gold, predicted, _ = crowd(seed)
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


@pytest.mark.parametrize("seed", SEEDS)
def test_flat_strict_is_seqevals_strict(seed):
    gold, predicted, _ = crowd(seed, flat=True)

    def tags(row):
        found = ["O"] * 40
        for e in row["entities"]:
            found[e["start"] : e["end"]] = [f"B-{e['type']}"] + [f"I-{e['type']}"] * (e["end"] - e["start"] - 1)
        return found

    def theirs(*sides):
        found = precision_recall_fscore_support(*sides, average="micro", scheme=IOB2, zero_division=0)
        return pytest.approx(found[:3])

    card = scored(gold, predicted)
    ours, sides = card["entities"], [[tags(row) for row in side] for side in (gold, predicted)]
    assert (ours.precision, ours.recall, ours.f1) == theirs(*sides)
    for (tp, guessed, right, _), one, other in zip(card.by_page["entities"].tolist(), *sides, strict=True):
        expected = (
            tp / guessed if guessed else 0,
            tp / right if right else 0,
            2 * tp / (guessed + right) if guessed + right else 0,
        )
        assert expected == theirs([one], [other])
