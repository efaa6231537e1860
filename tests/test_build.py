"""Pages and gold become the dataset: deterministic, checked, and never with text that may not travel."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from agency import ARTICLES, needs_articles
from small import SECRET, make_repository
from test_label_studio_form import full
from volgens.curation.build import VERSION, build, fingerprint, read_all_pages, refuse_tracked, without_gold
from volgens.curation.features import arrow_schema, card_features, given_sparse, shape
from volgens.curation.parquet import write_parquet
from volgens.model.checks import check_gold
from volgens.model.documents import CANARY, Document

ROOT = Path(__file__).parents[1]
DATASET = ROOT / "dataset"


@pytest.fixture
def root(tmp_path):
    make_repository(tmp_path / "repo")
    return tmp_path / "repo"


def rows_of(folder, config, split="test"):
    return pq.read_table(folder / "data" / config / f"{split}.parquet").to_pylist()


def files_of(folder):
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and "pages" not in p.parts
    }


def built(root, **kwargs):
    splits, problems = build(root, **kwargs)
    assert problems == []
    return splits


def refused(root, **kwargs):
    before = files_of(root)
    splits, problems = build(root, **kwargs)
    assert splits == [] and problems and files_of(root) == before
    return [(p.id, Path(p.where.file).name, p.where.line, p.where.document, p.where.field) for p in problems]


def edit_gold(root, config, edit):
    path = root / "annotations" / "gold" / config / "test.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = edit(rows) or rows
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_rows_are_documents(root):
    splits = built(root)
    for split in splits:
        rows = rows_of(root / "dataset", split.config)
        assert rows == [document.to_dict() for document in split.documents]
        assert list(rows[0]) == list(split.documents[0].to_dict())
        assert [Document.from_dict(row) for row in rows] == list(split.documents)
        assert check_gold(rows) == []
        assert fingerprint(split.documents) == split.sha256
    assert [(s.config, s.name, len(s.documents)) for s in splits] == [("own", "test", 5), ("anp", "test", 2)]


def test_text_is_there_for_own_and_null_for_anp(root):
    built(root)
    assert all(row["text"] for row in rows_of(root / "dataset", "own"))
    assert [(row["text"], len(row["sha256"])) for row in rows_of(root / "dataset", "anp")] == [(None, 64)] * 2
    assert not any(b"Windmolen" in raw for name, raw in files_of(root / "dataset").items())


def test_a_rebuild_gives_the_same_bytes(root):
    built(root)
    first, card = files_of(root / "dataset"), (root / "DATASET_CARD.md").read_bytes()
    stamps = {p: p.stat().st_mtime_ns for p in (root / "dataset").rglob("*.parquet")}
    built(root)
    assert (files_of(root / "dataset"), (root / "DATASET_CARD.md").read_bytes()) == (first, card)
    assert {p: p.stat().st_mtime_ns for p in (root / "dataset").rglob("*.parquet")} == stamps
    built(root, out=root / "elsewhere")
    assert files_of(root / "elsewhere") == first


def test_a_file_with_the_same_rows_is_kept_whoever_wrote_it(root):
    built(root)
    path = root / "dataset" / "data" / "own" / "test.parquet"
    pq.write_table(pq.read_table(path), path, compression="none")
    other = path.read_bytes()
    built(root)
    assert path.read_bytes() == other
    pq.write_table(pq.read_table(path).drop_columns("canary"), path)
    built(root)
    assert rows_of(root / "dataset", "own")[0]["canary"] == CANARY


def test_a_build_needs_no_datasets(root):
    code = "import sys; from pathlib import Path; from volgens.curation.build import build; splits, _ = build(Path(sys.argv[1]))"
    code += "; assert len(splits) == 2 and 'datasets' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(root)], check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "eval")})


def test_changed_gold_changes_the_rows_and_the_sha256(root):
    before = {s.config: s.sha256 for s in built(root)}
    edit_gold(root, "own", lambda rows: rows[0]["entities"][0].update(ref="anders"))
    after = {s.config: s.sha256 for s in built(root)}
    assert before["own"] != after["own"] and before["anp"] == after["anp"]
    assert rows_of(root / "dataset", "own")[0]["entities"][0]["ref"] == "anders"
    assert after["own"] in (root / "dataset" / "README.md").read_text(encoding="utf-8")


def test_a_split_that_is_gone_leaves_no_file(root):
    gold = root / "annotations" / "gold" / "own"
    (gold / "test.jsonl").rename(gold / "dev.jsonl")
    built(root)
    (gold / "dev.jsonl").rename(gold / "test.jsonl")
    built(root)
    assert [p.name for p in (root / "dataset" / "data" / "own").iterdir()] == ["test.parquet"]


def test_the_parquet_is_plain(root):
    built(root)
    for path in (root / "dataset").rglob("*.parquet"):
        assert pq.read_metadata(path).metadata is None
        assert pq.read_schema(path).names == list(shape())
        assert "large" not in str(pq.read_schema(path))


def test_restored_text_goes_where_git_ignores_it(root):
    splits = built(root, texts={"anp": root / "articles"})
    assert not (root / "dataset" / "data").exists()
    texts = {row["id"]: row["text"] for row in rows_of(root / "restored", "anp")}
    article, teaser = SECRET.strip().split("\nMeer uit Binnenland\n")
    assert texts == {"anp-000": article, "anp-000-t1": teaser.removesuffix("\n3 uur geleden")}
    assert "not ours to give" in (root / "restored" / "README.md").read_text(encoding="utf-8")
    assert all(s.has_text for s in splits)
    assert {s.config: s.counts for s in splits} == {s.config: s.counts for s in built(root)}


def test_a_changed_page_writes_nothing(root):
    page = root / "articles" / "000_x.txt"
    page.write_text(SECRET.replace("vang", "gang"), encoding="utf-8")
    assert refused(root, texts={"anp": root / "articles"}) == [("segment-differs", "000_x.txt", 3, "anp-000", "segments[2]")]
    page.unlink()
    assert [p[0] for p in refused(root, texts={"anp": root / "articles"})] == ["document-missing"] * 2
    assert [p[0] for p in refused(root, texts={"anp": root / "nowhere"})] == ["no-folder"]


@pytest.mark.parametrize("out", ["dataset", "dataset/data", "kept", "kept/deep/er", "restored/tracked"])
def test_restored_text_is_refused_where_git_tracks(root, out):
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".gitignore").write_text("/restored/\n", encoding="utf-8")
    (root / "restored" / "tracked").mkdir(parents=True)
    (root / "restored" / "tracked" / "x").write_text("", encoding="utf-8")
    subprocess.run(["git", "-C", str(root), "add", "-f", "restored/tracked/x"], check=True)
    assert refused(root, out=root / out, texts={"anp": root / "articles"})[0][0] == "tracked-output"


def test_restored_text_may_lie_outside_or_in_an_ignored_folder(root, tmp_path):
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".gitignore").write_text("/restored/\n", encoding="utf-8")
    assert refuse_tracked(root / "restored", root) is None
    assert refuse_tracked(root / "restored" / "x", root) is None
    assert refuse_tracked(tmp_path / "outside", root) is None


def test_without_git_only_the_ignored_folder_is_allowed_inside(root, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refuse_tracked(root / "restored", root) is None
    assert refuse_tracked(tmp_path / "outside", root) is None
    assert refuse_tracked(root / "dataset", root).id == "tracked-output"


def test_gold_is_checked_against_page_and_contract_all_at_once(root):
    def spoil(rows):
        rows[0]["figures"][0]["bound"] = "range"
        rows[1]["sha256"] = "0" * 64
        rows[2]["id"] = "own-009"
        rows[3]["entities"][0].update(start=0, end=999) if rows[3]["entities"] else None
        rows.append(rows[0])

    edit_gold(root, "own", spoil)
    found = refused(root)
    assert ("bound-and-numbers", "test.jsonl", 1, "own-000", "figures[0]") in found
    assert ("another-text", "test.jsonl", 2, "own-000-t1", None) in found
    assert ("no-page", "test.jsonl", 3, "own-009", None) in found
    assert ("duplicate-document", "test.jsonl", 6, "own-000", None) in found
    assert ("no-gold", "own", None, "own-000-t2", None) in found


def test_a_broken_line_does_not_shift_the_others(root):
    path = root / "annotations" / "gold" / "own" / "test.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = "{"
    lines[4] = lines[4].replace('"kind":"count"', '"kind":"money%"').replace(json.loads(lines[4])["sha256"], "0" * 64)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert refused(root) == [("not-gold", "test.jsonl", 2, None, None), ("another-text", "test.jsonl", 5, "own-000-t4", None)]


def test_bad_pages_and_bad_stand_off_lines_stop_the_build(root):
    (root / "dataset" / "pages" / "own" / "own-001.txt").write_bytes(b"caf\xe9")
    (root / "dataset" / "pages" / "anp.jsonl").write_text("{}\n", encoding="utf-8")
    (root / "dataset" / "pages" / "notes.txt").write_text("x", encoding="utf-8")
    assert {"not-utf-8", "not-standoff", "unknown-file"} <= {p[0] for p in refused(root)}


def test_pages_that_nobody_has_annotated_are_left_out(root):
    pages = root / "dataset" / "pages"
    shutil.copy(pages / "own" / "own-000.txt", pages / "own" / "own-001.txt")
    built(root)
    assert without_gold(root, read_all_pages(pages)[0]) == {"own": ["own-001"]}
    assert {row["page"] for row in rows_of(root / "dataset", "own")} == {"own-000"}


def test_no_gold_yet(root):
    shutil.rmtree(root / "annotations")
    assert {p[0] for p in refused(root)} == {"no-gold"}


@pytest.mark.parametrize("edit", [lambda c: c.replace("generated: splits", "generated: split"), lambda c: c + c])
def test_a_card_with_wrong_blocks_is_refused(root, edit):
    card = root / "DATASET_CARD.md"
    card.write_text(edit(card.read_text(encoding="utf-8")), encoding="utf-8")
    assert "card-block" in {p[0] for p in refused(root)}


def test_statistics_count_what_is_in_the_rows(root):
    built(root)
    statistics = json.loads((root / "dataset" / "statistics.json").read_text(encoding="utf-8"))
    for config, splits in statistics["configs"].items():
        rows = rows_of(root / "dataset", config)
        counts = splits["test"]
        assert counts["documents"] == len(rows) and counts["pages"] == len({r["page"] for r in rows})
        assert counts["characters"] == sum(r["length"] for r in rows)
        for layer in ("entities", "figures", "attributions"):
            assert counts[layer]["total"] == sum(len(r[layer]) for r in rows) > 0


def test_the_card_gives_load_dataset_what_it_needs(root):
    splits = built(root)
    _, front, body = (root / "dataset" / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    head = yaml.safe_load(front)
    assert [(c["config_name"], c.get("default", False), c["version"]) for c in head["configs"]] == [
        ("own", True, VERSION),
        ("anp", False, VERSION),
    ]
    sizes = [(split.num_bytes, n) for split, n in zip(splits, (5, 2), strict=True)]
    assert [i["splits"] for i in head["dataset_info"]] == [
        [{"name": "test", "num_bytes": b, "num_examples": n}] for b, n in sizes
    ]
    for split, config, info in zip(splits, head["configs"], head["dataset_info"], strict=True):
        assert split.sha256 in config["description"] == info["description"]
        assert (root / "dataset" / config["data_files"][0]["path"]).exists()
    assert head["annotations_creators"] == ["machine-generated"]
    assert CANARY in body and "not checked by people" in body and "2026-01-02" in body


def test_the_card_follows_the_provenance(root):
    def people(rows):
        for row in rows:
            row["provenance"].update(annotator="person", readings=2, blind=False, adjudicated=True)

    edit_gold(root, "own", people)
    built(root)
    card = (root / "DATASET_CARD.md").read_text(encoding="utf-8")
    assert (
        "`own`, test: 5 documents, labelled by people, 2 independent readings, begun from pre-annotated labels, adjudicated"
        in card
    )
    assert "machine-generated" in (root / "dataset" / "README.md").read_text(encoding="utf-8")


def test_features_are_those_of_datasets():
    datasets = pytest.importorskip("datasets")
    assert datasets.Features.from_arrow_schema(arrow_schema())._to_yaml_list() == card_features()
    assert datasets.Features._from_yaml_list(card_features()) == datasets.Features.from_arrow_schema(arrow_schema())


def test_a_sparse_field_has_a_column_where_it_is_given(tmp_path):
    before = full()
    after = replace(before, figures=(replace(before.figures[0], change="up"), *before.figures[1:]))
    given = given_sparse([before, after])
    assert given_sparse([before]) == frozenset() and given == {"change"}
    write_parquet(tmp_path / "a.parquet", [before.to_dict(), after.to_dict()], given)
    assert [Document.from_dict(row) for row in pq.read_table(tmp_path / "a.parquet").to_pylist()] == [before, after]
    datasets = pytest.importorskip("datasets")
    features = datasets.Features.from_arrow_schema(arrow_schema(given))
    assert features._to_yaml_list() == card_features(given) != card_features()


def paths(node, path=""):
    """Every field of the rows with its type as the card writes it."""
    for name, inner in node.items():
        here = f"{path}.{name}".lstrip(".")
        listed = isinstance(inner, list)
        item = inner[0] if listed else inner
        plain = "record" if isinstance(item, dict) else item
        yield here, f"list of {'records' if plain == 'record' else plain}" if listed else plain
        if isinstance(item, dict):
            yield from paths(item, here)


def test_the_card_names_every_field_with_its_type():
    card = (ROOT / "DATASET_CARD.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `([\w.]+)` \| ([^|]+) \| [^|]+ \|$", card, re.MULTILINE)
    assert [(name, kind.removesuffix(", may be null")) for name, kind in table] == list(paths(shape()))


def test_the_card_has_the_sections_people_expect():
    card = (ROOT / "DATASET_CARD.md").read_text(encoding="utf-8")
    expected = [
        "Summary",
        "Languages",
        "Structure",
        "Configurations and splits",
        "Curation rationale",
        "Source data and its rights",
    ]
    expected += ["Annotation process", "Agreement", "Personal data", "Biases and limits", "How to cite", "Changelog", "Canary"]
    assert re.findall(r"^## (.*)$", card, re.MULTILINE) == expected


def test_a_rebuild_of_this_repository_equals_what_is_committed(tmp_path):
    splits = built(ROOT, out=tmp_path / "dataset")
    for name in ("README.md", "statistics.json"):
        assert (tmp_path / "dataset" / name).read_bytes() == (DATASET / name).read_bytes(), name
    committed = sorted(p.relative_to(DATASET) for p in (DATASET / "data").rglob("*") if p.is_file())
    assert committed == sorted(Path("data", s.config, f"{s.name}.parquet") for s in splits)
    for split in splits:
        assert rows_of(DATASET, split.config, split.name) == rows_of(tmp_path / "dataset", split.config, split.name)
        assert fingerprint([Document.from_dict(r) for r in rows_of(DATASET, split.config, split.name)]) == split.sha256
    card = (ROOT / "DATASET_CARD.md").read_text(encoding="utf-8")
    assert (DATASET / "README.md").read_text(encoding="utf-8").endswith(card.split("---\n", 2)[2])


@needs_articles
def test_this_repository_restored(tmp_path):
    built(ROOT, out=tmp_path / "restored", texts={"anp": ARTICLES})
    rows = rows_of(tmp_path / "restored", "anp")
    assert len(rows) == 40 and check_gold(rows) == []
    bare = [{**row, "text": None} for row in rows]
    assert bare == rows_of(DATASET, "anp") and rows_of(DATASET, "own") == rows_of(tmp_path / "restored", "own")


def run(*arguments, **kwargs):
    command = [sys.executable, str(ROOT / "scripts" / "build_dataset.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""}, **kwargs)


def test_the_command(tmp_path):
    done = run("--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "own/test: 20 documents with text" in done.stdout and "anp/test: 40 documents without text" in done.stdout
    assert run("--nonsense").returncode == 2
    done = run("--articles", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out2"))
    assert done.returncode == 1 and "[no-folder]" in done.stderr and not (tmp_path / "out2").exists()
    done = run("--articles", str(tmp_path), "--out", str(DATASET))
    assert done.returncode == 1 and "[tracked-output]" in done.stderr


def test_the_help_is_true():
    done = run("--help")
    assert done.returncode == 0
    for word in ("--articles", "--out", "restored", "0: written; 1: problems", "2: usage"):
        assert word in " ".join(done.stdout.split())
