"""Figures that nobody claims behind a source: what free indirect speech may hide, counted without a text."""

import json
from pathlib import Path

import pytest
from volgens.model.documents import Attribution, Document, Figure, Segment, Span
from volgens.model.speech import told_on

ROOT = Path(__file__).parents[1]
SEGMENTS = tuple(
    Segment(kind, start, start + 100, "")
    for kind, start in (("title", 0), ("paragraph", 100), ("paragraph", 200), ("paragraph", 300))
)


def document(figure, *attributions):
    figures = (Figure("f1", figure, figure + 5, "count", "point", 3.0),)
    return Document(
        "d", "d", "article", "own", "test", None, 400, "", SEGMENTS, figures=figures, attributions=tuple(attributions)
    )  # fmt: skip


def said(start, source=True, ref=None):
    spans = (Span(start, start + 5),)
    content = (Span(start + 10, start + 40),)
    return Attribution("a1", (Span(start + 6, start + 9),), spans if source else (), content, source_ref=ref)


@pytest.mark.parametrize(
    ("figure", "attribution", "found"),
    [
        (150, said(100), True),  # the next sentence of the paragraph
        (250, said(100), True),  # the next paragraph
        (350, said(100), False),  # the one after
        (120, said(100), False),  # in the content: claimed
        (105, said(150), False),  # before the source speaks
        (150, said(100, source=False), False),  # hearsay has no speaker to go on
        (150, said(100, source=False, ref="ida-holm"), True),  # a quotation whose speaker is plain
        (150, said(10), False),  # a title does not go on in the text
    ],
)
def test_a_figure_behind_a_source(figure, attribution, found):
    assert told_on(document(figure, attribution)) == (["f1"] if found else [])


def test_the_statistics_count_no_more_than_there_is():
    splits = [
        s
        for c in json.loads((ROOT / "dataset" / "statistics.json").read_text(encoding="utf-8"))["configs"].values()
        for s in c.values()
    ]
    for split in splits:
        figures = split["figures"]
        assert 0 < figures["claimed by nobody, after a source"] <= figures["total"] - figures["claimed by a source"]


def test_show_says_what_claims_do_not_see(capsys):
    from volgens.cli import main

    assert main(["show", "own-000"]) == 0
    assert "stand behind a source and are claimed by nobody" in capsys.readouterr().out
