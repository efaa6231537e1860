"""The invented pages: their cards, how their splits were drawn, that no page repeats another, and the runs before any label."""

import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from volgens.curation.cards import QUOTAS, draw, shared_runs
from volgens.curation.pages import read_pages

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "dataset" / "pages"
CARDS = [json.loads(line) for line in (PAGES / "cards.jsonl").read_text(encoding="utf-8").splitlines()]
sys.path.insert(0, str(ROOT / "scripts"))

import check_pages  # noqa: E402

RETOLD = {f"own-00{n}" for n in range(5)}


def test_every_page_has_a_card_and_the_split_that_was_drawn():
    assert {card["id"] for card in CARDS} == {path.stem for path in (PAGES / "own").glob("*.txt")} - RETOLD
    assert {card["id"]: card["split"] for card in CARDS} == draw({card["id"]: card["rubric"] for card in CARDS})


@pytest.mark.parametrize("rubric", QUOTAS)
def test_a_rubric_has_its_pages(rubric):
    found = Counter(card["split"] for card in CARDS if card["rubric"] == rubric)
    assert tuple(found[split] for split in ("test", "validation", "train")) == QUOTAS[rubric]


def test_a_draw_depends_on_the_id_alone():
    pages = {f"own-{n:03d}": "sport" for n in range(5, 21)}
    assert draw(pages) == draw(dict(reversed(pages.items())))
    assert Counter(draw(pages).values()) == {"test": 8, "validation": 2, "train": 6}
    with pytest.raises(KeyError):
        draw({"own-005": "chess"})


def test_a_page_is_an_article_with_three_teasers():
    documents, problems = read_pages((path for path in (PAGES / "own").glob("*.txt") if path.stem not in RETOLD), "own")
    assert problems == []
    kinds = Counter((document.page, document.kind) for document in documents)
    assert set(kinds.values()) == {1, 3} and len(documents) == 4 * len(CARDS)


def test_no_page_shares_eight_words_with_another():
    assert shared_runs({path.stem: path.read_text(encoding="utf-8") for path in (PAGES / "own").glob("*.txt")}) == {}


def test_near_duplicates_are_found_and_no_page_has_one():
    one = "De raad van Loon zei dat het goed was en dat de kade in mei weer open zou gaan voor alle schepen"
    texts = {"a": one, "b": one.replace("mei", "juni"), "c": "Een ander verhaal over een andere stad."}
    found = list(check_pages.near_duplicates(texts))
    assert [pair[:2] for pair in found] == [("a", "b")] and 0.5 < found[0][2] < 1
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (PAGES / "own").glob("*.txt")}
    assert list(check_pages.near_duplicates(pages)) == []


@pytest.mark.skipif(not check_pages.has_speller() and "CI" not in os.environ, reason="hunspell with nl_NL is not installed")
def test_every_word_is_in_the_dictionary_or_was_looked_at():
    documents, _ = read_pages((PAGES / "own").glob("*.txt"), "own")
    texts = [document.text for document in documents]
    assert check_pages.misspelt(texts, check_pages.known()) == []
    assert check_pages.misspelt(["de kaade is dicht"], set()) == ["kaade"]
    needless = check_pages.known() - set(check_pages.misspelt(texts, set()))
    assert not needless


def test_shared_runs_are_found_across_punctuation_and_case():
    one, other = "De raad van Loon zei dat het goed was.", "Later: de RAAD van Loon zei, dat het goed was"
    assert list(shared_runs({"a": one, "b": other}).values()) == [["a", "b"], ["a", "b"]]
    assert shared_runs({"a": one, "b": "de raad van Loon zei dat het fout was"}) == {}


@pytest.mark.parametrize(
    ("file", "documents"), [("own-test", 240), ("own-validation", 60), ("wikinews-test", 90), ("wikinews-validation", 30)]
)
def test_the_first_runs_hold_every_document(file, documents):
    rows = (ROOT / "eval" / "results" / "first" / f"rules-{file}.jsonl").read_text(encoding="utf-8").splitlines()
    assert len({json.loads(row)["id"] for row in rows}) == len(rows) == documents
