"""The guidelines hold together: rules have one number each, the table of units is the code's, and the probes are fit for gold."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from volgens.curation.label_studio import from_export, to_tasks
from volgens.model.checks import check_gold
from volgens.model.documents import Document, Provenance, Segment
from volgens.model.gold import Gold, renumbered
from volgens.model.units import CODES, PREFIXES, SYNONYMS, is_code

FOLDER = Path(__file__).parents[1] / "annotations" / "guidelines"
LETTERS = {"entities": "E", "figures": "F", "attribution": "A"}
PROBES = [json.loads(line) for line in (FOLDER / "probes.jsonl").read_text(encoding="utf-8").splitlines()]
EACH_PROBE = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["id"])


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def rules() -> list[str]:
    """Every number that a rule begins with, in the order of the guidelines."""
    return [n for name in LETTERS for n in re.findall(rf"^\*\*({LETTERS[name]}\d+)\. ", text_of(name), re.MULTILINE)]


def document(probe: dict) -> Document:
    text = probe["text"]
    digest = hashlib.sha256(text.encode()).hexdigest()
    segments = [
        Segment("paragraph", m.start(), m.end(), hashlib.sha256(m[0].encode()).hexdigest()) for m in re.finditer(".+", text)
    ]
    row = {"id": probe["id"], "length": len(text), "sha256": digest} | {name: probe[name] for name in LAYERS}
    made = Provenance("model", 1, True, False, "2", "2026-11-25")
    blank = Document(probe["id"], probe["id"], "article", "own", "test", text, len(text), digest, tuple(segments))
    return replace(renumbered(Gold.from_dict(row)).on(blank), provenance=made)


LAYERS = ("entities", "figures", "attributions")


def units() -> list[tuple[str, list[str], bool]]:
    """The rows of the closed table: code, words, and whether a word stands for a multiple or has a second meaning."""
    table = text_of("figures").split("### Units")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| `")]
    return [(row[0].strip("`"), re.findall(r"`([^`]+)`", row[1]), "×" in row[3] or "of an angle" in row[3]) for row in rows]


def test_every_rule_has_a_number_of_its_own():
    assert len(rules()) > 150
    assert [number for number, times in Counter(rules()).items() if times > 1] == []


@pytest.mark.parametrize("name", LETTERS)
def test_rules_refer_to_rules_that_are_there(name):
    cited = re.findall(r"\b[AEF][1-9]\d?\b", re.sub(r"`[^`]*`|\[[^\]]*\]", "", text_of(name)))
    assert cited and sorted(set(cited) - set(rules())) == []


def test_probes_have_ids_of_their_own_and_cite_rules_that_are_there():
    assert len({probe["id"] for probe in PROBES}) == len(PROBES) > 60
    assert [(probe["id"], rule) for probe in PROBES for rule in probe["rules"] if rule not in rules()] == []
    assert all(probe["rules"] for probe in PROBES)


@EACH_PROBE
def test_a_probe_passes_the_checks_of_the_gold(probe):
    assert check_gold([document(probe)]) == []
    assert [figure["unit"] for figure in probe["figures"] if not is_code(figure["unit"])] == []


@EACH_PROBE
def test_a_probe_goes_through_the_annotation_form(probe):
    given = document(probe)
    export = from_export(json.loads(json.dumps(to_tasks([given], as_="annotations"))))
    found = export.readings[0].gold
    assert export.problems == [] and (found.entities, found.figures, found.attributions) == (
        given.entities,
        given.figures,
        given.attributions,
    )


def test_the_probes_try_what_came_with_version_2():
    assert {figure.get("change") for probe in PROBES for figure in probe["figures"]} == {None, "up", "down"}
    without = [a for probe in PROBES for a in probe["attributions"] if not a["cue"]]
    assert without and all(
        a["content"] and not a["source"] and a["source_kind"] == "none" and a["parent"] is None for a in without
    )


def test_the_closed_table_of_units_is_that_of_the_code():
    assert {code for code, _, _ in units()} == set(SYNONYMS)
    wrong = [
        (code, word, CODES.get(word)) for code, words, other in units() if not other for word in words if CODES.get(word) != code
    ]
    assert wrong == []


@pytest.mark.parametrize("code", ["ug", "GHz", "mbar", "Mt", "FJD", "TW.h", "[ppth]", "1", "%"])
def test_a_prefix_and_another_currency_make_a_unit(code):
    assert is_code(code)


@pytest.mark.parametrize("word", ["euro", "EURO", "kuub", "k%", "Meur", "m²", "", "kbft"])
def test_a_word_is_no_unit(word):
    assert not is_code(word) and "k" in PREFIXES
