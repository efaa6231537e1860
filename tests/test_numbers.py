"""The number grammar: numerals, quantities from a surface, quantities in a text. All sentences are invented."""

from __future__ import annotations

from itertools import pairwise

import pytest
from babel.core import Locale
from hypothesis import given
from hypothesis import strategies as st
from text_to_num import text2num
from volgens.curation.grammar.numerals import ONES, TEENS, TENS, read_numeral
from volgens.curation.grammar.quantities import Quantity, find_quantities, read_quantity
from volgens.curation.grammar.units import CURRENCIES


def spell(n: int) -> str:
    """A whole number below a million in Dutch words."""
    if n < 20:
        return (ONES + TEENS)[n - 1]
    if n < 100:
        tens, one = TENS[n // 10 - 2], n % 10
        joint = "ën" if one and ONES[one - 1].endswith("e") else "en"
        return ONES[one - 1] + joint + tens if one else tens
    size, name = (1000, "duizend") if n >= 1000 else (100, "honderd")
    many, rest = divmod(n, size)
    return ("" if many == 1 else spell(many)) + name + (spell(rest) if rest else "")


@given(st.integers(1, 999_999))
def test_number_words_read_as_text2num_reads_them(n):
    assert read_numeral(spell(n)) == n == text2num(spell(n), "nl")


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("12.000", 12000),
        ("1.234.567,8", 1234567.8),
        ("1,5", 1.5),
        ("anderhalf", 1.5),
        ("tweeënhalf", 2.5),
        ("twaalfhonderd", 1200),
        ("duizendeneen", 1001),
        ("Eén", 1),
        ("nul", 0),
        ("tweeentwintig", 22),
        ("paard", None),
        ("1.50", None),
        ("", None),
    ],
)
def test_numerals(word, number):
    assert read_numeral(word) == number


def point(value, kind="count", unit="1", approx=False):
    return Quantity(kind, "point", value=value, unit=unit, approx=approx)


READINGS = {
    "ruim 40 centimeter": Quantity("measure", "min", min=40, approx=True, unit="cm"),
    "zo'n 300": point(300, approx=True),
    "zo’n 300": point(300, approx=True),
    "tussen de 20 en 30 procent": Quantity("percent", "range", min=20, max=30, unit="%"),
    "in totaal 1200": point(1200),
    "enkele tientallen": Quantity("count", "vague", min=10),
    "tientallen miljoenen euro's": Quantity("money", "vague", min=1e7, unit="EUR"),
    "een paar honderd": Quantity("count", "vague", min=100),
    "meer dan duizenden": Quantity("count", "vague", min=1000),
    "naar schatting tienduizenden": Quantity("count", "vague", min=10000, approx=True),
    "80-jarige": point(80, "age", "a"),
    "driejarig": point(3, "age", "a"),
    "tweedaagse": point(2, "duration", "d"),
    "65-plus": Quantity("age", "min", min=65, unit="a"),
    "90 miljard": point(9e10),
    "1,1 miljoen": point(1.1e6),
    "5 à 6": Quantity("count", "range", min=5, max=6),
    "5 à 6 miljoen": Quantity("count", "range", min=5e6, max=6e6),
    "80 tot 95 miljoen euro": Quantity("money", "range", min=8e7, max=9.5e7, unit="EUR"),
    "vijf of zes": Quantity("count", "range", min=5, max=6),
    "zo'n 20 tot 30": Quantity("count", "range", min=20, max=30, approx=True),
    "5-6 procent": Quantity("percent", "range", min=5, max=6, unit="%"),
    "tweederde": point(0.6667, "ratio"),
    "twee derde": point(0.6667, "ratio"),
    "een derde": point(0.3333, "ratio"),
    "een kwart": point(0.25, "ratio"),
    "driekwart": point(0.75, "ratio"),
    "helft": point(0.5, "ratio"),
    "bijna de helft": Quantity("ratio", "max", max=0.5, approx=True),
    "een op de drie": point(0.3333, "ratio"),
    "hooguit een op de vijf": Quantity("ratio", "max", max=0.2),
    "anderhalf jaar": point(1.5, "duration", "a"),
    "een half uur": point(0.5, "duration", "h"),
    "ruim een half uur": Quantity("duration", "min", min=0.5, approx=True, unit="h"),
    "een kwartier": point(15, "duration", "min"),
    "drie kwartier": point(45, "duration", "min"),
    "een kwartaal": point(3, "duration", "mo"),
    "anderhalf miljoen": point(1.5e6),
    "een half miljoen": point(5e5),
    "een miljoen": point(1e6),
    "€ 5,5 miljard": point(5.5e9, "money", "EUR"),
    "€20": point(20, "money", "EUR"),
    "$3 miljoen": point(3e6, "money", "USD"),
    "20 cent": point(0.2, "money", "EUR"),
    "900.000 Noorse kronen": point(900000, "money", "NOK"),
    "3 miljoen Amerikaanse dollar": point(3e6, "money", "USD"),
    "tot maximaal vijftig": Quantity("count", "max", max=50),
    "naar schatting ruim 300": Quantity("count", "min", min=300, approx=True),
    "meer dan 60": Quantity("count", "min", min=60),
    "nauwelijks 60": Quantity("count", "max", max=60, approx=True),
    "een kleine 300": Quantity("count", "max", max=300, approx=True),
    "een twintigtal": point(20, approx=True),
    "een dozijn": point(12),
    "-5 graden": point(-5, "measure", "Cel"),
    "20 graden Celsius": point(20, "measure", "Cel"),
    "80 kilometer per uur": point(80, "measure", "km/h"),
    "vijftien vierkante kilometer": point(15, "measure", "km2"),
    "400 hectare": point(400, "measure", "har"),
    "3%": point(3, "percent", "%"),
    "miljarden": Quantity("count", "vague", min=1e9),
    "duizend": point(1000),
    "honderd miljoen": point(1e8),
}


@pytest.mark.parametrize("surface", READINGS)
def test_read_quantity(surface):
    assert read_quantity(surface) == READINGS[surface]


@pytest.mark.parametrize(
    "surface", ["paard", "een", "half", "veel", "enkele", "derde", "drie keer", "2-1", "tussen 30 en 20", ""]
)
def test_no_quantity(surface):
    assert read_quantity(surface) is None


# In brackets what is a figure; everything else in the sentence is none.
SENTENCES = [
    "Er waren [vijf] bussen, een vlucht van [2100 kilometer] en [één] schip.",
    "Tussen 3 en 9 mei, sinds 1987, op 2 juni 2031 om 15.30 uur, rond 12 uur en in de jaren tachtig was het stil.",
    "In 1950 waren er [1900] soldaten en [2000] vissers.",
    "De eerste [900] bezoekers kwamen voor de derde keer, als tweede en als 3e.",
    "De A7, artikel 12, de Njord-4, de G7, het F-16-debat en perron 3.",
    "Meerdere schoten, enkele weken, een aantal, de meeste boten, geen meldingen en een handvol.",
    "[Een] van de getuigen zag een van de grootste havens, een jaar later.",
    "[Een] van de [drie] boten; [een op de drie] boten.",
    "De [twee] spraken met [zeven] van hen.",
    "De brug brak [twee jaar] geleden na [vier jaar] stilte, de afgelopen [drie weken].",
    "Een [tweederde]meerderheid wil een [miljarden]lening voor een [vier]koppig gezin.",
    "Een tweeling zag een driehoek, een eenheid en een duizendpoot.",
    "[Drie] keer [30 euro] per persoon, [80 kilometer per uur].",
    "[Een half uur], [een kwart] van de boten en de [helft], of [ongeveer de helft].",
    "Over [ruim twee dagen], nog [300] man, al [vier jaar], maar liefst [20] boten.",
    "Het kost [900.000 kroon] (omgerekend [zo'n 78.000 euro]).",
    "[Tot 300 euro] boete, maar het daalde met [5 procent] tot [30 procent].",
    "Hij werd veroordeeld tot [twee jaar] cel.",
    "Ze wonnen met [2]-[1], met sets van [6]-[4] en [7]-[5].",
    "Ida Holm ([34]) is moeder van [twee] kinderen.",
    "Hij acht het mogelijk dat [acht] mensen komen.",
    "De [80-jarige] vrouw, de [34-jarigen], [65-plus]sers en een [tweedaagse] staking.",
    "Zo kwamen [honderdduizenden] mensen en [enkele honderden] boten.",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_find_quantities(marked):
    text, spans = "", []
    for character in marked:
        if character == "[":
            spans.append([len(text)])
        elif character == "]":
            spans[-1].append(len(text))
        else:
            text += character
    assert [(f.span.start, f.span.end, f.span.cut(text)) for f in find_quantities(text)] == [(a, b, text[a:b]) for a, b in spans]


def quantities(text):
    return {f.span.cut(text): f.quantity for f in find_quantities(text)}


def test_context_tells_age_from_duration():
    found = quantities("Een kind van 4 jaar tekende een driejarig contract. De haven bestaat 30 jaar. Holm is 34 jaar oud.")
    assert [(q.kind, q.value) for q in found.values()] == [("age", 4), ("duration", 3), ("duration", 30), ("age", 34)]


def test_words_after_the_span_set_the_bound():
    found = quantities("Er kwamen vijftig mensen of meer en 30 boten naar schatting. Naar schatting van de bond zijn het er 40.")
    assert found == {"vijftig": Quantity("count", "min", min=50), "30": point(30, approx=True), "40": point(40)}


def test_numbers_in_known_names_are_left_alone():
    from volgens.model.documents import Span

    assert find_quantities("Kanaal 13 meldt", [Span(0, 9)]) == []


def test_offsets_hold_where_a_small_letter_would_be_longer():
    text = "İİİ 🚢 kost 20 euro."
    assert [f.span.cut(text) for f in find_quantities(text)] == ["20 euro"]


@given(st.text(alphabet="een twjarigvhodzm0123456789.,-%€'()\n", max_size=80))
def test_found_spans_are_ordered_apart_and_hold_a_number_of_their_bound(text):
    found = find_quantities(text)
    for left, right in pairwise(found):
        assert left.span.end <= right.span.start
    for _, q in found:
        given_numbers = {name for name in ("value", "min", "max") if getattr(q, name) is not None}
        expected = {"point": {"value"}, "min": {"min"}, "max": {"max"}, "range": {"min", "max"}, "vague": {"min"}}
        assert given_numbers == expected[q.bound]


def test_currency_codes_are_real():
    known = Locale("nl").currencies
    assert {unit.code for unit in CURRENCIES.values()} <= set(known)
