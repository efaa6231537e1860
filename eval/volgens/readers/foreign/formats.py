"""The one way to read a foreign file of any format: as predictions of known documents, or as gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, Where
from volgens.options import without_effect
from volgens.readers.files import read_bytes
from volgens.readers.foreign.detect import OURS, detect
from volgens.readers.foreign.labels import map_labels, unused
from volgens.readers.foreign.reading import AT, File, Options, Reading, Row
from volgens.readers.foreign.registry import FOLDERS, FORMATS
from volgens.readers.foreign.retext import carried_over, of_tokens
from volgens.readers.foreign.strings import located

Place = tuple[str | None, int]
"""A file (None: the one that is read) and a line in it."""

DEFAULT = Options()


class Foreign(NamedTuple):
    """A foreign file as rows in the form of a prediction line, what was wrong, and what a user should know: counted notes.

    `format` is the name of the reader, for the signature. `places` tells where a document or one of its items stands in the
    file, by its id and its field (`entities[2]`; "" for the document).
    """

    rows: list[Row]
    problems: list[Problem]
    notes: Counter[str]
    format: str
    places: Mapping[tuple[str, str], Place] = {}


def read_foreign(
    path: Path | str,
    name: str | None,
    gold: pl.DataFrame | None,
    *,
    map: Mapping[str, str] | None = None,
    scheme: str | None = None,
    columns: str | None = None,
    decimals: str | None = None,
    unusable: str = "refuse",
    data: bytes | None = None,
) -> Foreign:
    """Read a foreign file, or a folder of brat's, by the reader `name` (None: told by content).

    `gold` gives `id` and, where it may travel, `text`. Without gold the file is gold itself: its own ids and texts are the
    documents'. `map` is `labels.map_labels`'; `scheme`, `columns`, `decimals` and `unusable` are those of `reading.Options`;
    `data` is the file's content where it has been read already. Items without offsets are located in the text; what is not
    found stays as text alone. Numbers given as strings stay strings. The rows are still to be checked against the gold.
    """
    path = Path(path)
    content = data if data is not None else b"" if path.is_dir() else read_bytes(path)
    if isinstance(content, Problem):
        return Foreign([], [content], Counter(), name or OURS)
    chosen = name or detect(content, path)
    if isinstance(chosen, Problem):
        return Foreign([], [chosen], Counter(), OURS)
    options = Options(scheme, columns, decimals, unusable)
    if problems := list(_unfit(chosen, path, options)):
        return Foreign([], problems, Counter(), chosen)
    made = of_tokens(gold) if gold is not None else {}
    reading = FORMATS[chosen].read(File(path, content, _texts(gold), options, gold is None, frozenset(made)))
    mapped = map_labels(reading.rows, map or {})
    reading.notes.update({f"{label} left out by the map": times for label, times in mapped.left_out.items()})
    if not reading.problems:
        reading.problems += unused(map or {}, reading.rows, str(path))
    rows, places = _without_places(mapped.rows)
    rows = [located(carried_over(row, made, reading.notes), _text(row, reading), reading.notes) for row in rows]
    reading.problems += _outer_space(rows, reading, places)
    return Foreign(rows, reading.problems, reading.notes, chosen, places)


def _unfit(name: str, path: Path, options: Options) -> Iterator[Problem]:
    where = Where(str(path))
    if name == OURS:
        yield Problem(where, "own-form", "the file is in our own form, not a foreign one", "Read it without --from.")
    elif name not in FORMATS:
        yield Problem(where, "unknown-format", f"{name!r} is no foreign format", f"Known are {', '.join(FORMATS)}.")
    elif path.is_dir() and name not in FOLDERS:
        hint = f"Name a file in it; folders are read as {' or '.join(FOLDERS)} alone."
        yield Problem(where, "directory", "this is a directory, not a file", hint)
    else:
        yield from unused_options(name, where, options)


def unused_options(name: str, where: Where, options: Options) -> Iterator[Problem]:
    """The options that would change nothing in a format, or in our own form; `decimals` is for the numbers of any."""
    for option in ("scheme", "columns", "unusable"):
        taken = FORMATS[name].options if name in FORMATS else ()
        if getattr(options, option) != getattr(DEFAULT, option) and option not in taken:
            takers = " and ".join(known for known, form in FORMATS.items() if option in form.options)
            why = f"it is for {takers}, and this is {name}; what is said of gold is --gold-{option}"
            yield without_effect(option, why)._replace(where=where._replace(field=option))


def _texts(gold: pl.DataFrame | None) -> dict[str, str | None]:
    if gold is None:
        return {}
    texts = gold["text"] if "text" in gold.columns else [None] * len(gold)
    return dict(zip(gold["id"], texts, strict=True))


def _text(row: Row, reading: Reading) -> str | None:
    return row.get("text") if reading.file.alone else reading.file.texts.get(row["id"])


def _without_places(rows: list[Row]) -> tuple[list[Row], dict[tuple[str, str], Place]]:
    """The rows without the fields that say where they stand, and these by document and field."""
    places: dict[tuple[str, str], Place] = {}
    bare = []
    for row in rows:
        new = {field: value for field, value in row.items() if field != AT}
        if AT in row:
            places[row["id"], ""] = row[AT]
        for layer in LAYERS:
            if isinstance(row.get(layer), list):
                for n, item in enumerate(row[layer]):
                    if isinstance(item, dict) and AT in item:
                        places[row["id"], f"{layer}[{n}]"] = item[AT]
                new[layer] = [_bare(item) for item in row[layer]]
        bare.append(new)
    return bare, places


def _bare(item: Any) -> Any:
    return {field: value for field, value in item.items() if field != AT} if isinstance(item, dict) else item


def _outer_space(rows: list[Row], reading: Reading, places: Mapping[tuple[str, str], Place]) -> Iterator[Problem]:
    """Names and figures that begin or end with white space, as tokenisers that count the space before a word give them."""
    for row in rows:
        text = _text(row, reading) or ""
        for layer in ("entities", "figures"):
            for n, item in enumerate(row.get(layer) or ()):
                covered = text[item["start"] : item["end"]] if _placed(item) else ""
                if covered != covered.strip():
                    file, line = places.get((row["id"], f"{layer}[{n}]"), (None, None))
                    where = Where(file or str(reading.file.path), line, row["id"], f"{layer}[{n}]")
                    message = f"{item['start']}-{item['end']} covers {covered!r}, with white space at an edge"
                    yield Problem(where, "outer-space", message, "Move the edge to the first or last character of the word.")


def _placed(item: Any) -> bool:
    return isinstance(item, dict) and type(item.get("start")) is int and type(item.get("end")) is int and item["start"] >= 0
