"""Fields compare by value: numbers, limits, units, magnitudes; views and their names."""

import pytest
from builders import document, figure, scored
from volgens import ProblemsFound, score
from volgens.readers.numbers import parse_number
from volgens.scoring.measures import UnknownName
from volgens.scoring.views import View


def quantity(**predicted):
    gold = figure(0, 9, **{"bound": "min", "min": 12000.0, "unit": "EUR", "kind": "money"})
    return scored([document(figures=[gold])], [document(figures=[{**gold, **predicted}])])


@pytest.mark.parametrize("unit", ["EUR", "€", "euro", " Euro "])
def test_unit_synonyms(unit):
    assert quantity(unit=unit)["figures"].f1 == 1.0


@pytest.mark.parametrize(("minimum", "tolerance", "right"), [(12000, 0, 1), (12001, 0, 0), (12100, 0.01, 1), (12130, 0.01, 0)])
def test_tolerance_is_a_share_of_the_golds_number(minimum, tolerance, right):
    gold = figure(0, 9, bound="min", min=12000.0)
    card = scored([document(figures=[gold])], [document(figures=[{**gold, "min": float(minimum)}])], tolerance=tolerance)
    assert card["figures"].tp == right
    assert card.signature.get("tolerance") == (tolerance or None)


@pytest.mark.parametrize(("minimum", "right"), [(10, 1), (20, 1), (100, 0), (None, 0)])
def test_vague_figures_compare_by_magnitude(minimum, right):
    gold = figure(0, 9, bound="vague", min=10.0)
    assert scored([document(figures=[gold])], [document(figures=[{**gold, "min": minimum}])])["figures"].tp == right


def test_a_number_as_a_string_is_read_only_when_asked():
    gold = [document(figures=[figure(0, 6, 12000.0)])]
    guess = [{"id": "d", "figures": [{**figure(0, 6), "value": "12.000"}]}]
    with pytest.raises(ProblemsFound, match="wrong-type"):
        score(guess, gold)
    assert score(guess, gold, decimals=",")["figures"].f1 == 1.0
    assert score(guess, gold, decimals=".")["figures"].f1 == 0.0
    with pytest.raises(ProblemsFound, match="wrong-type"):
        score([{"id": "d", "figures": [{**figure(0, 6), "value": "veel"}]}], gold, decimals=",")


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("12.000", ",", 12000),
        ("12.000", ".", 12),
        ("1,5", ",", 1.5),
        ("1,5", ".", None),
        ("1.2.3", ",", None),
        ("1 200", ",", 1200),
    ],
)
def test_parse_number(text, sign, number):
    assert parse_number(text, sign) == number


@pytest.mark.parametrize("text", ["flat", "nested", "conll2002+article", "flat+teaser+title+paragraph", "flat+page=own-001"])
def test_views_parse_and_print(text):
    assert str(View.parse(text)) == text


@pytest.mark.parametrize("text", ["plat", "flat+nested", ""])
def test_unknown_views(text):
    with pytest.raises(UnknownName):
        View.parse(text)


def row(name, kind, segments, names):
    return {
        "id": name,
        "length": 40,
        "page": "p",
        "kind": kind,
        "segments": [{"kind": k, "start": s, "end": e} for k, s, e in segments],
        "entities": [{"start": s, "end": e, "type": t, "role": r} for s, e, t, r in names],
        "figures": [],
        "attributions": [],
    }


ROWS = [
    row(
        "d",
        "article",
        [("title", 0, 10), ("dateline", 11, 20), ("paragraph", 21, 40)],
        [(0, 4, "GPE", "actor"), (11, 15, "GPE", "place"), (21, 25, "NORP", None)],
    ),
    row("e", "teaser", [("paragraph", 0, 20)], [(0, 4, "MISC", None)]),
]


@pytest.mark.parametrize(
    ("view", "gold"),
    [
        ("flat", 4),
        ("flat+title", 1),
        ("flat+paragraph", 2),
        ("flat+teaser", 1),
        ("flat+article", 3),
        ("conll2002", 3),
        ("sonar", 3),
        ("ontonotes", 3),
    ],
)
def test_what_a_view_counts(view, gold):
    card = score([{"id": r["id"], "entities": r["entities"]} for r in ROWS], ROWS, view=view)
    assert (card["entities"].gold, card["entities"].f1) == (gold, 1.0)
    assert card.signature["view"] == view


def test_conll2002_reads_types_as_it_does():
    card = score(
        [{"id": r["id"], "entities": [{**e, "type": "LOC", "role": None} for e in r["entities"]]} for r in ROWS],
        ROWS,
        view="conll2002",
    )
    assert [card[f"entities[type={t}]"].tp for t in ("LOC", "MISC")] == [1, 0]


def test_sonar_reads_nationalities_as_places_and_keeps_events_and_products():
    names = [("Noorse", "NORP"), ("Oslo", "GPE"), ("Songfestival", "EVENT"), ("A380", "MISC"), ("Kremlin", "FAC")]
    text = " ".join(name for name, _ in names)
    at = [(text.index(name), text.index(name) + len(name), kind) for name, kind in names]
    segments = [{"start": 0, "end": len(text), "kind": "paragraph"}]
    gold = [{"id": "d", "segments": segments, "entities": [{"start": s, "end": e, "type": kind} for s, e, kind in at]}]
    said = ("LOC", "LOC", "EVENT", "MISC", "LOC")
    guess = [{"id": "d", "entities": [{"start": s, "end": e, "type": kind} for (s, e, _), kind in zip(at, said, strict=True)]}]
    card = score(guess, gold, view="sonar")
    assert (card["entities"].tp, card["entities"].f1) == (5, 1.0)
    assert [card[f"entities[type={t}]"].gold for t in ("LOC", "EVENT", "MISC")] == [3, 1, 1]


def test_a_prediction_goes_with_its_partner_into_a_view():
    guess = [{"id": "d", "entities": [{"start": 8, "end": 15, "type": "GPE"}]}, {"id": "e", "entities": []}]
    assert score(guess, ROWS, view="flat+title")["entities"].predicted == 0
    assert score(guess, ROWS, view="flat+dateline")["entities.type"].tp == 1
