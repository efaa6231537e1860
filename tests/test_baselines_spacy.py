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


PREPARE = """
import sys
from pathlib import Path
import baselines.spacy_names as system
from volgens.readers.corpus import load_gold
gold, out, train, trained = Path(sys.argv[1]), Path(sys.argv[2]), system.train, []
system.MODEL, system.SPLITS = out, [gold / "data" / "own" / f"{split}.parquet" for split in ("train", "validation")]
system.load_gold = lambda config, split: load_gold(config, split, gold)
system.train = lambda *frames: trained.append(len(frames[0])) or train(*frames, steps=20)
print(system.lacking())
if not system.lacking():
    system.prepare()
    system.prepare()
    print(trained, system.extract("In Alta zegt Ida Berg.").keys())
"""


def test_it_is_trained_once_for_a_gold_and_again_for_another(tmp_path):
    write(tmp_path / "gold", "train", PLACES[:5])
    lacking = spacy("-c", PREPARE, tmp_path / "gold", tmp_path / "out")
    assert lacking.stdout == "the gold of `own` has no splits train and validation yet: there is nothing to train on\n"
    write(tmp_path / "gold", "validation", PLACES[5:])
    for places in (PLACES[:5], PLACES[:4]):
        write(tmp_path / "gold", "train", places)
        done = spacy("-c", PREPARE, tmp_path / "gold", tmp_path / "out")
        assert done.stdout.splitlines()[-1] == f"[{len(places)}] dict_keys(['entities'])", done.stderr


def test_without_splits_it_says_so(tmp_path):
    write(tmp_path, "train", PLACES)
    done = spacy(ROOT / "eval/baselines/spacy_names.py", "--gold", tmp_path)
    assert done.returncode == 1 and "own/validation.parquet" in done.stderr


def test_without_a_pipeline_a_run_says_how_to_train_one(tmp_path):
    function = f"{ROOT}/eval/baselines/spacy_names.py:extract"
    done = spacy("-m", "volgens", "run", function, "--out", tmp_path / "p.jsonl", VOLGENS_SPACY_MODEL=str(tmp_path))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "train it by `python eval/baselines/spacy_names.py`" in done.stderr and "[no-extractor]" in done.stderr
