"""Agencies that a dateline credits are left out by rule: a system that names them is neither the better nor the worse for it."""

import pytest
import volgens
from volgens.readers.corpus import load_gold
from volgens.readers.native import predictions
from volgens.report.html import html
from volgens.scorecard.text import text
from volgens.scoring.batches import score_batches
from volgens.scoring.score import Scoring

TEXT = "OSLO (NPN/KWN) - Het persbureau NPN meldt sneeuw in Oslo."
NAMES = [(0, 4, "GPE"), (32, 35, "ORG"), (52, 56, "GPE")]
SEGMENTS = [{"kind": "dateline", "start": 0, "end": 16}, {"kind": "paragraph", "start": 17, "end": len(TEXT)}]
CREDITS = [(6, 9, "ORG"), (10, 13, "PER")]


def named(*names):
    return [{"start": start, "end": end, "type": kind} for start, end, kind in names]


def gold(**more):
    row = {"id": "d", "text": TEXT, "length": len(TEXT), "segments": SEGMENTS, "agencies": ["NPN", "KWN"]}
    return [{**row, "entities": named(*NAMES), **more}]


def card(*names, view="flat", **more):
    return volgens.score([{"id": "d", "entities": named(*names)}], gold(**more), view=view)


def test_credits_count_neither_for_nor_against_and_it_is_said():
    with_them, without = card(*NAMES, *CREDITS), card(*NAMES)
    assert with_them["entities"] == without["entities"] == (3, 3, 3, 3)
    assert with_them["entities.names"] == without["entities.names"]
    assert (with_them.aside, without.aside) == (2, 0)
    assert with_them.to_dict()["aside"] == 2 and "aside" not in without.to_dict()
    assert "2 predicted names are agencies in a dateline" in text(with_them)
    assert with_them.signature["predictions"] != without.signature["predictions"]


@pytest.mark.parametrize("names", [[(0, 9, "ORG")], [(0, 3, "GPE")], [(10, 20, "ORG")], [(36, 41, "ORG")]])
def test_what_touches_a_place_or_leaves_the_dateline_counts(names):
    assert card(*names).aside == 0
    assert card(*names)["entities"].predicted == 1


@pytest.mark.parametrize("more", [{"agencies": []}, {"agencies": None}, {"segments": SEGMENTS[1:]}, {"segments": None}])
def test_a_dateline_without_agencies_has_none_to_leave_out(more):
    assert card(*CREDITS, **more).aside == 0
    assert card(*CREDITS, **more)["entities"].predicted == 2


@pytest.mark.parametrize(("view", "aside"), [("nested", 2), ("ontonotes", 2), ("sonar", 0), ("dateline", 2), ("paragraph", 0)])
def test_it_is_said_where_datelines_count(view, aside):
    found = card(*CREDITS, view=view)
    assert found.aside == aside and found["entities"].predicted == 0


def test_the_page_tells_them_as_not_counted():
    loaded = load_gold(gold=gold())
    guesses = predictions([{"id": "d", "entities": named(*NAMES, *CREDITS)}], loaded).frame
    page = html(card(*NAMES, *CREDITS), loaded, guesses, system="s")
    assert page.count('"uncounted":true') == 2 and "agencies in a dateline" in page


def test_parts_of_a_corpus_add_up(tmp_path):
    rows = [{**gold()[0], "id": name} for name in ("d1", "d2", "d3")]
    guesses = [{"id": row["id"], "entities": named(*NAMES, *CREDITS[:1])} for row in rows]
    files = [tmp_path / "gold.parquet", tmp_path / "predictions.parquet"]
    load_gold(gold=rows).write_parquet(files[0])
    predictions(guesses, load_gold(gold=rows)).frame.write_parquet(files[1])
    assert score_batches(*files, Scoring(), batch=1).tally.aside == 3
