"""The scorecard as an object, and every way to print it."""

import copy
import json
import pickle
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import volgens
from builders import attribution, document, figure, scored
from volgens.report import render
from volgens.report.html import html
from volgens.scoring.digest import fingerprint
from volgens.scoring.measures import TABLE, UnknownName, measure

ROOT = Path(__file__).parents[1]
GOLD = [
    document(
        "d", [(0, 4, "GPE"), (33, 41, "PER")], [figure(11, 14, 300), figure(54, 63, 400, bound="min")],
        [attribution([(0, 4)], [(5, 10)], [(11, 23)], source_ref="noorwegen")], text="x" * 64, length=64,
    )
]  # fmt: skip
GUESS = [
    {
        **GOLD[0], "entities": [{"start": 0, "end": 4, "type": "LOC"}, {"start": 0, "end": 4, "type": "LOC"}],
        "figures": [figure(11, 14, 300), figure(60, 63, 400)],
    }
]  # fmt: skip


@pytest.fixture(scope="module")
def card():
    return volgens.score(GUESS, GOLD)


COPIES = {"copy": copy.copy, "deep": copy.deepcopy, "pickle": lambda card: pickle.loads(pickle.dumps(card))}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("asked_before", [False, True])
def test_a_copy_says_the_same(copied, asked_before):
    card = volgens.score(GUESS, GOLD)
    if asked_before:
        _ = card.ledger, card.intervals
    other = copied(card)
    assert other.to_dict() == card.to_dict()
    assert str(other) == str(card)
    assert other.ledger.equals(card.ledger)
    assert other.by_document("claims").tolist() == card.by_document("claims").tolist()


def test_repr_is_short_and_names_the_scores(card):
    assert repr(card) == "<Scorecard of 1 document: entities 0.000, figures 0.500, attributions 1.000, claims 1.000>"


def test_json_is_the_dictionary(card):
    assert json.loads(card.to_json()) == card.to_dict()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("figures", "figures was not attempted: the predictions do not give"),
        ("figures.value", "figures.value was not attempted"),
        ("entities[type=PERS]", "entities has no row"),
        ("entities.tipe", "did you mean entities.type"),
    ],
)
def test_what_is_no_cell_says_why(asked, said):
    card = volgens.score([{"id": "d", "entities": [{"start": 0, "end": 4, "type": "PER"}]}], GOLD)
    with pytest.raises(KeyError, match=said.replace("[", r"\[")) as found:
        card[asked]
    assert str(found.value).startswith(said[:8]) or "no measure" in str(found.value)


def test_the_package_lists_its_names():
    assert {"score", "load_gold", "Scorecard", "ProblemsFound"} <= set(dir(volgens))


CALLER = """
import volgens
card: volgens.Scorecard = volgens.score("p.jsonl", volgens.load_gold(gold="g.jsonl"), {argument})
f1: float | None = card["entities"].f1
"""


def test_type_checkers_see_a_callers_typo(tmp_path):
    fits = 'missing="empty", measures="entities", labels="any", decimals=","'
    typos = ('missing="refused"', 'labels="schema"', 'mesures="entities"', 'scheme="iob3"')
    for n, argument in enumerate((fits, *typos)):
        (tmp_path / f"caller_{n}.py").write_text(CALLER.format(argument=argument))
    run = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--follow-imports=silent", str(tmp_path)]
    done = subprocess.run(run, env={"MYPYPATH": str(ROOT / "eval"), "PATH": ""}, capture_output=True, text=True, cwd=tmp_path)
    wrong = {line.split(": ")[0] for line in done.stdout.splitlines() if ": error" in line}
    assert wrong == {f"caller_{n}.py:3" for n in range(1, len(typos) + 1)}, done.stdout


ALONE = sorted({m.name for m in TABLE if m.over} | {"claims", "entities", "attributions.parent"})


@pytest.mark.parametrize("name", ALONE)
def test_every_set_of_measures_prints(name):
    card = scored(GOLD, GUESS, measures=[measure(name)])
    for how in ("text", "json", "markdown", "latex", "csv", "score"):
        assert render(card, how)
    assert isinstance(card.ledger, pl.DataFrame)
    assert set(card.ledger.columns) >= {"document", "outcome", "differs"}


def test_a_card_without_a_measure_says_so():
    card = volgens.score([{"id": "d", "entities": []}], GOLD, measures="claims,figures.quantities")
    assert "Nothing was scored" in str(card)
    assert card.ledger.is_empty()


def test_the_commonest_errors_are_those_of_the_ledger(card):
    by_hand = {
        "entities: GPE taken for LOC": 1,
        "entities: PER missed": 1,
        "entities: LOC duplicate": 1,
        "figures: wrong bound": 1,
        "figures: count with a wrong boundary": 1,
    }
    found = dict(card.commonest_errors(50))
    assert {line: found.get(line) for line in by_hand} == by_hand
    missed = card.ledger.filter(pl.col("outcome") == "missed").height
    assert sum(n for line, n in found.items() if line.endswith("missed")) == missed


def test_a_wrong_boundary_is_told_whichever_measures_are_asked():
    card = scored([document(entities=[(0, 9, "PER")])], [document(entities=[(0, 4, "PER")])], measures=[measure("entities")])
    assert set(card.ledger["outcome"]) == {"boundary"}
    assert card.commonest_errors() == [("entities: PER with a wrong boundary", 1)]


def test_measures_by_one_string():
    names = ["entities", "figures.value"]
    for given in ("entities, figures.value", "entities,,figures.value,", names, ["entities", "entities", " figures.value"]):
        assert list(volgens.score(GUESS, GOLD, measures=given).measures) == names
    assert list(volgens.score(GUESS, GOLD, measures="entities").measures) == ["entities"]
    for none in ("", " , ", []):
        with pytest.raises(UnknownName, match="no measure is named"):
            volgens.score(GUESS, GOLD, measures=none)


def test_one_fingerprint_of_gold(card):
    gold = volgens.load_gold(gold=GOLD)
    assert fingerprint(gold) == card.signature["gold"] == volgens.score(GOLD, GOLD).signature["gold"]
    names_alone = volgens.load_gold(gold=[{name: GOLD[0][name] for name in ("id", "length", "entities")}])
    assert fingerprint(names_alone) == volgens.score([{"id": "d", "entities": []}], names_alone).signature["gold"]


def test_what_a_map_left_out_and_the_gold_leaves_open_stands_on_the_page_too():
    gold = volgens.load_gold(gold=[{name: GOLD[0][name] for name in ("id", "length", "entities")}])
    guess = [{"id": "d", "entities": [{"start": 0, "end": 4, "type": "GPE"}, {"start": 5, "end": 9, "type": "DATE"}]}]
    card = volgens.score(guess, gold, map={"DATE": "-"})
    page = html(card, gold, gold, system="s")
    for said in ("reading: DATE left out by the map (1)", "the gold annotates no figures: not scored"):
        assert said in str(card)
        assert said in page


def test_a_thing_that_is_called_otherwise_is_no_error():
    rows = [[{"start": 0, "end": 4, "type": "PER", "ref": ref}] for ref in ("ida", "ent_1")]
    card = scored([document(entities=rows[0])], [document(entities=rows[1])])
    assert (card["entities.ref"].tp, card["entities.link"].tp) == (1, 0)
    assert set(card.ledger["outcome"]) == {"correct"}
    assert card.commonest_errors() == []
