"""text2num as a system: number words and digits of invented sentences, each where it stands."""

from __future__ import annotations

import pytest
from baselines import number_words
from volgens.readers.corpus import load_gold
from volgens.readers.native import predictions


def found(text: str) -> list[tuple[str, float]]:
    return [(text[f["start"] : f["end"]], f["value"]) for f in number_words.extract(text)["figures"]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ruim driehonderd boten en twee sloepen.", [("driehonderd", 300), ("twee", 2)]),
        ("Een boot, een sloep en één schip.", [("één", 1)]),
        ("De derde man telde 1.200 huizen.", [("1.200", 1200)]),
        ("Dat kost 2,5 miljoen euro.", [("2,5 miljoen", 2_500_000)]),
        ("Het waren vijf à zes uur.", [("vijf", 5), ("zes", 6)]),
        ("Zeg vijfentwintig duizend.", [("vijfentwintig duizend", 25_000)]),
        ("Het bleef twaalf\nmiljoen boten", [("twaalf", 12), ("miljoen", 1_000_000)]),
        ("Op 3 plaatsen staken 4 mensen", [("3", 3), ("4", 4)]),
        ("", []),
    ],
)
def test_numbers_in_words_and_digits(text, wanted):
    assert found(text) == wanted


@pytest.mark.parametrize("text", ["É 1.2.3", "🎈 5", "١٢ boten", "1,", "²", "tien" * 200, "9" * 400, "een een een", "Ⅳ ½"])
def test_any_text_gives_a_prediction_without_problems(text):
    gold = load_gold(gold=[{"id": "d", "text": text}])
    assert predictions([{"id": "d", **number_words.extract(text)}], gold).problems == []


def test_the_version_is_told():
    assert set(number_words.versions()) == {"text2num"}
