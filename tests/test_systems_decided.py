"""Where Frog and text2num see what the gold of `wikinews` lacks: every place is decided once, by a rule that exists."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SYSTEMS = {"frog": "entities", "text2num": "figures"}
GUIDELINES = "".join(
    (ROOT / "annotations" / "guidelines" / f"{name}.md").read_text(encoding="utf-8") for name in ("entities", "figures")
)


def lines(*path):
    return [json.loads(line) for line in ROOT.joinpath(*path).read_text(encoding="utf-8").splitlines()]


DECIDED = lines("annotations", "adjudication", "systems.jsonl")
GOLD = {row["id"]: row for split in ("test", "validation") for row in lines("annotations", "gold", "wikinews", f"{split}.jsonl")}


def meets(item, others):
    return any(item["start"] < other["end"] and other["start"] < item["end"] for other in others)


def key(row):
    return (row["document"], row["system"], row["start"], row["end"])


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_place_that_a_system_sees_and_the_gold_lacks_is_decided(system):
    layer = SYSTEMS[system]
    predicted = [row for suffix in ("", "-validation") for row in lines("eval", "results", f"{system}-wikinews{suffix}.jsonl")]
    assert len(predicted) == len(GOLD) == 120
    seen = [
        (row["id"], system, item["start"], item["end"])
        for row in predicted
        for item in row[layer]
        if not meets(item, GOLD[row["id"]][layer])
    ]
    assert Counter(seen) == Counter(key(row) for row in DECIDED if row["system"] == system)


def test_every_decision_has_a_class_a_rule_and_a_reason():
    rules = set(re.findall(r"^\*\*([EF]\d+)\.", GUIDELINES, re.MULTILINE))
    assert [row for row in DECIDED if row["rule"] not in rules or not row["class"] or not row["reason"]] == []
    assert {row["layer"] for row in DECIDED} == set(SYSTEMS.values())


def test_a_part_of_a_name_is_one():
    inside = [row for row in DECIDED if row["class"] == "part of a name"]
    assert len(inside) > 100 and all(meets(row, GOLD[row["document"]]["entities"]) for row in inside)


def test_the_page_gives_the_number_of_places():
    page = (ROOT / "annotations" / "adjudication" / "README.md").read_text(encoding="utf-8")
    times = Counter(row["class"] for row in DECIDED)
    assert f"nothing in the gold in {len(DECIDED)} places" in page
    assert f"{times['date line']} in the line of the date" in page and f"{times['part of a name']} numbers within names" in page
