"""The generated blocks of the repository's README: what its examples print, how large the configurations are, the board's top."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from volgens import blocks
from volgens.board.results import Result, by_split, results
from volgens.model.documents import LAYERS
from volgens.model.problem import ProblemsFound
from volgens.scorecard.text import number
from volgens.scoring.measures import HEADLINES

PACKAGE = Path(__file__).parents[2]
TOP = 3
"""Rows of the board that the README shows of each configuration."""
QUESTIONS = {
    "own": "Do your files and tools work, with nothing to download? Pages written for this project.",
    "wikinews": "How good is a system on real news that was not written for this benchmark? Texts from a public repository.",
    "anp": "How does it do on the copy of a news agency? Texts for those who have the pages.",
}
"""What each configuration is for, in the order of the README."""


def filled(root: Path) -> str:
    """README.md of the checkout `root`, its blocks as they should be. Raises `ProblemsFound` for a block that is not there."""
    page = (root / "README.md").read_text(encoding="utf-8")
    script, line = block(page, "python"), block(page, "json")
    made = {
        "python": _fenced(printed(script, line)),
        "command": _fenced(printed(command(page), line)),
        "configurations": _configurations(json.loads((root / "dataset" / "statistics.json").read_text(encoding="utf-8"))),
        "board": _board(results(root / "eval" / "results")),
    }
    page, problems = blocks.fill(page, made, "README.md")
    if problems:
        raise ProblemsFound(problems)
    return page


def block(page: str, language: str) -> str:
    """The page's one fenced block in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return str(found)


def command(page: str) -> list[str]:
    """The first command of the page that scores a file, as arguments of the interpreter."""
    return ["-m", *shlex.split(next(line for line in page.splitlines() if line.startswith("volgens score ")))]


def printed(what: str | Sequence[str], line: str) -> str:
    """What a script, or the command of some arguments, prints beside a `predictions.jsonl` of one line."""
    arguments = ["-c", what] if isinstance(what, str) else what
    env = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "predictions.jsonl").write_text(line, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, *arguments], capture_output=True, encoding="utf-8", cwd=folder, env=env, check=True, text=True
        )
    return done.stdout


def _fenced(text: str) -> str:
    return f"```\n{text}```"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _configurations(statistics: Mapping[str, Any]) -> str:
    head = ("configuration", "question", "text", "documents", "names", "figures", "attributions")
    rows = []
    for config, question in QUESTIONS.items():
        splits: Mapping[str, Any] = statistics["configs"][config]
        sizes = ", ".join(f"{name} {split['documents']}" for name, split in splits.items())
        text = "yes" if all(split["text"] for split in splits.values()) else "restored"
        totals = [f"{sum(split[layer]['total'] for split in splits.values()):,}" for layer in LAYERS]
        rows.append([f"`{config}`", question, text, sizes, *totals])
    return _table(head, rows)


def _board(found: Sequence[Result]) -> str:
    rows = []
    for (config, split), group in by_split(found).items():
        if split == "test":
            systems = sorted((r for r in group if not r.about.reference), key=lambda r: (-_mean(r), r.about.system))
            rows += [[f"`{config}`", r.about.system, *(_f1(r, name) for name in HEADLINES)] for r in systems[:TOP]]
    return _table(("configuration", "system", *HEADLINES), rows)


def _mean(result: Result) -> float:
    measures = result.stored["measures"]
    return fmean((measures[layer]["f1"] or 0.0) if layer in measures else 0.0 for layer in LAYERS)


def _f1(result: Result, measure: str) -> str:
    cell = result.stored["measures"].get(measure)
    return number(cell["f1"]) if cell else "–"
