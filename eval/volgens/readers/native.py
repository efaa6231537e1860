"""Read predictions in their own form, from a file or from Python, and hold them to the contract before anything is scored."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, Where
from volgens.model.schema import names
from volgens.options import Missing
from volgens.readers import plain
from volgens.readers.check import MOST, Source, check, missing_documents
from volgens.readers.files import is_parquet, read_bytes, text_problem
from volgens.readers.jsonl import SCHEME, Labels, read_jsonl
from volgens.readers.located import with_offsets
from volgens.readers.patterns import mistakes
from volgens.readers.shape import SCHEMA, Lines, conform, read_parquet
from volgens.readers.threshold import above


def read(source: Any, schema: str = "prediction", labels: Labels = SCHEME, decimals: str | None = None) -> Lines:
    """A path (JSON lines or Parquet, also gzip), a polars or pandas frame, a `datasets.Dataset` or dictionaries → a frame.

    `schema` is `prediction` or `gold`. Problems are those of the form alone; `predictions` holds them against the gold too.
    """
    if isinstance(source, str | Path):
        data = read_bytes(Path(source))
        if isinstance(data, Problem):
            return from_rows([], schema, str(source))._replace(problems=[data])
        if is_parquet(data):
            return read_parquet(data, Path(source), decimals)
        return read_jsonl(data, Path(source), schema, labels, decimals)
    found = plain.opened(source)
    if isinstance(found, Problem):
        return from_rows([], schema, "rows")._replace(problems=[found])
    if isinstance(found, pl.DataFrame):
        return conform(found, None, decimals)
    return from_rows(found, schema, "rows", labels, decimals)


def from_rows(rows: list[dict[str, Any]], schema: str, name: str, labels: Labels = SCHEME, decimals: str | None = None) -> Lines:
    """Python dictionaries as a frame, held to the same rules as a file of them; `name` stands for the file's."""
    nothing = Lines(pl.DataFrame(schema=SCHEMA), [], [])
    try:
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    except TypeError:
        return nothing._replace(problems=[p for n, row in enumerate(rows) for p in _unfit(row, n, name)])
    return read_jsonl(text.encode("utf-8", "surrogatepass"), Path(name), schema, labels, decimals) if rows else nothing


def _unfit(row: Mapping[str, Any], n: int, name: str) -> Iterator[Problem]:
    for path, value in plain.unfit(row):
        where = Where(name, n + 1, names(row), path or None)
        hint = "Give plain lists, dictionaries, strings and numbers."
        yield Problem(where, "not-json", f"{value!r:.60} is {type(value).__name__}, which JSON cannot say", hint)


@dataclass(frozen=True)
class Reading:
    """How predictions are read and what they are held to.

    `from_`: the name of a foreign format, None to tell by content. `scheme`: the tags of CoNLL columns. `map`: labels of
    another scheme → ours. `labels="any"`: labels that ours does not know are no problem. `decimals` (`,` or `.`): the sign of
    numbers given as strings, problems without it. `missing="empty"`: a document without a line is an empty prediction.
    `columns`: where token and tag stand in CoNLL columns. `unusable="empty"`: so is a model's reply without an answer.
    `threshold`: items with a lower score are left out; `chosen_on` says on which split it was chosen.
    """

    from_: str | None = None
    scheme: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    labels: str = "scheme"
    decimals: str | None = None
    missing: Missing = "refuse"
    columns: str | None = None
    unusable: str = "refuse"
    threshold: float | None = None
    chosen_on: str | None = None

    @property
    def allowed(self) -> Labels:
        """The labels that are no problem of the form."""
        return Labels(self.map, self.labels == "any")

    def settings(self, form: str, applied: Set[str] = frozenset()) -> dict[str, str]:
        """What joins the signature: the options that made a difference, `applied` (`Lines.applied`) those that need not have."""
        mapped = ",".join(f"{a}={b}" for a, b in sorted(self.map.items()))
        foreign = form if form != "volgens" else None
        decimals = self.decimals if "decimals" in applied else None
        named = {"from": foreign, "scheme": self.scheme, "columns": self.columns, "map": mapped or None, "decimals": decimals}
        named["unusable"] = self.unusable if self.unusable != "refuse" else None
        return {name: value for name, value in named.items() if value} | self.confidence

    @property
    def confidence(self) -> dict[str, str]:
        """The threshold and where it was chosen, as the signature has them."""
        return {} if self.threshold is None else {"threshold": f"{self.threshold:g}", "chosen_on": str(self.chosen_on)}


PLAIN = Reading()


class Foreign(NamedTuple):
    """A file of another tool, which is read with the gold's texts at hand."""

    path: Path
    data: bytes
    form: str


def predictions(source: Any, gold: pl.DataFrame, how: Reading = PLAIN) -> Lines:
    """Predictions with all their problems, those against the gold included. A layer that no document gives is no column."""
    return validated(opened(source, how), source, gold, how)


def validated(lines: Lines | Foreign, source: Any, gold: pl.DataFrame, how: Reading = PLAIN) -> Lines:
    """What `opened` gave, validated against the gold."""
    rows = against(lines, gold, how)
    found = validate_against(rows, gold, str(source) if isinstance(source, str | Path) else None, how)
    problems = [rows.placed(problem) for problem in found.problems]
    return found._replace(frame=found.frame.drop(layers_absent(found.frame)), problems=problems)


def against(lines: Lines | Foreign, gold: pl.DataFrame, how: Reading) -> Lines:
    """What `opened` gave as rows, foreign files read with the gold's texts."""
    if not isinstance(lines, Foreign):
        return _carried(lines, gold)
    from volgens.readers.foreign import read_foreign

    found = read_foreign(
        lines.path, lines.form, gold, map=how.map, scheme=how.scheme, columns=how.columns, decimals=how.decimals,
        unusable=how.unusable, data=lines.data,
    )  # fmt: skip
    return as_lines(found, str(lines.path), how.decimals, how.allowed)


def _carried(lines: Lines, gold: pl.DataFrame) -> Lines:
    """Lines of our own form with offsets into the texts of gold that was made of tokens (`readers.foreign.retext`)."""
    if lines.frame["text"].null_count() == len(lines.frame):
        return lines
    from volgens.readers.foreign.retext import carried_over, of_tokens

    if not (made := of_tokens(gold)):
        return lines
    notes = Counter(lines.notes)
    rows = [carried_over(row, made, notes) for row in lines.frame.iter_rows(named=True)]
    return lines._replace(frame=pl.DataFrame(rows, schema=lines.frame.schema), notes=notes)


def as_lines(found: Any, name: str, decimals: str | None, labels: Labels) -> Lines:
    """A `readers.foreign.Foreign` as a frame, its numbers read."""
    rows = from_rows(found.rows, "prediction", name, labels, decimals)
    problems = [problem._replace(where=problem.where._replace(line=None)) for problem in rows.problems]
    problems = found.problems + problems
    return rows._replace(line=None, problems=problems, form=found.format, notes=found.notes, places=found.places)


def opened(source: Any, how: Reading = PLAIN, schema: str = "prediction", tags: str | None = None) -> Lines | Foreign:
    """Predictions (or by `schema` gold) in our own form, or a file in a foreign one: all that can be read before the gold is.

    `tags`: the scheme of the other side, where there is one; it tells columns that are of no known form otherwise.
    """
    from volgens.readers.foreign.memory import in_memory

    if isinstance(source, str | Path):
        lines = _opened(Path(source), how, schema, tags)
    elif found := in_memory(source, how.from_):
        lines = Foreign(Path("rows"), found.data, found.form)
    else:
        lines = read(source, schema, how.allowed, how.decimals)
    return lines if isinstance(lines, Foreign) else _own(lines, source, how)


def is_folder(source: Any, how: Reading, tags: str | None = None) -> bool:
    """Whether it is a folder of files of another tool, as its content tells or what is said of it; `tags` is `opened`'s."""
    if not isinstance(source, str | Path) or not Path(source).is_dir():
        return False
    said = how.from_ or how.scheme or how.columns or tags
    return bool(next(Path(source).glob("*.ann"), None) or (said and not (Path(source) / "data").is_dir()))


def _opened(path: Path, how: Reading, schema: str, tags: str | None) -> Lines | Foreign:
    from volgens.readers.foreign import detect
    from volgens.readers.foreign.memory import in_parquet

    data = b"" if is_folder(path, how, tags) else read_bytes(path)
    if isinstance(data, Problem):
        return from_rows([], schema, str(path))._replace(problems=[data])
    form = (None if is_parquet(data) else how.from_) or detect(data, path)
    if isinstance(form, Problem) and form.id == "unknown-format" and (how.scheme or how.columns or tags):
        form = "conll"  # what the user says of tags is said of columns: that reader tells what they lack
    if isinstance(form, Problem):
        foreign = form.id != "unknown-format" or (text_problem(data, path) is None and data.lstrip()[:1] not in (b"{", b"["))
        return (
            from_rows([], schema, str(path))._replace(problems=[form])
            if foreign
            else read(path, schema, how.allowed, how.decimals)
        )
    if form != "volgens":
        return Foreign(path, data, form)
    if not is_parquet(data):
        return read_jsonl(data, path, schema, how.allowed, how.decimals)
    lines = read_parquet(data, path, how.decimals)
    unfit = {problem.id for problem in lines.problems}
    if unfit and "broken-parquet" not in unfit and (found := in_parquet(data, pl.read_parquet(io.BytesIO(data)), how.from_)):
        return Foreign(path, found.data, found.form)
    return lines


def _own(lines: Lines, source: Any, how: Reading) -> Lines:
    """Our own form with the labels of another scheme, and the options that say nothing about it."""
    from volgens.readers.foreign import unused
    from volgens.readers.foreign.formats import unused_options
    from volgens.readers.foreign.reading import Options

    file = str(source) if isinstance(source, str | Path) else None
    options = Options(how.scheme, how.columns, how.decimals, how.unusable)
    lines = lines._replace(problems=[*lines.problems, *unused_options("volgens", Where(file), options)])
    if not how.map:
        return lines
    return with_map(lines, how.map)._replace(problems=lines.problems or unused(how.map, lines.frame.rows(named=True), file))


def with_map(lines: Lines, mapping: Mapping[str, str]) -> Lines:
    """Lines of our own form with labels of another scheme as ours, and how many items the map left out."""
    from volgens.readers.foreign import map_labels

    mapped = map_labels(lines.frame.rows(named=True), mapping)
    frame = pl.DataFrame(mapped.rows, schema=SCHEMA) if mapped.rows else lines.frame
    return lines._replace(frame=frame, notes={f"{label} left out by the map": n for label, n in mapped.left_out.items()})


def validate_against(lines: Lines, gold: pl.DataFrame, name: str | None, how: Reading, most: int = MOST) -> Lines:
    """The frame with offsets everywhere, and every problem against the gold; where nothing could be read, those of the form."""
    if lines.problems and not len(lines.frame):
        return lines
    source = Source(name, lines.line, most)
    found = [*mistakes(lines.frame, gold, name), *lines.problems, *check(lines.frame, gold, source, labels=how.labels)]
    found += missing_documents(lines.frame, gold, name) if how.missing == "refuse" else []
    frame, unfound = with_offsets(lines.frame, gold, source) if not found else (lines.frame, [])
    problems = list(dict.fromkeys([*_other_labels(lines.frame, found, name), *found, *unfound]))
    if how.threshold is None or problems:
        return lines._replace(frame=frame, problems=problems)
    kept = above(frame, how.threshold, name)
    return lines._replace(frame=kept.frame, problems=kept.problems, notes={**lines.notes, **kept.left_out})


def _other_labels(frame: pl.DataFrame, found: Iterable[Problem], name: str | None) -> Iterator[Problem]:
    """Whose labels names have, where the scheme does not know them: said once, before each is told."""
    if not any(p.id == "unknown-value" and (p.where.field or "").endswith("].type") for p in found):
        return
    from volgens.readers.foreign.labels import of_another_corpus

    labels = frame["entities"].explode().struct.field("type").drop_nulls().unique()
    if (problem := of_another_corpus(labels, name)) is not None:
        yield problem


def layers_absent(frame: pl.DataFrame) -> list[str]:
    """The layers that no document gives: not attempted."""
    return [layer for layer in LAYERS if frame[layer].null_count() == len(frame)]
