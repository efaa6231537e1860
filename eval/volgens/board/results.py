"""The results folder: for each system and configuration a predictions file and the scorecard that it gives.

`<system>-<config>.jsonl` holds the predictions, offsets only where the text may not travel; `<system>-<config>.json` is
`Scorecard.to_json` with `system`, `description`, `command`, `date` (of the predictions) and `reference` before it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from volgens.api import checked, score
from volgens.atomic import atomic
from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.readers.corpus import load_gold
from volgens.readers.native import read
from volgens.scorecard import Scorecard

ABOUT = ("system", "description", "command", "date", "reference")
NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
TOLERANCE = 1e-9
"""Of a stored score; counts and signatures agree exactly."""


class About(NamedTuple):
    """Who made the predictions and how. A `reference` stands beside the systems and is not ranked."""

    system: str
    description: str
    command: str
    date: str
    reference: bool = False


@dataclass(frozen=True)
class Result:
    """A file of the folder: `stored` is its JSON, `config` the configuration that its signature names."""

    path: Path
    stored: Mapping[str, Any]

    @property
    def about(self) -> About:
        return About(*(self.stored[name] for name in ABOUT))

    @property
    def config(self) -> str:
        return str(self.stored["signature"]["config"])

    @property
    def predictions(self) -> Path:
        return self.path.with_suffix(".jsonl")

    def rescore(self) -> Scorecard:
        """Score the predictions again, against the gold of today. Raises `ProblemsFound`."""
        return score(self.predictions, config=self.config, split=self.stored["signature"]["split"])


def results(folder: Path) -> list[Result]:
    """The results of a folder, by file name. Raises `ProblemsFound` for files that are none, or lack their other half."""
    found, problems = [], []
    for path in sorted(folder.glob("*.json")):
        stored = _stored(path)
        problems += [stored] if isinstance(stored, Problem) else []
        found += [Result(path, stored)] if not isinstance(stored, Problem) else []
    problems += list(_halves(folder))
    if problems:
        raise ProblemsFound(problems)
    return found


def _stored(path: Path) -> dict[str, Any] | Problem:
    cure = "Let scripts/score_results.py write it, from the predictions."
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        return Problem(Where(str(path)), "not-json", f"the result cannot be read: {error}", cure)
    lacking = [name for name in (*ABOUT, "signature", "measures") if not isinstance(stored, dict) or name not in stored]
    if lacking or not {"config", "split"} <= set(stored["signature"]):
        return Problem(Where(str(path)), "not-a-result", f"the result lacks {', '.join(lacking) or 'config or split'}", cure)
    return dict(stored)


def _halves(folder: Path) -> Iterator[Problem]:
    stems = {kind: {path.stem for path in folder.glob(f"*.{kind}")} for kind in ("json", "jsonl")}
    for stem in sorted(stems["json"] ^ stems["jsonl"]):
        have, lack = ("json", "jsonl") if stem in stems["json"] else ("jsonl", "json")
        cure = "Add it by scripts/add_result.py, or delete the file."
        yield Problem(Where(str(folder / f"{stem}.{have}")), "half-a-result", f"{stem}.{lack} is missing", cure)


def write(folder: Path, about: About, predictions: Any, *, config: str = "own", split: str = "test") -> Result:
    """Score predictions and write both files. Predictions are written by document, without empty fields, and without the strings
    of a text that may not travel. Raises `ProblemsFound`, and then writes nothing.
    """
    gold = load_gold(config, split)
    problems = list(_unfit(about))
    try:
        given = [layer for layer in LAYERS if layer in checked(predictions, gold).frame.columns]
    except ProblemsFound as found:
        problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    rows = [_tidy(row, given, not gold["text"].null_count()) for row in read(predictions).frame.sort("id").iter_rows(named=True)]
    card = score(rows, config=config, split=split)
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    path = folder / f"{about.system}-{config}.json"
    result = Result(path, _with_card(_dated(about, path, text), card))
    write_text(result.predictions, text)
    save(result)
    return result


def _dated(about: About, path: Path, text: str) -> About:
    """With the date of the result that is there already, where its predictions are the same."""
    predictions = path.with_suffix(".jsonl")
    if not (path.exists() and predictions.exists()) or predictions.read_text(encoding="utf-8") != text:
        return about
    return about._replace(date=json.loads(path.read_text(encoding="utf-8"))["date"])


def rescored(result: Result, card: Scorecard) -> Result:
    """The result with the numbers of another scorecard."""
    return Result(result.path, _with_card(result.about, card))


def save(result: Result) -> None:
    """Write the JSON of a result."""
    write_text(result.path, json.dumps(result.stored, ensure_ascii=False, indent=1) + "\n")


def _with_card(about: About, card: Scorecard) -> dict[str, Any]:
    return {**about._asdict(), **json.loads(card.to_json())}


def write_text(path: Path, text: str) -> None:
    """Write a file of the folder whole or not at all."""
    with atomic(path) as part:
        part.write_text(text, encoding="utf-8")


def _unfit(about: About) -> Iterator[Problem]:
    if not NAME.fullmatch(about.system):
        cure = "Use small letters, digits, hyphens and full stops: it names the files."
        yield Problem(Where(field="system"), "unfit-name", f"{about.system!r} is no name of a system", cure)
    for name in ("description", "command"):
        if not getattr(about, name).strip():
            cure = "Say what the system is and how it was run."
            yield Problem(Where(field=name), "missing-field", f"the result has no {name}", cure)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", about.date):
        cure = "Write the day of the predictions as YYYY-MM-DD."
        yield Problem(Where(field="date"), "not-a-date", f"{about.date!r} is no day", cure)


def _tidy(row: Mapping[str, Any], layers: Sequence[str], travels: bool) -> dict[str, Any]:
    """A prediction with its layers, without fields that say nothing, and without strings of a text that may not travel."""

    def tidy(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: tidy(v) for k, v in value.items() if v is not None and (travels or k != "text")}
        return [tidy(v) for v in value] if isinstance(value, list) else value

    return {"id": row["id"], **{layer: tidy(row[layer] or []) for layer in layers}}


def differences(result: Result, card: Scorecard) -> list[Problem]:
    """Where the stored numbers are not those of the scorecard: counts and signature exactly, scores to the ninth decimal."""
    now = json.loads(card.to_json())
    cure = "Run `make results`, and look at what changed before it is committed."
    found = {field: (was, new) for field, was, new in _unequal("", {k: result.stored.get(k) for k in now}, now)}
    return [
        Problem(Where(str(result.path), field=field), "stale-result", f"the file says {was!r}, scoring it gives {new!r}", cure)
        for field, (was, new) in found.items()
    ]


def _unequal(field: str, was: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(was, dict) and isinstance(new, dict):
        for name in dict.fromkeys([*was, *new]):
            yield from _unequal(f"{field}.{name}" if field else name, was.get(name), new.get(name))
    elif isinstance(was, list) and isinstance(new, list) and len(was) == len(new):
        for n, (a, b) in enumerate(zip(was, new, strict=True)):
            yield from _unequal(f"{field}[{n}]", a, b)
    elif was != new and not _close(was, new):
        yield field, was, new


def _close(was: Any, new: Any) -> bool:
    return isinstance(was, float) and isinstance(new, float) and math.isclose(was, new, rel_tol=0, abs_tol=TOLERANCE)


def by_config(found: Sequence[Result]) -> dict[str, list[Result]]:
    """The results of each configuration, `own` first."""
    configs = sorted({result.config for result in found}, key=lambda config: (config != "own", config))
    return {config: [result for result in found if result.config == config] for config in configs}
