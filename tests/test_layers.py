"""What is read off the declaration of a layer: schemas, columns, plain forms; and documents not annotated in every layer."""

from __future__ import annotations

import copy
import hashlib
import pickle
from dataclasses import asdict

import polars as pl
import pytest
from builders import document, figure
from volgens.model.checks import check_gold
from volgens.model.columns import CLOSED, ITEMS, LINK, PLACING, TYPE, annotated, frame
from volgens.model.documents import LAYERS, PARTS, Attribution, Document, Entity, Figure, Provenance, Segment, Span
from volgens.model.gold import Gold, renumbered
from volgens.model.layers import ALL, BY_NAME
from volgens.model.schema import enumeration, explain, schema
from volgens.readers.corpus import CHECKOUT
from volgens.scoring.tables import tables


def whole(**more):
    text = "Volgens Ida Holm steeg het met 5 procent."
    sha = hashlib.sha256(text.encode()).hexdigest()
    row = {
        "id": "d", "page": "d", "kind": "article", "config": "own", "split": "test", "text": text, "length": len(text),
        "sha256": sha, "places": [], "agencies": [], "section": None, "age": None,
        "segments": [{"kind": "paragraph", "start": 0, "end": len(text), "sha256": sha}],
        "entities": [], "figures": [], "attributions": [], "canary": "x",
        "provenance": asdict(Provenance("model", 1, True, False, "2", "2026-01-02")),
    }  # fmt: skip
    return {**row, **more}


FIGURE = {
    "id": "f1", "start": 31, "end": 40, "kind": "percent", "bound": "point", "value": 5, "min": None, "max": None,
    "approx": False, "unit": "%", "counted": None, "head": None, "part_of": None,
}  # fmt: skip
QUOTE = {
    "id": "a1", "source": [], "cue": [], "content": [{"start": 17, "end": 40}], "antecedent": [], "kind": "assertion",
    "source_kind": "none", "source_ref": None, "stance": "affirm", "hedged": False, "parent": None,
}  # fmt: skip


def rules(row):
    return [problem.id for problem in check_gold([row])]


def test_the_layers_in_their_order_with_what_is_asked_of_them():
    assert [layer.name for layer in ALL] == list(LAYERS) == ["entities", "figures", "attributions"]
    assert TYPE == {"entities": "type", "figures": "kind", "attributions": "kind"}
    assert LINK == {"figures": "part_of", "attributions": "parent"}
    assert CLOSED["figures"] == ("kind", "bound", "change")
    assert PARTS == ("source", "cue", "content", "antecedent") and PLACING == ("cue", "content", "source", "antecedent")
    assert enumeration("entity", "role") == ("actor", "place") and enumeration("segment", "kind")[2] == "date"
    assert [BY_NAME[name].one for name in LAYERS] == ["entity", "figure", "attribution"]


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.name)
def test_columns_and_schemas_have_the_fields_of_the_class(layer):
    names = {field.name for field in layer.fields}
    assert set(ITEMS[layer.name]) == names == set(layer.item.__dataclass_fields__)
    assert set(schema("gold")["$defs"][layer.one]["properties"]) == names
    more = {"text", "score"} if layer.has_place else {"score"}
    assert set(schema("prediction")["$defs"][layer.one]["properties"]) == names | more


def test_plain_form_and_back():
    items = (
        Entity("e1", 0, 4, "GPE", "actor", "oslo"),
        Figure("f1", 0, 4, "count", "min", min=3.0, counted=Span(5, 9), head=Span(5, 9), part_of="f2", change="up"),
        Attribution("a1", (), (Span(1, 2),), (Span(3, 4), Span(6, 9)), parent="a2"),
    )
    for layer, item in zip(ALL, items, strict=True):
        assert layer.read(layer.plain(item)) == item
    assert "change" not in BY_NAME["figures"].plain(Figure("f1", 0, 1, "count", "point"))
    assert BY_NAME["entities"].read({"id": "e", "start": 0, "end": 2, "type": "PER", "text": "Jo", "score": 0.5}).type == "PER"


def test_version_two_of_the_scheme():
    assert rules(whole(figures=[FIGURE])) == []
    assert rules(whole(figures=[FIGURE | {"change": "up"}])) == []
    assert rules(whole(figures=[FIGURE | {"change": None}])) == []
    assert rules(whole(figures=[FIGURE | {"change": "more"}])) == ["unknown-value"]
    assert rules(whole(attributions=[QUOTE])) == []
    assert rules(whole(attributions=[QUOTE | {"source_ref": "ida-holm", "source_kind": "person"}])) == []
    assert rules(whole(attributions=[QUOTE | {"content": []}])) == ["no-place"]


def test_nothing_is_annotated_in_a_date_line():
    row = whole(figures=[FIGURE])
    row["segments"] = [row["segments"][0] | {"kind": "date"}]
    assert rules(row) == ["in-date"]


def test_a_score_is_a_number_on_any_predicted_item():
    line = {
        "id": "d",
        "entities": [{"start": 0, "end": 1, "score": 0.7}],
        "attributions": [{"cue": [{"text": "zei"}], "score": 1}],
    }
    assert explain("prediction", line) == []
    assert [p.id for p in explain("prediction", {"id": "d", "figures": [{"start": 0, "end": 1, "score": "high"}]})] == [
        "wrong-type"
    ]
    assert [p.id for p in explain("gold", whole(figures=[FIGURE | {"score": 0.5}]))] == ["unknown-field"]


@pytest.mark.parametrize("way", ["null", "absent"])
def test_a_layer_that_is_null_or_absent_is_not_annotated(way):
    row = whole(figures=None, attributions=[QUOTE])
    if way == "absent":
        del row["figures"]
    assert rules(row) == []
    found = Document.from_dict(row)
    assert found.unannotated == {"figures"} and found.figures == ()
    assert found.to_dict()["figures"] is None and found.to_dict()["entities"] == []
    assert list(found.to_dict())[13:18] == ["entities", "figures", "attributions", "provenance", "canary"]
    gold = renumbered(Gold.of(found))
    assert gold.unannotated == {"figures"} and Gold.from_dict(gold.to_dict()) == gold and gold.on(found) == found
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found


def test_which_documents_are_annotated():
    rows = [document("a", figures=[figure(0, 1, 5.0)]), {"id": "b", "entities": []}, document("c")]
    found = frame(rows)
    assert annotated(found, "figures").to_list() == [True, False, True]
    assert annotated(found, "attributions").to_list() == [True, False, True]
    assert annotated(found.drop("figures"), "figures").to_list() == [False, False, False]
    sides = tables(found, pl.Series("id", ["a", "b", "c", "d"]))
    assert sides.annotated["entities"].tolist() == [True, True, True, False]
    assert sides.annotated["figures"].tolist() == [True, False, True, False]


def test_committed_gold_reads_and_writes_as_it_is():
    for path in (CHECKOUT.parent / "annotations" / "gold").glob("*/*.jsonl"):
        from volgens.model.gold import compact, read_gold

        golds, problems = read_gold(path)
        assert not problems
        assert "".join(compact(g.to_dict()) + "\n" for g in golds) == path.read_text(encoding="utf-8")


def test_a_further_layer_of_a_document_is_an_attribute_like_the_others():
    found = Document.from_dict(whole())
    assert not found.further
    with pytest.raises(AttributeError, match="dates"):
        _ = found.dates
    assert Segment("date", 0, 4).span == Span(0, 4)
