"""Read predictions in their own form, from a file or from Python, and hold them to the contract before anything is scored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, Where
from volgens.model.schema import names
from volgens.options import Missing
from volgens.readers import plain
from volgens.readers.check import Source, check, missing_documents
from volgens.readers.files import is_parquet, read_bytes, text_problem
from volgens.readers.jsonl import SCHEME, Labels, read_jsonl
from volgens.readers.located import with_offsets
from volgens.readers.patterns import mistakes
from volgens.readers.shape import SCHEMA, Lines, conform, read_parquet


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
        cure = "Give plain lists, dictionaries, strings and numbers."
        yield Problem(where, "not-json", f"{value!r:.60} is {type(value).__name__}, which JSON cannot say", cure)


@dataclass(frozen=True)
class Reading:
    """How predictions are read and what they are held to.

    `form`: the name of a foreign format, None to tell by content. `scheme`: the tags of CoNLL columns. `mapping`: labels of
    another scheme → ours. `labels="any"`: labels that ours does not know are no problem. `decimals` (`,` or `.`): the sign of
    numbers given as strings, problems without it. `missing="empty"`: a document without a line is silence.
    """

    form: str | None = None
    scheme: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    labels: str = "scheme"
    decimals: str | None = None
    missing: Missing = "refuse"

    @property
    def allowed(self) -> Labels:
        """The labels that are no problem of the form."""
        return Labels(self.mapping, self.labels == "any")

    def settings(self, form: str, applied: Set[str] = frozenset()) -> dict[str, str]:
        """What joins the signature: the options that made a difference, `applied` (`Lines.applied`) those that need not have."""
        mapped = ",".join(f"{a}={b}" for a, b in sorted(self.mapping.items()))
        foreign = form if form != "volgens" else None
        decimals = self.decimals if "decimals" in applied else None
        named = {"from": foreign, "scheme": self.scheme, "map": mapped or None, "decimals": decimals}
        return {name: value for name, value in named.items() if value}


PLAIN = Reading()


class Foreign(NamedTuple):
    """A file of another tool, which is read with the gold's texts at hand."""

    path: Path
    data: bytes
    form: str


def predictions(source: Any, gold: pl.DataFrame, how: Reading = PLAIN) -> Lines:
    """Predictions with all their problems, those against the gold included. A layer that no document gives is no column."""
    return held(opened(source, how), source, gold, how)


def held(lines: Lines | Foreign, source: Any, gold: pl.DataFrame, how: Reading = PLAIN) -> Lines:
    """What `opened` gave, held against the gold."""
    lines = _foreign(lines, gold, how) if isinstance(lines, Foreign) else lines
    lines = held_against(lines, gold, str(source) if isinstance(source, str | Path) else None, how)
    return lines._replace(frame=lines.frame.drop(layers_absent(lines.frame)))


def opened(source: Any, how: Reading = PLAIN) -> Lines | Foreign:
    """Predictions in our own form, or a file in a foreign one: all that can be read before the gold is."""
    if isinstance(source, str | Path):
        from volgens.readers.foreign import detect

        path = Path(source)
        data = b"" if path.is_dir() and (how.form or next(path.glob("*.ann"), None)) else read_bytes(path)
        if isinstance(data, Problem):
            return from_rows([], "prediction", str(path))._replace(problems=[data])
        form = how.form or detect(data, path)
        if isinstance(form, Problem):
            if form.id != "unknown-format" or (text_problem(data, path) is None and data.lstrip()[:1] not in (b"{", b"[")):
                return from_rows([], "prediction", str(path))._replace(problems=[form])
            return read(path, "prediction", how.allowed, how.decimals)
        if form != "volgens":
            return Foreign(path, data, form)
        if is_parquet(data):
            lines = read_parquet(data, path, how.decimals)
        else:
            lines = read_jsonl(data, path, "prediction", how.allowed, how.decimals)
    else:
        lines = read(source, "prediction", how.allowed, how.decimals)
    return _mapped(lines, how.mapping) if how.mapping else lines


def _foreign(file: Foreign, gold: pl.DataFrame, how: Reading) -> Lines:
    from volgens.readers.foreign import read_foreign

    found = read_foreign(file.path, file.form, gold, map=how.mapping, scheme=how.scheme, data=file.data)
    lines = from_rows(found.rows, "prediction", str(file.path), how.allowed, how.decimals)
    return lines._replace(line=None, problems=found.problems + lines.problems, form=found.format, notes=found.notes)


def _mapped(lines: Lines, mapping: Mapping[str, str]) -> Lines:
    """Our own form with the labels of another scheme."""
    from volgens.readers.foreign import map_labels

    rows, left_out = map_labels(lines.frame.rows(named=True), mapping)
    frame = pl.DataFrame(rows, schema=SCHEMA) if rows else lines.frame
    return lines._replace(frame=frame, notes={f"{label} left out by the map": n for label, n in left_out.items()})


def held_against(lines: Lines, gold: pl.DataFrame, name: str | None, how: Reading) -> Lines:
    """The frame with offsets everywhere, and every problem against the gold; where nothing could be read, those of the form."""
    if lines.problems and not len(lines.frame):
        return lines
    source = Source(name, lines.line)
    found = [*mistakes(lines.frame, gold, name), *lines.problems, *check(lines.frame, gold, source, labels=how.labels)]
    found += missing_documents(lines.frame, gold, name) if how.missing == "refuse" else []
    frame, unfound = with_offsets(lines.frame, gold, source) if not found else (lines.frame, [])
    return lines._replace(frame=frame, problems=list(dict.fromkeys([*found, *unfound])))


def layers_absent(frame: pl.DataFrame) -> list[str]:
    """The layers that no document gives: not attempted."""
    return [layer for layer in LAYERS if frame[layer].null_count() == len(frame)]
