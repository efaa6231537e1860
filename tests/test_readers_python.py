"""What Python holds documents in, and numbers in strings: read the same wherever they come from, or refused with their place."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
import volgens
from builders import document, figure
from volgens.model.problem import ProblemsFound
from volgens.readers.corpus import CHECKOUT
from volgens.readers.native import read
from volgens.readers.numbers import parse_number

PARQUET = CHECKOUT / "data" / "own" / "test.parquet"
TEXT = "Ida Holm meldt 300 gewonden en 40 doden."
GOLD = [
    document("d1", [(0, 8, "PER")], [figure(15, 18, 300), figure(31, 33, 40)], text=TEXT, length=len(TEXT)),
    document("d2", text="Niets te melden.", length=16),
]


def problems(predictions, **options):
    with pytest.raises(ProblemsFound) as found:
        volgens.score(predictions, GOLD, **options)
    return [(p.id, p.where.document, p.where.field) for p in found.value.problems]


def as_json(tmp_path, frame):
    path = tmp_path / "pandas.jsonl"
    frame.to_json(path, orient="records", lines=True, force_ascii=False)
    return path


PANDAS = {
    "read_parquet": lambda tmp: pd.read_parquet(PARQUET),
    "arrow types": lambda tmp: pd.read_parquet(PARQUET, dtype_backend="pyarrow"),
    "of polars": lambda tmp: volgens.load_gold().to_pandas(),
    "records": lambda tmp: pd.read_parquet(PARQUET).to_dict("records"),
    "to_json": lambda tmp: as_json(tmp, pd.read_parquet(PARQUET)),
    "read_json": lambda tmp: pd.read_json(as_json(tmp, pd.read_parquet(PARQUET)), lines=True),
    "Dataset": lambda tmp: pytest.importorskip("datasets").Dataset.from_parquet(str(PARQUET), cache_dir=str(tmp)).to_pandas(),
    "lazy": lambda tmp: pl.scan_parquet(PARQUET),
    "array": lambda tmp: np.array(pl.read_parquet(PARQUET).to_dicts(), dtype=object),
}


@pytest.mark.parametrize("way", PANDAS)
def test_gold_against_itself_is_right_whatever_holds_it(tmp_path, way):
    source = PANDAS[way](tmp_path)
    for card in (volgens.score(source), volgens.score(PARQUET, source)):
        assert {name: counts.f1 for name, counts in card.measures.items() if counts.gold and counts.f1 != 1.0} == {}
        assert card["figures"].gold == 69


def test_numpy_in_dictionaries():
    place = {"start": np.int64(15), "end": np.uint16(18), "bound": np.str_("point"), "unit": "1", "value": np.float32(300)}
    place["approx"] = np.bool_(False)
    rows = (
        {"id": "d1", "entities": ({"start": np.int32(0), "end": 8.0, "type": "PER"},), "figures": np.array([place])},
        {"id": "d2", "entities": (), "figures": np.array([])},
    )
    card = volgens.score(iter(rows), GOLD)
    assert (card["entities"].f1, card["figures"].tp, card["figures"].predicted) == (1.0, 1, 1)


def test_nan_stands_for_nothing():
    frame = pd.DataFrame([{"id": "d1", "entities": [{"start": 0, "end": 8, "type": "PER", "role": math.nan}]}, {"id": "d2"}])
    assert volgens.score(frame, GOLD)["entities"].f1 == 1.0
    floats = pl.DataFrame({"id": ["d1"], "figures": [[{"start": 15.0, "end": 18.0, "value": math.nan}]]})
    assert read(floats).frame["figures"][0][0]["value"] is None


def test_a_fraction_is_no_offset():
    floats = pl.DataFrame({"id": ["d1", "d2"], "figures": [[{"start": 15.5, "end": 18.0}], []]})
    assert problems(floats) == [("wrong-type", "d1", "figures[].start")]
    assert problems([{"id": "d1", "figures": [{"start": 15.5, "end": 18}]}, {"id": "d2", "figures": []}]) == [
        ("wrong-type", "d1", "figures[0].start")
    ]


def test_classes_get_their_names_and_a_dictionary_of_one_split_is_that_split():
    datasets = pytest.importorskip("datasets")
    label = datasets.ClassLabel(names=["ORG", "PER"])
    rows = [{"id": "d1", "entities": [{"start": 0, "end": 8, "type": 1}]}, {"id": "d2", "entities": []}]
    place = {"start": datasets.Value("int64"), "end": datasets.Value("int64"), "type": label}
    data = datasets.Dataset.from_list(rows, features=datasets.Features({"id": datasets.Value("string"), "entities": [place]}))
    assert volgens.score(data, GOLD)["entities"].f1 == 1.0
    assert volgens.score(datasets.DatasetDict({"test": data}), GOLD)["entities"].f1 == 1.0
    assert problems(datasets.DatasetDict({"train": data, "test": data})) == [("several-splits", None, None)]


@pytest.mark.parametrize("classes", [True, False])
def test_the_fields_of_items_side_by_side_are_a_list_of_items(classes):
    """As `Sequence` of a dictionary gives them; they are no labels of GLiNER2."""
    datasets = pytest.importorskip("datasets")
    label = datasets.ClassLabel(names=["ORG", "PER"]) if classes else datasets.Value("string")
    side = datasets.Sequence({"start": datasets.Value("int64"), "end": datasets.Value("int64"), "type": label})
    rows = [
        {"id": "d1", "entities": {"start": [0], "end": [8], "type": [1 if classes else "PER"]}},
        {"id": "d2", "entities": {"start": [], "end": [], "type": []}},
    ]
    data = datasets.Dataset.from_list(rows, features=datasets.Features({"id": datasets.Value("string"), "entities": side}))
    assert volgens.score(data, GOLD)["entities"].f1 == 1.0


@pytest.mark.parametrize(
    ("source", "rule"),
    [(5, "no-documents"), ([5], "no-document"), ({"id": "d1"}, "no-documents"), ([{"id": "d1", "entities": {1, 2}}], "not-json")],
)
def test_what_holds_no_documents_is_said(source, rule):
    assert problems(source)[0][0] == rule


NUMBERS = [
    ("12.000", 12000, 12), ("1.234.567", 1234567, None), ("1,5", 1.5, None), ("1.5", None, 1.5), ("1 5", None, None),
    ("1 000 000", 1e6, 1e6), ("1\u00a0000", 1000, 1000), ("1\u202f000\u2009000", 1e6, 1e6), ("1.234 567", None, None),
    ("0.667", None, 0.667), ("\u22121.234", -1234, -1.234), ("+1 000", 1000, 1000), ("1 000,5", 1000.5, None),
    ("€ 5", None, None), ("1,2e4", 12000, None), ("", None, None), ("1 0000", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "comma", "point"), NUMBERS)
def test_a_string_is_a_number_by_the_sign_that_is_stated(text, comma, point):
    assert (parse_number(text, ","), parse_number(text, ".")) == (comma, point)


STRINGS = [
    {"id": "d1", "figures": [figure(15, 18, "300,0"), figure(31, 33, "40")]},
    {"id": "d2", "figures": []},
]


def holders(rows, folder):
    lines = folder / "strings.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    array = folder / "array.json"
    array.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    parquet = folder / "strings.parquet"
    pl.DataFrame(rows).write_parquet(parquet)
    yield from (lines, array, parquet, rows, tuple(rows), (row for row in rows), pl.DataFrame(rows), pd.DataFrame(rows))


def test_strings_are_numbers_in_every_holder_with_the_sign_and_in_none_without(tmp_path):
    for source in holders(STRINGS, tmp_path):
        card = volgens.score(source, GOLD, decimals=",")
        assert (card["figures"].f1, card.signature["decimals"]) == (1.0, ",")
    for source in holders(STRINGS, tmp_path):
        with pytest.raises(ProblemsFound, match="--decimals"):
            volgens.score(source, GOLD)


def test_a_string_that_is_no_number_is_named_with_its_place_in_every_holder(tmp_path):
    broken = [{**STRINGS[0], "figures": [figure(15, 18, "300"), figure(31, 33, "4 0")]}, STRINGS[1]]
    for source in holders(broken, tmp_path):
        assert problems(source, decimals=",") == [("wrong-type", "d1", "figures[1].value")]


def test_the_sign_joins_the_signature_only_where_a_string_was_read():
    assert "decimals" not in volgens.score(GOLD, GOLD, decimals=",").signature
