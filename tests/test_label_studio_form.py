"""Documents with gold → tasks → export → gold: the identity, and a problem for everything that would be lost."""

import copy
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from volgens.curation.label_studio import from_export, strip_export, tidy_export, to_tasks, write_export
from volgens.curation.label_studio.check import check
from volgens.model.documents import Attribution, Document, Entity, Figure, Segment, Span
from volgens.model.gold import Gold, read_gold, renumbered, write_gold
from volgens.readers.label_studio.form import format_number, last_word, parse_number

GOLD = Path(__file__).parents[1] / "annotations" / "gold"
TITLE = "🌊 Noorse Zeepartij: 150 van de 450 zetels"
LEAD = 'Volgens Kari Moe zou de Noorse Zeepartij hebben gezegd dat "ruim 2,5 miljard euro" en 80 meter lange boten nodig zijn.'
BODY = "Dat meldt de krant Fjordposten. Twee boeren en hun acht koeien, onder wie drie kalveren, zagen het niet."


def place(text, words, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def document(text, entities=(), figures=(), attributions=(), id="own-900", newline="\n"):
    segments, start = [], 0
    for n, line in enumerate(text.split(newline)):
        segments.append(Segment("title" if n == 0 else "paragraph", start, start + len(line)))
        start += len(line) + len(newline)
    digest = hashlib.sha256(text.encode()).hexdigest()
    found = Document(id, id, "article", "own", "test", text, len(text), digest, tuple(segments))
    return renumbered(Gold(id, len(text), digest, tuple(entities), tuple(figures), tuple(attributions))).on(found)


def full(newline="\n", id="own-900"):
    """All three layers: an emoji before every span, nested names, split cues and content, parents, heads drawn and implied."""
    text = newline.join((TITLE, LEAD, BODY))

    def at(words, nth=0):
        return place(text, words, nth)

    claim = Span(at("de Noorse").start, at("zijn").end)
    return document(
        text,
        [
            Entity("x1", *at("Noorse Zeepartij"), "ORG", None, "zeepartij"),
            Entity("x2", *at("Noorse"), "NORP", None, "noorwegen"),
            Entity("x3", *at("Kari Moe"), "PER", None, "kari-moe"),
            Entity("x4", *at("Fjordposten"), "ORG", None, "fjordposten"),
        ],
        [
            Figure("y1", *at("150"), "count", "point", 150.0, counted=at("zetels"), head=at("zetels"), part_of="y2"),
            Figure("y2", *at("450"), "count", "point", 450.0, counted=at("zetels"), head=at("zetels")),
            Figure("y3", *at("ruim 2,5 miljard euro"), "money", "min", min=2.5e9, approx=True, unit="EUR"),
            Figure("y4", *at("80 meter"), "measure", "point", 80.0, unit="m", counted=at("lange boten"), head=at("boten")),
            Figure("y5", *at("Twee"), "count", "point", 2.0, counted=at("boeren en hun"), head=at("boeren")),
            Figure("y6", *at("acht"), "count", "range", None, 8.0, 9.5, counted=at("koeien"), head=at("koeien")),
            Figure("y7", *at("drie"), "ratio", "vague", min=0.333, unit="1", part_of="y6"),
        ],
        [
            Attribution("z1", (at("Volgens"),), (at("Kari Moe"),), (claim,), source_kind="person", source_ref="kari-moe"),
            Attribution("z2", (at("zou"), at("hebben gezegd")), (at("de Noorse Zeepartij"),), (at("dat"), at('"ruim 2,5')),
                        source_kind="institution", source_ref="zeepartij", hedged=True, parent="z1"),
            Attribution("z3", (at("meldt"),), (at("de krant Fjordposten"),), (at("Dat"),), (claim,), source_kind="media"),
            Attribution("z4", (at("zagen"), at("niet")), (at("Twee boeren"),), (at("het"),), kind="fact",
                        source_kind="group", stance="open"),
        ],
        id=id,
        newline=newline,
    )  # fmt: skip


def quoted():
    """Version 2: quotations without a cue, in one piece and in several, one that shares its stretch with an attribution that has
    a cue and one with another like it, a parent to and from one; and figures that say by how much something changed.
    """
    text = "\n".join((TITLE, LEAD, BODY))

    def at(words, nth=0):
        return place(text, words, nth)

    body, lead = (Span(at(first).start, at(last).end) for first, last in (("Dat meldt", "niet."), ("Volgens", "zijn.")))
    return document(
        text,
        figures=[
            Figure("y1", *at("150"), "count", "point", 150.0, change="up"),
            Figure("y2", *at("450"), "count", "point", 450.0, change="down", counted=at("zetels"), head=at("zetels")),
            Figure("y3", *at("acht"), "count", "point", 8.0),
        ],
        attributions=[
            Attribution("z1", (), (), (at("Noorse Zeepartij"), at("150 van")), source_ref="zeepartij"),
            Attribution("z2", (), (), (at("de 450 zetels"),)),
            Attribution("z3", (at("Volgens"),), (at("Kari Moe"),), (at("zou de Noorse"),), source_kind="person"),
            Attribution("z4", (), (at("Kari Moe"),), (at("zou de Noorse"),), kind="belief", source_kind="person", hedged=True),
            Attribution("z5", (), (), (body,), source_ref="kari-moe"),
            Attribution("z6", (at("meldt"),), (at("de krant Fjordposten"),), (at("Dat"),), (lead,),
                        source_kind="media", parent="z5"),
            Attribution("z7", (), (), (at("Dat"), at("Twee boeren"), at("zagen")), stance="deny", parent="z6"),
            Attribution("z8", (), (), (at("Twee boeren"), at("zagen")), parent="z5"),
        ],
    )  # fmt: skip


def exported(*documents, as_="annotations", **options):
    """Tasks as Label Studio gives them back: numbered, through JSON."""
    tasks = json.loads(json.dumps(to_tasks(documents, as_=as_, **options)))
    for n, task in enumerate(tasks, 1):
        task["id"] = n
        for k, annotation in enumerate(task.get("annotations", ()), 1):
            annotation["id"] = 10 * n + k
    return tasks


def results(tasks):
    return tasks[0]["annotations"][0]["result"]


def region(tasks, name, control="label"):
    return next(r for r in results(tasks) if r.get("id") == name and r.get("from_name") == control)


def relation(tasks, name, start=None):
    return next(r for r in results(tasks) if r["type"] == "relation" and r["labels"] == [name] and start in (None, r["from_id"]))


def rules(tasks):
    return [p.id for p in from_export(tasks).problems]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("as_", ["annotations", "predictions"])
def test_there_and_back_is_the_identity(newline, as_):
    documents = [full(newline), full(newline, "own-901"), document("Leeg.", id="own-902")]
    export = from_export(exported(*documents, as_=as_))
    assert export.problems == []
    assert [r.gold.on(d) for r, d in zip(export.readings, documents, strict=True)] == documents
    assert {r.status for r in export.readings} == {"submitted" if as_ == "annotations" else "prediction"}


def test_quotations_without_a_cue_and_changes_come_back():
    given = quoted()
    export = from_export(exported(given))
    assert export.problems == [] and export.readings[0].gold.on(given) == given
    stripped = from_export(strip_export(exported(given)))
    assert stripped.problems == [] and stripped.readings[0].gold.on(given) == given


def test_a_quotation_and_an_attribution_with_a_cue_share_a_stretch_and_no_region():
    tasks = exported(quoted())
    labels = {r["id"]: r["value"]["labels"][0] for r in results(tasks) if r["type"] == "labels"}
    of_cue = {r["to_id"] for r in results(tasks) if r.get("labels") == ["content"] and labels[r["from_id"]] == "CUE"}
    anchors = {r["id"] for r in results(tasks) if r.get("from_name") == "stance" and labels[r["id"]] == "CONTENT"}
    assert len(anchors) == 6 and not of_cue & anchors


@pytest.mark.parametrize("file", sorted(GOLD.glob("*/*.jsonl")), ids=lambda file: "-".join(file.parts[-2:]))
def test_the_gold_comes_back(file):
    golds, problems = read_gold(file)
    assert golds and problems == []
    for gold in golds:
        blank = Document(gold.id, gold.id, "article", "own", "test", "\n" * gold.length, gold.length, gold.sha256)
        tasks = strip_export(exported(gold.on(blank)))
        found = from_export(tasks)
        assert found.problems == []
        back = found.readings[0].gold
        assert (back.entities, back.figures, back.attributions) == (gold.entities, gold.figures, gold.attributions)


def test_a_piece_of_a_quotation_may_be_drawn_to_its_anchor():
    tasks = exported(quoted())
    for result in results(tasks):
        if result["type"] == "relation" and result["labels"] == ["content"] and "content-" in result["to_id"]:
            result["from_id"], result["to_id"] = result["to_id"], result["from_id"]
            del result["labels"]
    assert from_export(tasks) == from_export(exported(quoted()))


def _quotation(tasks, span):
    """The anchor of the quotation that begins with this stretch."""
    anchors = {r["id"] for r in results(tasks) if r.get("from_name") == "stance"}
    found = (r for r in results(tasks) if r.get("id") in anchors and r.get("value", {}).get("labels") == ["CONTENT"])
    return next(r["id"] for r in found if (r["value"]["start"], r["value"]["end"]) == span)


def _claim_as_part(tasks):
    text = tasks[0]["data"]["text"]
    cue = next(r["id"] for r in results(tasks) if r.get("value", {}).get("labels") == ["CUE"])
    _join(tasks, cue, _quotation(tasks, place(text, "de 450 zetels")), "content")


def _empty(tasks, *fields):
    name = _quotation(tasks, place(tasks[0]["data"]["text"], "de 450 zetels"))
    results(tasks)[:] = [r for r in results(tasks) if r.get("id") != name or r["from_name"] not in fields]


def _parent_to_a_piece(tasks):
    text, cue = tasks[0]["data"]["text"], next(r["id"] for r in results(tasks) if r.get("value", {}).get("labels") == ["CUE"])
    piece = next(r["id"] for r in results(tasks) if r.get("id") == "content-{}-{}".format(*place(text, "150 van")))
    _join(tasks, cue, piece, "parent")


@pytest.mark.parametrize(
    ("rule", "damage"),
    [
        ("two-anchors", _claim_as_part),
        ("missing-field", lambda tasks: _empty(tasks, "stance")),
        ("loose-region", lambda tasks: _empty(tasks, "attribution_kind", "stance", "source_kind")),
        ("no-such-relation", _parent_to_a_piece),
    ],
)
def test_what_is_wrong_with_a_quotation_is_reported(rule, damage):
    tasks = exported(quoted())
    damage(tasks)
    assert rules(tasks) == [rule]


def test_order_of_results_and_keys_the_editor_drops_do_not_matter():
    tasks = exported(full())
    results(tasks).reverse()
    for result in results(tasks):
        result["origin"] = "prediction-changed"
        result.get("value", {}).pop("text" if result["type"] == "labels" else "none", None)
    assert from_export(tasks) == from_export(exported(full()))


def test_a_relation_drawn_the_wrong_way_round_is_turned_where_the_labels_tell():
    tasks = exported(full())
    for result in results(tasks):
        if result["type"] == "relation" and result["labels"][0] not in ("parent", "part_of"):
            result["from_id"], result["to_id"] = result["to_id"], result["from_id"]
    assert from_export(tasks) == from_export(exported(full()))


def test_direction_left_means_to_from():
    tasks = exported(full())
    for result in results(tasks):
        if result["type"] == "relation":
            result.update(from_id=result["to_id"], to_id=result["from_id"], direction="left")
    assert from_export(tasks) == from_export(exported(full()))


def test_a_relation_without_name_is_named_by_its_ends():
    tasks = exported(full())
    for result in results(tasks):
        if result["type"] == "relation" and result["labels"][0] not in ("cue", "parent"):
            del result["labels"]
    assert from_export(tasks) == from_export(exported(full()))


@pytest.mark.parametrize("name", ["cue", "parent"])
def test_between_two_cues_a_relation_needs_its_name(name):
    tasks = exported(full())
    del relation(tasks, name)["labels"]
    assert "unnamed-relation" in rules(tasks)


def test_parts_may_hang_on_any_piece_of_the_cue():
    tasks = exported(full())
    relation(tasks, "source", "a2")["from_id"] = "a2-cue2"
    assert from_export(tasks) == from_export(exported(full()))


def test_several_annotators_skipped_drafts_and_predictions_are_kept_apart():
    tasks = exported(full(), as_="annotations", annotator={"id": 3, "email": "reader-a@example.org"})
    first = tasks[0]["annotations"][0]
    second = first | {
        "id": 12,
        "completed_by": {"id": 4, "email": "reader-b@example.org"},
        "result": [r for r in first["result"] if r.get("id") == "e1"],
    }
    skipped = first | {"id": 13, "completed_by": {"id": 5, "email": "reader-c@example.org"}, "was_cancelled": True}
    tasks[0]["annotations"] += [second, skipped]
    tasks[0]["drafts"] = [{"id": 9, "user": "reader-d@example.org", "result": []}]
    tasks[0]["predictions"] = [{"id": 8, "model_version": "rules", "result": []}]
    readings = from_export(tasks).readings
    assert [(r.annotator, r.status, len(r.gold.entities)) for r in readings] == [
        ("reader-a", "submitted", 4),
        ("reader-b", "submitted", 1),
        ("reader-c", "skipped", 4),
        ("reader-d", "draft", 0),
        ("rules", "prediction", 0),
    ]


def test_two_submissions_by_one_annotator_are_a_problem():
    tasks = exported(full(), annotator=1)
    tasks[0]["annotations"].append(tasks[0]["annotations"][0] | {"id": 99})
    assert rules(tasks) == ["submitted-twice"]


def _relabel(tasks):
    region(tasks, "e1")["value"]["labels"] = ["ORG", "PER"]


def _widen(tasks, start=0, end=10_000):
    region(tasks, "e1")["value"].update(start=start, end=end)


def _write(tasks, name, control, *values):
    region(tasks, name, control)["value"]["text"] = list(values)


def _drop(tasks, name, control):
    results(tasks).remove(region(tasks, name, control))


def _turn(tasks, name):
    r = relation(tasks, name)
    r["from_id"], r["to_id"] = r["to_id"], r["from_id"]


def _join(tasks, start, end, *labels):
    results(tasks).append({"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": list(labels)})


FAULTS = {
    "missing-region": lambda t: relation(t, "source").update(to_id="gone"),
    "emptied-value": lambda t: _write(t, "f1", "value", " "),
    "one-value": lambda t: _write(t, "f1", "value", "1", "2"),
    "two-labels": _relabel,
    "no-label": lambda t: region(t, "e1")["value"].pop("labels"),
    "unknown-label": lambda t: region(t, "e1")["value"].update(labels=["PERSON"]),
    "outside-text": _widen,
    "no-offsets": lambda t: _widen(t, None),
    "crosses-segment": lambda t: _widen(t, 2, 60),
    "untrimmed": lambda t: _widen(t, 1, 8),
    "text-changed": lambda t: t[0]["data"].update(text=t[0]["data"]["text"].replace("Kari", "Mari")),
    "not-our-task": lambda t: t[0]["data"].pop("sha256"),
    "not-a-number": lambda t: _write(t, "f1", "value", "1,5"),
    "not-a-slug": lambda t: _write(t, "e1", "ref", "Kari Moe"),
    "not-a-unit": lambda t: _write(t, "f3", "unit", "miljard euro"),
    "unknown-choice": lambda t: region(t, "f1", "bound")["value"].update(choices=["exact"]),
    "field-not-of-label": lambda t: region(t, "e1")["value"].update(labels=["CUE"]),
    "unknown-field": lambda t: region(t, "e1", "ref").update(from_name="remark"),
    "field-twice": lambda t: results(t).append(region(t, "e1", "ref")),
    "missing-field": lambda t: _drop(t, "a1", "stance"),
    "loose-region": lambda t: results(t).remove(relation(t, "counts", "f5")),
    "no-such-relation": lambda t: _join(t, "e1", "f1"),
    "one-relation-label": lambda t: relation(t, "source").update(labels=["source", "content"]),
    "relation-twice": lambda t: results(t).append(relation(t, "source")),
    "one-relation": lambda t: _join(t, "f1", "f4", "part_of"),
    "wrong-way-round": lambda t: _turn(t, "part_of"),
    "two-anchors": lambda t: _join(t, "a1", "a3", "cue"),
    "same-region-twice": lambda t: results(t).append(region(t, "e1") | {"id": "again"}),
    "not-a-result": lambda t: results(t).append({"type": "labels"}),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_every_loss_is_reported(rule):
    tasks = exported(full(), annotator="reader-a")
    FAULTS[rule](tasks)
    problems = from_export(tasks, file="raw.json").problems
    assert rule in [p.id for p in problems]
    first = next(p for p in problems if p.id == rule)
    assert (
        first.hint
        and first.message
        and str(first).startswith("raw.json: own-900: task 1" if rule != "not-our-task" else "raw.json")
    )


def test_a_relation_to_a_region_that_lies_on_the_right_one_says_which_was_meant():
    tasks = exported(full())
    name = next(r for r in results(tasks) if r["type"] == "labels" and r["value"]["labels"] == ["PER"])
    relation(tasks, "source").update(to_id=name["id"])
    found = from_export(tasks).problems
    (told,) = [p for p in found if p.id == "no-such-relation"]
    start, end = name["value"]["start"], name["value"]["end"]
    assert told.hint.startswith(f"You meant SOURCE {start}-{end}, which lies at the same place")
    assert {p.id for p in found} <= {"no-such-relation", "loose-region"}


def test_a_parent_drawn_outer_to_inner_is_reported():
    tasks = exported(full())
    _turn(tasks, "parent")
    assert rules(tasks) == ["wrong-way-round"]


def test_a_figure_of_money_needs_a_unit():
    tasks = exported(full())
    _drop(tasks, "f3", "unit")
    assert rules(tasks) == ["missing-field"]


def test_a_fault_costs_no_other_item():
    tasks = exported(full())
    _widen(tasks)
    whole = from_export(exported(full())).readings[0].gold
    found = from_export(tasks).readings[0].gold
    assert len(found.entities) == len(whole.entities) - 1
    assert (found.figures, found.attributions) == (whole.figures, whole.attributions)


def test_items_know_the_region_they_came_from():
    tasks = exported(full())
    region(tasks, "e1").update(id="hand-made")
    region(tasks, "e1", "ref").update(id="hand-made")
    assert from_export(tasks).readings[0].regions["e1"] == "hand-made"


def test_a_stripped_export_holds_no_text_and_gives_the_same_gold():
    tasks = exported(full(), annotator={"email": "reader-a@example.org"})
    tasks[0]["meta"] = tasks[0]["data"]["note"] = results(tasks)[0]["meta"] = LEAD
    _write(tasks, "e1", "ref", "kari-moe")
    stripped = strip_export(tasks)
    written = json.dumps(stripped, ensure_ascii=False)
    words = {w for w in (TITLE + LEAD + BODY).split() if len(w) > 4}
    assert not [w for w in words if w in written]
    assert from_export(stripped) == from_export(tidy_export(tasks))
    assert strip_export(stripped) == stripped


def test_free_text_does_not_survive_stripping():
    tasks = exported(full())
    _write(tasks, "e1", "ref", LEAD)
    assert LEAD not in json.dumps(strip_export(tasks), ensure_ascii=False)
    assert "one-value" in rules(strip_export(tasks))


def test_equal_exports_are_equal_files(tmp_path):
    tasks = exported(full(), full(id="own-901"), annotator="reader-a")
    shuffled = copy.deepcopy(tasks)[::-1]
    for task in shuffled:
        task["annotations"][0]["result"].reverse()
    for name, export in (("a.json", tasks), ("b.json", shuffled)):
        write_export(tmp_path / name, tidy_export(export))
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert from_export(json.loads((tmp_path / "a.json").read_text())) == from_export(tasks)


def test_a_document_without_text_is_not_pushed():
    with pytest.raises(ValueError, match="own-900 has no text"):
        to_tasks([replace(full(), text=None)])


def test_gold_files_read_back_as_written(tmp_path):
    golds = [Gold.of(full(id="own-901")), Gold.of(full())]
    write_gold(tmp_path / "test.jsonl", golds)
    assert read_gold(tmp_path / "test.jsonl") == (golds[::-1], [])
    (tmp_path / "test.jsonl").write_text('{"id": "own-900"}\nno json\n')
    found, problems = read_gold(tmp_path / "test.jsonl")
    assert found == [] and [(p.where.line, p.id) for p in problems] == [(1, "not-gold"), (2, "not-gold")]


def test_numbering_does_not_depend_on_the_order_of_items():
    gold = Gold.of(full())
    shuffled = replace(gold, entities=gold.entities[::-1], figures=gold.figures[::-1], attributions=gold.attributions[::-1])
    assert renumbered(shuffled) == gold


def test_the_head_is_the_last_word_unless_drawn():
    labels = [r["value"]["labels"][0] for r in results(exported(full())) if r["type"] == "labels"]
    assert labels.count("HEAD") == 1
    assert last_word("de 3 auto's", Span(0, 11)) == Span(5, 11)


@pytest.mark.parametrize(
    ("written", "number"),
    [("1200", 1200), ("1.5", 1.5), ("-3", -3), ("9e10", 9e10), ("0.333", 0.333), ("1.2000", 1.2),
     ("1,5", None), ("1.200", None), ("12.345.678", None), ("1 200", None), ("nan", None), ("٣", None), ("", None)],
)  # fmt: skip
def test_numbers_are_read_strictly(written, number):
    assert parse_number(written) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back(number):
    assert parse_number(format_number(number)) == number


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_gold_comes_back(data):
    text = "🌊" + "woord " * 32 + "einde"
    spans = st.tuples(st.integers(0, 29), st.integers(1, 3)).map(lambda x: Span(1 + 6 * x[0], 1 + 6 * x[0] + 6 * x[1] - 1))
    part = st.lists(spans, max_size=3, unique=True).map(lambda x: tuple(sorted(x)))
    figures = data.draw(st.lists(st.builds(
        lambda s, c, n, d: Figure("", *s, "count", "point", n, counted=c, head=c and last_word(text, c), change=d),
        spans, st.none() | spans, st.floats(0, 1e12), st.sampled_from([None, "up", "down"])), max_size=5,
        unique_by=lambda f: f.span))  # fmt: skip
    entities = data.draw(
        st.lists(spans.map(lambda s: Entity("", *s, "PER", None, "iemand")), max_size=6, unique_by=lambda e: e.span)
    )
    attributions = data.draw(st.lists(st.builds(
        Attribution, st.just(""), part, part, part, part, st.sampled_from(["assertion", "belief"]), st.just("person"),
        st.none() | st.just("iemand"), st.just("deny"), st.booleans()).filter(lambda a: a.cue or a.content),
        max_size=4, unique_by=lambda a: (a.cue, a.content)))  # fmt: skip
    numbered = [[replace(item, id=str(n)) for n, item in enumerate(items)] for items in (entities, figures, attributions)]
    given = document(text, *numbered)
    export = from_export(exported(given))
    assert export.problems == [] and export.readings[0].gold.on(given) == given
    stripped = from_export(strip_export(exported(given)))
    assert stripped.problems == [] and stripped.readings[0].gold == export.readings[0].gold


ODD = [None, True, -1, 1.5, "", "x", [], {}, [[]], [None], {"a": 1}, "1" * 400]


def nodes(value, path=()):
    """The paths of everything within a JSON value."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from nodes(inner, (*path, key))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_damage_to_an_export_is_a_traceback(data):
    tasks = exported(full(), annotator="reader-a")
    tasks[0]["predictions"] = [{"id": 1, "model_version": "m", "result": results(tasks)[:5]}]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(nodes(tasks))[1:]))
        home = tasks
        for key in path[:-1]:
            home = home[key]
        home[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    assert all(problem.message and problem.hint for problem in check(tasks).problems)
    assert from_export(strip_export(tasks)).readings or not from_export(tasks).readings
