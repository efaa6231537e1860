"""Options are checked at the door, and one that would change nothing is refused."""

import inspect
import math

import pytest
import volgens
from builders import document, figure
from volgens import ProblemsFound, options
from volgens.scoring.score import Scoring

GOLD = [document("d", [(0, 4, "PER")], [figure(5, 8, 3)], page="p")]
GUESS = [{"id": "d", "entities": [{"start": 0, "end": 4, "type": "PER"}]}]


def refused(**given):
    with pytest.raises(ProblemsFound) as found:
        volgens.score(GUESS, given.pop("gold", GOLD), **given)
    return [(p.id, p.where.field) for p in found.value.problems], str(found.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("missing", "refused", "'refuse' or 'empty'"),
        ("labels", "schema", "'scheme' or 'any'"),
        ("decimals", ";", "',' or '.' or None"),
        ("scheme", "iob3", "'iob1'"),
        ("tolerance", -1, "finite number of 0 or more"),
        ("tolerance", math.nan, "finite number of 0 or more"),
        ("tolerance", math.inf, "finite number of 0 or more"),
        ("tolerance", "0.1", "finite number of 0 or more"),
        ("tolerance", True, "finite number of 0 or more"),
        ("seed", 1.5, "whole number"),
        ("map", ["PERSON=PER"], "mapping of labels"),
        ("map", {"PERSON": None}, "mapping of labels"),
        ("from_", 3, "name of a format"),
        ("config", 7, "name of a configuration"),
        ("items", "yes", "True or False"),
    ],
)
def test_a_value_that_is_not_allowed(name, value, said):
    found, text = refused(**{name: value})
    assert found == [("unknown-option-value", name)]
    assert said in text


def test_all_wrong_options_at_once():
    assert refused(missing="no", labels="no", tolerance=-1)[0] == [
        ("unknown-option-value", name) for name in ("labels", "missing", "tolerance")
    ]


def test_every_option_has_a_rule():
    told = {n for n, p in inspect.signature(volgens.score).parameters.items() if p.kind is p.KEYWORD_ONLY}
    assert told - {"view", "measures", "gold_reading"} == set(options.RULES)


def test_the_settings_of_a_scoring_are_checked_too():
    with pytest.raises(ProblemsFound, match="tolerance"):
        Scoring(tolerance=-0.5)


@pytest.mark.parametrize(
    "given",
    [{"config": "anp"}, {"split": "train"}, {"scheme": "iob2"}, {"tolerance": 0.1, "measures": "entities,figures.unit"}],
    ids=lambda given: next(iter(given)),
)
def test_an_option_that_would_change_nothing(given):
    assert refused(**given)[0] == [("option-without-effect", next(iter(given)))]


def test_a_tolerance_that_serves_is_taken():
    guess = [{"id": "d", "figures": [figure(5, 8, 3.1)]}]
    assert volgens.score(guess, GOLD, tolerance=0.1, measures="figures.value")["figures.value"].tp == 1


@pytest.mark.parametrize("only_gold", ["page", "segments", "provenance"])
def test_swapped_sides(only_gold):
    value = {"page": "p", "segments": [{"kind": "paragraph", "start": 0, "end": 9}], "provenance": {"annotator": "x"}}[only_gold]
    gold = [{**document("d", [(0, 4, "PER")]), only_gold: value}]
    plain = [document("d", [(0, 4, "PER")])]
    with pytest.raises(ProblemsFound, match="first and the gold second") as found:
        volgens.score(gold, plain)
    assert [p.id for p in found.value.problems] == ["swapped-sides"]
    assert volgens.score(plain, gold)["entities"].f1 == 1.0
    assert volgens.score(gold, gold)["entities"].f1 == 1.0
    assert volgens.score(plain, plain)["entities"].f1 == 1.0
