"""Names by a spaCy pipeline that is trained on our gold from nothing: no vectors, no pretrained weights. Train it, then run it:

    pip install --editable . --group systems
    python eval/baselines/spacy_names.py
    volgens run eval/baselines/spacy_names.py:extract

Training is `spacy train` with the configuration that `spacy init config --lang nl --pipeline ner` writes, seeded, on one core; it
learns from `train` and stops by `validation`. The first run of the same versions on the same machine is repeated exactly; other
processors may round otherwise. Outermost names with their types; no role, no ref.

Licence: MIT (spaCy). It has seen the splits that it is trained on, and no others.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl
from volgens.readers.corpus import load_gold

from baselines.installed import python_versions

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "out" / "spacy"
SPLITS = [ROOT / "dataset" / "data" / "own" / f"{split}.parquet" for split in ("train", "validation")]
INSTALL = "pip install --editable . --group systems"
VARIABLE = "VOLGENS_SPACY_MODEL"
"""Names another folder of a trained pipeline."""
STEPS, EVERY, PATIENCE = 3000, 100, 800
"""Batches: at most, between looks at `validation`, and without getting better there."""


def extract(text: str) -> dict[str, Any]:
    """The layer of names. Offsets are code points into `text`, end exclusive."""
    return {"entities": [{"start": e.start_char, "end": e.end_char, "type": e.label_} for e in _pipeline()(text).ents]}


@cache
def _pipeline() -> Any:
    import spacy

    folder = Path(os.environ.get(VARIABLE) or MODEL / "model-best")
    if not (folder / "meta.json").is_file():
        raise FileNotFoundError(f"there is no pipeline in {folder}: train it by `python eval/baselines/spacy_names.py`")
    return spacy.load(folder)


extract.warm_up = _pipeline  # type: ignore[attr-defined]


def lacking() -> str | None:
    """Why it cannot run here; None if it can."""
    if find_spec("spacy") is None:
        return f"spacy is not installed: {INSTALL}"
    if not all(path.is_file() for path in SPLITS):
        return "the gold of `own` has no splits train and validation yet: there is nothing to train on"
    return None


def prepare() -> None:
    """Train the pipeline that `extract` runs, where there is none of this gold and these versions."""
    if os.environ.get(VARIABLE):
        return
    mark, told = MODEL / "trained.json", json.dumps({**versions(), **{path.stem: _digest(path) for path in SPLITS}})
    if mark.is_file() and mark.read_text(encoding="utf-8") == told:
        return
    train(load_gold("own", "train"), load_gold("own", "validation"), MODEL)
    mark.write_text(told, encoding="utf-8")
    _pipeline.cache_clear()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def versions() -> dict[str, str]:
    """The packages that the predictions depend on."""
    return python_versions("spacy", "thinc")


def train(gold: pl.DataFrame, validation: pl.DataFrame, out: Path, *, steps: int = STEPS, seed: int = 0) -> Path:
    """Train on a frame of gold with texts and give the folder of the pipeline that does best on the other.

    Documents whose names nobody annotated are left out. Raises `ProblemsFound` for documents without text.
    """
    from spacy.cli.init_config import init_config
    from spacy.cli.train import train as spacy_train
    from volgens.writers.formats import export

    paths = {}
    for name, frame in (("train", gold), ("dev", validation)):
        known = frame.filter(pl.col("entities").is_not_null())
        paths[f"paths.{name}"] = str(export(known, "spacy", out / "corpus" / name).files[0])
    config = init_config(lang="nl", pipeline=["ner"], optimize="efficiency", gpu=False)
    config.to_disk(out / "config.cfg")
    limits = {"training.max_steps": steps, "training.eval_frequency": min(EVERY, steps), "training.patience": PATIENCE}
    spacy_train(out / "config.cfg", out, use_gpu=-1, overrides={**paths, **limits, "system.seed": seed})
    return out / "model-best"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: trained; 1: problems, all of them listed; 2: usage."""
    parser = argparse.ArgumentParser(description="Train a spaCy pipeline for names.", allow_abbrev=False)
    parser.add_argument("--out", type=Path, default=MODEL, metavar="DIR", help="folder of the pipeline (default: out/spacy)")
    parser.add_argument("--config", default="own", help="configuration to learn from (default: own)")
    parser.add_argument("--gold", metavar="PATH", help="dataset folder, where it is not ours")
    parser.add_argument("--steps", type=int, default=STEPS, metavar="N", help=f"batches at most (default: {STEPS})")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="default: 0")
    given = parser.parse_args(arguments)
    if given.steps < 1:
        parser.error("--steps must be at least 1")
    from volgens.model.problem import ProblemsFound

    try:
        gold, validation = (load_gold(given.config, split, given.gold) for split in ("train", "validation"))
        print(train(gold, validation, given.out, steps=given.steps, seed=given.seed))
    except ProblemsFound as found:
        print(found, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
