"""What the documents say is what the code does."""

import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import volgens
from volgens.cli import parser
from volgens.scoring.measures import TABLE

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")


def example(name):
    return json.loads(re.search(rf"<!-- {name} -->\n```json\n(.*?)```", PAGE, re.S)[1])


def told():
    rows = re.findall(r"^\| `([a-z_.]+)` \| .*? \| ([\d.]+), (\d+), (\d+) \|", PAGE, re.M)
    return {name: (float(tp), int(predicted), int(gold)) for name, tp, predicted, gold in rows}


def test_the_worked_examples_are_what_the_scorer_says():
    card = volgens.score([example("prediction")], [example("gold")])
    assert {name: tuple(card[name])[:3] for name in told()} == told()
    assert set(told()) | set(card.not_attempted) == {m.name for m in TABLE}


def test_a_measure_of_ones_own_as_the_page_says():
    code = re.search(r"one declaration:\n\n```python\n(.*?)```", PAGE, re.S)[1]
    names = {"predictions": [example("prediction")], "gold": [example("gold")]}
    exec(code, names)
    assert names["card"]["entities.begin"].tp == 1


def commands():
    return sorted(parser()._subparsers._group_actions[0].choices)


@pytest.mark.parametrize("command", commands())
def test_help_is_there_and_quick_to_import(command):
    run = subprocess.run([sys.executable, "-X", "importtime", "-m", "volgens", command, "--help"], capture_output=True, text=True)
    assert run.returncode == 0
    assert "usage: volgens" in run.stdout
    assert not re.search(r"\| +(polars|numpy|jsonschema)$", run.stderr, re.M)


def test_links_of_the_documents_lead_somewhere():
    for page in [
        *ROOT.glob("*.md"),
        *ROOT.glob("eval/*.md"),
        *ROOT.glob("annotations/**/*.md"),
        *ROOT.glob("eval/*/README.md"),
    ]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_doctests():
    import doctest
    import importlib
    import pkgutil

    failed = tried = 0
    for found in pkgutil.walk_packages(volgens.__path__, "volgens."):
        if found.name != "volgens.__main__":
            result = doctest.testmod(importlib.import_module(found.name))
            failed, tried = failed + result.failed, tried + result.attempted
    result = doctest.testmod(volgens)
    assert failed + result.failed == 0
    assert tried + result.attempted >= 8


def test_show_tells_both_sides_of_a_document(tmp_path):
    gold = volgens.load_gold().select("id", "entities", "figures", "attributions")
    wrong = gold.with_columns(entities=pl.col("entities").list.head(1))
    wrong.write_ndjson(tmp_path / "p.jsonl")
    run = subprocess.run(
        [sys.executable, "-m", "volgens", "show", "own-000-t1", "--predictions", tmp_path / "p.jsonl"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0
    assert re.search(r"^  = P E ", run.stdout, re.M)
    assert re.search(r"^  - G E ", run.stdout, re.M)
