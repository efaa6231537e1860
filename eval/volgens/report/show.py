"""A document for the terminal: every item under the line of text it stands in, gold (G) above prediction (P).

Differences carry a sign and a colour: `=` both agree, `~` something differs (and what), `-` missed, `+` spurious.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from volgens.model.documents import LAYERS, PARTS, Span
from volgens.model.layers import BY_NAME
from volgens.model.speech import told_on
from volgens.readers.gold_documents import documents
from volgens.scorecard import Scorecard

COLOURS = {"=": "32", "~": "33", "-": "31", "+": "35"}
SIGNS = {"correct": "=", "missed": "-", "spurious": "+", "duplicate": "+", "unlocated": "+"}


class Line(NamedTuple):
    """A printed item: where it stands, its side, and what is said of it."""

    start: int
    end: int
    layer: str
    side: str
    words: str
    sign: str


def show(name: str, gold: pl.DataFrame, predictions: pl.DataFrame | None, card: Scorecard | None, *, colour: bool = False) -> str:
    """The document `name` as lines of text, each followed by its items; with predictions, differences are marked."""
    row = gold.row(by_predicate=pl.col("id") == name, named=True)
    outcomes = _outcomes(card, name) if card is not None else {}
    lines = list(_lines(row, "gold", row["text"], outcomes))
    if predictions is not None:
        for guess in predictions.filter(pl.col("id") == name).iter_rows(named=True):
            lines += _lines(guess, "predicted", row["text"], outcomes)
    head = f"{name} ({row.get('kind') or 'document'}, {row['length']} characters)"
    return "\n".join([head, *_printed(row, sorted(lines), colour), *_told_on(row)])


def _told_on(row: Mapping[str, Any]) -> Iterator[str]:
    """How many figures of the gold may be told on from a source, and so are claimed by nobody."""
    if not row.get("segments") or not row.get("figures") or not row.get("attributions"):
        return
    (document,) = documents(pl.DataFrame([row], infer_schema_length=None))
    if found := told_on(document):
        few = f"{len(found)} of {len(document.figures)} figures of the gold"
        yield f"\n{few} stand behind a source and are claimed by nobody: `claims` does not see free indirect speech."


def _outcomes(card: Scorecard, name: str) -> Mapping[tuple[str, str, int], tuple[str, str]]:
    rows = card.ledger.filter(pl.col("document") == name)
    keys = rows.select("layer", "side", "item", "outcome", "differs").rows()
    heads = {*LAYERS, "claims"}
    return {
        (layer, side, item): (how, ", ".join(d for d in differs if d not in heads)) for layer, side, item, how, differs in keys
    }


def _lines(row: Mapping[str, Any], side: str, text: str | None, outcomes: Mapping[Any, tuple[str, str]]) -> Iterator[Line]:
    for layer in LAYERS:
        for n, item in enumerate(row.get(layer) or ()):
            place = _place(item)
            how, differs = outcomes.get((layer, side, n), ("", ""))
            sign = SIGNS.get(how, "~") if how else " "
            words = _words(layer, item, text) + (f"  [{how}{': ' + differs if differs else ''}]" if sign == "~" else "")
            yield Line(place.start, place.end, layer, side, words, sign)


def _place(item: Mapping[str, Any]) -> Span:
    if "cue" not in item:
        return Span(item["start"], item["end"])
    spans = [s for part in ("cue", "content", "source", "antecedent") for s in item[part] or ()]
    return Span(spans[0]["start"], spans[0]["end"])


def _words(layer: str, item: Mapping[str, Any], text: str | None) -> str:
    def cut(place: Mapping[str, int]) -> str:
        return text[place["start"] : place["end"]] if text is not None else f"{place['start']}-{place['end']}"

    if layer not in ("entities", "figures", "attributions"):
        said = [field.name for field in BY_NAME[layer].said if field.kind not in ("span", "spans")]
        return f"{cut(item)!r} {_fields(item, said)}"
    if layer == "entities":
        return f"{cut(item)!r} {_fields(item, ('type', 'role', 'ref'))}"
    if layer == "figures":
        told = _fields(item, ("kind", "bound", "value", "min", "max", "unit", "change", "part_of"))
        counted = f" counted={cut(item['counted'])!r}" if item.get("counted") else ""
        return f"{cut(item)!r} {told}{_approx(item)}{counted}"
    parts = " ".join(f"{part}={' … '.join(cut(s) for s in item[part])!r}" for part in PARTS if item.get(part))
    fields = ("id", "kind", "stance", "source_kind", "source_ref", "parent")
    return f"{parts} {_fields(item, fields)}{' hedged' if item.get('hedged') else ''}"


def _approx(item: Mapping[str, Any]) -> str:
    return " approx" if item.get("approx") else ""


def _fields(item: Mapping[str, Any], names: Sequence[str]) -> str:
    shown = {name: item.get(name) for name in names if item.get(name) is not None}
    return " ".join(f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in shown.items())


def _printed(row: Mapping[str, Any], lines: Sequence[Line], colour: bool) -> Iterator[str]:
    """The text line by line, or segment by segment where it may not travel, each with the items that begin in it."""
    begin = 0
    for end, shown in _stretches(row):
        yield ""
        yield shown
        for line in lines:
            if begin <= line.start < end:
                yield _coloured(line, colour)
        begin = end
    beyond = [line for line in lines if line.start >= begin]
    if beyond:
        yield "\nnot found in the text"
        yield from (_coloured(line, colour) for line in beyond)


def _stretches(row: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    if row["text"] is not None:
        at = 0
        for line in row["text"].split("\n"):
            at += len(line) + 1
            yield at, line
        return
    for segment in row["segments"] or ():
        yield segment["end"] + 1, f"({segment['kind']} {segment['start']}-{segment['end']}, text not restored)"


def _coloured(line: Line, colour: bool) -> str:
    plain = f"  {line.sign} {'G' if line.side == 'gold' else 'P'} {line.layer[0].upper()} {line.words}"
    return f"\033[{COLOURS[line.sign]}m{plain}\033[0m" if colour and line.sign in COLOURS else plain
