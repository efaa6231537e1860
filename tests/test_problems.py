"""One tiny bad file per rule, named after the fault: it is found, with its place and its hint, and never with a traceback."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from volgens import ProblemsFound, load_gold, score
from volgens.api import checked
from volgens.model.schema import explain, schema
from volgens.readers.jsonl import read_jsonl
from volgens.readers.native import Reading, predictions

INVALID = Path(__file__).parent / "cases" / "invalid"
GOLD = INVALID / "gold.jsonl"
FILES = sorted(path for path in INVALID.iterdir() if path != GOLD)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_fault_is_found(path):
    with pytest.raises(ProblemsFound) as found:
        score(path, GOLD)
    problems = [p for p in found.value.problems if p.id == path.stem]
    assert problems, [p.id for p in found.value.problems]
    assert all(p.hint.endswith((".", "?")) and p.message for p in problems)
    assert all(p.where.file == str(path) or p.where.document for p in problems)


def test_the_command_lists_all_and_returns_1():
    run = subprocess.run(
        [sys.executable, "-m", "volgens", "check", INVALID / "no-place.jsonl", "--gold", GOLD], capture_output=True, text=True
    )
    assert run.returncode == 1
    assert "[no-place]" in run.stderr
    assert "[missing-document]" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("make", ["directory", "missing", "own-gold-folder-without-config"])
def test_no_file_to_read(make, tmp_path):
    path = tmp_path / "x"
    if make != "missing":
        path.mkdir()
    with pytest.raises(ProblemsFound) as found:
        score(path, GOLD) if make != "own-gold-folder-without-config" else score(FILES[0], path)
    assert found.value.problems[0].id in ("directory", "no-file", "no-gold")


def test_a_directory_in_the_place_of_a_file_is_a_sentence(tmp_path):
    run = subprocess.run([sys.executable, "-m", "volgens", "score", tmp_path], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (1, "")
    assert "this is a directory" in run.stderr


def test_all_problems_of_a_file_come_at_once(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text('{"id":"d","entities":[{"type":"PERSON","start":4},{"start":9,"end":3}]}\n\n{"id":"z"}\n{"id":"e"\n')
    with pytest.raises(ProblemsFound) as found:
        score(path, GOLD)
    assert {(p.where.line, p.id) for p in found.value.problems} >= {(4, "not-json")}
    path.write_text('{"id":"d","entities":[{"type":"PERSON","start":4},{"start":9,"end":3}]}\n\n{"id":"z"}\n{"id":"e"}\n')
    with pytest.raises(ProblemsFound) as found:
        score(path, GOLD)
    assert {(p.where.line, p.id) for p in found.value.problems} == {
        (None, "other-labels"),
        (1, "unknown-value"),
        (1, "no-place"),
        (1, "empty-span"),
        (3, "unknown-document"),
    }


def test_labels_of_another_scheme_are_scored_on_demand():
    rows = [{"id": "d", "entities": [{"start": 4, "end": 14, "type": "PERSON"}]}, {"id": "e", "entities": []}]
    gold = load_gold(gold=GOLD)
    with pytest.raises(ProblemsFound, match="PERSON"):
        checked(rows, gold)
    assert score(rows, GOLD, labels="any")["entities[type=PERSON]"].predicted == 1


def test_what_goes_in_is_what_is_scored(tmp_path):
    """A file, its gzip, its Parquet, dictionaries, polars and pandas frames, shuffled lines, CRLF and blank lines: one score."""
    rows = json.loads(
        json.dumps(
            [
                {"id": "d", "entities": [{"start": 4, "end": 14, "type": "ORG"}], "figures": []},
                {"id": "e", "entities": [], "figures": []},
            ]
        )
    )
    text = "".join(json.dumps(row) + "\r\n\r\n" for row in reversed(rows))
    plain = tmp_path / "p.jsonl"
    plain.write_bytes(b"\xef\xbb\xbf" + text.encode())
    packed = tmp_path / "p.jsonl.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    frame = pl.DataFrame(
        rows,
        schema={
            "id": pl.String,
            "entities": pl.List(pl.Struct({"start": pl.Int32, "end": pl.Int32, "type": pl.String})),
            "figures": pl.List(pl.Struct({"start": pl.Int32})),
        },
    )
    frame.write_parquet(tmp_path / "p.parquet")
    sources = [plain, packed, tmp_path / "p.parquet", rows, frame, frame.to_pandas()]
    cards = [score(source, GOLD) for source in sources]
    assert len({card.signature["predictions"] for card in cards}) == 1
    assert all(card["entities"].predicted == 1 for card in cards)


def test_a_named_pipe_style_copy_of_gold_scores_one(tmp_path):
    """The dataset's own rows are predictions too: every field of gold is allowed in a line."""
    gold = load_gold("own")
    path = tmp_path / "gold.jsonl"
    gold.write_ndjson(path)
    card = score(path)
    assert {counts.f1 for counts in card.cells.values()} <= {None, 1.0}
    shutil.copy(path, tmp_path / "copy.jsonl")
    assert score(tmp_path / "copy.jsonl", tmp_path / "gold.jsonl")["claims"].f1 == 1.0


FIELDS = ["start", "end", "text", "type", "ref", "kind", "value", "counted", "cue", "content", "id", "zz"]
SCALARS = st.none() | st.booleans() | st.integers(-3, 40) | st.floats(allow_nan=False) | st.text(max_size=4)
JUNK = st.recursive(
    SCALARS | st.sampled_from(["ORG", "d", "e1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=8,
)
FORM = {
    "another-text", "unknown-document", "empty-span", "beyond-text", "text-and-offsets-differ",
    "parts-overlap", "unknown-id", "duplicate-id", "infinite",
}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["id", "entities", "figures", "attributions", "text", "segments", "zz"]), JUNK, max_size=4)
)
def test_bulk_and_schema_agree_on_any_line(row):
    """What the JSON Schema refuses, the reader in bulk refuses as well; what it allows is refused by no rule of form."""
    line = json.dumps(row)
    read = read_jsonl(line.encode(), Path("x"), "prediction")
    by_schema = {p.id for p in explain("prediction", row)}
    against = predictions([row], load_gold(gold=GOLD), Reading(missing="empty"))
    in_bulk = {p.id for p in (*read.problems, *against.problems)} - FORM
    assert bool(by_schema) == bool(in_bulk), (by_schema, in_bulk)


def test_schemas_share_their_values():
    gold, prediction = schema("gold")["$defs"], schema("prediction")["$defs"]
    for item in ("entity", "figure", "attribution"):
        for field, rule in gold[item]["properties"].items():
            if "enum" in rule:
                theirs = prediction[item]["properties"][field]["enum"]
                assert [v for v in theirs if v is not None] == [v for v in rule["enum"] if v is not None]


def test_gold_of_ones_own_is_held_to_the_same_rules(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(
        '{"id":"d","length":9,"entities":[{"start":4,"end":2,"type":"ORG"},{"start":0,"end":90,"type":"DIER"}]}\n' * 2
    )
    with pytest.raises(ProblemsFound) as found:
        load_gold(gold=path)
    assert {p.id for p in found.value.problems} == {"empty-span", "beyond-text", "unknown-value", "duplicate-document"}
    path.write_text('{"id":"d","length":9,"entities":[{"start":0,"end":2,"type":"DIER"}]}\n')
    assert score([{"id": "d", "entities": [{"start": 0, "end": 2, "type": "DIER"}]}], path, labels="any")["entities"].f1 == 1.0


def test_a_field_that_comes_late_is_read_as_well():
    """Beside fields are looked for at the beginning of a file; one that comes after a megabyte must not be lost."""
    plain = [{"id": f"d{n:06d}", "entities": [{"start": 0, "end": 4, "type": "PER", "ref": "a" * 60}]} for n in range(12_000)]
    plain[-1]["text"] = "een andere tekst"
    plain[-2]["entities"][0]["text"] = "Anna"
    data = "\n".join(json.dumps(row) for row in plain).encode()
    assert len(data) > 1 << 20
    read = read_jsonl(data, Path("x"), "prediction")
    assert read.problems == []
    assert read.frame["text"][-1] == "een andere tekst"
    assert read.frame["entities"][-2][0]["text"] == "Anna"
