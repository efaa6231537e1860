"""What must hold of predictions before they are scored, checked in bulk by columns; the JSON Schema explains what failed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from volgens.model.columns import LINK, Ints, column, items, not_in
from volgens.model.layers import ALL, BY_NAME
from volgens.model.problem import Problem, Where
from volgens.model.schema import bare, explain
from volgens.readers.find import parted

MOST = 1_000
"""The most problems of one rule that are spelled out, unless the source says otherwise."""


class Source(NamedTuple):
    """Where rows come from: the file's name, and the number of each row's line where the file has lines. `most`: of one rule so
    many problems are spelled out at most.
    """

    file: str | None = None
    lines: Sequence[int] | None = None
    most: int = MOST

    def where(self, row: int, document: str | None, field: str | None = None) -> Where:
        return Where(self.file, self.lines[row] if self.lines is not None else None, document, field)


UNNAMED = Source()


def check(frame: pl.DataFrame, gold: pl.DataFrame, source: Source = UNNAMED, *, labels: str = "scheme") -> list[Problem]:
    """All problems of predictions (a frame with `predictions.jsonl.SCHEMA`'s columns) against the gold's documents.

    `gold` gives `id`, `length` and, where it may travel, `text`. `labels="any"` allows labels that the scheme does not know.
    """
    tables = {layer.name: items(frame, layer.name) for layer in ALL}
    places = list(_places(tables))
    lengths = _lengths(frame, gold)
    doubtful = [place for place in places if not _fits(place.table, lengths)]
    broken = _schema(frame, tables, doubtful, labels)
    problems = [p for row in broken for p in _explained(frame, row, source, labels)]
    problems += _documents(frame, gold, source)
    known = _known(frame, gold) if doubtful else pl.DataFrame()
    for place in doubtful:
        rows = place.table.join(known, on="row", maintain_order="left").filter((pl.col("start") >= 0) & (pl.col("end") >= 0))
        for rule in RULES:
            problems += _found(rule, rows.filter(rule.when), place, source)
    problems += _overlapping(places, frame, source)
    problems += [p for layer, link in LINK.items() for p in _links(frame, layer, tables[layer], link, source)]
    return sorted(problems, key=lambda p: (p.where.line or 0, p.where.document or ""))


class Place(NamedTuple):
    """All spans at one kind of place: `table` has row, item, n (within the item), start, end, text; `path` prints their
    address.
    """

    path: str
    table: pl.DataFrame


def _text(gold: pl.DataFrame) -> pl.Expr:
    return (pl.col("text") if "text" in gold.columns else pl.lit(None, pl.String)).alias("page_text")


def _known(frame: pl.DataFrame, gold: pl.DataFrame) -> pl.DataFrame:
    """Per row whose document the gold has: its id, and the length and text of the document."""
    return frame.with_row_index("row").select("row", "id").join(gold.select("id", "length", _text(gold)), on="id")


def _lengths(frame: pl.DataFrame, gold: pl.DataFrame) -> Ints:
    """The length of each row's text, without end where it is not known."""
    known = gold.select("id", "length")
    if not frame["id"].equals(gold["id"]):
        known = frame.select("id").join(known.unique("id"), on="id", how="left", maintain_order="left")
    return column(known.select(pl.col("length").fill_null(np.iinfo(np.int64).max)), "length")


def _fits(table: pl.DataFrame, lengths: Ints) -> bool:
    """Whether all spans of a place lie in their texts, and there is nothing else to hold against them."""
    if table["start"].null_count() or table["end"].null_count() or table["text"].null_count() < len(table):
        return False
    start, end = column(table, "start"), column(table, "end")
    return bool((start >= 0).all() and (end > start).all() and (end <= lengths[column(table, "row")]).all())


def _places(tables: Mapping[str, pl.DataFrame]) -> Iterator[Place]:
    zero = pl.lit(0, pl.Int64).alias("n")
    for layer, table in tables.items():
        declared = BY_NAME[layer]
        if declared.has_place:
            yield Place(f"{layer}[{{item}}]", table.select("row", "item", zero, "start", "end", "text"))
        for name in declared.spans:
            held = table.select("row", "item", zero, name).filter(pl.col(name).is_not_null()).unnest(name)
            yield Place(f"{layer}[{{item}}].{name}", held)
        for part in declared.parts:
            inside = items(table, part).rename({"row": "owner", "item": "n"})
            owner = column(inside, "owner")
            held = inside.select(table["row"].gather(owner), table["item"].gather(owner), "n", "start", "end", "text")
            yield Place(f"{layer}[{{item}}].{part}[{{n}}]", held)


def _schema(frame: pl.DataFrame, tables: Mapping[str, pl.DataFrame], places: Sequence[Place], labels: str) -> list[int]:
    """The rows that break the JSON Schema in what a typed frame can still break: ids, places, ranges, closed values."""
    rows = set(frame["id"].fill_null("").eq("").arg_true().to_list())
    no_place = (pl.col("start").is_null() | pl.col("end").is_null()) & (pl.col("text").fill_null("") == "")
    for place in places:
        rows |= set(place.table.filter(no_place | (pl.col("start") < 0) | (pl.col("end") < 0))["row"])
    for layer, table in tables.items():
        declared = BY_NAME[layer]
        for field in declared.closed if labels == "scheme" else ():
            rows |= set(table["row"].filter(~_among(table[field], declared.field(field).values)))
        if declared.needs:
            size = pl.sum_horizontal(pl.col(part).list.len().fill_null(0) for part in declared.needs)
            rows |= set(table.filter(size == 0)["row"])
    return sorted(rows)


def _among(values: pl.Series, known: Sequence[str]) -> pl.Series:
    """Per value whether it is null or known; told by hashes, which are quicker to compare than strings."""
    return values.hash().is_in(pl.Series([*known, None], dtype=pl.String).hash().implode())


def _explained(frame: pl.DataFrame, row: int, source: Source, labels: str) -> Iterator[Problem]:
    plain = bare(frame.row(row, named=True))
    for problem in explain("prediction", plain, source.where(row, plain.get("id"))):
        if labels == "scheme" or problem.id != "unknown-value":
            yield problem


def missing_documents(frame: pl.DataFrame, gold: pl.DataFrame, file: str | None = None) -> list[Problem]:
    """The gold's documents that have no line."""
    ids = not_in(gold["id"], frame["id"]).sort()
    hint = "Predict it (an empty list says that there is nothing), or count it as an empty prediction with `--missing empty`."
    return [Problem(Where(file, document=i), "missing-document", "the document has no prediction", hint) for i in ids]


def _documents(frame: pl.DataFrame, gold: pl.DataFrame, source: Source) -> Iterator[Problem]:
    ids = frame["id"]
    twice = ids.is_duplicated() & ids.is_not_null() if ids.n_unique() < len(ids) else pl.Series([False])
    for row in twice.arg_true().to_list()[: source.most]:
        yield Problem(
            source.where(row, ids[row]),
            "duplicate-document",
            "the document occurs more than once",
            "Give each document one line.",
        )
    strange = [] if ids.equals(gold["id"]) else (~ids.is_in(gold["id"].implode()) & ids.is_not_null()).arg_true().to_list()
    hint = cure_of_unknown(gold["id"][0] if len(gold) and len(strange) == len(ids) else None)
    for row in strange[: source.most]:
        yield Problem(source.where(row, ids[row]), "unknown-document", "the gold has no such document", hint)
    for field in ("sha256", "length", "text"):
        if field not in gold.columns or frame[field].null_count() == len(frame):
            continue
        for row, document in _of_another_text(frame, gold, field).head(source.most).iter_rows():
            hint = "Run the extractor on the text of this gold."
            where = f": {_first_difference(frame, gold, row)}" if field == "text" else ""
            message = f"the line belongs to another version of the text{where}"
            yield Problem(source.where(row, document, field), "another-text", message, hint)


def cure_of_unknown(like: str | None) -> str:
    """What to do about documents that the gold lacks; `like` is an id of the gold where no document at all is one of its own."""
    if like is None:
        return "Remove the line, or score against the gold that has it (`--config`, `--split`, `--gold`)."
    return f"No line is of a document of this gold, whose ids look like {like!r}: is this the right file, config and split?"


def _first_difference(frame: pl.DataFrame, gold: pl.DataFrame, row: int) -> str:
    """Where a line's text and the gold's part."""
    return parted(frame["text"][row], gold.filter(pl.col("id") == frame["id"][row])["text"][0])


def _of_another_text(frame: pl.DataFrame, gold: pl.DataFrame, field: str) -> pl.DataFrame:
    """Row and id of the documents whose field is another than the gold's."""
    if frame["id"].equals(gold["id"]) and frame[field].equals(gold[field]):
        return frame.select(pl.lit(0, pl.UInt32).alias("row"), "id").clear()
    given = frame.with_row_index("row").select("row", "id", field).drop_nulls()
    known = given.join(gold.select("id", pl.col(field).alias("of_gold")), on="id", maintain_order="left")
    return known.filter(pl.col(field) != pl.col("of_gold")).select("row", "id")


class Rule(NamedTuple):
    """A rule about a span with `start`, `end`, `text` (as predicted) and `length`, `page_text` of its document."""

    id: str
    when: pl.Expr
    message: Callable[[Mapping[str, Any]], str]
    hint: str


def _covered(row: Mapping[str, Any]) -> str:
    return str(row["page_text"])[row["start"] : row["end"]]


COVERED = pl.col("page_text").str.slice(pl.col("start"), pl.max_horizontal(pl.col("end") - pl.col("start"), 0))

RULES = (
    Rule(
        "empty-span",
        pl.col("end") <= pl.col("start"),
        lambda r: f"the span {r['start']}-{r['end']} holds nothing",
        "Ends are exclusive: the end is the offset after the last character.",
    ),
    Rule(
        "beyond-text",
        (pl.col("end") > pl.col("length")) & (pl.col("end") > pl.col("start")),
        lambda r: f"the span {r['start']}-{r['end']} goes beyond the text's {r['length']} characters",
        "Offsets count Unicode code points in the document's `text`, from 0.",
    ),
    Rule(
        "text-and-offsets-differ",
        (pl.col("end") <= pl.col("length")) & (pl.col("text") != COVERED) & (pl.col("end") > pl.col("start")),
        lambda r: f"{r['start']}-{r['end']} covers {_covered(r)!r}, not {r['text']!r}",
        "Offsets count Unicode code points (not bytes or UTF-16 units) in the document's `text`, end exclusive.",
    ),
)


def _found(rule: Rule, rows: pl.DataFrame, place: Place, source: Source) -> Iterator[Problem]:
    for row in rows.head(source.most).iter_rows(named=True):
        where = source.where(row["row"], row["id"], place.path.format_map(row))
        yield Problem(where, rule.id, rule.message(row), rule.hint)


def _overlapping(places: Sequence[Place], frame: pl.DataFrame, source: Source) -> Iterator[Problem]:
    for place in places:
        if not (place.table["n"] > 0).any():
            continue
        ordered = place.table.filter(pl.col("start").is_not_null()).sort("row", "item", "start", "end")
        follows = (pl.col("row") == pl.col("row").shift()) & (pl.col("item") == pl.col("item").shift())
        for row in ordered.filter(follows & (pl.col("start") < pl.col("end").shift())).head(source.most).iter_rows(named=True):
            where = source.where(row["row"], frame["id"][row["row"]], place.path.format_map(row))
            yield Problem(where, "parts-overlap", "two spans of one part overlap", "Give every character of a part once.")


def _links(frame: pl.DataFrame, layer: str, table: pl.DataFrame, link: str, source: Source) -> Iterator[Problem]:
    if table[link].null_count() == len(table):
        return
    table = table.select("row", "item", "id", link)
    using = table.filter(pl.col(link).is_not_null())
    targets = table.select("row", pl.col("id").alias(link)).drop_nulls()
    for row in using.join(targets, on=["row", link], how="anti").head(source.most).iter_rows(named=True):
        where = source.where(row["row"], frame["id"][row["row"]], f"{layer}[{row['item']}].{link}")
        yield Problem(where, "unknown-id", f"no item of this document has the id {row[link]!r}", f"Point at an `id` of {layer}.")
    named = targets.group_by("row", link).len().filter(pl.col("len") > 1)
    for row in named.sort("row").head(source.most).iter_rows(named=True):
        where = source.where(row["row"], frame["id"][row["row"]], layer)
        yield Problem(
            where, "duplicate-id", f"{row['len']} items have the id {row[link]!r}", "Give every item of a layer an id of its own."
        )
