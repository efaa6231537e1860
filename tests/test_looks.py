"""A system that names things by other corpora's types is told in which view it compares, and only such a system."""

import pytest
from volgens import score
from volgens.model.problem import ProblemsFound
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


@pytest.mark.parametrize(
    ("labels", "told", "map_"),
    [
        (("PERSON", "CARDINAL", "GPE"), "OntoNotes (CARDINAL, PERSON)", "`--map ontonotes`; `--view ontonotes`"),
        (("per", "loc", "pro", "eve"), "SoNaR (eve, loc, per, pro)", "`--map sonar`; `--view sonar`"),
        (("PRO", "EVE", "LOC"), "SoNaR (EVE, PRO)", "`--map sonar`; `--view sonar`"),
        (("I-PER", "I-LOC"), "WikiNER", "`--map polyglot`; `--view conll2002`"),
        (("person", "organization"), "GLiNER's (organization, person)", "`--map gliner`."),
    ],
)
def test_labels_of_another_corpus_are_named_with_the_map_that_reads_them(labels, told, map_):
    names = [{"start": 4 * n, "end": 4 * n + 3, "type": kind} for n, kind in enumerate(labels)]
    with pytest.raises(ProblemsFound) as found:
        score([{"id": "a", "entities": names}], GOLD)
    (problem,) = (p for p in found.value.problems if p.id == "other-labels")
    assert told in problem.message and map_ in problem.hint


@pytest.mark.parametrize("labels", [("Persoon", "Plaats"), ("GPE", "Plaats")])
def test_labels_of_no_corpus_that_is_known_are_left_at_that(labels):
    names = [{"start": 4 * n, "end": 4 * n + 3, "type": kind} for n, kind in enumerate(labels)]
    with pytest.raises(ProblemsFound) as found:
        score([{"id": "a", "entities": names}], GOLD)
    assert {p.id for p in found.value.problems} == {"unknown-value"}


def test_both_views_are_scored_and_shown():
    names = [{"start": 4 * n, "end": 4 * n + 3, "type": kind} for n, kind in enumerate(("LOC", "LOC", "LOC", "MISC", "EVENT"))]
    card = score([{"id": "a", "entities": names}], GOLD)
    assert (
        card["entities"].tp == 3
        and card.beside["sonar"] == score([{"id": "a", "entities": names}], GOLD, view="sonar")["entities"]
    )
    assert card.beside["sonar"].f1 == 1.0 and card.to_dict()["beside"]["sonar"]["entities"]["tp"] == 5
    assert "names in the view sonar: F1 1.000" in str(card)


def test_the_other_view_is_of_the_same_documents():
    rows = [{**GOLD[0], "kind": "article"}, {**GOLD[0], "id": "b", "kind": "teaser"}]
    names = [{"start": 4 * n, "end": 4 * n + 3, "type": "LOC"} for n in range(3)]
    card = score([{"id": row["id"], "entities": names} for row in rows], rows, view="flat+teaser")
    assert card.beside["conll2002"].gold == 5 and card.beside["conll2002"].predicted == 3
