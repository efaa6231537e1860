"""The results folder: for each system, configuration and split a predictions file and the scorecard that it gives.

`<system>-<config>.jsonl` (`<system>-<config>-<split>.jsonl` for another split than `test`) holds the predictions, offsets only
where the text may not travel. The `.json` beside it is `Scorecard.to_json` with `system`, `description`, `command`, `date` (of
the predictions) and `reference` before it, and where they are known `versions` and `cost`. Both are written in one order of keys
and rows, so that the same content is the same bytes.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from volgens.api import checked, rules, score, score_corpus
from volgens.atomic import atomic
from volgens.corpus import Corpus, Gold, load
from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.options import Missing
from volgens.readers.corpus import load_gold
from volgens.readers.native import PLAIN, Reading
from volgens.scorecard import Scorecard
from volgens.scorecard.versions import of_another_version
from volgens.scoring.measures import TABLE
from volgens.scoring.views import NAMES

ABOUT = ("system", "description", "command", "date", "reference")
NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
TOLERANCE = 1e-9
"""Of a stored score; counts and signatures agree exactly."""


SEEN = {
    "nothing": "nothing of this dataset",
    "guidelines": "guidelines that were written with these documents at hand",
    "train": "the split `train`, and `validation` to choose by",
    "other-pages": "the gold of the other pages of its configuration",
    "gold": "this gold",
    "unknown": "not known: it may have met the pages in a crawl",
}
"""What a system may have seen of the dataset."""


class About(NamedTuple):
    """Who made the predictions and how. A `reference` stands beside the systems and is not ranked.

    `versions`: library or program → version; `cost`: what `volgens run` measured, seconds and tokens per 1,000 documents.
    `seen`: what of the dataset the system has met, one of `SEEN`, None where nobody said; `view`: that in which its names should
    be read, where it types them otherwise than we do; `floor`: it is there to show what next to nothing reaches, and is left out
    of what all systems get right. `unusable`: how many answers of a language model were no prediction and count as an empty one.
    """

    system: str
    description: str
    command: str
    date: str
    reference: bool = False
    versions: Mapping[str, str] | None = None
    cost: Mapping[str, Any] | None = None
    seen: str | None = None
    view: str | None = None
    floor: bool | None = None
    unusable: int | None = None


@dataclass(frozen=True)
class Result:
    """A file of the folder: `stored` is its JSON, `config` and `split` are those that its signature names."""

    path: Path
    stored: Mapping[str, Any]

    @property
    def about(self) -> About:
        about = About(*(self.stored[name] for name in ABOUT))
        more: dict[str, Any] = {name: self.stored.get(name) for name in ("versions", "cost", "seen", "view", "floor", "unusable")}
        return about._replace(**more)

    @property
    def config(self) -> str:
        return str(self.stored["signature"]["config"])

    @property
    def split(self) -> str:
        return str(self.stored["signature"]["split"])

    @property
    def predictions(self) -> Path:
        return self.path.with_suffix(".jsonl")

    def corpus(self) -> Corpus:
        """The predictions and the gold of today. Raises `ProblemsFound`."""
        missing: Missing = "empty" if self.stored.get("missing") else "refuse"
        return load(self.predictions, Gold(None, self.config, self.split), Reading(missing=missing))

    def rescore(self) -> Scorecard:
        """Score the predictions again, against the gold of today. Raises `ProblemsFound`."""
        return score_corpus(self.corpus(), rules())


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
    hint = "Let scripts/score_results.py write it, from the predictions."
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        return Problem(Where(str(path)), "not-json", f"the result cannot be read: {error}", hint)
    lacking = [name for name in (*ABOUT, "signature", "measures") if not isinstance(stored, dict) or name not in stored]
    if lacking or not {"config", "split"} <= set(stored["signature"]):
        return Problem(Where(str(path)), "not-a-result", f"the result lacks {', '.join(lacking) or 'config or split'}", hint)
    return dict(stored)


def _halves(folder: Path) -> Iterator[Problem]:
    stems = {kind: {path.stem for path in folder.glob(f"*.{kind}")} for kind in ("json", "jsonl")}
    for stem in sorted(stems["json"] ^ stems["jsonl"]):
        have, lack = ("json", "jsonl") if stem in stems["json"] else ("jsonl", "json")
        hint = "Add it by scripts/add_result.py, or delete the file."
        yield Problem(Where(str(folder / f"{stem}.{have}")), "half-a-result", f"{stem}.{lack} is missing", hint)


def write(
    folder: Path,
    about: About,
    predictions: Any,
    *,
    config: str = "own",
    split: str = "test",
    how: Reading = PLAIN,
    replace: bool = False,
) -> Result:
    """Score predictions and write both files.

    Predictions are anything that `score` reads, read by `how`; they are written by document in our own form, without empty
    fields, and without the strings of a text that may not travel. With `how.missing="empty"` documents may lack one, and count as
    empty predictions. A row that is there already is replaced where `replace` says so. Raises `ProblemsFound`, and then writes
    nothing.
    """
    path = folder / f"{about.system}-{config}{'' if split == 'test' else f'-{split}'}.json"
    problems = [*_unfit(about), *([] if replace else _there(path))]
    gold = load_gold(config, split)
    try:
        frame = checked(predictions, gold, how).frame
    except ProblemsFound as found:
        problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    rows = list(_rows(frame, gold))
    card = score(rows, config=config, split=split, missing=how.missing)
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    result = Result(path, _with_card(_kept(about, path, text), card))
    write_text(result.predictions, text)
    save(result)
    return result


def _there(path: Path) -> Iterator[Problem]:
    if path.exists() or path.with_suffix(".jsonl").exists():
        hint = "Give `--replace` to put the new one in its place, or choose another name."
        yield Problem(Where(str(path)), "row-exists", "the system has a row already", hint)


def _rows(frame: pl.DataFrame, gold: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The checked predictions by id, each a row of our own form. A string that was not found stays a string."""
    given = [layer for layer in LAYERS if layer in frame.columns]
    travels = not gold["text"].null_count()
    lengths = dict(gold.select("id", "length").iter_rows())
    for row in frame.sort("id").iter_rows(named=True):
        yield {"id": row["id"], **{layer: _tidy(row[layer] or [], lengths[row["id"]], travels) for layer in given}}


def _tidy(value: Any, length: int, travels: bool) -> Any:
    """Without fields that say nothing, without strings of a text that may not travel, and without offsets beyond the text, which
    stand for a string that was not found."""
    if isinstance(value, list):
        return [_tidy(one, length, travels) for one in value]
    if not isinstance(value, dict):
        return value
    unfound = value.get("start") is not None and value["start"] > length
    out = {"start", "end"} if unfound else set() if travels else {"text"}
    return {name: _tidy(one, length, travels) for name, one in value.items() if one is not None and name not in out}


def _kept(about: About, path: Path, text: str) -> About:
    """With the date and cost of the result that is there already, where its predictions are the same."""
    predictions = path.with_suffix(".jsonl")
    if not (path.exists() and predictions.exists()) or predictions.read_text(encoding="utf-8") != text:
        return about
    stored = json.loads(path.read_text(encoding="utf-8"))
    return about._replace(date=stored["date"], cost=stored.get("cost") or about.cost)


def rescored(result: Result, card: Scorecard) -> Result:
    """The result with the numbers of another scorecard."""
    return Result(result.path, _with_card(result.about, card))


def save(result: Result) -> None:
    """Write the JSON of a result."""
    write_text(result.path, json.dumps(result.stored, ensure_ascii=False, indent=1) + "\n")


def _with_card(about: About, card: Scorecard) -> dict[str, Any]:
    """The content of a result's file, in the one order of its keys: measures as in the table, rows below their measure."""
    stored = {**about._asdict(), **json.loads(card.to_json())}
    place = {measure.name: n for n, measure in enumerate(TABLE)}
    for name in ("measures", "rows", "macro"):
        stored[name] = dict(sorted(stored[name].items(), key=lambda item: place.get(item[0].partition("[")[0], len(place))))
    return {name: value for name, value in stored.items() if value is not None}


def write_text(path: Path, text: str) -> None:
    """Write a file of the folder whole or not at all."""
    with atomic(path) as part:
        part.write_text(text, encoding="utf-8")


def of_run(about: About, predictions: Path) -> About:
    """With what `volgens run` says beside its predictions: what they cost, and how many answers were unusable."""
    summary = predictions.with_name(f"{predictions.name}.run.json")
    if not summary.is_file():
        return about
    told = json.loads(summary.read_text(encoding="utf-8"))
    return about._replace(cost=told.get("cost"), unusable=told.get("unusable") or None)


def _unfit(about: About) -> Iterator[Problem]:
    for name, allowed in (("seen", SEEN), ("view", NAMES)):
        if (said := getattr(about, name)) is not None and said not in allowed:
            yield Problem(Where(field=name), "unfit-option", f"{said!r} is none that there is", f"Say {', '.join(allowed)}.")
    if not NAME.fullmatch(about.system):
        hint = "Use small letters, digits, hyphens and full stops: it names the files."
        yield Problem(Where(field="system"), "unfit-name", f"{about.system!r} is no name of a system", hint)
    for name in ("description", "command"):
        if not getattr(about, name).strip():
            hint = "Say what the system is and how it was run."
            yield Problem(Where(field=name), "missing-field", f"the result has no {name}", hint)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", about.date):
        hint = "Write the day of the predictions as YYYY-MM-DD."
        yield Problem(Where(field="date"), "not-a-date", f"{about.date!r} is no day", hint)


def differences(result: Result, card: Scorecard) -> list[Problem]:
    """Where the stored numbers are not those of the scorecard: counts and signature exactly, scores to the ninth decimal."""
    now = json.loads(card.to_json())
    hint = "Run `make results`, and look at what changed before it is committed."
    found = {field: (was, new) for field, was, new in _unequal("", {k: result.stored.get(k) for k in now}, now)}
    return [
        *of_another_version([(str(result.path), result.stored)]),
        *(
            Problem(
                Where(str(result.path), field=field), "stale-result", f"the file says {was!r}, scoring it gives {new!r}", hint
            )
            for field, (was, new) in found.items()
        ),
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


def by_split(found: Sequence[Result]) -> dict[tuple[str, str], list[Result]]:
    """The results of each configuration and split: `own` first, `test` before the others."""
    splits = {(result.config, result.split) for result in found}
    ordered = sorted(splits, key=lambda one: (one[0] != "own", one[0], one[1] != "test", one[1]))
    return {one: [result for result in found if (result.config, result.split) == one] for one in ordered}
