"""The dataset as the Hub takes it, held against the Hub's own libraries; nothing leaves this machine."""

from __future__ import annotations

import base64
import json
import logging
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import volgens
import yaml
from volgens.cli import main
from volgens.curation.build import VERSION
from volgens.curation.hub import PUSHED, push, pushed
from volgens.integrations.hub import DATASET, entries, task
from volgens.model.problem import ProblemsFound
from volgens.scoring.measures import HEADLINES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "dataset"
STATISTICS = json.loads((FOLDER / "statistics.json").read_text(encoding="utf-8"))["configs"]
REGISTRATION = yaml.safe_load((FOLDER / "eval.yaml").read_text(encoding="utf-8"))
SPLITS = [(config, split) for config, splits in STATISTICS.items() for split in splits]
KEYS = {
    *("pretty_name", "license", "language", "multilinguality", "size_categories", "source_datasets", "task_categories"),
    *("task_ids", "tags", "annotations_creators", "configs", "dataset_info"),
}
"""What the Hub knows of a dataset card's YAML."""


def test_the_registration_has_a_task_for_every_test_split_and_headline():
    """The fields that the Hub asks for, and no others."""
    assert set(REGISTRATION) == {"name", "description", "evaluation_framework", "tasks"}
    assert [set(one) for one in REGISTRATION["tasks"]] == [{"id", "config", "split"}] * len(REGISTRATION["tasks"])
    wanted = {(task(config, measure), config) for config, split in SPLITS if split == "test" for measure in HEADLINES}
    assert {(one["id"], one["config"]) for one in REGISTRATION["tasks"]} == wanted
    assert len(REGISTRATION["tasks"]) == len(wanted) and {one["split"] for one in REGISTRATION["tasks"]} == {"test"}
    assert "**" not in REGISTRATION["description"] and 40 < len(REGISTRATION["description"]) < 400


def test_the_dataset_has_one_name_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["urls"]["Dataset"] == f"https://huggingface.co/datasets/{DATASET}"


def test_the_cards_yaml_is_what_the_hub_knows():
    from huggingface_hub import DatasetCard

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        card = DatasetCard.load(FOLDER / "README.md")
    data = card.data.to_dict()
    assert set(data) == KEYS
    documents = sum(split["documents"] for splits in STATISTICS.values() for split in splits.values())
    assert (data["size_categories"] == ["n<1K"]) == (documents < 1000)
    assert [(one["config_name"], file["split"]) for one in data["configs"] for file in one["data_files"]] == SPLITS
    assert all((FOLDER / file["path"]).is_file() for one in data["configs"] for file in one["data_files"])
    assert {one["version"] for one in data["configs"]} == {VERSION}


def text(value):
    return value.decode() if isinstance(value, bytes) else value


@pytest.fixture(scope="module")
def croissant():
    import mlcroissant

    said = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())
    logging.getLogger("absl").addHandler(handler)
    found = mlcroissant.Dataset(jsonld=str(FOLDER / "croissant.json"))
    logging.getLogger("absl").removeHandler(handler)
    assert said == [], "it is valid, and no recommended property lacks"
    return found


@pytest.mark.parametrize(("config", "split"), SPLITS)
def test_croissant_leads_to_the_rows(croissant, config, split):
    """Every column and every plain field of its records, as the file has them."""
    rows, at = pq.read_table(FOLDER / "data" / config / f"{split}.parquet").to_pylist(), f"{config}-{split}"
    found = list(croissant.records(at))
    assert [text(row[f"{at}/id"]) for row in found] == [row["id"] for row in rows]
    assert set(found[0]) == {f"{at}/{name}" for name in rows[0]}
    for row, one in zip(found, rows, strict=True):
        starts = [figure[f"{at}/figures/start"] for figure in row[f"{at}/figures"] or ()]
        assert starts == [figure["start"] for figure in one["figures"]]
        assert text(row[f"{at}/sha256"]) == one["sha256"] and text(row[f"{at}/text"]) == one["text"]


def gold_as_predictions(path, **more):
    rows = volgens.load_gold().select("id", "entities", "figures").to_dicts()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_score_prints_what_a_models_repository_holds(tmp_path, capsys):
    """Read by the Hub's library; each entry is of a registered task."""
    from huggingface_hub import eval_result_entries_to_yaml, parse_eval_result_entries

    file = gold_as_predictions(tmp_path / "p.jsonl")
    where = "https://example.org/report"
    assert main(["score", str(file), "--format", "hub", "--date", "2026-01-31", "--source", where]) == 0
    told = yaml.safe_load(capsys.readouterr().out)
    found = parse_eval_result_entries(told)
    assert eval_result_entries_to_yaml(found) == told
    assert [one.task_id for one in found] == ["own-entities", "own-figures"]
    assert {one.task_id for one in found} <= {one["id"] for one in REGISTRATION["tasks"]}
    assert {(one.dataset_id, one.value, one.date, one.source_url) for one in found} == {(DATASET, 1.0, "2026-01-31", where)}
    assert all("signature: volgens:" in one.notes and "|config:own|split:test|" in one.notes for one in found)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--view", "conll2002", "--format", "hub"], "view is 'conll2002'"),
        (["--tolerance", "0.1", "--format", "hub"], "tolerance is 0.1"),
        (["--date", "2026-01-31"], "belongs to --format hub"),
        (["--source", "https://example.org", "--format", "json"], "belongs to --format hub"),
    ],
)
def test_what_is_not_of_the_benchmark_is_refused(tmp_path, capsys, words, told):
    assert main(["score", str(gold_as_predictions(tmp_path / "p.jsonl")), *words]) == 1
    said = capsys.readouterr()
    assert told in said.err and said.out == ""


def test_a_gold_of_ones_own_has_no_place_on_the_hubs_tables():
    card = volgens.score([{"id": "a", "entities": []}], [{"id": "a", "text": "Oslo.", "entities": []}], measures="entities")
    with pytest.raises(ProblemsFound) as found:
        entries(card, "2026-01-31")
    assert [p.where.field for p in found.value.problems] == ["split", "gold"]


class Hub(BaseHTTPRequestHandler):
    """As much of the Hub's interface as a commit and a tag need; what it was sent is kept."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.partition("?")[0]
        if path == "/api/repos/create":
            self.tell({"url": f"{self.server.address}/datasets/{DATASET}", "id": "1"})
        elif path == "/api/validate-yaml":
            self.tell({"warnings": [], "errors": []})
        elif path.endswith("/preupload/main"):
            files = json.loads(body)["files"]
            self.tell({"files": [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in files]})
        elif path.endswith("/commit/main"):
            self.server.commit = [json.loads(line) for line in body.decode().splitlines()]
            self.tell(
                {
                    "commitUrl": f"{self.server.address}/datasets/{DATASET}/commit/{'0' * 40}",
                    "commitOid": "0" * 40,
                    "success": True,
                }
            )
        elif path.endswith("/tag/main"):
            self.server.tag = json.loads(body)["tag"]
            self.tell({})
        else:
            self.tell({"error": path}, 404)

    def do_GET(self):
        self.tell([] if "/tree/" in self.path else {"id": DATASET, "siblings": [{"rfilename": "data/old/test.parquet"}]})

    def tell(self, what, status=200):
        told = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def hub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_push_is_one_commit_of_the_data_tagged_with_its_version(hub):
    """By the Hub's library against a stand-in on this machine: pages and cards stay here."""
    from huggingface_hub import HfApi

    sent = push(HfApi(endpoint=hub.address, token="hf_stand_in"), FOLDER, VERSION)
    files = {line["value"]["path"]: line["value"]["content"] for line in hub.commit if line["key"] == "file"}
    assert sorted(files) == sent == pushed(FOLDER)
    assert all(base64.b64decode(content) == (FOLDER / name).read_bytes() for name, content in files.items())
    assert {"README.md", "eval.yaml", "croissant.json", "data/own/test.parquet"} <= set(sent)
    assert not any(name.startswith("pages/") for name in sent)
    assert hub.tag == VERSION and hub.commit[0]["value"]["summary"] == f"Version {VERSION}"


def test_the_dry_run_sends_nothing():
    done = subprocess.run([sys.executable, ROOT / "scripts" / "push_dataset.py", "--dry-run"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.splitlines() == [*pushed(FOLDER), f"would be sent to {DATASET} and tagged {VERSION}"]


def test_text_that_may_not_travel_is_not_pushed(tmp_path):
    """Nor a folder of another version, nor one that was not built whole."""
    for name in pushed(FOLDER):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FOLDER / name, tmp_path / name)
    (tmp_path / "pages" / "own").mkdir(parents=True)
    (tmp_path / "eval.yaml").unlink()
    path = tmp_path / "data" / "anp" / "test.parquet"
    rows = pq.read_table(path)
    texts = pa.array(["Een zin."] + [None] * (len(rows) - 1), pa.string())
    pq.write_table(rows.set_column(rows.schema.get_field_index("text"), "text", texts), path)
    with pytest.raises(ProblemsFound) as found:
        push(None, tmp_path, "9.9.9")
    assert [p.id for p in found.value.problems] == ["another-version", "not-there", "text-may-not-travel"]


def test_every_file_of_the_folder_is_pushed_or_kept_on_purpose():
    kept = {"pages"}
    tops = {re.split(r"[/*]", pattern)[0] for pattern in PUSHED}
    assert {path.name for path in FOLDER.iterdir()} == tops | kept
