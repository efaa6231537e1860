"""Names that people published, held against the gold: by hand, and for the committed gold where the clone is."""

import json
from pathlib import Path

import pytest
from agency import WIKINEWS, needs_wikinews
from volgens import score
from volgens.curation.folder import Folder
from volgens.curation.meantime import Name, names
from volgens.curation.published import classes, hold, measure, resource, rows, table
from volgens.model.documents import Entity, Span
from volgens.model.gold import Gold

ROOT = Path(__file__).parents[1]
AGREEMENT = json.loads((ROOT / "annotations" / "agreement.json").read_text(encoding="utf-8"))["published"]
DECIDED = [
    json.loads(line)
    for line in (ROOT / "annotations" / "adjudication" / "published.jsonl").read_text(encoding="utf-8").splitlines()
]


def gold(*entities):
    found = tuple(Entity(f"e{n}", start, end, kind, ref=ref) for n, (start, end, kind, ref) in enumerate(entities, 1))
    return Gold("d", 100, "0" * 64, found)


def name(kind, start, end, link=None):
    return Name(kind, (Span(start, end),), link)


def test_a_mention_meets_the_name_inside_it():
    held, found = hold(gold((3, 9, "ORG", "fjordair")), [name("ORG", 0, 20)])
    assert held[:5] == (1, 1, 1, 1, 0) and found == []


def test_touching_is_not_meeting():
    held, found = hold(gold((0, 3, "ORG", "a")), [name("ORG", 3, 6)])
    assert held[:5] == (1, 0, 0, 1, 1)
    assert [(d.theirs is None, d.ours is None) for d in found] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("theirs", "ours", "agrees"),
    [("LOC", "NORP", True), ("LOC", "FAC", True), ("PRO", "ORG", True), ("FIN", "MISC", True), ("ORG", "GPE", False)],
)
def test_types_agree_by_the_stated_mapping(theirs, ours, agrees):
    held, found = hold(gold((0, 3, ours, "a")), [name(theirs, 0, 3)])
    assert held.agree == agrees and len(found) == (not agrees)


def test_of_two_names_in_a_mention_the_one_of_its_type_is_met():
    held, found = hold(gold((0, 9, "NORP", "peru"), (10, 13, "ORG", "raad")), [name("ORG", 0, 13)])
    assert held.agree == 1 and found == []


def test_links_are_held_against_refs_in_pairs():
    """Of three linked mentions two share the resource, and another two the ref: no pair shares both."""
    entities = gold((0, 1, "ORG", "a"), (2, 3, "ORG", "b"), (4, 5, "ORG", "b"))
    held, _ = hold(entities, [name("ORG", 0, 1, "X"), name("ORG", 2, 3, "X"), name("ORG", 4, 5, "Y")])
    assert held[5:] == (1, 1, 0)


def test_shares_are_of_all_documents_together():
    golds = [gold((0, 3, "PER", "a")), gold()]
    golds = [Gold(f"d{n}", 100, "0" * 64, one.entities) for n, one in enumerate(golds)]
    measured, found = measure(golds, {"d0": [name("PER", 0, 3)], "d1": [name("PER", 0, 3)]})
    assert measured["published mentions that meet a name"] | {"interval": None} == {
        "share": 0.5,
        "interval": None,
        "of": 2,
        "count": 1,
    }
    assert measured["pairs of one resource that have one ref"]["share"] is None
    assert len(found) == 1 and ("published mentions that meet a name", "2") in {(row[0], row[2]) for row in table(measured)}


@needs_wikinews
def test_the_committed_figures_are_those_of_the_clone():
    golds = [one for _, (_, one) in sorted(Folder(ROOT).golds("wikinews")[0].items())]
    measured, found = measure(golds, names(WIKINEWS))
    assert {**measured, "classes": classes(DECIDED)} == AGREEMENT
    places = {(d.document, d.theirs.span.start if d.theirs else None, d.ours.start if d.ours else None) for d in found}
    assert places == {
        (row["document"], row["published"] and row["published"]["start"], row["ours"] and row["ours"]["start"]) for row in DECIDED
    }


def mention(kind, start, end):
    return {"start": start, "end": end, "type": kind}


def against(mentions, predicted, measure_name="entities.type"):
    published = [{"id": "d", "length": 100, "entities": mentions}]
    card = score([{"id": "d", "entities": predicted}], published, view="meantime")
    cell = card.cells[measure_name]
    return (cell.tp, cell.predicted, cell.gold)


@pytest.mark.parametrize(
    ("theirs", "ours", "tp"),
    [
        ("LOC", "GPE", 1),
        ("LOC", "NORP", 1),
        ("LOC", "FAC", 1),
        ("MISC", "MISC", 1),
        ("MISC", "ORG", 1),
        ("ORG", "MISC", 0),
        ("ORG", "GPE", 0),
        ("PER", "ORG", 0),
    ],
)
def test_the_view_reads_types_by_the_stated_mapping(theirs, ours, tp):
    assert against([mention(theirs, 0, 20)], [mention(ours, 5, 9)]) == (tp, 1, 1)


def test_in_the_view_a_maker_that_meets_an_organisation_stays_one():
    """The organisation inside a product is met as such, and the product stays unmet."""
    both = [mention("MISC", 0, 20), mention("ORG", 5, 9)]
    assert against(both, [mention("ORG", 5, 9)]) == (1, 1, 2)
    assert against(both, [mention("ORG", 5, 9), mention("MISC", 0, 20)]) == (2, 2, 2)


def test_in_the_view_nested_names_count_and_events_do_not():
    mentions = [mention("PER", 0, 30), mention("ORG", 4, 9)]
    predicted = [mention("PER", 20, 30), mention("ORG", 4, 9), mention("EVENT", 40, 50)]
    assert against(mentions, predicted) == (2, 2, 2)


def test_of_two_names_in_a_mention_one_counts():
    assert against([mention("LOC", 0, 30)], [mention("NORP", 3, 10), mention("GPE", 20, 30)], "entities.overlap") == (1, 2, 1)


def test_published_mentions_become_a_gold_of_their_own():
    pieces = Name("PRO", (Span(0, 4), Span(8, 9)), "http://dbpedia.org/resource/Wiek_2 ")
    (row,) = rows([gold()], {"d": [pieces, name("FIN", 12, 20), name("FIN", 12, 20)]})
    assert row == {
        "id": "d",
        "length": 100,
        "entities": [{"start": 0, "end": 9, "type": "MISC", "ref": "wiek_2"}, {"start": 12, "end": 20, "type": "MISC"}],
    }
    assert resource(None) is None


@needs_wikinews
@pytest.mark.parametrize("split", ["test", "validation"])
def test_the_committed_mentions_are_those_of_the_clone(split):
    golds = [one for where, one in Folder(ROOT).golds("wikinews")[0].values() if where == split]
    lines = (ROOT / "annotations" / "published" / f"wikinews-{split}.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == list(rows(golds, names(WIKINEWS)))


def test_our_gold_meets_nearly_every_published_mention_in_the_view():
    """One to one it can be no more than the looser count of the agreement."""
    folder = ROOT / "annotations"
    lines = (folder / "gold" / "wikinews" / "test.jsonl").read_text(encoding="utf-8").splitlines()
    ours = [{"id": row["id"], "entities": row["entities"]} for row in map(json.loads, lines)]
    card = score(ours, folder / "published" / "wikinews-test.jsonl", view="meantime")
    assert 0.95 < card["entities.overlap"].recall <= AGREEMENT["published mentions that meet a name"]["share"]
    assert card["entities.type"].recall > 0.9
