"""A dataset's folder with three splits of `own`, one of `anp` and two of `wikinews`, all invented, for tests of the loop."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from clones import MOLEN, written
from small import annotate, make_repository
from volgens.curation.folder import Folder
from volgens.curation.label_studio import to_tasks
from volgens.curation.meantime import GROUPS, strip
from volgens.curation.standoff import write_standoff
from volgens.model.documents import Document
from volgens.model.gold import write_gold

SPLITS = {"own": ("test", "train", "validation"), "anp": ("test",), "wikinews": ("test", "validation")}
FIRST = {
    ("own", "test"): "own-000", ("own", "train"): "own-001", ("own", "validation"): "own-002",
    ("anp", "test"): "anp-000", ("wikinews", "test"): "wikinews-2", ("wikinews", "validation"): "wikinews-1",
}  # fmt: skip


def make_house(root: Path) -> tuple[Folder, dict[str, Path]]:
    """The folder, and where the texts of each configuration lie that does not travel."""
    texts = {"anp": make_repository(root), "wikinews": root / "clone"}
    pages = root / "dataset" / "pages"
    for number in (1, 2):
        shutil.copy(pages / "own" / "own-000.txt", pages / "own" / f"own-00{number}.txt")
    cards = [{"id": "own-001", "split": "train"}, {"id": "own-002", "split": "validation"}]
    (pages / "cards.jsonl").write_text("".join(json.dumps(card) + "\n" for card in cards), encoding="utf-8")
    for n, where in enumerate(GROUPS.values(), 1):
        written(root / "clone" / where / f"{n}_x.xml.ne", [[(f"Verhaal{n}", "_", "_")], *MOLEN[1:]])
    write_standoff(pages / "wikinews.jsonl", strip(root / "clone"))
    house = Folder(root)
    for config, splits in SPLITS.items():
        documents, problems = house.documents(config, texts=texts.get(config))
        assert problems == []
        for split in splits:
            mine = [document for document in documents if document.split == split]
            write_gold(house.gold_file(config, split), map(annotate, mine))
    return house, texts


def export(path: Path, documents: Sequence[Document], name: str = "reader-a", shown: bool = True) -> Path:
    """An export file with these documents as they are, submitted by one annotator; `shown`: begun from the gold."""
    tasks = to_tasks(documents, as_="annotations", annotator=name)
    for number, task in enumerate(tasks, 1):
        task["id"] = number
        task["annotations"][0]["id"] = number
        task["predictions"] = [{"model_version": "gold", "result": []}] if shown else []
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path
