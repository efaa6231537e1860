"""Of pairings with equal total Dice the one with more agreement wins, never the alphabet or the place in a list."""

import itertools

import pytest
from builders import attribution, document, figure, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from volgens.scoring.measures import TABLE

FIGURES = [measure for measure in TABLE if measure.layer == "figures"]


def both_orders(layer, gold, *predicted):
    """The scorecards of the predicted items in every order."""
    for some in itertools.permutations(predicted):
        yield scored([document(**{layer: gold})], [document(**{layer: list(some)})], view="nested")


@pytest.mark.parametrize("label", ["PER", "ORG", "LOC"])
def test_the_type_that_agrees_wins_whatever_it_is_called(label):
    for card in both_orders("entities", [(0, 3, label)], (0, 8, "PER"), (0, 8, "ORG"), (0, 8, "LOC")):
        assert [card[name].tp for name in ("entities.type", "semeval.type")] == [1, 1]


@pytest.mark.parametrize("place", [(11, 20), (17, 20)], ids=["overlap", "same-span"])
@pytest.mark.parametrize("value", [200, 300])
def test_the_number_that_agrees_wins(place, value):
    gold = [figure(17, 20, value)]
    for card in both_orders("figures", gold, figure(*place, 200, id="a"), figure(*place, 300, id="b")):
        assert [card[name].tp for name in ("figures", "figures.value")] == [1, 1]


def test_a_number_within_the_tolerance_agrees():
    gold, guess = [document(figures=[figure(0, 3, 300)])], [document(figures=[figure(0, 4, 100), figure(0, 4, 301)])]
    assert scored(gold, guess, tolerance=0.01)["figures.value"].tp == 1


def test_the_kind_comes_before_the_other_fields():
    gold = [figure(0, 3, 5, kind="money", unit="EUR", approx=True)]
    kind, rest = figure(0, 3, 6, kind="money", unit="USD"), figure(0, 3, 5, kind="count", unit="EUR", approx=True)
    for card in both_orders("figures", gold, kind, rest):
        assert [card[name].tp for name in ("figures.kind", "figures.value")] == [1, 0]


def test_units_agree_by_their_code():
    for card in both_orders("figures", [figure(0, 3, 5, unit="%")], figure(0, 4, 5, unit="procent"), figure(0, 4, 5, unit="1")):
        assert card["figures"].tp == 1


def test_of_as_many_fields_the_first_of_the_table_decides():
    gold = [figure(0, 3, 5, bound="min", unit="EUR")]
    bound, unit = figure(0, 3, 6, bound="min", unit="USD"), figure(0, 3, 6, bound="max", unit="EUR")
    for card in both_orders("figures", gold, bound, unit):
        assert [card[name].tp for name in ("figures.bound", "figures.unit")] == [1, 0]


@pytest.mark.parametrize("stance", ["affirm", "deny", "open"])
@pytest.mark.parametrize("content", [(7, 20), (7, 15)], ids=["same-spans", "overlap"])
def test_attributions_of_one_place(stance, content):
    gold = [attribution([(0, 4)], [(5, 6)], [(7, 20)], stance=stance)]
    guesses = [attribution([(0, 4)], [(5, 6)], [content], stance=s) for s in ("affirm", "deny", "open")]
    for card in both_orders("attributions", gold, *guesses):
        assert card["attributions.stance"].tp == 1


def test_more_overlap_comes_before_more_agreement():
    for card in both_orders("entities", [(0, 10, "PER")], (0, 8, "ORG"), (0, 7, "PER")):
        assert card["entities.type"].tp == 0


def test_of_two_ways_to_cross_the_one_of_equal_types_wins():
    gold = [(0, 3, "PER"), (3, 6, "ORG")]
    chosen = scored([document(entities=gold)], [document(entities=[(0, 6, "ORG"), (1, 5, "PER")])], view="nested")
    assert chosen["entities.type"].tp == 2


@st.composite
def stacked(draw):
    """Figures on few places with few values, so that nearly all of them are tied."""
    pick = st.tuples(st.sampled_from([(0, 4), (0, 6), (2, 6)]), st.sampled_from([1, 2]), st.sampled_from(["count", "age"]))
    sides = [draw(st.lists(pick, min_size=1, max_size=5)) for _ in range(2)]
    return [[figure(*place, value, kind=kind) for place, value, kind in side] for side in sides]


@settings(max_examples=80, deadline=None)
@given(stacked(), st.randoms(use_true_random=False))
def test_order_and_names_of_labels_are_nothing(sides, random):
    names = {"count": "money", "age": "a"}

    def told(rename):
        rows = [[{**f, "kind": rename.get(f["kind"], f["kind"])} for f in side] for side in sides]
        for row in rows:
            random.shuffle(row)
        card = scored([document(figures=rows[0])], [document(figures=rows[1])], measures=FIGURES)
        return {name: tuple(counts) for name, counts in card.measures.items()}

    assert told({}) == told(names)
