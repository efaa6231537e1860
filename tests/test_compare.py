"""Comparing systems that attempt different things, in text, JSON and on the page."""

import json

import pytest
import volgens
from builders import attribution, document, figure
from volgens.cli import main
from volgens.comparison import compare
from volgens.report.comparison import text, to_json
from volgens.report.html import html_compare
from volgens.report.html.systems import apart
from volgens.scoring.measures import HEADLINES

GOLD = [
    document(
        f"d{n}", [(0, 4, "PER"), (5, 9, "GPE")], [figure(11, 14, n)], [attribution([(0, 4)], [(5, 9)], [(11, 20)])], page=f"p{n}"
    )
    for n in range(12)
]  # fmt: skip


def lines(wrong, *layers):
    """Predictions of some layers; the first `wrong` documents have no first name and a wrong number."""
    rows = []
    for n, row in enumerate(GOLD):
        told = dict(row)
        if n < wrong:
            told |= {"entities": row["entities"][1:], "figures": [figure(11, 14, 99)]}
        rows.append({"id": row["id"], **{layer: told[layer] for layer in layers}})
    return rows


NAMES, NUMBERS, BOTH = lines(2, "entities"), lines(8, "figures"), lines(9, "entities", "figures")


def cards(**systems):
    return {name: volgens.score(rows, GOLD) for name, rows in systems.items()}


def test_every_measure_of_two_systems_is_compared_and_a_dash_stands_for_none():
    found = compare(cards(names=NAMES, numbers=NUMBERS, both=BOTH), HEADLINES)
    assert found.measures == ("entities", "figures")
    assert [(d.a, d.b, d.measure) for d in found.differences] == [("names", "both", "entities"), ("numbers", "both", "figures")]
    assert found.not_compared == {"attributions": None, "claims": None}
    assert found.strangers == [("names", "numbers")]
    printed = text(found)
    row = next(line for line in printed.splitlines() if line.startswith("numbers"))
    assert row.split()[1:3] == ["–", "–"]
    assert "cannot be compared: attributions (no system attempts it), claims (no system attempts it)" in printed
    assert "cannot be compared: names and numbers attempt none of the measures in common" in printed
    assert json.loads(to_json(found))["systems"]["numbers"] == {"entities": None, "figures": found.cards["numbers"]["figures"].f1}


def test_the_page_says_what_the_text_says():
    page = html_compare(compare(cards(names=NAMES, numbers=NUMBERS, both=BOTH), HEADLINES))
    assert "cannot be compared: names and numbers attempt none" in page
    assert page.count('<td colspan="2" class="quiet">not attempted') == 2


def test_only_what_all_attempt_counts_as_further_apart():
    """A tagger of names alone makes no errors in figures, and is not the better for it."""
    rows = apart(compare(cards(names=NAMES, both=BOTH), HEADLINES))
    assert rows[0].errors == [0, 1]
    assert {row.document for row in rows} == {f"d{n}" for n in range(2, 9)}


def test_a_field_that_one_does_not_give_is_no_error_of_the_other():
    gold = [document("d", [{"start": 0, "end": 4, "type": "GPE", "role": "actor"}])]
    bare, wrong = ([{"id": "d", "entities": [{"start": 0, "end": 4, "type": "GPE", **more}]}] for more in ({}, {"role": "place"}))
    assert apart(compare({"a": volgens.score(bare, gold), "b": volgens.score(wrong, gold)}, HEADLINES)) == []


@pytest.mark.parametrize(("pages", "said"), [(1, "p is 1,"), (5, "p is 0.0625"), (6, None), (12, None)])
def test_p_cannot_be_small_only_where_it_cannot(pages, said):
    some = GOLD[:pages]
    two = {name: volgens.score(rows[:pages], some) for name, rows in (("a", NAMES), ("b", BOTH))}
    printed = text(compare(two, ["entities"]))
    assert ("no difference can be significant" in printed) == bool(said)
    assert said is None or said in printed
    assert ("the intervals are wide" in printed) == (said is None)


def test_a_corpus_in_batches_is_compared_without_its_items():
    from dataclasses import replace

    two = {name: replace(card, matched=None) for name, card in cards(a=NAMES, b=BOTH).items()}
    found = compare(two, ["entities"])
    assert found.differences[0].p is not None
    assert found.differences[0].win is None
    assert "win/tie/loss is not known" in text(found)
    page = html_compare(found)
    assert "or their items were not kept, so errors by document cannot be set side by side" in page
    assert "This page was made of scores alone" in page


@pytest.fixture
def files(tmp_path):
    for name, rows in (("gold", GOLD), ("a", NAMES), ("b", BOTH), ("numbers", NUMBERS)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    foreign = [{**row, "entities": [{**e, "type": e["type"].replace("PER", "PERSON")} for e in row["entities"]]} for row in BOTH]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in foreign))
    return tmp_path


def run(files, capsys, *words):
    code = main(["compare", *(w.replace("@", f"{files}/") for w in words), "--gold", f"{files}/gold.jsonl"])
    return code, *capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["@a.jsonl"], "two or more files"),
        (["@a.jsonl", "@a.jsonl"], "one file is given twice"),
        (["@a.jsonl", "@b.jsonl", "@a.jsonl"], "one file is given twice"),
        (["x=@a.jsonl", "y=@a.jsonl"], "one file is given twice"),
        (["x=@a.jsonl", "x=@b.jsonl"], "the name 'x' is given to 2 files"),
        (["@a.jsonl", "@b.jsonl", "--for", "c", "map=A=B"], "the names are a, b"),
        (["@a.jsonl", "@b.jsonl", "--for", "a", "view=nested"], "one of from, scheme, map, decimals"),
        (["@a.jsonl", "@b.jsonl", "--for", "a", "map=A=B", "--for", "a", "map=C=D"], "given twice"),
    ],
)
def test_wrong_usage(files, capsys, words, said):
    code, out, err = run(files, capsys, *words)
    assert (code, out) == (2, "")
    assert said in err


def test_nothing_in_common_is_a_problem(files, capsys):
    code, out, err = run(files, capsys, "@a.jsonl", "@numbers.jsonl")
    assert (code, out) == (1, "")
    assert "entities: a; figures: numbers" in err


def test_a_file_with_a_map_of_its_own(files, capsys):
    own = ["--for", "c", "map=PERSON=PER"]
    code, out, _ = run(files, capsys, "ours=@b.jsonl", "@c.jsonl", *own, "--format", "json", "--measures", "entities, figures")
    assert code == 0
    told = json.loads(out)
    assert told["systems"]["ours"] == told["systems"]["c"]
    assert "map" not in told["signatures"]["ours"]
    assert told["signatures"]["c"]["map"] == "PERSON=PER"


def test_one_file_read_in_two_ways(files, capsys):
    two = ["x=@c.jsonl", "y=@c.jsonl", "--for", "x", "map=PERSON=PER", "--for", "y", "map=PERSON=ORG"]
    code, out, _ = run(files, capsys, *two, "--format", "json")
    told = json.loads(out)["systems"]
    assert code == 0
    assert told["x"]["entities"] > told["y"]["entities"]
