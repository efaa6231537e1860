"""The rules of version 2 on invented sentences: what version 2 of the scheme brings; and what holds for any text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from baselines.rules_2 import extract
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from volgens.model.schema import schema

ROOT = Path(__file__).parents[1]
SCHEMA = Draft202012Validator(schema("prediction"))
NUMBERS = ("value", "min", "max")


def figures(text):
    return [
        (text[f["start"] : f["end"]], f["kind"], *(f[name] for name in NUMBERS if f[name] is not None), f["unit"], f["change"])
        for f in extract(text)["figures"]
    ]


FIGURES = {
    "De omzet steeg met 6 procent naar 12 miljoen euro.": [
        ("6 procent", "percent", 6, "%", "up"),
        ("12 miljoen euro", "money", 12e6, "EUR", None),
    ],
    "De prijs lag 0,4 procent lager.": [("0,4 procent", "percent", 0.4, "%", "down")],
    "De winst ging van 52 naar 58 miljoen euro.": [
        ("52", "money", 52e6, "EUR", None),
        ("58 miljoen euro", "money", 58e6, "EUR", None),
    ],
    "Het schip is drie keer zo groot.": [("drie", "ratio", 3, "1", None)],
    "Ze liep 2 uur 13 minuten.": [("2 uur 13 minuten", "duration", 2.2167, "h", None)],
    "De bank verlaagt de rente met 25 basispunten.": [("25 basispunten", "percent", 25, "bp", "down")],
    "Er waren 5,8 gevallen per 100.000 inwoners.": [("5,8", "count", 5.8, "1", None)],
    "Ze won brons op de 800 meter.": [],
    "De boot staat op plek vier.": [],
    "De celstraf tegen de 34-jarige schipper viel mee.": [("34-jarige", "age", 34, "a", None)],
    "Het model met 64 GB kost $ 99, -.": [("64 GB", "measure", 64, "GBy", None), ("$ 99, -", "money", 99, "USD", None)],
    "De zaal telt 30 of 60 stoelen.": [("30", "count", 30, "1", None), ("60", "count", 60, "1", None)],
}


@pytest.mark.parametrize("text", FIGURES)
def test_figures(text):
    assert figures(text) == FIGURES[text]


NAMES = {
    "Bergen wacht op de iRuno 9 van Fjord Inc. uit Oslo.": [
        ("Bergen", "GPE"), ("iRuno 9", "MISC"), ("Fjord Inc.", "ORG"), ("Oslo", "GPE"),
    ],
    "Ze volgde de AEX op Euronext.": [("AEX", "MISC"), ("Euronext", "ORG")],
    "De rechtbank Overijssel zweeg.": [("rechtbank Overijssel", "ORG"), ("Overijssel", "GPE")],
    "Zij won het WK zeilen.": [("WK zeilen", "EVENT")],
    "Het schip\n06-Mar-08\nDe boot voer weg.": [],
}  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_names(text):
    assert [(text[e["start"] : e["end"]], e["type"]) for e in extract(text)["entities"]] == NAMES[text]


def claims(text):
    def cut(spans):
        return [text[s["start"] : s["end"]] for s in spans]

    return [(cut(a["source"]), cut(a["cue"]), cut(a["content"])) for a in extract(text)["attributions"]]


CLAIMS = {
    "De bond eist 4 procent loon erbij.": [(["De bond"], ["eist"], ["4 procent loon erbij"])],
    "De bond eist opheldering.": [],
    "Cijfers van de bond laten een daling van 3 procent zien.": [
        (["Cijfers van de bond"], ["laten", "zien"], ["een daling van 3 procent"])
    ],
    "De werf kondigt een nieuwe veerboot aan.": [(["De werf"], ["kondigt", "aan"], ["een nieuwe veerboot"])],
    "De werf onthult een nieuwe veerboot.": [],
    'Ida Holm is duidelijk: "Dit stopt nu, zeg ik."': [([], [], ['"Dit stopt nu, zeg ik."'])],
    'De sluis\nDe schipper is woedend. "Wij gaan door."': [([], [], ['"Wij gaan door."'])],
    'De sluis\n"We gaan door", aldus Ida Holm. "Maar het wordt zwaar."': [
        (["Ida Holm"], ["aldus"], ['"We gaan door"', '"Maar het wordt zwaar."'])
    ],
    'De sluis\nDe storm trok voorbij. "In de haven zonken vier boten."': [],
}


@pytest.mark.parametrize("text", CLAIMS)
def test_attributions(text):
    assert claims(text) == CLAIMS[text]


def test_a_quotation_without_a_cue_has_the_one_person_named_beside_it():
    (found,) = extract('De sluis\nIda Holm is woedend. "Wij gaan door."')["attributions"]
    assert (found["cue"], found["source_kind"], found["source_ref"], found["parent"]) == ([], "none", "ida-holm", None)


def test_the_probes_of_the_guidelines_are_read():
    """A floor well below what the rules reach, so that a change that breaks them is seen."""
    probes = [json.loads(line) for line in (ROOT / "annotations" / "guidelines" / "probes.jsonl").open(encoding="utf-8")]
    right = {"entities": 0, "figures": 0, "attributions": 0}
    wanted = dict.fromkeys(right, 0)
    for probe in probes:
        found = extract(probe["text"])
        for layer in right:
            keys = [[_key(item) for item in side[layer]] for side in (probe, found)]
            wanted[layer] += len(keys[0])
            right[layer] += sum(key in keys[1] for key in keys[0])
    assert wanted == {"entities": 47, "figures": 67, "attributions": 25}
    assert right["figures"] >= 60 and right["entities"] >= 33 and right["attributions"] >= 16


def _key(item):
    if "cue" in item:
        return tuple(tuple((s["start"], s["end"]) for s in item[part]) for part in ("source", "cue", "content"))
    return (
        item["start"],
        item["end"],
        item.get("type"),
        item.get("role"),
        item.get("value"),
        item.get("unit"),
        item.get("change"),
    )


@settings(max_examples=150, deadline=None)
@given(st.text("aA1 \n.,:\"'-€$%hHetZegt dat vank Oslo 12", max_size=120))
def test_any_text_gives_a_prediction(text):
    found = {"id": "x", **extract(text)}
    SCHEMA.validate(found)
    assert all(0 <= s["start"] < s["end"] <= len(text) for layer in ("entities", "figures") for s in found[layer])
    assert all(a["cue"] or a["content"] for a in found["attributions"])


def test_the_row_is_the_first_run():
    """What was committed before anybody scored it is what stands on the board."""
    for split, suffix in (("test", ""), ("validation", "-validation")):
        first = (ROOT / "eval" / "results" / "first-2" / f"rules-2-wikinews-{split}.jsonl").read_text(encoding="utf-8")
        row = (ROOT / "eval" / "results" / f"rules-2-wikinews{suffix}.jsonl").read_text(encoding="utf-8")
        assert [json.loads(line) for line in first.splitlines()] == [json.loads(line) for line in row.splitlines()]
