"""A spaCy pipeline is trained from our gold by a real spaCy, and names what it has learned."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from environments import environment
from volgens.readers.corpus import load_gold

ROOT = Path(__file__).parents[1]
SPACY = ["spacy>=3.8", "polars>=1.30", "numpy>=1.26", "jsonschema>=4.21"]
PLACES = ("Oslo", "Bergen", "Narvik", "Molde", "Hamar", "Bodø")
TEXT = "In {} staken vissers, zegt Ida Berg."


def write(folder: Path, split: str, places: tuple[str, ...]) -> None:
    """A dataset of sentences that name one place each, in the form that is loaded."""
    rows = []
    for place in places:
        text = TEXT.format(place)
        names = [("GPE", place), ("PER", "Ida Berg")]
        entities = [{"start": text.index(n), "end": text.index(n) + len(n), "type": kind} for kind, n in names]
        rows.append({"id": place.lower(), "text": text, "entities": entities})
    target = folder / "data" / "own" / f"{split}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    load_gold(gold=rows).write_parquet(target)


def spacy(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {"PYTHONPATH": str(ROOT / "eval"), "PATH": "/usr/bin:/bin", **more}
    command = [environment("spacy", SPACY), *map(str, arguments)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


EXTRACT = "import json, sys; from baselines.spacy_names import extract; print(json.dumps(extract(sys.argv[1])))"


def test_it_learns_names_and_the_same_seed_learns_the_same(tmp_path):
    write(tmp_path / "gold", "train", PLACES[:5])
    write(tmp_path / "gold", "validation", PLACES[5:])
    weights = []
    for name in ("one", "two"):
        out = tmp_path / name
        done = spacy(ROOT / "eval/baselines/spacy_names.py", "--gold", tmp_path / "gold", "--out", out, "--steps", 40)
        assert done.returncode == 0, done.stderr
        weights.append((out / "model-last" / "ner" / "model").read_bytes())
    assert weights[0] == weights[1]
    text = TEXT.format("Alta")
    said = spacy("-c", EXTRACT, text, VOLGENS_SPACY_MODEL=str(tmp_path / "one" / "model-best"))
    found = [(text[e["start"] : e["end"]], e["type"]) for e in json.loads(said.stdout)["entities"]]
    assert ("Ida Berg", "PER") in found


def test_without_splits_it_says_so(tmp_path):
    write(tmp_path, "train", PLACES)
    done = spacy(ROOT / "eval/baselines/spacy_names.py", "--gold", tmp_path)
    assert done.returncode == 1 and "own/validation.parquet" in done.stderr


def test_without_a_pipeline_a_run_says_how_to_train_one(tmp_path):
    function = f"{ROOT}/eval/baselines/spacy_names.py:extract"
    done = spacy("-m", "volgens", "run", function, "--out", tmp_path / "p.jsonl", VOLGENS_SPACY_MODEL=str(tmp_path))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "train it by `python eval/baselines/spacy_names.py`" in done.stderr and "[no-extractor]" in done.stderr
