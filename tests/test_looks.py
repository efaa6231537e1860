"""A system that names things by other corpora's types is told in which view it compares, and only such a system."""

import pytest
from volgens import score
from volgens.scorecard.text import remarks

GOLD = [
    {"id": "a", "page": "a", "length": 60, "entities": [
        {"id": f"e{n}", "start": 4 * n, "end": 4 * n + 3, "type": kind, "role": "place" if kind == "GPE" else None, "ref": None}
        for n, kind in enumerate(("GPE", "NORP", "LOC", "MISC", "EVENT"))
    ]},
]  # fmt: skip


def told(*kinds, gold=GOLD, **options):
    names = [{"start": 4 * n, "end": 4 * n + 3, "type": kind} for n, kind in enumerate(kinds)]
    return [line for line in remarks(score([{"id": "a", "entities": names}], gold, **options)) if line.startswith("LOOKS LIKE")]


def test_four_types_look_like_conll():
    (line,) = told("LOC", "MISC", "LOC", "PER")
    assert "CoNLL-2002 or SoNaR" in line and "has 2 of them" in line
    assert "--view conll2002" in line and "--view sonar" in line


def test_events_look_like_sonar():
    (line,) = told("LOC", "LOC", "LOC", "EVENT")
    assert "LIKE SoNaR" in line and "conll2002" not in line


@pytest.mark.parametrize("kinds", [("GPE", "LOC"), ("LOC", "NORP"), ("PER", "MISC")])
def test_our_types_do_not(kinds):
    assert told(*kinds) == []


def test_nothing_is_told_in_a_view_that_compares_nor_where_the_gold_has_no_places():
    assert told("LOC", "LOC", view="conll2002") == []
    row = {**GOLD[0], "entities": GOLD[0]["entities"][2:]}
    assert told("LOC", "LOC", gold=[row]) == []
