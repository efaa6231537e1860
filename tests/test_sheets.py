"""Readings made on sheets: numbered sentences, strings found in them, every misfit told, and the way to adjudication."""

import hashlib
import json
from dataclasses import replace

import pytest
from test_label_studio_form import document
from volgens.curation.label_studio.check import check
from volgens.curation.label_studio.exports import blind
from volgens.curation.label_studio.strip import write_export
from volgens.curation.sheets import read, render, sentences, submitted
from volgens.model.problem import ProblemsFound

TEXT = (
    "Bergen mist 30 boten\n"
    'Oslo meldt dat er 30 boten weg zijn, 5 meer dan in mei. Oslo zwijgt over Bergen. "We zoeken door. Tot het eind."\n'
    "Kari Moe schat de schade op 3,5 miljoen kroon."
)
BARE = document(TEXT)
SEGMENTS = tuple(replace(s, sha256=hashlib.sha256(s.span.cut(TEXT).encode()).hexdigest()) for s in BARE.segments)
DOCUMENT = replace(BARE, segments=SEGMENTS)
NAMES = [
    [1, "Bergen", "GPE/place", "bergen"],
    [2, "Oslo", "GPE/actor", "noorwegen"],
    [3, "Oslo", "GPE/actor", "noorwegen"],
    [6, "Kari Moe", "PER", "kari-moe"],
]
FIGURES = [
    [2, "30", "x", {"kind": "count", "bound": "point", "value": 30, "counted": "boten"}],
    [2, "5", "y", {"kind": "count", "bound": "point", "value": 5, "change": "up", "counted": "boten", "part_of": "x"}],
    [6, "3,5 miljoen kroon", "z", {"kind": "money", "bound": "point", "value": 3.5e6, "unit": "NOK"}],
]
SAID = [
    {"id": "p", "cue": [[2, "meldt"]], "source": [[2, "Oslo"]], "content": [[2, "dat … mei"]], "kind": "assertion",
     "source_kind": "institution", "source_ref": "noorwegen"},
    {"id": "q", "cue": [], "content": [[4, '"We zoeken door.'], [5, 'Tot het eind."']], "kind": "assertion",
     "source_ref": "noorwegen"},
]  # fmt: skip


def line(**more):
    return json.dumps({"id": DOCUMENT.id, "e": NAMES, "f": FIGURES, "a": SAID} | more)


def rows(**more):
    found, problems = read(line(**more), {DOCUMENT.id: DOCUMENT}, "reading.jsonl")
    assert problems == []
    return found


def cut(span):
    return TEXT[span["start"] : span["end"]]


def test_a_sheet_numbers_titles_and_sentences():
    assert render(DOCUMENT).splitlines() == [
        "## own-900 (article)",
        "[1 title] Bergen mist 30 boten",
        "[2] Oslo meldt dat er 30 boten weg zijn, 5 meer dan in mei.",
        "[3] Oslo zwijgt over Bergen.",
        '[4] "We zoeken door.',
        '[5] Tot het eind."',
        "[6] Kari Moe schat de schade op 3,5 miljoen kroon.",
    ]
    assert all(TEXT[s.start : s.end].strip() == TEXT[s.start : s.end] for s in sentences(DOCUMENT))


def test_strings_are_found_in_their_sentence():
    [row] = rows()
    assert [(e["start"], cut(e)) for e in row["entities"]] == [(0, "Bergen"), (21, "Oslo"), (77, "Oslo"), (134, "Kari Moe")]
    assert [(cut(f), f["counted"] and cut(f["counted"]), f["change"]) for f in row["figures"]] == [
        ("30", "boten", None), ("5", "boten", "up"), ("3,5 miljoen kroon", None, None)
    ]  # fmt: skip
    assert cut(row["attributions"][0]["content"][0]) == "dat er 30 boten weg zijn, 5 meer dan in mei"
    assert row["attributions"][1] | {"content": None} == {
        "id": "q", "cue": [], "source": [], "content": None, "antecedent": [], "kind": "assertion", "source_kind": "none",
        "source_ref": "noorwegen", "stance": "affirm", "hedged": False, "parent": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("string", "start"),
    [
        *(("e#1", 27), ("e#3", 45), ("o#2", 43), ("meer … mei", 60), ("Oslo … mei", 21)),
        *(("er", 36), ("er#1", 36), ("er#2", 62)),  # a word, and a part of the word `meer`
    ],
)
def test_which_of_several_and_from_one_to_the_other(string, start):
    [row] = rows(e=[[2, string, "ORG", "x"]], a=[])
    assert row["entities"][0]["start"] == start


WRONG = {
    "no-json": "{",
    "no such document": line(id="own-1"),
    "a layer is missing": json.dumps({"id": DOCUMENT.id, "e": [], "f": []}),
    "a string that is not there": line(e=[[2, "Bergen", "GPE/place", "bergen"]]),
    "a string that is there twice": line(e=[[2, "e", "ORG", "x"]]),
    "one beyond the last": line(e=[[2, "Oslo#2", "ORG", "x"]]),
    "no such sentence": line(e=[[9, "Oslo", "ORG", "x"]]),
    "last before first": line(e=[[2, "mei … Oslo", "ORG", "x"]]),
    "an unknown field": line(a=[SAID[0] | {"certainty": 1}]),
    "no list": line(f=[{"kind": "count"}]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_told_with_its_line(what):
    _, problems = read("\n" + WRONG[what], {DOCUMENT.id: DOCUMENT}, "reading.jsonl")
    assert len(problems) == 1 and (problems[0].where.file, problems[0].where.line) == ("reading.jsonl", 2)
    assert problems[0].message and problems[0].hint


def test_a_document_read_twice_is_a_problem():
    assert [p.id for p in read(f"{line()}\n{line()}", {DOCUMENT.id: DOCUMENT})[1]] == ["duplicate-document"]


@pytest.mark.parametrize("travels", [None, lambda config: config == "own"])
def test_a_reading_is_submitted_as_an_export(tmp_path, travels):
    tasks = submitted([DOCUMENT, document("Leeg.", id="own-901")], rows(), "reader-a", travels=travels)
    write_export(tmp_path / "a.json", tasks)
    tasks = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    checked = check(tasks)
    assert checked.problems == [] and blind(tasks) == {DOCUMENT.id}
    assert [(r.annotator, r.status, r.task, r.annotation) for r in checked.good] == [("reader-a", "submitted", 1, 1)]
    gold = checked.good[0].gold
    assert [len(layer) for layer in (gold.entities, gold.figures, gold.attributions)] == [4, 3, 2]
    assert [f.change for f in gold.figures] == [None, "up", None] and gold.figures[1].part_of == "f1"
    assert [(bool(a.cue), a.source_ref) for a in gold.attributions] == [(False, "noorwegen"), (True, "noorwegen")]
    assert ("Kari Moe" in (tmp_path / "a.json").read_text(encoding="utf-8")) == (travels is not None)


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"f": [[2, "30", "x", {"kind": "number", "bound": "point", "value": 30}]]}, "unknown-value"),
        ({"f": [[2, "30", "x", {"kind": "count", "bound": "min", "value": 30}]]}, "bound-and-numbers"),
        ({"f": [[6, "3,5 miljoen kroon", "x", {"kind": "money", "bound": "point", "value": 1, "unit": "kroon"}]]}, "not-a-unit"),
        ({"e": [[2, "Oslo", "GPE", "noorwegen"]]}, "role-and-type"),
        ({"e": [[2, "Oslo", "ORG", "Noorwegen!"]]}, "schema"),
        ({"f": [[2, "30", "x", {"bound": "point", "value": 30}]]}, "missing-field"),
    ],
)
def test_a_reading_that_cannot_be_gold_is_refused(more, rule):
    with pytest.raises(ProblemsFound) as raised:
        submitted([DOCUMENT], rows(**more), "reader-a")
    assert rule in [p.id for p in raised.value.problems]


def test_a_row_without_its_document_is_refused():
    with pytest.raises(ProblemsFound, match="own-900"):
        submitted([], rows(), "reader-a")
