"""The quick reader of JSON lines: the same frame as the other, and no answer for what the other refuses or writes anew."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from volgens.readers import arrow_lines, jsonl
from volgens.readers.corpus import CHECKOUT
from volgens.readers.shape import SCHEMA, conform

pytest.importorskip("pyarrow")

GOLD = CHECKOUT / "data" / "own" / "test.parquet"
RIGHT = '{"id": "a", "entities": [{"start": 0, "end": 1, "type": "PER"}], "figures": null}'


def quick(*texts):
    return arrow_lines.read("\n".join(texts).encode(), texts, SCHEMA)


def test_both_read_the_same(monkeypatch):
    texts = [json.dumps(row, ensure_ascii=False) for row in pl.read_parquet(GOLD).to_dicts()]
    monkeypatch.setattr(arrow_lines, "WORTH", 1 << 40)
    slow = jsonl.read_jsonl("\n".join(texts).encode(), Path("gold"), "prediction")
    assert slow.problems == [] and conform(quick(*texts)).frame.equals(slow.frame)
    monkeypatch.setattr(arrow_lines, "WORTH", 0)
    assert jsonl.read_jsonl("\n".join(texts).encode(), Path("gold"), "prediction").frame.equals(slow.frame)


BROKEN = {
    "entities": [
        "null", '{"start": "1", "end": 2}', '{"start": 1.5, "end": 2}', '{"start": 1, "start": 1, "end": 2}',
        '{"start": 9223372036854775808, "end": 2}',
    ],
    "figures": [
        f'{{"start": 1, "end": 2, {field}}}'
        for field in ('"value": "3"', '"value": NaN', '"value": Infinity', '"approx": "true"', '"min": 1e999')
    ],
}  # fmt: skip
WRONG = [
    '{"id": "a", "id": "b"}', '{"id": "a", "extra": 1}', '{"id": 1}', '{"id": "a", "entities": {}}', '{"id": "\\ud800"}',
    '{"id": "a"} {"id": "b"}', '{"id": "a",}', "[]",
    *(f'{{"id": "a", "{layer}": [{item}]}}' for layer, items in BROKEN.items() for item in items),
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_left_to_the_reader_that_explains(monkeypatch, text):
    assert quick(RIGHT) is not None and quick(RIGHT, text) is None
    monkeypatch.setattr(arrow_lines, "WORTH", 0)
    lines = jsonl.read_jsonl(f"{RIGHT}\n{text}".encode(), Path("lines"), "prediction")
    assert [problem.where.line for problem in lines.problems] == [2] * len(lines.problems) and lines.problems


def test_objects_that_do_not_keep_to_their_lines_are_not_read():
    assert quick('{"id": "a"} {"id": "b"}', '{"id":', '"c"}') is None
