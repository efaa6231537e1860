"""The foreign formats by name, and the one way to read a file of any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, Where
from volgens.readers.files import read_bytes
from volgens.readers.foreign import brat, conll, docbin, gliner, label_studio, langextract, llm, pipeline, spacy_json, strings
from volgens.readers.foreign.detect import OURS, detect
from volgens.readers.foreign.labels import map_labels
from volgens.readers.foreign.reading import File, Reading, Row
from volgens.readers.locate import locate


class Format(NamedTuple):
    """A foreign format: its reader, and a line of description."""

    read: Callable[[File], Reading]
    description: str


FORMATS: dict[str, Format] = {
    "hf-pipeline": Format(pipeline.read, pipeline.DESCRIPTION),
    "gliner": Format(gliner.read, gliner.DESCRIPTION),
    "spacy-json": Format(spacy_json.read, spacy_json.DESCRIPTION),
    "spacy-docbin": Format(docbin.read, docbin.DESCRIPTION),
    "langextract": Format(langextract.read, langextract.DESCRIPTION),
    "conll": Format(conll.read, conll.DESCRIPTION),
    "brat": Format(brat.read, brat.DESCRIPTION),
    "label-studio": Format(label_studio.read, label_studio.DESCRIPTION),
    "llm": Format(llm.read, llm.DESCRIPTION),
}


class Foreign(NamedTuple):
    """A foreign file as rows in the form of a prediction line, what was wrong, and what a user should know: counted notes.

    `format` is the name of the reader, for the signature.
    """

    rows: list[Row]
    problems: list[Problem]
    notes: Counter[str]
    format: str


def read_foreign(
    path: Path | str,
    name: str | None,
    gold: pl.DataFrame,
    *,
    map: Mapping[str, str] | None = None,
    scheme: str | None = None,
    data: bytes | None = None,
) -> Foreign:
    """Read a foreign file, or a folder of brat's, by the reader `name` (None: told by content).

    `gold` gives `id` and, where it may travel, `text`. `map` is `labels.map_labels`', `scheme` the tags' of CoNLL columns;
    `data` is the file's content where it has been read already. Items without offsets are located in the text; what is not
    found stays as text alone. The rows are still to be checked against the gold.
    """
    path = Path(path)
    content = data if data is not None else b"" if path.is_dir() else read_bytes(path)
    if isinstance(content, Problem):
        return Foreign([], [content], Counter(), name or OURS)
    chosen = name or detect(content, path)
    if isinstance(chosen, Problem):
        return Foreign([], [chosen], Counter(), OURS)
    problem = _unfit(chosen, path)
    if problem:
        return Foreign([], [problem], Counter(), chosen)
    reading = FORMATS[chosen].read(File(path, content, _texts(gold), scheme))
    rows, left_out = map_labels(reading.rows, map or {})
    reading.notes.update({f"{label} left out by the map": times for label, times in left_out.items()})
    rows = [_located(row, reading) for row in rows]
    reading.problems += _outer_space(rows, reading)
    return Foreign(rows, reading.problems, reading.notes, chosen)


def _unfit(name: str, path: Path) -> Problem | None:
    where = Where(str(path))
    if name == OURS:
        return Problem(where, "own-form", "the file is in our own form, not a foreign one", "Read it without --from.")
    if name not in FORMATS:
        return Problem(where, "unknown-format", f"{name!r} is no foreign format", f"Known are {', '.join(FORMATS)}.")
    if path.is_dir() and name != "brat":
        return Problem(
            where, "directory", "this is a directory, not a file", "Name a file in it; a folder is read as brat's alone."
        )
    return None


def _texts(gold: pl.DataFrame) -> dict[str, str | None]:
    texts = gold["text"] if "text" in gold.columns else [None] * len(gold)
    return dict(zip(gold["id"], texts, strict=True))


def _located(row: Row, reading: Reading) -> Row:
    """The row with offsets for its strings, where the text is known; how they were found goes into the notes."""
    text = reading.file.texts.get(row["id"])
    plain = strings.without_context(row)
    if text is None or not strings.has_strings(plain) or strings.misfits(plain):
        return plain
    found = locate(text, {layer: row[layer] for layer in LAYERS if layer in row})
    reading.notes.update(f"strings located: {one.alignment}" for one in found.alignments)
    return {**plain, **{layer: _with_text(items, plain[layer]) for layer, items in found.prediction.items()}}


def _with_text(located: list[Row], given: list[Row]) -> list[Row]:
    """Items that came with offsets keep their text, for the check to compare."""
    return [
        {**new, **{k: old[k] for k in ("text",) if "start" in old and k in old}} for new, old in zip(located, given, strict=True)
    ]


def _outer_space(rows: list[Row], reading: Reading) -> Iterator[Problem]:
    """Names and figures that begin or end with white space, as tokenisers that count the space before a word give them."""
    for row in rows:
        text = reading.file.texts.get(row["id"]) or ""
        for layer in ("entities", "figures"):
            for n, item in enumerate(row.get(layer) or ()):
                covered = text[item["start"] : item["end"]] if _placed(item) else ""
                if covered != covered.strip():
                    where = Where(str(reading.file.path), None, row["id"], f"{layer}[{n}]")
                    message = f"{item['start']}-{item['end']} covers {covered!r}, with white space at an edge"
                    yield Problem(where, "outer-space", message, "Move the edge to the first or last character of the word.")


def _placed(item: Any) -> bool:
    return isinstance(item, dict) and type(item.get("start")) is int and type(item.get("end")) is int and item["start"] >= 0
