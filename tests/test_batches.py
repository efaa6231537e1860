"""Batches are a matter of memory: the same numbers, the same problems, whatever the order of the files."""

import gc
import weakref
from collections import Counter

import polars as pl
import pytest
from builders import attribution, document, figure
from volgens import ProblemsFound, api, score
from volgens.cli import main
from volgens.scorecard import card
from volgens.scoring.batches import score_batches
from volgens.scoring.score import Scoring
from volgens.scoring.tables import SCHEMA


def corpus(n=90):
    names, numbers, said = (
        [(0, 4, "PER"), (5, 9, "GPE")],
        figure(10, 12, 3, id="f1"),
        attribution([(0, 4)], [(5, 9)], [(10, 14)], id="a1"),
    )
    gold = [document(f"d{k:03d}", names, [{**numbers, "value": float(k)}], [said], page=f"p{k // 3}") for k in range(n)]
    some = {"entities": lambda k: 1 + k % 2, "attributions": lambda k: k % 3}
    return gold, [{**row, **{layer: row[layer][: take(k)] for layer, take in some.items()}} for k, row in enumerate(gold)]


def write(rows, path, order=1):
    names = ["id", "length", "page", "entities", "figures", "attributions"]
    kinds = {**SCHEMA, "length": pl.Int64, "page": pl.String}
    plain = [{name: row.get(name) for name in names} for row in rows[::order]]
    pl.DataFrame(plain, schema={name: kinds[name] for name in names}, strict=False).write_parquet(path, row_group_size=20)
    return path


@pytest.mark.parametrize("order", [1, -1], ids=["sorted", "backwards"])
@pytest.mark.parametrize("batch", [7, 30, 1000])
def test_same_numbers(tmp_path, order, batch):
    gold, guess = corpus()
    paths = write(gold, tmp_path / "g.parquet"), write(guess, tmp_path / "p.parquet", order)
    whole, parts = score(paths[1], paths[0]), card(score_batches(*paths, Scoring(), batch=batch))
    assert dict(whole.cells) == dict(parts.cells)
    assert whole.intervals == parts.intervals
    assert whole.macro == parts.macro
    assert {**whole.signature, "config": None, "split": None} == {**parts.signature, "config": None, "split": None}
    with pytest.raises(ValueError, match="batches"):
        parts.ledger  # noqa: B018 - asking is the test
    assert parts.commonest_errors() == whole.commonest_errors() != []
    assert (parts.cut_off, list(parts.cells)) == (whole.cut_off, list(whole.cells))


def test_problems_of_every_batch(tmp_path):
    gold, guess = corpus()
    guess[3]["entities"] = [{"start": 9, "end": 4, "type": "PER"}]
    guess[70]["entities"] = [{"start": 0, "end": 4, "type": "PERSON"}]
    guess[65]["entities"] = [{"start": 0, "end": 4, "type": "CARDINAL"}]
    guess[80] = {**guess[80], "id": "zzz"}
    paths = write(gold, tmp_path / "g.parquet"), write(guess, tmp_path / "p.parquet")
    with pytest.raises(ProblemsFound) as found:
        score_batches(*paths, Scoring(), batch=10)
    times = Counter(p.id for p in found.value.problems)
    once = ("empty-span", "unknown-document", "missing-document", "other-labels")
    assert times == {"unknown-value": 2, **dict.fromkeys(once, 1)}


def test_large_files_are_scored_in_batches_unasked(tmp_path, monkeypatch):
    gold, guess = corpus()
    monkeypatch.setattr(api, "LARGE", 50)
    card = score(write(guess, tmp_path / "p.parquet"), write(gold, tmp_path / "g.parquet"))
    assert card.matched is None
    assert card["entities"].gold == 180


def test_wrong_gold_is_refused_in_batches_too(tmp_path):
    gold, guess = corpus()
    gold[40] = {**gold[40], "entities": [{"start": 9, "end": 4, "type": "PER"}]}
    paths = write(gold, tmp_path / "g.parquet"), write(guess, tmp_path / "p.parquet")
    with pytest.raises(ProblemsFound) as found:
        score_batches(*paths, Scoring(), batch=20)
    assert {(p.id, p.where.file) for p in found.value.problems} == {("empty-span", str(paths[0]))}


def test_a_map_is_not_forgotten_for_large_files(tmp_path, monkeypatch):
    gold, guess = corpus()
    foreign = [{**row, "entities": [{**e, "type": e["type"].replace("PER", "PERSON")} for e in row["entities"]]} for row in guess]
    monkeypatch.setattr(api, "LARGE", 50)
    paths = write(foreign, tmp_path / "p.parquet"), write(gold, tmp_path / "g.parquet")
    assert score(*paths, map={"PERSON": "PER"})["entities"].precision == 1.0


def test_evidence_goes_with_its_scorecard():
    rows = [document(entities=[(0, 4, "PER"), (2, 6, "LOC")])]
    card = score(rows, rows)
    assert card["entities"].f1 == 1.0
    evidence = weakref.ref(card.evidence)
    del card
    gc.collect()
    assert evidence() is None


@pytest.mark.parametrize("wanted", ["--ledger", "--html"])
def test_items_of_very_many_documents_are_refused_before_scoring(tmp_path, monkeypatch, capsys, wanted):
    gold, guess = corpus()
    paths = write(gold, tmp_path / "g.parquet"), write(guess, tmp_path / "p.parquet")
    monkeypatch.setattr(api, "LARGE", 50)
    monkeypatch.setattr(api, "score_batches", None)
    out = tmp_path / "out.parquet"
    assert main(["score", str(paths[1]), "--gold", str(paths[0]), wanted, str(out)]) == 1
    assert "[too-many-documents]" in capsys.readouterr().err
    assert not out.exists()


def test_very_many_documents_are_compared(tmp_path, monkeypatch, capsys):
    gold, guess = corpus()
    paths = [write(rows, tmp_path / f"{name}.parquet") for name, rows in (("g", gold), ("p", guess), ("q", gold))]
    monkeypatch.setattr(api, "LARGE", 50)
    page = tmp_path / "page.html"
    assert main(["compare", str(paths[1]), str(paths[2]), "--gold", str(paths[0]), "--html", str(page)]) == 0
    told = capsys.readouterr().out
    assert "win/tie/loss is not known" in told
    assert page.exists()


def test_swapped_sides_are_refused_in_batches_too(tmp_path, monkeypatch):
    gold, guess = corpus()
    bare = [{name: value for name, value in row.items() if name != "page"} for row in guess]
    monkeypatch.setattr(api, "LARGE", 50)
    paths = write(gold, tmp_path / "g.parquet"), write(bare, tmp_path / "p.parquet")
    with pytest.raises(ProblemsFound, match="swapped-sides"):
        score(paths[0], paths[1])


def test_a_batch_without_items_gives_no_field(tmp_path):
    gold, _ = corpus(6)
    guess = [{**row, "figures": [{"start": 10, "end": 12}] if k < 3 else []} for k, row in enumerate(gold)]
    paths = write(gold, tmp_path / "g.parquet"), write(guess, tmp_path / "p.parquet")
    whole, parts = score(paths[1], paths[0]), card(score_batches(*paths, Scoring(), batch=3))
    assert "figures.unit" in whole.not_attempted
    assert whole.not_attempted == parts.not_attempted
