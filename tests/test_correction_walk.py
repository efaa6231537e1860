"""The documented way to correct a label, in a copy of this repository: what it says is done, and its tests are green after it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from houses import export
from volgens.curation.adjudication import read_decisions
from volgens.curation.folder import Folder

ROOT = Path(__file__).parents[1]
HELD = ("tests/test_gold_quality.py", "tests/test_adjudication.py", "tests/test_build.py")
KEPT = "readings or decision or contract or how_it_was_made or rebuild or register or reads_what_the_gold_says"


@pytest.fixture
def copy(tmp_path):
    """The files of the repository, as they are here."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / "copy" / name)
    return tmp_path / "copy"


def run(copy, *command):
    environment = {**os.environ, "PYTHONPATH": str(copy / "eval"), "ARTICLES": "", "CI": ""}
    done = subprocess.run([sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def documented():
    """The commands of the README's section on correcting a label, after the pull."""
    section = (ROOT / "annotations" / "README.md").read_text(encoding="utf-8").split("### Correct a label")[1].split("\n### ")[0]
    lines = re.findall(
        r"^(volgens label accept|volgens data build|python scripts/score_results\.py)(.*?)(?: {2,}.*)?$", section, re.M
    )
    return [(command, re.findall(r'"[^"]*"|\S+', rest)) for command, rest in lines]


def test_the_documented_correction_keeps_the_tests_green(copy):
    house = Folder(copy)
    found = {d.id: d for d in house.documents("own")[0] if d.provenance is not None}
    one = next(d for d in found.values() if any(e.role == "place" for e in d.entities))
    changed = next(e for e in one.entities if e.role == "place")
    other = replace(one, entities=tuple(replace(e, role="actor") if e is changed else e for e in one.entities))
    export(copy / "annotations" / "raw" / "own.json", [other, *(d for d in found.values() if d.id != one.id)])
    steps = documented()
    assert [command for command, _ in steps] == ["volgens label accept", "volgens data build", "python scripts/score_results.py"]
    for command, rest in steps:
        program = ("-m", *command.split()) if command.startswith("volgens") else command.split()[1:]
        said = run(copy, *program, *(part.strip('"') for part in rest))
        if "accept" in command:
            assert f"1 documents written to the gold: {one.id}" in said and f"- {one.id}: entities was:" in said
    after = {d.id: d for d in house.documents("own")[0] if d.provenance is not None}
    assert {n for n in found if after[n] != found[n]} == {one.id} and after[one.id].provenance.annotator == "person"
    card = (copy / "DATASET_CARD.md").read_text(encoding="utf-8")
    assert "1 documents, labelled by people, one reading, begun from pre-annotated labels, not adjudicated" in card
    corrected = [c.point.document for c in read_decisions(house.corrections)[0] if c.point.document in found]
    assert f"{len(corrected)} labels in {len(set(corrected))} documents were corrected since, " in card and "1 by people." in card
    assert (copy / "dataset" / "README.md").read_text(encoding="utf-8").endswith(card.split("---\n", 2)[2])
    run(copy, "scripts/score_results.py", "--check")
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *HELD, "-k", KEPT)
