"""A command reads each of its files once, whatever it writes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import volgens
from volgens.cli import main
from volgens.corpus import Gold

TEXT = "In Oslo zijn 3 huizen."
GOLD = {"id": "d", "text": TEXT, "entities": [{"start": 3, "end": 7, "type": "GPE"}], "figures": [], "attributions": []}
GUESS = {"id": "d", "entities": [{"start": 3, "end": 7, "type": "LOC"}]}


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Gold and two files of predictions, in the folder of the test; what is opened of them is counted."""
    monkeypatch.chdir(tmp_path)
    for name, row in (("gold", GOLD), ("one", GUESS), ("two", GUESS | {"entities": []})):
        Path(f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def reads(files, monkeypatch):
    """File → how often its bytes were read."""
    counted = Counter()
    read_bytes = Path.read_bytes

    def counting(path):
        counted[path.name] += 1
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counting)
    return counted


@pytest.mark.parametrize(
    ("command", "read"),
    [
        (("score", "one.jsonl"), ("gold", "one")),
        (("score", "one.jsonl", "--html", "page.html", "--ledger", "ledger.csv"), ("gold", "one")),
        (("show", "d", "--predictions", "one.jsonl"), ("gold", "one")),
        (("compare", "one.jsonl", "two.jsonl", "--html", "page.html"), ("gold", "one", "two")),
    ],
)
def test_each_file_is_read_once(files, reads, command, read, capsys):
    assert main([*command, "--gold", "gold.jsonl"]) == 0
    assert {name: times for name, times in reads.items() if name.endswith(".jsonl")} == {f"{name}.jsonl": 1 for name in read}


def test_page_and_ledger_tell_of_the_same_score(files, capsys):
    assert main(["score", "one.jsonl", "--gold", "gold.jsonl", "--format", "json"]) == 0
    alone = capsys.readouterr().out
    more = ("--html", "page.html", "--ledger", "ledger.parquet")
    assert main(["score", "one.jsonl", "--gold", "gold.jsonl", "--format", "json", *more]) == 0
    assert capsys.readouterr().out == alone
    assert pl.read_parquet("ledger.parquet")["outcome"].to_list() == ["type", "type"]
    assert Path("page.html").exists()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--config", "own"), "config would change nothing"),
        (("--tolerance", "0.1", "--measures", "entities"), "tolerance would change nothing"),
        (("--view", "flatt"), "no view"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--html", "page.html")])
def test_an_option_without_effect_is_refused_before_anything_is_read(files, reads, option, said, more, capsys):
    assert main(["score", "one.jsonl", "--gold", "gold.jsonl", *option, *more]) in (1, 2)
    assert said in capsys.readouterr().err
    assert not reads


@pytest.mark.parametrize("more", [(), ("--html", "page.html")])
def test_all_options_without_effect_are_told_at_once(files, more, capsys):
    idle = ("--config", "own", "--tolerance", "0.1", "--measures", "entities")
    assert main(["score", "one.jsonl", "--gold", "gold.jsonl", *idle, *more]) == 1
    assert capsys.readouterr().err.count("would change nothing") == 2


def test_a_gold_is_read_once_for_many_scores(files, reads):
    gold = Gold("gold.jsonl")
    cards = [volgens.score(f"{name}.jsonl", gold) for name in ("one", "two")]
    assert [card["entities.overlap"].tp for card in cards] == [1, 0] and reads["gold.jsonl"] == 1
    with pytest.raises(volgens.ProblemsFound, match="config would change nothing"):
        volgens.score("one.jsonl", gold, config="own")
