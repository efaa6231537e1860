"""Marks for what a split must bring: read with all their faults, counted per kind and page, and shown in the statistics."""

import json
from pathlib import Path

import pytest
from volgens.curation.quotas import KINDS, quotas, read_marks
from volgens.model.documents import Attribution, Document, Entity, Figure, Segment, Span

ROOT = Path(__file__).parents[1]


def document(text, page="p", **layers):
    head = text.split("\n")[0]
    segments = (Segment("title", 0, len(head)), Segment("paragraph", len(head) + 1, len(text)))
    return Document(
        id=page,
        page=page,
        kind="article",
        config="own",
        split="test",
        text=text,
        length=len(text),
        sha256="",
        segments=segments,
        **layers,
    )


def name(text, word, kind="ORG", role=None):
    return Entity(id=word, start=text.index(word), end=text.index(word) + len(word), type=kind, role=role, ref=None)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Titel\nde Zwerm-topman", True),
        ("Titel\nde Zwermtopman", True),
        ("Titel\nhet anti-Zwerm", True),
        ("Titel\nZwerm", False),
        ("Titel\nZwerm - en nu", False),
        ("Titel\nZwerm-", False),
        ("Titel\n'Zwerm'", False),
    ],
)
def test_a_name_in_a_compound_is_touched_by_a_word(text, joined):
    found = list(KINDS["name in a compound"](document(text, entities=(name(text, "Zwerm"),))))
    assert bool(found) is joined


def test_a_headline_with_a_speaker_has_cue_and_source_in_the_title():
    text = "Zwerm: kade dicht\nDe kade is dicht, zegt Zwerm."
    head = said(text, "Zwerm", ":", "kade dicht")
    body = Attribution(
        id="a2", cue=(Span(36, 40),), source=(Span(41, 46),), content=(Span(18, 34),), antecedent=(), kind="assertion",
        source_kind="institution", source_ref=None, stance="affirm", hedged=False, parent=None,
    )  # fmt: skip
    found = list(KINDS["attribution: headline with a speaker"](document(text, attributions=(head, body))))
    assert found == [head]


def said(text, source, cue, content):
    spans = [(Span(text.index(x), text.index(x) + len(x)),) for x in (cue, source, content)]
    return Attribution(
        id="a1", cue=spans[0], source=spans[1], content=spans[2], antecedent=(), kind="assertion", source_kind="institution",
        source_ref=None, stance="affirm", hedged=False, parent=None,
    )  # fmt: skip


def test_a_mark_is_reached_by_items_and_pages():
    text = "Titel\nZwerm en Zwaluw"
    documents = [document(text, page, entities=(name(text, "Zwerm"), name(text, "Zwaluw"))) for page in ("a", "b")]

    def row(mark, pages):
        return quotas(documents, {"pages": pages, "items": {"ORG": mark}})[0]

    assert row(4, 2) == {"item": "ORG", "mark": 4, "items": 4, "pages": 2, "reached": True}
    assert not row(5, 2)["reached"] and not row(4, 3)["reached"]


def test_figures_are_counted_by_who_claims_them():
    text = "Titel\nZwerm zegt: 3 schepen en 4 boten."
    figures = tuple(
        Figure(
            id=f"f{digit}", start=text.index(digit), end=text.index(digit) + 1, kind="count", bound="point",
            value=float(digit), min=None, max=None, approx=False, unit="1", change=None, counted=None, head=None, part_of=None,
        )
        for digit in "34"
    )  # fmt: skip
    one = document(text, figures=figures, attributions=(said(text, "Zwerm", "zegt", "3 schepen"),))
    assert [f.id for f in KINDS["figure: claimed by a source"](one)] == ["f3"]
    assert [f.id for f in KINDS["figure: claimed by nobody"](one)] == ["f4"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[", "no quotas"),
        ('{"own": {"test": {"items": {"PER": 3}}}}', "no quotas"),
        ('{"own": {"test": {"pages": 1, "items": {"PER": "3"}}}}', "no whole number"),
        ('{"own": {"test": {"pages": 1, "items": {"people": 3}}}}', "'people'"),
    ],
)
def test_marks_that_cannot_be_read_are_problems(tmp_path, text, told):
    path = tmp_path / "quotas.json"
    path.write_text(text, encoding="utf-8")
    _, problems = read_marks(path)
    assert problems and told in problems[0].message and problems[0].where.file == str(path)


def test_a_dataset_without_marks_has_none(tmp_path):
    assert read_marks(tmp_path / "quotas.json") == ({}, [])


def test_the_statistics_show_what_the_splits_bring():
    marks, problems = read_marks(ROOT / "dataset" / "pages" / "quotas.json")
    statistics = json.loads((ROOT / "dataset" / "statistics.json").read_text(encoding="utf-8"))["configs"]["own"]
    assert not problems
    assert "test" in marks["own"]
    for split in marks["own"].keys() & statistics.keys():
        wanted = marks["own"][split]
        assert {row["item"]: row["mark"] for row in statistics[split]["quotas"]} == wanted["items"]
