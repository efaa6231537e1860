"""The alignment of references is the mention-based CEAF: by the worked example of its author, and by another scorer's numbers."""

import pytest
from builders import document, scored
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scorch.scores import ceaf_m
from volgens.scoring.measures import measure


def sides(gold, predicted):
    """One name a letter, the same places on both sides; `-` is a name without a reference."""
    return [
        [document("d", [{"start": 5 * n, "end": 5 * n + 4, "type": "PER", "ref": ref} for n, ref in enumerate(refs)])]
        for refs in ([None if letter == "-" else letter for letter in side] for side in (gold, predicted))
    ]


def ours(gold, predicted):
    cell = scored(*sides(gold, predicted), measures=[measure("entities.ref")])["entities.ref"]
    return cell.recall, cell.precision, cell.f1


def clusters(refs):
    return [{n for n, other in enumerate(refs) if other == ref} for ref in dict.fromkeys(refs) if ref != "-"]


# Luo 2005, On coreference resolution performance metrics: twelve mentions of three entities, and four responses.
LUO = {
    "aaaaabbbbbbb": 10 / 12,  # the second and third entity are one
    "aaaaabbaaaaa": 7 / 12,  # the first and third are one
    "aaaaaaaaaaaa": 5 / 12,  # all are one
    "abcdefghijkl": 3 / 12,  # every mention is one
}


@pytest.mark.parametrize("response", LUO)
def test_the_worked_example_of_its_author(response):
    assert ours("aaaaabbccccc", response) == pytest.approx((LUO[response],) * 3)


@settings(max_examples=120, deadline=None)
@given(st.integers(1, 12).flatmap(lambda n: st.tuples(*[st.text("abcde-", min_size=n, max_size=n)] * 2)))
@example(("aaabb", "xyyyx"))
@example(("a-bb", "xxyy"))
def test_scores_are_those_of_another_scorer(letters):
    gold, predicted = letters
    assume(set(gold) != {"-"} and set(predicted) != {"-"})
    assert ours(gold, predicted) == pytest.approx(ceaf_m(clusters(gold), clusters(predicted)))
