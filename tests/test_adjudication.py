"""Readings → agreed and open points; decisions → gold, at any time the same."""

from dataclasses import replace

import pytest
from test_label_studio_form import document, full, place, quoted
from volgens.curation.adjudication import (
    Decision,
    changelog,
    describe,
    points,
    read_decisions,
    resolve,
    write_decisions,
)
from volgens.curation.deciding import decide
from volgens.curation.pairing import diff
from volgens.model.documents import Provenance, Span
from volgens.model.gold import Gold, renumbered

GOLD = Gold.of(full())
TEXT = full().text


def changed(gold=GOLD, **layers):
    return renumbered(replace(gold, **layers))


def other_reading():
    """GOLD but: a role of type, one name less, one more, a figure's value, a cue one piece shorter, a parent less."""
    entities = [replace(GOLD.entities[0], type="MISC"), *GOLD.entities[2:], replace(GOLD.entities[1], id="e9", start=66, end=72)]
    figures = [replace(f, value=151) if f.id == "f1" else f for f in GOLD.figures]
    attributions = [replace(a, cue=a.cue[:1], parent=None) if a.id == "a2" else a for a in GOLD.attributions]
    return changed(entities=tuple(entities), figures=tuple(figures), attributions=tuple(attributions))


def test_readings_that_say_the_same_leave_nothing_open():
    found = points({"a": GOLD, "b": GOLD, "c": GOLD})
    assert not any(p.open for p in found)
    assert resolve(GOLD, found, []) == (GOLD, [])


def test_every_difference_is_one_open_point():
    found = [p for p in points({"a": GOLD, "b": other_reading()}) if p.open]
    assert [(p.layer, p.start, len(p.options)) for p in found] == [
        ("entities", 2, 2),
        ("entities", 2, 2),
        ("entities", 66, 2),
        ("figures", 20, 2),
        ("attributions", 59, 2),
    ]
    missing = [[o.by for o in p.options if o.item is None] for p in found]
    assert missing.count([("a",)]) == missing.count([("b",)]) == 1 and missing.count([]) == 3


def decided(found, take):
    return [Decision(p, take(p), "E1", "because", "chief", "2026-11-20") for p in found if p.open]


@pytest.mark.parametrize("reader", ["a", "b"])
def test_choosing_one_reader_throughout_gives_that_reading(reader):
    readings = {"a": GOLD, "b": other_reading()}
    found = points(readings)
    choice = decided(found, lambda p: next(o.item for o in p.options if reader in o.by))
    assert resolve(GOLD, found, choice) == (readings[reader], [])


def test_an_open_point_without_decision_is_a_problem():
    found = points({"a": GOLD, "b": other_reading()})
    gold, problems = resolve(GOLD, found, [])
    assert [p.id for p in problems] == ["undecided"] * 5
    assert len(gold.entities) == len(GOLD.entities) - 2


def test_three_readings_and_a_decision_against_all():
    third = changed(figures=tuple(replace(f, value=152.0) if f.id == "f1" else f for f in GOLD.figures))
    found = points({"a": GOLD, "b": other_reading(), "c": third})
    point = next(p for p in found if p.layer == "figures" and p.open)
    assert [o.by for o in point.options] == [("a",), ("b",), ("c",)]
    item = {**point.options[0].item, "value": 149}
    choice = [d if d.point != point else replace(d, chosen=item) for d in decided(found, lambda p: p.options[0].item)]
    gold, problems = resolve(GOLD, found, choice)
    assert problems == [] and gold.figures[0].value == 149 and gold.figures[1:] == GOLD.figures[1:]


def test_a_link_follows_to_what_was_chosen_in_the_place_of_its_end():
    """Reader b draws the outer cue differently; the inner one's parent is agreed all the same."""
    wider = tuple(replace(a, cue=(Span(42, 58),), source=()) if a.id == "a1" else a for a in GOLD.attributions)
    other = changed(attributions=wider)
    found = points({"a": GOLD, "b": other})
    assert [p.start for p in found if p.open] == [42]
    gold, problems = resolve(GOLD, found, decided(found, lambda p: p.options[1].item))
    assert problems == [] and gold == other and gold.attributions[1].parent == "a1"


def test_what_an_adjudicator_submits_becomes_decisions_and_gives_their_annotation_again(tmp_path):
    found = points({"a": GOLD, "b": other_reading()})
    final = changed(
        entities=(*GOLD.entities, replace(GOLD.entities[1], id="x", start=63, end=65)),
        figures=tuple(replace(f, value=150.5) if f.id == "f1" else f for f in GOLD.figures[:-1]),
    )
    notes = [
        "1: E3 a party is an ORG",
        "2 E7: nested name",
        "3. E2 no name",
        "4) F2 read again",
        "5: A1 the cue is split",
        "+ E9 missed",
    ]
    decisions, problems = decide(found, final, notes, "chief", "2026-11-20")
    assert problems == [] and len(decisions) == 7
    write_decisions(tmp_path / "decisions.jsonl", decisions)
    again, problems = read_decisions(tmp_path / "decisions.jsonl")
    assert problems == [] and resolve(GOLD, found, again) == (final, [])
    write_decisions(tmp_path / "again.jsonl", again[::-1])
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "decisions.jsonl").read_bytes()
    assert "Noorse" not in (tmp_path / "decisions.jsonl").read_text()


@pytest.mark.parametrize(
    ("notes", "rules"),
    [
        (["1: E3 x", "2: E7 x", "3: E2 x", "4: F2 x"], ["no-reason"]),
        (["1: E3 x", "2: E7 x", "3: E2 x", "4: F2 x", "5: A1 x", "6: A1 x"], ["no-such-point"]),
        (["1: E3 x", "2: E7 x", "3: E2 x", "4: F2 x", "5: A1 x", "because I say so"], ["not-a-note"]),
    ],
)
def test_a_decision_needs_its_reason(notes, rules):
    found = points({"a": GOLD, "b": other_reading()})
    assert [p.id for p in decide(found, GOLD, notes, "chief", "2026-11-20")[1]] == rules


def test_a_change_beyond_the_open_points_needs_a_reason_too():
    found = points({"a": GOLD, "b": GOLD})
    final = changed(entities=GOLD.entities[1:])
    assert [p.id for p in decide(found, final, [], "chief", "2026-11-20")[1]] == ["no-reason"]
    decisions, problems = decide(found, final, ["+ E1 no name"], "chief", "2026-11-20")
    assert problems == [] and resolve(GOLD, found, decisions) == (final, [])


def test_a_decision_on_readings_that_are_gone_is_reported():
    decisions = decided(points({"a": GOLD, "b": other_reading()}), lambda p: p.options[0].item)
    _, problems = resolve(GOLD, points({"a": GOLD, "b": GOLD}), decisions[:1])
    assert [p.id for p in problems] == ["stale-decision"]


def test_provenance_is_what_the_caller_says():
    told = Provenance("model", 2, True, True, "1", "2026-11-20")
    assert resolve(GOLD, points({"a": GOLD}), [], told)[0].provenance == told


def test_readings_of_different_texts_are_refused():
    with pytest.raises(ValueError, match="not of one and the same text"):
        points({"a": GOLD, "b": Gold.of(document("Anders.", id="own-900"))})


def test_a_line_of_the_file_that_is_no_decision_is_a_problem(tmp_path):
    (tmp_path / "decisions.jsonl").write_text('{"document": "own-900"}\n[]\n')
    decisions, problems = read_decisions(tmp_path / "decisions.jsonl")
    assert decisions == [] and [p.where.line for p in problems] == [1, 2]
    assert read_decisions(tmp_path / "none.jsonl") == ([], [])


def test_the_changelog_tells_what_changed_and_why():
    found = points({"gold": GOLD, "model": other_reading()})
    lines = changelog(decided(found, lambda p: p.options[-1].item))
    assert len(lines) == 5 and all(line.startswith("own-900: ") and line.endswith("(E1: because)") for line in lines)
    assert "was: 20-23 count value=150" in lines[3] and "is: 20-23 count value=151" in lines[3]
    assert changelog(decided(found, lambda p: p.options[0].item)) == []


def test_a_point_is_described_with_its_words_where_there_is_text():
    point = next(p for p in points({"a": GOLD, "b": other_reading()}) if p.layer == "figures" and p.open)
    assert describe(point, TEXT) == "figures a: «150» 20-23 count value=150 | b: «150» 20-23 count value=151"


def test_diff_names_layer_field_and_both_values():
    changes = diff([GOLD], [other_reading()])
    assert [(c.layer, c.before, c.after, c.field) for c in changes] == [
        ("entities", "e1", "e1", "type"),
        ("entities", "e2", None, None),
        ("entities", None, "e3", None),
        ("figures", "f1", "f1", "value"),
        ("attributions", "a2", "a2", "cue"),
        ("attributions", "a2", "a2", "parent"),
    ]
    assert (changes[3].old, changes[3].new) == (150.0, 151.0)
    assert diff([GOLD], [GOLD]) == [] and diff([GOLD], []) == []


def test_a_change_and_a_quotation_without_a_cue_are_points_like_others():
    text, readings = quoted().text, {"a": Gold.of(quoted())}
    figures = [replace(f, change={"up": None, "down": "up", None: "down"}[f.change]) for f in readings["a"].figures]
    quotations = [replace(a, source_ref="fjordposten") if a.id == "a1" else a for a in readings["a"].attributions]
    readings["b"] = replace(readings["a"], figures=tuple(figures), attributions=tuple(quotations))
    found = [(c.layer, c.before, c.field, c.old, c.new) for c in diff([readings["a"]], [readings["b"]])]
    assert found == [
        ("figures", "f1", "change", "up", None),
        ("figures", "f2", "change", "down", "up"),
        ("figures", "f3", "change", None, "down"),
        ("attributions", "a1", "source_ref", readings["a"].attributions[0].source_ref, "fjordposten"),
    ]
    told = [describe(point, text) for point in points(readings) if point.open]
    assert told[0] == "figures a: «150» 20-23 count change=up | b: «150» 20-23 count change=None"
    assert len(told) == 4 and told[3].startswith("attributions a: «") and "source_ref=fjordposten" in told[3]
    for reader, option in (("a", 0), ("b", -1)):
        chosen = decided(points(readings), lambda point, n=option: point.options[n].item)
        gold, problems = resolve(readings["a"], points(readings), chosen)
        assert problems == [] and gold == readings[reader]


def test_diff_follows_links_through_items_that_moved():
    shifted = changed(figures=tuple(replace(f, start=f.start - 4) if f.id == "f2" else f for f in GOLD.figures))
    assert [(c.before, c.field) for c in diff([GOLD], [shifted])] == [("f2", "start")]
    assert place(TEXT, "450") == (31, 34)
