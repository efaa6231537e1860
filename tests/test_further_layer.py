"""A layer more is one file more: read, checked, scored, listed, shown and written, with nothing else said of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "eval" / "volgens"

DATES = '''
"""Dates: the days, months and years that a text names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from volgens.model.layers.declaration import Closed, Layer


@dataclass(frozen=True, slots=True)
class Date:
    id: str
    start: int
    end: int
    value: str
    kind: Annotated[str, Closed("day", "month", "year")]


LAYER = Layer(name="dates", item=Date, one="date", order=4, type="kind", key=("start", "end"))
'''

TEXT = "Op 3 mei 2031 opende de haven, in juni sloot ze."
DAY = {"id": "d1", "start": 3, "end": 13, "value": "2031-05-03", "kind": "day"}
MONTH = {"id": "d2", "start": 34, "end": 38, "value": "2031-06", "kind": "month"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The package with a file more."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(PACKAGE, folder / "volgens", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "volgens" / "model" / "layers" / "dates.py").write_text(DATES, encoding="utf-8")
    return folder


@pytest.fixture
def files(tmp_path):
    gold = {"id": "a", "text": TEXT, "length": len(TEXT), "entities": [], "dates": [DAY, MONTH]}
    guess = {
        "id": "a",
        "dates": [{"text": "3 mei 2031", "value": "2031-05-03", "kind": "day", "score": 0.9}, MONTH | {"kind": "year"}],
    }
    for name, row in (("gold", gold), ("guess", guess)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return tmp_path


def volgens(home, folder, *arguments, code=0):
    command = [sys.executable, "-m", "volgens", *arguments]
    found = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(home)}, capture_output=True, text=True)
    assert found.returncode == code, found.stderr
    return found.stdout + found.stderr


def test_it_is_scored_and_listed(home, files):
    options = ("guess.jsonl", "--gold", "gold.jsonl")
    out = volgens(home, files, "score", *options, "--format", "csv", "--ledger", "ledger.csv")
    counts = {
        line.split(",")[0]: [float(n) for n in line.split(",")[-3:]] for line in out.splitlines() if line.startswith("dates")
    }
    assert counts["dates"] == [1, 2, 2] and counts["dates.span"] == [2, 2, 2] and counts["dates.value"] == [2, 2, 2]
    assert counts["dates[kind=day]"] == [1, 1, 1] and "dates.overlap" in counts
    listed = (files / "ledger.csv").read_text(encoding="utf-8").splitlines()
    assert len(listed) == 5 and sum(",dates," in line and ",correct," in line for line in listed) == 2
    text = volgens(home, files, "score", *options)
    assert "dates: month taken for year (1)" in text and "not attempted" in text


def test_it_is_shown_in_text_and_page(home, files):
    shown = volgens(home, files, "show", "a", "--predictions", "guess.jsonl", "--gold", "gold.jsonl")
    assert "= G D '3 mei 2031' value=2031-05-03 kind=day" in shown and "~ P D 'juni' value=2031-06 kind=year" in shown
    volgens(home, files, "score", "guess.jsonl", "--gold", "gold.jsonl", "--html", "page.html")
    page = (files / "page.html").read_text(encoding="utf-8")
    assert '"layers":["entities","figures","attributions","dates"]' in page and '"2031-05-03"' in page


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        (DAY | {"kind": "week"}, "unknown-value"),
        (DAY | {"end": 99}, "beyond-text"),
        (DAY | {"unit": "d"}, "unknown-field"),
        (DAY | {"value": 2031}, "wrong-type"),
        ({"value": "2031", "kind": "year"}, "no-place"),
    ],
)
def test_it_is_checked(home, files, item, rule):
    (files / "guess.jsonl").write_text(json.dumps({"id": "a", "dates": [item]}) + "\n", encoding="utf-8")
    out = volgens(home, files, "check", "guess.jsonl", "--gold", "gold.jsonl", code=1)
    assert f"[{rule}]" in out and "dates[0]" in out


def test_documents_and_gold_files_hold_it(home, files):
    program = f"""
from volgens.model.documents import Document
from volgens.model.gold import Gold, renumbered
from volgens.model.schema import schema
row = {{"id": "a", "page": "a", "kind": "article", "config": "c", "split": "test", "text": None, "length": 50, "sha256": "",
       "entities": [], "dates": [{MONTH!r}, {DAY!r}]}}
document = Document.from_dict(row)
gold = renumbered(Gold.of(document))
print(document.dates[0].value, sorted(document.unannotated), [d.id for d in gold.dates], gold.dates[0].kind)
print(gold.on(document).to_dict()["dates"][1]["value"], Gold.from_dict(gold.to_dict()) == gold)
print(schema("gold")["$defs"]["date"]["properties"]["kind"])
"""
    found = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(home)}, capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines() == [
        "2031-06 ['attributions', 'figures'] ['d1', 'd2'] day", "2031-06 True", "{'enum': ['day', 'month', 'year']}",
    ]  # fmt: skip
