"""Damaged files of every format: problems or rows that the check can take, never a traceback."""

from __future__ import annotations

import json
import random
import shutil

import pytest
from foreign import CASES, gold, read
from volgens.curation.label_studio.tasks import to_tasks
from volgens.model.documents import Document
from volgens.readers.foreign import FORMATS
from volgens.readers.native import predictions

JUNK = (
    *(None, True, 0, -1, 3.5, 1e400, 10**30, "", "x", "\ud800", "O", "B-PER"),
    *([], [None], [[]], {}, {"a": 1}, {"start": 0, "end": 1}, {"text": "Oslo"}, [1, "x"]),
)
KEYS = ("id", "text", "start", "label", "entity", "output", "type", "entities", "context", "spans", "ents", "_")
JSON = sorted(path.name for path in CASES.glob("*.json*"))
TRIES = 60


def damaged(value, chance):
    """A JSON value in which some parts are something else, missing, or too many."""
    if chance.random() < 0.08:
        return chance.choice(JUNK)
    if isinstance(value, dict):
        kept = {key: damaged(inner, chance) for key, inner in value.items() if chance.random() > 0.04}
        return kept | ({chance.choice(KEYS): chance.choice(JUNK)} if chance.random() < 0.04 else {})
    return [damaged(inner, chance) for inner in value] if isinstance(value, list) else value


def damaged_text(text, chance):
    """A text in which a few characters are others, missing, or too many."""
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(("", "\t", "\n", " ", "B-", ";", "9", "é", "T1")) + text[at + chance.randrange(6) :]
    return text


def stands(path, name):
    found = read(path, name, scheme="iob2", map={"PERSON": "PER", "x": "figure:money"})
    assert all(problem.message and problem.hint for problem in found.problems)
    if not found.problems:
        predictions(found.rows, gold())


def tasks():
    documents = [Document.from_dict(json.loads(line)) for line in (CASES / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return to_tasks(documents, as_="annotations", annotator="ann@example.org")


@pytest.mark.parametrize("case", [*JSON, "label-studio"])
def test_damaged_json(tmp_path, case):
    lines = (
        tasks() if case == "label-studio" else [json.loads(t) for t in (CASES / case).read_text(encoding="utf-8").splitlines()]
    )
    chance, path = random.Random(case), tmp_path / "x"
    for _ in range(TRIES):
        text = "\n".join(json.dumps(damaged(line, chance)) for line in lines)
        path.write_text(text[: chance.randrange(len(text))] if chance.random() < 0.05 else text)
        stands(path, None)
        stands(path, chance.choice(list(FORMATS)))


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.glob("*.conll")))
def test_damaged_columns(tmp_path, case):
    chance, path = random.Random(case), tmp_path / "x.conll"
    for _ in range(TRIES):
        path.write_text(damaged_text((CASES / case).read_text(encoding="utf-8"), chance), encoding="utf-8")
        stands(path, chance.choice((None, "conll", "brat")))


@pytest.mark.parametrize("case", ["brat", "brat-wrong"])
def test_damaged_brat(tmp_path, case):
    chance = random.Random(case)
    for n in range(TRIES):
        folder = tmp_path / str(n)
        shutil.copytree(CASES / case, folder)
        path = folder / "a.ann"
        path.write_text(damaged_text(path.read_text(encoding="utf-8"), chance), encoding="utf-8")
        stands(folder, None)
        stands(path, "brat")
