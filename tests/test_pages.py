"""Pages become documents, whatever form their bytes have; what is no page is refused with file, line and hint."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from pathlib import Path

import pytest
from agency import ARTICLES, needs_articles
from volgens.curation.pages import PageError, match_dateline, parse_page, read_pages
from volgens.model.documents import Span

HERE = Path(__file__).parent
CASES = HERE / "cases" / "pages"
OWN = HERE.parent / "dataset" / "pages" / "own"
PAGE = (CASES / "page.txt").read_text(encoding="utf-8")


def parse(raw):
    return parse_page(raw, "own-007", "own", "test", "page.txt")


def shape(document):
    return [(s.kind, Span(s.start, s.end).cut(document.text)) for s in document.segments]


def test_the_parts_of_a_page():
    article, *teasers = parse(PAGE)
    assert (article.id, article.page, article.kind, article.section, article.age) == (
        "own-007",
        "own-007",
        "article",
        "Binnenland",
        None,
    )
    assert [(t.id, t.kind, t.age) for t in teasers] == [
        ("own-007-t1", "teaser", "12 minuten geleden"),
        ("own-007-t2", "teaser", "1 uur geleden"),
        ("own-007-t3", "teaser", "1 dag geleden"),
        ("own-007-t4", "teaser", "3 weken geleden"),
    ]
    assert (article.places, article.agencies) == (("ELBURG", "'t HARDE"), ("NPN", "KWN"))
    assert (teasers[1].places, teasers[1].agencies) == (("'S-HERTOGENBOSCH", "ST. ANNA"), ("KWN", "Belga"))
    assert {t.section for t in teasers} == {"Binnenland"}


def test_the_segments_of_an_article():
    segments = shape(parse(PAGE)[0])
    assert [kind for kind, _ in segments] == [
        "title",
        "dateline",
        "paragraph",
        "paragraph",
        "paragraph",
        "subheading",
        "paragraph",
    ]
    assert segments[0][1] == "Vier schapen gestolen bij boerderij in Elburg"
    assert segments[1][1] == "ELBURG/'t HARDE (NPN/KWN) -"
    assert segments[2][1].startswith("Bij een boerderij")
    assert segments[4][1] == "2 jaar geleden begon de politie een onderzoek."
    assert segments[5][1] == "Wéér geen spoor"


def test_geleden_in_running_text_ends_no_teaser():
    teasers = parse(PAGE)[1:]
    assert teasers[0].text.endswith("5 jaar geleden voor het laatst.")
    assert shape(teasers[1])[1:] == [("paragraph", "Een café is gesloten."), ("paragraph", "2 dagen geleden was het nog open.")]
    assert (teasers[2].places, shape(teasers[2])) == ((), [("paragraph", "Een teaser zonder plaats en persbureau.")])
    assert teasers[3].text == '"Nooit meer", zegt een boze wandelaar (33).'


@pytest.mark.parametrize(
    "raw",
    [
        ("\n \n" + PAGE).encode(),
        PAGE.replace("\n", "\r\n").encode(),
        PAGE.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + PAGE.encode(),
        "\ufeff" + PAGE,
        unicodedata.normalize("NFD", PAGE).encode(),
        PAGE.replace("\n", "\n\n").replace("geleden\n\n", "geleden\n").encode(),
        PAGE.rstrip().encode(),
        PAGE.replace("\n", " \t\n").encode(),
        PAGE.replace("geleden'S-", "geleden 'S-"),
    ],
    ids=[
        "blank-first",
        "crlf",
        "cr",
        "bom",
        "bom-in-str",
        "nfd",
        "blank-lines",
        "no-last-newline",
        "trailing-blanks",
        "age-not-glued",
    ],
)
def test_the_form_of_the_bytes_changes_no_segment(raw):
    assert [(d.id, d.age, d.places, shape(d)) for d in parse(raw)] == [(d.id, d.age, d.places, shape(d)) for d in parse(PAGE)]


@pytest.mark.parametrize(
    "raw", [PAGE, unicodedata.normalize("NFD", PAGE), PAGE.replace("\n", "\r\n"), PAGE.replace(" ", "\u00a0")]
)
def test_texts_are_slices_of_the_normalised_page(raw):
    page = unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))
    at = 0
    for document in parse(raw.encode()):
        at = page.index(document.text, at) + document.length
        assert document.text == document.text.strip()
        assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
        for segment in document.segments:
            piece = segment.span.cut(document.text)
            assert piece == piece.strip() and "\n" not in piece
            assert segment.sha256 == hashlib.sha256(piece.encode()).hexdigest()
        bare = document.text
        for segment in reversed(document.segments):
            bare = bare[: segment.start] + bare[segment.end :]
        assert not bare.strip()


def test_no_break_spaces_stay_and_count_as_blanks():
    documents = parse(PAGE.replace(" ", "\u00a0"))
    assert [d.age for d in documents] == [d.age for d in parse(PAGE)]
    assert [d.section for d in documents] == ["Binnenland"] * 5
    assert [[s.kind for s in d.segments] for d in documents] == [[s.kind for s in d.segments] for d in parse(PAGE)]
    assert "boer\u00a0Okke" in documents[0].text


def test_no_teasers():
    article = PAGE[: PAGE.index("Meer uit")]
    assert [(d.id, d.section) for d in parse(article)] == [("own-007", None)]
    assert [(d.id, d.section) for d in parse(article + "Meer uit Sport")] == [("own-007", "Sport")]


def test_no_subheading_and_a_last_line_without_full_stop():
    [article] = parse("Titel\nZWOLLE (NPN) - Een zin.\nEen zin die afbreekt")
    assert [s.kind for s in article.segments] == ["title", "dateline", "paragraph", "paragraph"]


def test_a_dateline_on_its_own_line():
    [article] = parse("Titel\nZWOLLE (NPN) -\nEen zin.\n")
    assert shape(article)[1:] == [("dateline", "ZWOLLE (NPN) -"), ("paragraph", "Een zin.")]


def test_a_teaser_may_lack_its_age():
    page = "Titel\nEen zin.\nMeer uit Sport\nZWOLLE (NPN) - Een.\nELBURG (NPN) - Twee.\n3 uur geledenHATTEM (NPN) - Drie."
    teasers = parse(page)[1:]
    assert [(t.text, t.age) for t in teasers] == [
        ("ZWOLLE (NPN) - Een.", None),
        ("ELBURG (NPN) - Twee.", "3 uur geleden"),
        ("HATTEM (NPN) - Drie.", None),
    ]


def test_a_subheading_that_begins_like_a_section():
    article, teaser = parse(
        "Titel\nEen zin.\nMeer uit Brabant\nTwee.\nMeer uit huis\nDrie.\nMeer uit Sport\nVier.\n1 uur geleden"
    )
    assert [s.kind for s in article.segments] == ["title", "paragraph", "subheading", "paragraph", "subheading", "paragraph"]
    assert (teaser.text, teaser.section) == ("Vier.", "Sport")


@pytest.mark.parametrize(
    "line", ["VVD (22 zetels) - eerste", "NAVO (zie kader) - dit", "Zwolle (NPN) - x", "ZWOLLE (NPN)- x", "ZWOLLE - x"]
)
def test_what_is_no_dateline(line):
    assert match_dateline(line) is None


def test_two_articles_with_the_same_teaser(tmp_path):
    for name in ("001_een.txt", "002_twee.txt"):
        (tmp_path / name).write_text("Titel " + name[:3] + PAGE[PAGE.index("\n") :], encoding="utf-8")
    documents, problems = read_pages(tmp_path.glob("*.txt"), "own")
    assert problems == []
    assert len({d.id for d in documents}) == 10 and len({d.sha256 for d in documents}) == 6


@pytest.mark.parametrize("path", sorted((CASES / "invalid").glob("*.txt")), ids=lambda p: p.stem)
def test_what_is_no_page_is_refused(path):
    with pytest.raises(PageError) as caught:
        parse_page(path.read_bytes(), "own-007", "own", "test", path.name)
    [problem] = caught.value.problems
    assert path.stem.startswith(problem.id)
    assert problem.where.file == path.name and problem.where.line >= 1 and problem.message and problem.hint


@pytest.mark.parametrize(
    ("name", "line"),
    [("empty-page", 1), ("not-utf-8", 2), ("no-title-dateline", 2), ("no-section", 3), ("age-without-teaser", 4)],
)
def test_a_refusal_names_the_line(name, line):
    with pytest.raises(PageError) as caught:
        parse((CASES / "invalid" / f"{name}.txt").read_bytes())
    assert caught.value.problems[0].where.line == line


def test_all_problems_of_all_files_come_at_once(tmp_path):
    for n, path in enumerate(sorted((CASES / "invalid").glob("*.txt"))):
        shutil.copy(path, tmp_path / f"{n:03}_{path.name}")
    (tmp_path / "100_goed.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "own-100.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "naamloos.txt").write_text(PAGE, encoding="utf-8")
    documents, problems = read_pages(tmp_path.glob("*.txt"), "own")
    assert len(documents) == 5
    assert len(problems) == len(list((CASES / "invalid").glob("*.txt"))) + 2
    assert [p.id for p in problems][-2:] == ["no-page-number", "duplicate-page"]
    assert all(str(tmp_path) in p.where.file for p in problems)


def test_our_own_pages():
    documents, problems = read_pages(OWN.glob("*.txt"), "own")
    assert problems == []
    assert [d.id for d in documents if d.kind == "article"] == [f"own-{n:03}" for n in range(125)]
    assert len(documents) == 500 and all(d.age for d in documents if d.kind == "teaser")


@needs_articles
def test_the_agency_pages_give_forty_documents():
    documents, problems = read_pages(ARTICLES.glob("*.txt"), "anp")
    assert problems == []
    assert [d.id for d in documents] == [f"anp-{n:03}{t}" for n in range(5) for t in ("", *(f"-t{k}" for k in range(1, 8)))]
    assert all(d.agencies and d.places for d in documents)
    assert sum(s.kind == "subheading" for d in documents for s in d.segments) == 1
