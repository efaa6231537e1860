"""On Spark the same rows give the same scorecard, to the last unit, whatever their order and partitions."""

import json
import random
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import volgens
from builders import attribution, document, figure
from spark_session import spark  # noqa: F401 - a fixture
from volgens.engines.spark import score
from volgens.readers.shape import SCHEMA

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "eval" / "bench"))

from newswire import corpus  # noqa: E402

LAYERS = ("entities", "figures", "attributions")


def assert_same(here, there):
    """Every number, row, interval, note and digest; the engine is named in the signature."""
    plain = there.to_dict()
    assert plain["signature"].pop("engine") == "spark"
    assert plain == here.to_dict()
    assert list(plain["rows"]) == list(here.to_dict()["rows"])
    assert str(there).replace("|engine:spark", "") == str(here)
    assert there.pages == here.pages
    assert all(np.array_equal(there.by_page[name], counts) for name, counts in here.by_page.items())
    assert there.cut_off == here.cut_off


def write(rows, path):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def small(n=60):
    """Documents of several pages; predictions lack and add items."""
    gold = [
        document(
            f"d{k:03d}",
            [(0, 4, "PER"), (5, 9, "GPE"), (20 + k, 30 + k, ("ORG", "MISC")[k % 2])],
            [{**figure(10, 12, 3, id="f1"), "value": float(k)}],
            [attribution([(0, 4)], [(5, 9)], [(10, 14)], id="a1")],
            page=f"p{k // 3}",
        )
        for k in range(n)
    ]
    some = {"entities": lambda k: 1 + k % 3, "figures": lambda k: k % 4, "attributions": lambda k: k % 3}
    return gold, [{"id": r["id"], **{layer: r[layer][: take(k)] for layer, take in some.items()}} for k, r in enumerate(gold)]


@pytest.mark.parametrize("partitions", [None, 7])
@pytest.mark.parametrize("system", ["rules-2", "capitals"])
def test_own(spark, system, partitions):  # noqa: F811
    path = str(ROOT / "eval" / "results" / f"{system}-own.jsonl")
    assert_same(volgens.score(path), score(None, path, partitions=partitions, spark=spark))


@pytest.fixture(scope="module")
def hundred_thousand(tmp_path_factory):
    """Synthetic documents as one Parquet file a side, and the predictions shuffled and in files of very unequal sizes."""
    folder = tmp_path_factory.mktemp("many")
    frames = [pl.DataFrame(rows, schema={**kinds(), "length": pl.Int64}, strict=False) for rows in corpus(1_000, seed=5)]
    gold, guess = (pl.concat([frame.with_columns(id=pl.lit(f"{n:03d}-") + pl.col("id")) for n in range(100)]) for frame in frames)
    guess = guess.drop("length")
    gold.write_parquet(folder / "gold.parquet", row_group_size=30_000)
    guess.write_parquet(folder / "guess.parquet")
    mixed = guess.sample(fraction=1.0, shuffle=True, seed=3)
    (folder / "skewed.parquet").mkdir()
    edges = [0, 1, 10, 200, 5_000, 100_000]
    for n, (low, high) in enumerate(pairwise(edges)):
        mixed[low:high].write_parquet(folder / "skewed.parquet" / f"part-{n}.parquet")
    return folder


def kinds():
    return {name: SCHEMA[name] for name in ("id", *LAYERS)}


def test_a_hundred_thousand_documents(spark, hundred_thousand):  # noqa: F811
    here = volgens.score(hundred_thousand / "guess.parquet", hundred_thousand / "gold.parquet")
    spark.conf.set("spark.sql.files.maxPartitionBytes", "8000000")
    try:
        there = score(str(hundred_thousand / "gold.parquet"), str(hundred_thousand / "skewed.parquet"), spark=spark)
    finally:
        spark.conf.set("spark.sql.files.maxPartitionBytes", "20000")
    assert here.signature["documents"] == 100_000 and len(here.pages) == 4096
    assert_same(here, there)


@pytest.mark.parametrize("form", ["lines", "frame", "table", "parquet", "folder"])
def test_every_form(spark, tmp_path, form):  # noqa: F811
    gold, guess = small()
    here = volgens.score(write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl"))
    random.Random(4).shuffle(guess)
    mixed = write(guess, tmp_path / "mixed.jsonl")
    if form == "lines":
        given = str(mixed)
    elif form == "folder":
        (tmp_path / "parts").mkdir()
        for n in range(3):
            write(guess[n::3], tmp_path / "parts" / f"{n}.jsonl")
        given = str(tmp_path / "parts")
    else:
        frame = pl.read_ndjson(mixed, schema=kinds()).write_parquet(tmp_path / "p.parquet")
        frame = spark.read.parquet(str(tmp_path / "p.parquet")).repartition(5)
        frame.createOrReplaceTempView("guesses")
        given = {"frame": frame, "table": "guesses", "parquet": tmp_path / "p.parquet"}[form]
    assert_same(here, score(tmp_path / "g.jsonl", given, partitions=4, spark=spark))


def test_nulls_and_absent_layers(spark, tmp_path):  # noqa: F811
    gold, guess = small()
    for k, row in enumerate(gold):
        row["figures"] = None if k % 5 == 0 else row["figures"]
        row["attributions"] = None if k > 50 else row["attributions"]
    for k, row in enumerate(guess):
        del row["attributions"]
        row["figures"] = [{"start": 10, "end": 12}] if k % 7 == 0 else []
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    here = volgens.score(*paths)
    assert "figures.unit" in here.not_attempted and here.unannotated == {"figures": 12, "attributions": 9}
    assert_same(here, score(paths[1], paths[0], partitions=9, spark=spark))


def test_options(spark, tmp_path):  # noqa: F811
    gold, guess = small()
    labels = {"PER": "PERSON", "GPE": "PLACE"}
    for k, row in enumerate(guess):
        row["entities"] = [{**e, "type": labels.get(e["type"], e["type"]), "score": (k % 10) / 10} for e in row["entities"]]
    paths = write(guess[:-5], tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    how = {"missing": "empty", "map": {"PERSON": "PER", "PLACE": "LOC", "ORG": "-"}, "view": "nested",
           "measures": "entities,figures", "tolerance": 0.1, "seed": 3, "register": {"x": "y"}}  # fmt: skip
    for more in ({}, {"threshold": 0.5, "chosen_on": "validation"}):
        here = volgens.score(*paths, **how, **more)
        assert here.notes and here.missing and here.curves
        assert_same(here, score(paths[1], paths[0], partitions=9, spark=spark, **how, **more))


def test_a_system_with_other_types_is_shown_in_their_views(spark, tmp_path):  # noqa: F811
    gold, guess = small()
    for row in guess:
        row["entities"] = [{**e, "type": "LOC" if e["type"] == "GPE" else e["type"]} for e in row["entities"]]
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    here = volgens.score(*paths)
    assert set(here.beside) == {"conll2002", "sonar"}
    assert_same(here, score(paths[1], paths[0], partitions=3, spark=spark))


def test_documents_that_were_cut_off(spark, tmp_path):  # noqa: F811
    places = [(10 * n, 10 * n + 5, "PER") for n in range(60)]
    gold = [document(f"d{k:02d}", places) for k in range(20)]
    guess = [{"id": row["id"], "entities": row["entities"][: 8 if k % 4 == 0 else 60]} for k, row in enumerate(gold)]
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    here = volgens.score(*paths)
    assert len(here.cut_off["entities"].documents) == 5
    assert_same(here, score(paths[1], paths[0], partitions=6, spark=spark))


def test_a_view_that_leaves_nothing(spark, tmp_path):  # noqa: F811
    gold, guess = small()
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    here = volgens.score(*paths, view="page=none")
    assert_same(here, score(paths[1], paths[0], view="page=none", partitions=3, spark=spark))


def test_strings_are_located(spark, tmp_path):  # noqa: F811
    gold = [
        document(f"d{k}", [(0, 3, "PER")], text=f"Ida zag {k} honden in Oslo.", length=len(f"Ida zag {k} honden in Oslo."))
        for k in range(9)
    ]
    guess = [{"id": row["id"], "entities": [{"text": "Ida", "type": "PER"}, {"text": "Bergen", "type": "GPE"}]} for row in gold]
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    assert_same(volgens.score(*paths), score(paths[1], paths[0], partitions=4, spark=spark))


def test_ledger_and_page(spark, tmp_path):  # noqa: F811
    gold, guess = small()
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    out, page = tmp_path / "ledger", tmp_path / "page.html"
    there = score(paths[1], paths[0], partitions=5, spark=spark, ledger=out, html=page, worst=7)
    here = volgens.score(*paths)
    assert_same(here, there)
    written = list(out.glob("*.parquet"))
    assert 1 < len(written) <= 5
    rows = pl.concat(pl.read_parquet(path) for path in written).cast({"item": pl.UInt32, "partner": pl.UInt32})
    assert rows.sort("document", "layer", "start", "end", "side", "item").equals(here.ledger)
    text = page.read_text(encoding="utf-8")
    assert "Shown are the 7 with most errors; the other 53 are left out." in text
    with pytest.raises(volgens.ProblemsFound, match="ledger-exists"):
        score(paths[1], paths[0], spark=spark, ledger=out)
