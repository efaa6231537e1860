"""The rule baseline on invented sentences: names, figures with what they count, attributions; and what holds for any text."""

from __future__ import annotations

import pytest
from baselines.rules import extract
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from volgens.model.schema import schema

SCHEMA = schema("prediction")


def entities(text):
    found = extract(text)["entities"]
    return [(text[e["start"] : e["end"]], e["type"] + (f"/{e['role']}" if e["role"] else ""), e["ref"]) for e in found]


NAMES = {
    "Premier Jorun Vik van Noorwegen sprak in Bergen.": [
        ("Jorun Vik", "PER", "jorun-vik"),
        ("Noorwegen", "GPE/actor", "noorwegen"),
        ("Bergen", "GPE/place", "bergen"),
    ],
    "OSLO/BERGEN (NPN/KVO) - De Noorse Arbeiderspartij won.": [
        ("OSLO", "GPE/place", "oslo"),
        ("BERGEN", "GPE/place", "bergen"),
        ("Noorse Arbeiderspartij", "ORG", "noorse-arbeiderspartij"),
        ("Noorse", "NORP", "noorwegen"),
    ],
    "NAVO-topman Karel van der Voort prees pro-Deense troepen.": [
        ("NAVO", "ORG", "navo"),
        ("Karel van der Voort", "PER", "karel-van-der-voort"),
        ("Deense", "NORP", "denemarken"),
    ],
    "Minister van Visserij Ida Holm verliet het Deense ministerie van Visserij.": [
        ("Ida Holm", "PER", "ida-holm"),
        ("Deense", "NORP", "denemarken"),
        ("ministerie van Visserij", "ORG", "ministerie-van-visserij-denemarken"),
    ],
    "Jorun Vik zweeg. Vik vertrok naar de VS.": [
        ("Jorun Vik", "PER", "jorun-vik"),
        ("Vik", "PER", "jorun-vik"),
        ("VS", "GPE/place", "verenigde-staten"),
    ],
    "Oslo: kabel hersteld": [("Oslo", "GPE/actor", "noorwegen")],
    "De krant The Harbour Times schreef over moslims en christenen.": [
        ("The Harbour Times", "ORG", "harbour-times"),
        ("moslims", "NORP", "moslims"),
        ("christenen", "NORP", "christenen"),
    ],
    "Er reden bussen. Demonstranten bleven weg.": [],
    "Dinsdag in juni kwam de premier.": [],
    "De oorlog tegen Finland begon met een inval in Finland.": [
        ("Finland", "GPE/actor", "finland"),
        ("Finland", "GPE/place", "finland"),
    ],
    "Het Kremlin en de EU-landen zwijgen over de Gazastrook.": [
        ("Kremlin", "ORG", "kremlin"),
        ("EU", "ORG", "europese-unie"),
        ("Gazastrook", "LOC", "gazastrook"),
    ],
}


@pytest.mark.parametrize("text", NAMES)
def test_names(text):
    assert entities(text) == NAMES[text]


def counted(text):
    found = extract(text)["figures"]
    surface = {f["id"]: text[f["start"] : f["end"]] for f in found}
    cut = lambda place: place and text[place["start"] : place["end"]]  # noqa: E731
    return [(surface[f["id"]], cut(f["counted"]), cut(f["head"]), surface.get(f["part_of"])) for f in found]


COUNTED = {
    "Zo'n 300 extra agenten liepen in de stad.": [("Zo'n 300", "extra agenten", "agenten", None)],
    "De partij kreeg 150 van de 450 zetels.": [("150", "zetels", "zetels", "450"), ("450", "zetels", "zetels", None)],
    "Er vielen zes gewonden, onder wie twee kinderen.": [
        ("zes", "gewonden", "gewonden", None),
        ("twee", "kinderen", "kinderen", "zes"),
    ],
    "Krap 3 procent minder gas stroomde.": [("Krap 3 procent", "minder gas", "gas", None)],
    "Ruim 40 centimeter sneeuw viel.": [("Ruim 40 centimeter", "sneeuw", "sneeuw", None)],
    "30 procent van de jonge kiezers kwam.": [("30 procent", "jonge kiezers", "kiezers", None)],
    "Er is 20 miljoen euro aan schade.": [("20 miljoen euro", "schade", "schade", None)],
    "Het aantal doden steeg tot 34.": [("34", "doden", "doden", None)],
    "Zo'n zeshonderd Finnen kwamen.": [("Zo'n zeshonderd", "Finnen", "Finnen", None)],
    "De 34-jarige Ida Holm won.": [("34-jarige", None, None, None)],
    "Een lening van 20 miljoen euro volgt.": [("20 miljoen euro", None, None, None)],
    "Van de 90 boten zonk er een.": [("90", "boten", "boten", None)],
}


@pytest.mark.parametrize("text", COUNTED)
def test_counted(text):
    assert counted(text) == COUNTED[text]


def test_a_crown_is_the_crown_of_the_country_in_the_story():
    assert [f["unit"] for f in extract("Denemarken betaalt 50 miljoen kroon.")["figures"]] == ["DKK"]


def claims(text):
    found = extract(text)["attributions"]
    cut = lambda places: [text[p["start"] : p["end"]] for p in places]  # noqa: E731
    return [(cut(a["cue"]), cut(a["source"]), cut(a["content"])) for a in found]


CLAIMS = {
    "Oslo: kabel hersteld": [([":"], ["Oslo"], ["kabel hersteld"])],
    'De voorzitter, Ida Holm, zegt dat de brug "zo goed als" klaar is.': [
        (["zegt"], ["De voorzitter, Ida Holm"], ['dat de brug "zo goed als" klaar is'])
    ],
    "Volgens twee Deense diplomaten zijn er 300 boten.": [(["Volgens"], ["twee Deense diplomaten"], ["zijn er 300 boten"])],
    "De vangst is volgens Holm een tegenvaller.": [(["volgens"], ["Holm"], ["De vangst is", "een tegenvaller"])],
    '"Wij blijven", zegt onderzoeker Lou Brand (44) van de universiteit.': [
        (["zegt"], ["onderzoeker Lou Brand (44) van de universiteit"], ['"Wij blijven"'])
    ],
    "Het ministerie heeft dinsdag gemeld dat er zes doden zijn.": [
        (["heeft", "gemeld"], ["Het ministerie"], ["dat er zes doden zijn"])
    ],
    "Holm riep vissers op binnen te blijven.": [(["riep", "op"], ["Holm"], ["binnen te blijven"])],
    "De raad ontkende de lekkage niet.": [(["ontkende", "niet"], ["De raad"], ["de lekkage"])],
    "Er zouden ook boten zijn gezonken.": [(["zouden"], [], ["boten zijn gezonken"])],
    "De oogst zou zijn mislukt.": [(["zou"], [], ["De oogst", "zijn mislukt"])],
    "Naar schatting van de bond zijn er 300 leden.": [(["Naar schatting van"], ["de bond"], ["zijn er 300 leden"])],
    "De bond waarschuwt voor een tekort aan ijs.": [(["waarschuwt"], ["De bond"], ["een tekort aan ijs"])],
    "Holm noemde het plan onhaalbaar.": [(["noemde"], ["Holm"], ["het plan", "onhaalbaar"])],
    "Uit het rapport blijkt dat de dijk breekt.": [(["blijkt"], ["het rapport"], ["dat de dijk breekt"])],
    "De haven ligt stil, meldt de dienst.": [(["meldt"], ["de dienst"], ["De haven ligt stil"])],
    'Hij zei dinsdag: "Ik ga weg."': [(["zei"], ["Hij"], ['"Ik ga weg."'])],
    "Naar verluidt is de boot gezonken.": [(["Naar verluidt"], [], ["is de boot gezonken"])],
    '"Ik ga", aldus de bond.': [(["aldus"], ["de bond"], ['"Ik ga"'])],
    "Oslo wil dat de brug opengaat.": [],
    "De dienst wilde niet zeggen wat er gebeurde.": [(["wilde niet zeggen"], ["De dienst"], ["wat er gebeurde"])],
    "Het bericht wordt door de dienst ontkend.": [(["wordt", "ontkend"], ["de dienst"], ["Het bericht"])],
    "Volgens de bond zou de boot zijn gezonken.": [(["Volgens", "zou"], ["de bond"], ["de boot zijn gezonken"])],
    "Vik maakte melding van schoten.": [(["maakte melding"], ["Vik"], ["schoten"])],
    "Holm zegt te verwachten dat het lukt.": [
        (["zegt"], ["Holm"], ["te verwachten dat het lukt"]),
        (["te verwachten"], ["Holm"], ["dat het lukt"]),
    ],
}


@pytest.mark.parametrize("text", CLAIMS)
def test_claims(text):
    assert claims(text) == CLAIMS[text]


def test_dat_stands_for_the_sentence_before():
    text = "BERGEN (NPN) - De haven ligt stil. Dat meldt de kustwacht."
    (claim,) = extract(text)["attributions"]
    cut = lambda place: text[place["start"] : place["end"]]  # noqa: E731
    assert [cut(p) for p in claim["content"]] == ["Dat"]
    assert [cut(p) for p in claim["antecedent"]] == ["De haven ligt stil"]


def test_a_free_quotation_belongs_to_the_attribution_before():
    text = 'De bond zegt dat de boot lekt.\n"En het is duur."'
    (claim,) = extract(text)["attributions"]
    assert [text[p["start"] : p["end"]] for p in claim["content"]] == ["dat de boot lekt", '"En het is duur."']


def test_who_speaks_within_whose_words():
    found = extract("Volgens het blad zei Ida Holm dat het lekt.")["attributions"]
    assert [(a["id"], a["parent"], a["source_kind"], a["source_ref"]) for a in found] == [
        ("a1", None, "media", None),
        ("a2", "a1", "person", "ida-holm"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "stance", "hedged"),
    [
        ("De raad zegt dat het lekt.", "assertion", "affirm", False),
        ("De raad denkt dat het lekt.", "belief", "affirm", False),
        ("De raad denkt niet dat het lekt.", "belief", "deny", False),
        ("De raad erkent dat het lekt.", "fact", "affirm", False),
        ("De raad ontkent dat het lekt.", "assertion", "deny", False),
        ("De raad vroeg of het lekt.", "assertion", "open", False),
        ("De raad sluit niet uit dat het lekt.", "assertion", "open", False),
        ("De boot zou volgens de raad zijn gezonken.", "assertion", "affirm", True),
    ],
)
def test_fields_of_the_verb(text, kind, stance, hedged):
    (claim,) = extract(text)["attributions"]
    assert (claim["kind"], claim["stance"], claim["hedged"]) == (kind, stance, hedged)


PIECES = (
    'Oslo Vik de het dat dit volgens aldus zegt heeft gemeld zou niet te op . , : " ( ) - NAVO-leider 12 procent 80-jarige '
    "van en of een Noorse twee İ 🚢 maakte melding er zijn gezonken riep vraagt zich af ministerie Minister naar verluidt ' \n"
)


@given(st.lists(st.sampled_from(PIECES.split(" ")), max_size=40).map(" ".join))
def test_any_text_gives_a_valid_prediction(text):
    prediction = extract(text)
    Draft202012Validator(SCHEMA).validate({"id": "x", **prediction})
    places = [*prediction["entities"], *prediction["figures"]]
    for claim in prediction["attributions"]:
        places += [place for part in ("source", "cue", "content", "antecedent") for place in claim[part]]
    for place in places:
        surface = text[place["start"] : place["end"]]
        assert surface and surface == surface.strip()
