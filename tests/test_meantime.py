"""Token files of the corpus become documents, verified by hash, and their published names become spans."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from agency import WIKINEWS, needs_wikinews
from clones import DB, MOLEN, written
from volgens.curation import meantime
from volgens.curation.build import build, read_all_pages
from volgens.curation.meantime import GROUPS, documents, names, strip
from volgens.curation.pages import digest
from volgens.curation.standoff import write_standoff
from volgens.curation.token_files import spell
from volgens.model.checks import check_gold
from volgens.model.documents import Provenance
from volgens.model.gold import Gold, write_gold
from volgens.model.problem import ProblemsFound

ROOT = Path(__file__).parents[1]


@pytest.fixture
def clone(tmp_path):
    for n, where in enumerate(GROUPS.values(), 1):
        other = [[(f"Verhaal{n}", "_", "_")], *MOLEN[1:]]
        written(tmp_path / "clone" / where / f"{n}_x.xml.ne", MOLEN if n == 1 else other)
    return tmp_path / "clone"


@pytest.fixture
def pages(tmp_path, clone):
    write_standoff(tmp_path / "wikinews.jsonl", strip(clone))
    return tmp_path / "wikinews.jsonl"


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ('Hij zei : " Ja " en " nee " .', 'Hij zei: "Ja" en "nee".'),
        ("20 % ( of 21 ) ; [ sic ] ?", "20% (of 21); [sic]?"),
        ("zo ' n 300", "zo'n 300"),
        ("met ' t oog", "met 't oog"),
        ("' s avonds", "'s avonds"),
        ("de ' wiek ' '", "de ' wiek''"),
        ("einde ' ' .", "einde''."),
        ("Beatles ' Corps", "Beatles ' Corps"),
    ],
)
def test_a_sentence_is_spelt(tokens, text):
    spelt = spell([tokens.split(" "), ["Nog", "een", "."]])
    assert spelt.text == f"{text}\nNog een."
    assert [span.cut(spelt.text) for line in spelt.tokens for span in line] == [*tokens.split(" "), "Nog", "een", "."]
    assert [span.cut(spelt.text) for span in spelt.sentences] == [text, "Nog een."]


def test_documents_have_segments_splits_and_text(clone, pages):
    found = {d.id: d for d in documents(clone, pages)}
    assert {name: d.split for name, d in found.items()} == {
        "wikinews-1": "validation",
        "wikinews-2": "test",
        "wikinews-3": "test",
        "wikinews-4": "test",
    }
    one = found["wikinews-1"]
    assert (one.page, one.kind, one.config) == ("wikinews-1", "article", "wikinews")
    assert [(s.kind, s.span.cut(one.text)) for s in one.segments] == [
        ("title", 'Molen Oost verkoopt "Wiek 2"'),
        ("date", "07-May-09"),
        ("paragraph", "Voorzitter van Molen Oost Ina toonde de Wiek 2, 3 (zo'n molen)."),
    ]
    provenance = Provenance("model", 1, True, False, "2", "2026-01-02")
    assert check_gold([replace(d, provenance=provenance) for d in found.values()]) == []


def test_published_names_nest_share_words_and_have_links(clone, pages):
    text = documents(clone, pages)[0].text
    found = [(n.type, [p.cut(text) for p in n.pieces], n.link) for n in names(clone)["wikinews-1"]]
    assert found == [
        ("ORG", ["Molen"], None),
        ("PRO", ["Wiek 2"], None),
        ("PER", ["Voorzitter van Molen Oost Ina"], DB + "Ina"),
        ("ORG", ["Molen Oost"], None),
        ("PRO", ["de Wiek", "3"], DB + "Wiek_3"),
        ("PRO", ["de Wiek 2"], DB + "Wiek_2"),
    ]


def test_a_changed_token_is_named_by_document_file_and_line(clone, pages):
    path = clone / GROUPS["apple"] / "1_x.xml.ne"
    path.write_text(path.read_text(encoding="utf-8").replace("toonde", "stal"), encoding="utf-8")
    with pytest.raises(ProblemsFound) as caught:
        documents(clone, pages)
    assert [(p.id, p.where.document, p.where.field, p.where.file, p.where.line) for p in caught.value.problems] == [
        ("segment-differs", "wikinews-1", "segments[2]", str(path), 11)
    ]


def test_a_missing_document_and_a_folder_that_is_no_clone_are_named(clone, pages, tmp_path):
    (clone / GROUPS["gm"] / "3_x.xml.ne").unlink()
    with pytest.raises(ProblemsFound) as caught:
        documents(clone, pages)
    assert [p.where.document for p in caught.value.problems] == ["wikinews-3"]
    with pytest.raises(ProblemsFound, match="no token files here"):
        names(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("\tORG)|PER\t", "\tPER\t", "(ORG is not closed"),
        ("\t(ORG)\t", "\tORG)\t", "ORG) without a name ORG"),
        ("\t(ORG)\t", "\t", "3 of 4 columns"),
    ],
)
def test_wrong_tags_are_named_by_line(clone, before, after, found):
    path = clone / GROUPS["apple"] / "1_x.xml.ne"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ProblemsFound, match=found.replace("(", r"\(").replace(")", r"\)")) as caught:
        names(clone)
    assert all(p.where.file == str(path) and p.where.line for p in caught.value.problems)


def test_a_build_restores_them_and_leaves_out_what_nobody_annotated(tmp_path, clone, pages):
    from small import make_repository

    root = tmp_path / "repo"
    make_repository(root)
    shutil.copy(pages, root / "dataset" / "pages")
    splits, problems = build(root)
    assert problems == [] and {s.config for s in splits} == {"own", "anp"}
    for split in ("validation", "test"):
        mine = [Gold.of(d) for d in documents(clone, pages) if d.split == split]
        provenance = json.loads((root / "annotations/gold/own/test.jsonl").read_text(encoding="utf-8").splitlines()[0])[
            "provenance"
        ]
        write_gold(
            root / "annotations" / "gold" / "wikinews" / f"{split}.jsonl",
            [Gold.from_dict({**g.to_dict(), "provenance": provenance}) for g in mine],
        )
    splits, problems = build(root, texts={"wikinews": clone})
    assert problems == []
    assert {(s.config, s.name): (len(s.documents), s.has_text) for s in splits if s.config != "own"} == {
        ("anp", "test"): (2, False),
        ("wikinews", "validation"): (1, True),
        ("wikinews", "test"): (3, True),
    }
    gold = root / "annotations" / "gold" / "wikinews"
    (gold / "validation.jsonl").rename(gold / "train.jsonl")
    assert {(p.id, p.where.document) for p in build(root)[1]} == {("another-split", "wikinews-1")}


def test_a_card_says_the_split_of_its_page(tmp_path):
    from small import make_repository

    make_repository(tmp_path)
    cards = tmp_path / "dataset" / "pages" / "cards.jsonl"
    cards.write_text('{"id":"own-000","split":"train","story":"x"}\n', encoding="utf-8")
    pages, problems = read_all_pages(tmp_path / "dataset" / "pages")
    assert problems == [] and {d.split for d in pages[0].documents} == {"train"}
    cards.write_text('{"id":"own-000"}\n', encoding="utf-8")
    assert [(p.id, p.where.line) for p in read_all_pages(tmp_path / "dataset" / "pages")[1]] == [("not-a-card", 1)]


@needs_wikinews
def test_the_corpus_itself():
    found = documents(WIKINEWS)
    said = [json.loads(line) for line in (WIKINEWS / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {(d.id, d.length, d.sha256, digest(d.text)) for d in found} == {
        (r["id"], r["length"], r["sha256"], r["sha256"]) for r in said
    }
    assert sum(d.split == "validation" for d in found) == 30 and sum(d.split == "test" for d in found) == 90
    assert all([s.kind for s in d.segments[:2]] == ["title", "date"] for d in found)
    published = names(WIKINEWS)
    assert sum(map(len, published.values())) == 1074 and set(published) == {d.id for d in found}
    committed = next(pages for pages in read_all_pages(meantime.PAGES.parent)[0] if pages.config == "wikinews")
    assert [s.document for s in strip(WIKINEWS)] == committed.documents
