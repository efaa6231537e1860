"""No example of the guidelines has a word that is distinctive of a test page, but for those that are known."""

import json
from pathlib import Path

import pytest
from agency import ARTICLES, WIKINEWS, needs_articles, needs_wikinews
from volgens.curation.distinctive import distinctive, examples, shared
from volgens.curation.meantime import documents

ROOT = Path(__file__).parents[1]
GUIDELINES = ("entities", "figures", "attribution")
RETOLD = [f"own-00{n}" for n in range(5)]

# The guidelines are frozen, so what they share with a test page stays; nothing may be added. 36 words, by why they are there:
KNOWN = {
    # 14 names of countries, peoples and towns, which examples need and any page may have; the new pages were written later
    *("Faeröer", "Finland", "Gazastrook", "Lima", "Lissabon", "Luxemburg", "Noors", "Noren", "Peru", "Peruaans", "Peruaanse"),
    *("Portugese", "Rotterdamse", "Bhutan"),
    # 2 names of the examples' own that new pages happen to use, of a king and of a team
    *("Sverre", "Oranje"),
    # 10 words that a rule is about: what is a source, an ideology, a number word or a round of a contest
    *("communistische", "conservatieve", "functionarissen", "inlichtingendiensten", "kwartfinale", "dubbelspel"),
    *("anderhalve", "miljarden", "tienduizenden", "verdubbeld"),
    # 8 plain words, each of a sentence of its own
    *("begroting", "groningen", "ingetrokken", "overtuigd", "presenteert", "schippers", "uitslagen", "waarschuwing"),
    # 2 kept from version 1: the invasion of the retold story, and a bill
    *("binnenviel", "wetsvoorstel"),
}
# Common words that stand on few pages where those of the agency and of Wikinews are not there to count.
COMMON_ELSEWHERE = {
    *("Europa", "inlichtingendienst", "internationaal", "persbureau", "staatsmedia", "autoriteiten", "bondgenoten"),
}  # fmt: skip


def own():
    return {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "dataset" / "pages" / "own").glob("*.txt")}


def scored_on(pages):
    cards = (ROOT / "dataset" / "pages" / "cards.jsonl").read_text(encoding="utf-8").splitlines()
    found = [card["id"] for card in map(json.loads, cards) if card["split"] == "test"] + RETOLD
    assert len(found) > 60 and set(found) <= pages.keys()
    return found


def found_in_examples(words):
    found = set()
    for name in GUIDELINES:
        text = examples((ROOT / "annotations" / "guidelines" / f"{name}.md").read_text(encoding="utf-8"))
        assert text.count("\n") > 40
        found |= shared(text, words)
    return found


def test_no_new_word_of_a_test_page_of_our_own_stands_in_an_example():
    pages = own()
    assert found_in_examples(distinctive(pages, scored_on(pages))) <= KNOWN | COMMON_ELSEWHERE


@needs_articles
@needs_wikinews
def test_the_words_that_examples_share_with_any_test_page_are_those_that_are_known():
    pages = own()
    of = scored_on(pages)
    for document in documents(WIKINEWS):
        pages[document.id] = document.text
        of += [document.id] if document.split == "test" else []
    for path in ARTICLES.glob("*.txt"):
        pages[path.stem] = path.read_text(encoding="utf-8")
        of.append(path.stem)
    assert found_in_examples(distinctive(pages, of)) == KNOWN


PAGES = {
    "a": "In Vesterhavn zonk een zeilschip. De kapitein van Vesterhavn zweeg.",
    "b": "De kapitein van een zeilschip zag Oslo.",
    "c": "Het bootje voer. Een zeilschip ook. In Oslo regende het.",
    "d": "De toren viel op straat in Oslo.",
}


def test_distinctive_is_a_name_or_a_long_word_on_few_pages():
    assert distinctive(PAGES, ["a"]) == {"Vesterhavn": ["a"]}
    assert distinctive(PAGES, ["a", "b"], most=3) == {"Vesterhavn": ["a"], "zeilschip": ["a", "b"], "Oslo": ["b"]}
    assert distinctive(PAGES, ["d"]) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Right: in [Vesterhavn]GPE/place=vesterhavn", {"Vesterhavn"}),
        ("- Wrong: een [zeilschip]MISC {counted: zeilschip / zeilschip}", {"zeilschip"}),
        ("- Right: een Zeilschip", {"zeilschip"}),
        ("- Reason: zeilschip is a word", set()),
        ("- Right: een schip", set()),
    ],
)
def test_examples_are_read_without_their_labels(line, expected):
    assert shared(examples(line), {"Vesterhavn", "zeilschip"}) == expected


def test_labels_and_fields_are_no_words_of_an_example():
    assert shared(examples("- Right: [x]GPE/actor=noorwegen {money; counted: duizenden}"), {"noorwegen", "duizenden"}) == set()


def test_the_known_words_are_as_many_as_the_comment_says():
    assert len(KNOWN) == 36
