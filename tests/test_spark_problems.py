"""On Spark the same problems are told as elsewhere, all at once, each at its line; and what Spark fails of is one problem."""

import gzip
import json
from collections import Counter

import polars as pl
import pytest
import volgens
from spark_session import spark  # noqa: F401 - a fixture
from test_spark import small, write
from volgens.cli import main
from volgens.engines import found
from volgens.engines.found import Block, Found, Placed
from volgens.engines.session import problem_of, require_java
from volgens.engines.spark import score
from volgens.model.problem import Problem, Where


def refused(call, *given, **how):
    with pytest.raises(volgens.ProblemsFound) as raised:
        call(*given, **how)
    return raised.value.problems


def assert_same(spark, guess, gold, **how):  # noqa: F811
    here = refused(volgens.score, guess, gold, **how)
    there = refused(score, str(gold), str(guess), spark=spark, partitions=5, **how)
    assert Counter(there) == Counter(here)
    return here


def many_faults():
    """A line of every kind of fault, far apart, so that they stand in several parts of the file."""
    gold, guess = small(400)
    guess[3]["entities"] = [{"start": 9, "end": 4, "type": "PER"}]
    guess[70]["entities"] = [{"start": 0, "end": 4, "type": "PERSON"}]
    guess[111]["entities"] = [{"start": 0, "end": 2000, "type": "PER"}]
    guess[165]["colour"] = "red"
    guess[200] = {**guess[200], "id": "zzz"}
    guess[260] = {**guess[260], "id": "d261"}
    guess[301]["figures"] = [{"start": 1, "end": 3, "part_of": "f9"}]
    guess[333]["entities"] = [{"type": "PER"}]
    del guess[395]
    return gold, guess


def test_all_at_once_with_their_lines(spark, tmp_path):  # noqa: F811
    gold, guess = many_faults()
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    spaced = paths[0].read_text(encoding="utf-8").replace('{"id": "d050"', '\n \n{"id": "d050"')
    paths[0].write_text(spaced, encoding="utf-8")
    told = assert_same(spark, *paths)
    assert {"empty-span", "unknown-value", "beyond-text", "unknown-field", "unknown-document", "duplicate-document", "unknown-id",
            "missing-document"} <= {problem.id for problem in told}  # fmt: skip
    assert len({problem.where.line for problem in told}) > 8


def test_what_is_no_table_hides_nothing(spark, tmp_path):  # noqa: F811
    gold, guess = many_faults()
    guess[390]["entities"] = [{"start": "0", "end": 4, "type": "PER"}]
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    here = refused(volgens.score, *paths)
    there = refused(score, str(paths[1]), str(paths[0]), spark=spark, partitions=5)
    assert set(here) < set(there) and len(there) == len(set(there))
    assert "beyond-text" in {p.id for p in there} and "missing-document" not in {p.id for p in there}


def test_lines_that_are_no_json(spark, tmp_path):  # noqa: F811
    gold, guess = small(400)
    paths = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    lines = paths[0].read_text(encoding="utf-8").split("\n")
    for n in (7, 300):
        lines[n] = lines[n][:-5]
    paths[0].write_text("\n".join(lines), encoding="utf-8")
    assert [problem.where.line for problem in assert_same(spark, *paths)] == [8, 301]


def test_a_gold_that_is_wrong(spark, tmp_path):  # noqa: F811
    gold, guess = small(200)
    gold[150]["entities"] = [{"start": 9, "end": 4, "type": "PER"}]
    guess[3]["entities"] = [{"start": 9, "end": 4, "type": "PER"}]
    (told,) = assert_same(spark, write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl"))
    assert told.where.line == 151 and told.where.file == str(tmp_path / "g.jsonl")


def test_what_only_the_whole_can_tell(spark, tmp_path):  # noqa: F811
    gold, guess = small(60)
    g = write(gold, tmp_path / "g.jsonl")
    strange = write([{**row, "id": f"x{row['id']}"} for row in guess], tmp_path / "x.jsonl")
    assert all("d000" in p.hint for p in assert_same(spark, strange, g, missing="empty"))
    labels = {"PER": "PERSON", "ORG": "ORGANIZATION", "GPE": "GPE", "MISC": "WORK_OF_ART"}
    other = [{**row, "entities": [{**e, "type": labels[e["type"]]} for e in row["entities"]]} for row in guess]
    assert "other-labels" in {p.id for p in assert_same(spark, write(other, tmp_path / "o.jsonl"), g)}
    p = write(guess, tmp_path / "p.jsonl")
    assert [x.id for x in assert_same(spark, p, g, map={"PERSOON": "PER"})] == ["unused-label"]
    assert [x.id for x in assert_same(spark, p, g, threshold=0.5, chosen_on="none")] == ["option-without-effect"]
    guess[7]["entities"][0]["score"] = 0.5
    part = write(guess, tmp_path / "s.jsonl")
    (told,) = assert_same(spark, part, g, threshold=0.5, chosen_on="none")
    assert (told.id, told.where.document) == ("no-score", "d000")


def test_sides_and_files(spark, tmp_path):  # noqa: F811
    gold, guess = small(30)
    bare = [{name: value for name, value in row.items() if name != "page"} for row in guess]
    g, p = write(gold, tmp_path / "g.jsonl"), write(bare, tmp_path / "p.jsonl")
    (told,) = refused(score, str(p), str(g), spark=spark)
    assert told.id == "swapped-sides"
    assert_same(spark, tmp_path / "none.jsonl", g)
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert_same(spark, empty, g)
    (told,) = refused(score, str(g), 3, spark=spark)
    assert told.id == "not-for-spark"
    (tmp_path / "x.conll").write_text("Oslo B-LOC\n", encoding="utf-8")
    (told,) = refused(score, str(g), tmp_path / "x.conll", spark=spark)
    assert told.id == "not-for-spark" and "volgens convert" in told.hint
    assert [x.id for x in refused(score, str(g), str(p), spark=spark, partitions=0)] == ["unknown-option-value"]


def test_damaged_files_are_named(spark, tmp_path):  # noqa: F811
    gold, guess = small(30)
    g, folder = write(gold, tmp_path / "g.jsonl"), tmp_path / "p.parquet"
    folder.mkdir()
    for n in range(3):
        pl.DataFrame(guess[n::3]).write_parquet(folder / f"{n}.parquet")
    whole = (folder / "1.parquet").read_bytes()
    (folder / "1.parquet").write_bytes(whole[:40] + bytes(len(whole) - 80) + whole[-40:])
    (told,) = refused(score, str(g), str(folder), spark=spark)
    assert (told.id, told.where.file) == ("broken-parquet", str(folder / "1.parquet"))
    zipped = tmp_path / "p.jsonl.gz"
    zipped.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in guess).encode())[:-30])
    (told,) = refused(score, str(g), str(zipped), spark=spark)
    assert (told.id, told.where.file) == ("broken-gzip", str(zipped))


def test_the_command(spark, tmp_path, capsys):  # noqa: F811
    gold, guess = small(30)
    p, g = write(guess, tmp_path / "p.jsonl"), write(gold, tmp_path / "g.jsonl")
    how = ["score", str(p), "--gold", str(g)]
    assert main([*how, "--format", "csv"]) == 0
    here = capsys.readouterr().out
    assert main([*how, "--format", "csv", "--engine", "spark", "--partitions", "3", "--master", "local[2,4]"]) == 0
    there = capsys.readouterr()
    assert there.out == here and "volgens on Spark: checking and scoring 30 documents" in there.err
    assert main([*how, "--master", "local[2]"]) == 1
    assert "--master would change nothing" in capsys.readouterr().err
    assert main([*how, "--engine", "spark", "--from", "conll", "--unusable", "empty", "--worst", "3"]) == 1
    told = capsys.readouterr().err
    assert told.count("[not-for-spark]") == 2 and "--worst would change nothing" in told
    assert main([*how, "--engine", "spark", "--master", "local[1]"]) == 1
    assert "[another-master]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "rule"), [(None, "no-java"), ("1.8.0", "old-java"), ("11.0.2", "old-java"), ("17.0.15", None)]
)
def test_java_is_looked_for_first(tmp_path, monkeypatch, version, rule):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if version is not None:
        java = tmp_path / "bin" / "java"
        java.parent.mkdir()
        java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="utf-8")
        java.chmod(0o755)
    if rule is None:
        require_java()
    else:
        (told,) = refused(require_java)
        assert told.id == rule


def test_without_pyspark_the_command_says_what_to_install(monkeypatch, capsys, tmp_path):
    import sys

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert main(["score", "x.jsonl", "--engine", "spark"]) == 2
    assert "pyspark[sql]>=4" in capsys.readouterr().err


def test_problems_add_in_any_order_and_the_rest_is_counted(monkeypatch):
    monkeypatch.setattr(found, "KEPT", 3)
    blocks = [Block("f", 0), Block("f", 500)]
    parts = [Found.of([Placed(Problem(Where("f", n), f"rule-{n % 2}", "m", "h"), block) for n in (1, 2, 3)]) for block in blocks]
    both = [(parts[0] + parts[1]).told({blocks[0]: 40, blocks[1]: 9}), (parts[1] + parts[0]).told({blocks[0]: 40, blocks[1]: 9})]
    assert both[0] == both[1]
    assert [problem.where.line for problem in both[0]] == [1, 2, 3, None]
    assert both[0][-1].message == "and 3 more problems: rule-0 1, rule-1 2"
    late = parts[1].told({blocks[0]: 40, blocks[1]: 9})
    assert [problem.where.line for problem in late] == [41, 42, 43]


@pytest.mark.parametrize(
    ("told", "rule", "file"),
    [
        ("x\njava.lang.OutOfMemoryError: Java heap space", "out-of-memory", None),
        ("ExecutorLostFailure (executor 1 exited ...) Command exited with code 137: exit code 137", "out-of-memory", None),
        ("Most recent failure reason: org.apache.spark.shuffle.MetadataFetchFailedException: Missing", "executors-lost", None),
        ("Total size of serialized results is bigger than spark.driver.maxResultSize", "out-of-memory", None),
        ("[PATH_NOT_FOUND] Path does not exist: s3a://lake/x.parquet. SQLSTATE: 42K03", "no-file", "s3a://lake/x.parquet"),
        ("Job aborted: Lost task 1.3\nCaused by: java.io.IOException: gone", "engine-failed", None),
    ],
)
def test_what_spark_says_is_one_problem(told, rule, file):
    problem = problem_of(told)
    assert (problem.id, problem.where.file) == (rule, file) and problem.hint
