"""A scorecard for a document, a paper, a spreadsheet or a script."""

from __future__ import annotations

import csv as files
import io
from pathlib import Path

import polars as pl

from volgens.atomic import atomic
from volgens.scorecard import Scorecard
from volgens.scorecard.text import number, signature

HEAD = ("measure", "precision", "recall", "F1", "low", "high", "tp", "predicted", "gold")


def rows(card: Scorecard) -> list[tuple[str, ...]]:
    """One row a cell, as printed; `low` and `high` are the 95 % interval of F1."""
    found = []
    for name, counts in card.cells.items():
        f1 = card.intervals[name].f1
        scores = (counts.precision, counts.recall, counts.f1, f1.low if f1 else None, f1.high if f1 else None)
        found.append((name, *map(number, scores), f"{counts.tp:g}", str(counts.predicted), str(counts.gold)))
    return found


def markdown(card: Scorecard) -> str:
    """A table in GitHub's Markdown and the signature."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---|" + "---:|" * (len(HEAD) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows(card)]
    return "\n".join([*lines, "", f"`{signature(card)}`"])


def latex(card: Scorecard) -> str:
    """A table for LaTeX with booktabs; the signature stands in a comment."""
    body = [" & ".join(_latex(cell) for cell in row) + r" \\" for row in rows(card)]
    head = " & ".join(HEAD) + r" \\"
    begin = rf"\begin{{tabular}}{{l{'r' * (len(HEAD) - 1)}}}"
    return "\n".join([f"% {signature(card)}", begin, r"\toprule", head, r"\midrule", *body, r"\bottomrule", r"\end{tabular}"])


def _latex(cell: str) -> str:
    return "--" if cell == "–" else "".join(f"\\{c}" if c in "_%&#${}" else c for c in cell)


def csv(card: Scorecard) -> str:
    """Comma-separated values with unrounded numbers; an undefined one is empty."""
    out = io.StringIO()
    writer = files.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for name, counts in card.cells.items():
        f1 = card.intervals[name].f1
        scores = (counts.precision, counts.recall, counts.f1, f1.low if f1 else None, f1.high if f1 else None)
        writer.writerow([name, *("" if s is None else s for s in scores), counts.tp, counts.predicted, counts.gold])
    return out.getvalue().rstrip("\n")


def bare(card: Scorecard) -> str:
    """The F1 of the first measure, alone; `nan` where it is undefined or not attempted."""
    first = card.table[0].name
    value = card[first].f1 if first in card.cells else None
    return "nan" if value is None else f"{value:.6f}"


def write_rows(rows: pl.DataFrame, path: Path) -> None:
    """Write a frame as Parquet, CSV (lists joined by spaces) or JSON lines, as the name of the file ends."""
    with atomic(path) as part:
        if path.suffix == ".csv":
            lists = [name for name, kind in rows.schema.items() if kind == pl.List]
            rows.with_columns(pl.col(lists).list.join(" ")).write_csv(part)
        elif path.suffix == ".jsonl":
            rows.write_ndjson(part)
        else:
            rows.write_parquet(part)
