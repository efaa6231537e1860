"""Whether the parts of a dataset's folder agree: pages, readings, decisions, gold, and what was built of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from volgens.curation.build import build
from volgens.curation.corrections import replay
from volgens.curation.folder import Folder
from volgens.model.problem import Problem, Where

BUILT = ("README.md", "statistics.json")


def check(folder: Folder) -> tuple[list[Problem], list[str]]:
    """All problems, and a line for each thing that was held against another."""
    lines = []
    with tempfile.TemporaryDirectory() as away:
        splits, problems = build(folder.root, Path(away))
        lines += [f"{s.config}/{s.name}: pages and gold agree, {len(s.documents)} documents" for s in splits]
        dataset = folder.root / "dataset"
        if splits and (dataset / BUILT[0]).exists():
            stale = [name for name in BUILT if (dataset / name).read_bytes() != (Path(away) / name).read_bytes()]
            problems += [
                Problem(Where(str(dataset / name)), "stale-build", "a build would give another file", "Run `volgens data build`.")
                for name in stale
            ]
            lines += [] if stale else ["dataset/: what a build gives"]
        elif splits:
            lines.append("dataset/: not built yet")
    for config in sorted({split.config for split in splits}):
        if not any(folder.raw.glob(f"{config}-*.json")):
            lines.append(f"{config}: no readings are kept, so its gold cannot be replayed")
            continue
        found = replay(folder, config)
        problems += found
        lines += [] if found else [f"{config}: readings, decisions and corrections give the gold"]
    return problems, lines
