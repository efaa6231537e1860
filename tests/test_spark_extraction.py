"""`volgens run` in Spark's executors: every document gets a row, and what fails says why."""

import pytest
import volgens
from spark_session import spark  # noqa: F401 - a fixture
from volgens.engines.extraction import extract
from volgens.engines.spark import score

MODULE = """
import re

def capitals(text):
    if "kapot" in text:
        raise ValueError("too hard")
    if "stil" in text:
        return {"entities": [{"start": 0, "end": 999, "type": "PER"}]}
    return {"entities": [{"start": m.start(), "end": m.end(), "type": "GPE"} for m in re.finditer("[A-Z][a-z]+", text)]}
"""


def texts(spark, n=40):  # noqa: F811
    words = {3: "Dit is kapot.", 11: "Dit is stil.", 17: ""}
    rows = [(f"d{k:02d}", words.get(k, f"Oslo en Bergen, {k}.")) for k in range(n)]
    return spark.createDataFrame([*rows, ("d98", None)], "id string, text string").repartition(4)


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    path = tmp_path_factory.mktemp("module") / "finder_of_capitals.py"
    path.write_text(MODULE, encoding="utf-8")
    return f"{path}:capitals"


@pytest.mark.parametrize("kind", ["spec", "callable"])
def test_failures_are_rows(spark, module, kind):  # noqa: F811
    given = module
    if kind == "callable":
        names = {}
        exec(MODULE, names)
        given = names["capitals"]
    rows = {row["id"]: row for row in extract(texts(spark), given, layers=["entities"]).collect()}
    assert len(rows) == 41
    failed = {name: row["error"] for name, row in rows.items() if row["error"]}
    assert set(failed) == {"d03", "d11", "d17", "d98"}
    assert "too hard" in failed["d03"] and "0-999" in failed["d11"]
    assert failed["d17"] == failed["d98"] == "the document has no text"
    assert rows["d03"]["entities"] is None and rows["d00"]["figures"] is None
    assert [(e["start"], e["end"], e["type"]) for e in rows["d05"]["entities"]] == [(0, 4, "GPE"), (8, 14, "GPE")]


def test_what_was_extracted_is_scored(spark, module, tmp_path):  # noqa: F811
    given = texts(spark)
    gold = spark.createDataFrame(
        [(f"d{k:02d}", 17, [(0, 4, "GPE")]) for k in range(40)],
        "id string, length bigint, entities array<struct<start: bigint, end: bigint, type: string>>",
    )
    made = extract(given.filter("id < 'd40'"), module)
    made.write.parquet(str(tmp_path / "made"))
    fine = spark.read.parquet(str(tmp_path / "made")).filter("error is null").drop("error")
    card = score(gold, fine, missing="empty", partitions=3, spark=spark)
    assert card["entities"].gold == 40 and card["entities"].tp == 37 and card["entities"].predicted == 74
    assert card.missing == ("d03", "d11", "d17")


def test_what_cannot_be_is_told_at_once(spark):  # noqa: F811
    with pytest.raises(volgens.ProblemsFound, match="no module"):
        extract(texts(spark), "no_such_module:f")
    with pytest.raises(volgens.ProblemsFound, match="missing-field"):
        extract(texts(spark).drop("text"), "json:loads")
    with pytest.raises(volgens.ProblemsFound, match="jobs"):
        extract(texts(spark), "json:loads", jobs=0)
