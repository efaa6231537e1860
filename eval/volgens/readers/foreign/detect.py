"""Which format a file is in, told by its content; what could be two is a problem that names both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from volgens.model.documents import LAYERS
from volgens.model.problem import Problem, Where
from volgens.readers.files import is_parquet
from volgens.readers.foreign import brat, conll, docbin
from volgens.readers.foreign.container import document_id, paired
from volgens.readers.foreign.registry import FORMATS, LAST

SAMPLE = 20
HEAD = 1 << 20
OURS = "volgens"


def detect(data: bytes, path: Path | str) -> str | Problem:
    """The name of the format (`registry.FORMATS`), `volgens` for our own; a problem where none or more than one fits.

    `data` is the content, decompressed, or empty for a folder. JSON that cannot be read is ours: its check says where it breaks.
    """
    path = Path(path)
    if path.is_dir():
        return "brat" if next(path.glob("*.ann"), None) else _unknown(path, "the folder has no .ann files")
    if is_parquet(data):
        return OURS
    if docbin.recognise(data):
        return "spacy-docbin"
    text = data[:HEAD].decode("utf-8-sig", "replace")
    if text.lstrip()[:1] in ("{", "["):
        return _json(list(islice(_documents(data), SAMPLE)), path)
    lines = text.split("\n")[:200]
    if brat.recognise(lines):
        return "brat"
    return "conll" if conll.recognise(lines) else _unknown(path, "the content is of no known format")


def _documents(data: bytes) -> Iterator[Any]:
    """The first JSON values of lines, the elements of a list, or the entries of an object by id as objects with it.

    Of lines only the first are looked at, so that a large file of our own costs nothing.
    """
    lines = list(islice(_lines(data), SAMPLE))
    first = _parsed(lines[0]) if lines else None
    several = len(lines) > 1 and first is not None
    if several or (isinstance(first, dict) and document_id(first) is not None):
        yield from (value for value in map(_parsed, lines) if value is not None)
    elif (whole := _parsed(data)) is not None:
        yield from whole if isinstance(whole, list) and isinstance(paired(whole), list) else _entries(whole)


def _lines(data: bytes) -> Iterator[bytes]:
    begin = 0
    while begin < len(data):
        end = data.find(b"\n", begin)
        end = len(data) if end < 0 else end
        if line := data[begin:end].strip():
            yield line
        begin = end + 1


def _parsed(data: bytes) -> Any:
    """The JSON value, None where there is none."""
    try:
        return json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def _entries(value: Any) -> Iterator[Any]:
    plain = bool(
        not isinstance(value, dict)
        or document_id(value) is not None
        or set(value) & set(LAYERS)
        or _formats(value, document=True)
        or FORMATS[LAST].document(value)  # type: ignore[misc]
    )
    if plain:
        yield value
    else:
        yield from ({"id": key, "output": inner} for key, inner in value.items())


def _json(documents: list[Any], path: Path) -> str | Problem:
    """The format that the sample shows; a language model's last, since its replies may look like anything.

    Where none is shown it is ours, if it has our layers or cannot be read.
    """
    found: set[str] = set()
    lists = 0
    for document in documents:
        whole = _formats(document, document=True)
        found |= whole
        if isinstance(document, dict) and not whole:
            found |= {name for item in _items(document) for name in _formats(item, document=False)}
            found |= {LAST} if not found and FORMATS[LAST].document(document) else set()  # type: ignore[misc]
            lists += any(isinstance(value, list) for key, value in document.items() if key not in LAYERS)
    if len(found) == 1:
        return found.pop()
    if found:
        return _ambiguous(path, sorted(found))
    if not documents or any(isinstance(d, dict) and (set(d) & set(LAYERS) or set(d) == {"id"}) for d in documents):
        return OURS
    if lists:
        return _ambiguous(path, sorted(name for name, form in FORMATS.items() if form.item))
    if all(isinstance(document, list) for document in documents):
        return Problem(
            Where(str(path)), "no-id", "the file has lists without the ids of their documents",
            'Write {"id": "own-000", "output": [ … ]} for every document: order is no id.',
        )  # fmt: skip
    return OURS


def _formats(value: Any, *, document: bool) -> set[str]:
    """The formats of which a JSON value is a document, or an object in a list an item; a language model's replies left aside."""
    given = paired(value)
    told = {name: form.document if document else form.item for name, form in FORMATS.items() if name != LAST}
    return {name for name, recognise in told.items() if recognise is not None and isinstance(given, dict) and recognise(given)}


def _items(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    lists = [value for value in document.values() if isinstance(value, list)]
    nested = [inner for value in lists for inner in value if isinstance(inner, list)]
    return (item for value in (*lists, *nested) for item in value if isinstance(item, dict))


def _ambiguous(path: Path, names: list[str]) -> Problem:
    message = f"the content could be {' or '.join(names)}"
    return Problem(Where(str(path)), "ambiguous-format", message, f"Say which with --from {names[0]} (or another of these).")


def _unknown(path: Path, message: str) -> Problem:
    hint = "Say what it is with `--from NAME`, or write our own form: JSON lines with id, entities, figures, attributions."
    return Problem(Where(str(path)), "unknown-format", message, hint)
