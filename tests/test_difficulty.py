"""What several systems make of the same items: all, one or none right, and agreement against the gold."""

import json

import pytest
import volgens
from builders import document
from volgens.cli import main
from volgens.difficulty import AGAINST, ALL, NONE, ONE, SOME, difficulty, items

TEXT = "Oslo Bergen Tromso Narvik Hammerfest"
PLACES = [(0, 4), (5, 11), (12, 18), (19, 25)]
GOLD = [document("d", [(*place, "GPE") for place in PLACES], text=TEXT, length=len(TEXT))]
SYSTEMS = {  # which of the four places each has, with which type
    "a": {0: "GPE", 1: "GPE", 2: "GPE"},
    "b": {0: "GPE", 1: "GPE", 3: "LOC"},
    "c": {0: "GPE", 3: "LOC"},
}


def predicted(found, more=()):
    names = [{"start": PLACES[n][0], "end": PLACES[n][1], "type": kind} for n, kind in found.items()]
    return [{"id": "d", "entities": [*names, *more]}]


def cards(**systems):
    return {name: volgens.score(rows, GOLD) for name, rows in systems.items()}


@pytest.fixture
def found():
    return items(cards(**{name: predicted(names) for name, names in SYSTEMS.items()}), volgens_texts())


def volgens_texts():
    import polars as pl

    return pl.DataFrame({"id": ["d"], "text": [TEXT]})


def test_every_item_is_told_by_who_gets_it(found):
    told = {(row["text"], row["side"]): (row["finding"], row["right"], row["wrong"]) for row in found.to_dicts()}
    assert told == {
        ("Oslo", "gold"): (ALL, ["a", "b", "c"], []),
        ("Bergen", "gold"): (SOME, ["a", "b"], ["c"]),
        ("Tromso", "gold"): (ONE, ["a"], ["b", "c"]),
        ("Narvik", "gold"): (NONE, [], ["a", "b", "c"]),
        ("Narvik", "predicted"): (AGAINST, [], ["b", "c"]),
    }


def test_what_one_system_says_alone_is_no_agreement():
    one = predicted(SYSTEMS["a"], [{"start": 26, "end": 36, "type": "GPE"}])
    assert AGAINST not in set(items(cards(a=one, b=predicted(SYSTEMS["a"])))["finding"])


def test_difficulty_counts_by_measure_and_type(found):
    whole, by_type = difficulty(found)
    assert whole == ("entities", None, 3, 4, 1, 1, 1) and by_type == ("entities", "GPE", 3, 4, 1, 1, 1)
    assert not whole.saturated


def test_a_type_that_all_get_right_is_saturated():
    right = predicted(dict.fromkeys(range(4), "GPE"))
    assert all(row.saturated for row in difficulty(items(cards(a=right, b=right))))


def test_a_layer_that_one_system_alone_attempts_has_no_items():
    numbers = [{"id": "d", "figures": []}]
    assert items(cards(a=predicted(SYSTEMS["a"]), n=numbers)).is_empty()


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_the_command_writes_the_list(tmp_path, suffix, capsys):
    (tmp_path / "gold.jsonl").write_text(json.dumps(GOLD[0]))
    for name, names in SYSTEMS.items():
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(predicted(names)[0]))
    out = tmp_path / f"items.{suffix}"
    files = [f"{tmp_path}/{name}.jsonl" for name in SYSTEMS]
    assert main(["compare", *files, "--gold", f"{tmp_path}/gold.jsonl", "--items", str(out)]) == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    if suffix == "csv":
        assert lines[0] == "measure,finding,document,side,item,start,end,label,text,right,wrong"
        assert "entities,one right,d,gold,2,12,18,GPE,Tromso,a,b c" in lines
    else:
        told = [json.loads(line) for line in lines]
        assert {row["text"]: row["right"] for row in told if row["finding"] == ONE} == {"Tromso": ["a"]}


def test_a_list_without_a_place_to_write_is_told_before_scoring(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["compare", "a.jsonl", "b.jsonl", "--items", f"{tmp_path}/file/items.csv"]) == 1
    assert "items.csv" in capsys.readouterr().err
