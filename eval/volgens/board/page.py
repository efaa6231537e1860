"""The results folder as pages: the board, a page of every result behind its numbers, and the lists of items for annotators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from volgens.board.results import SEEN, rescored, write_text
from volgens.board.rows import Row, Step, across, ordered, ranks, steps
from volgens.report.html import html, leaderboard
from volgens.report.html.hard import of_items
from volgens.report.html.systems import Cell, Told
from volgens.report.tables import write_rows

NOTES = (
    "Cells give F1, its 95 % interval over pages, and the range of ranks that significant differences leave (Holm, 5 %). Systems "
    "stand in the order of the mean F1 of entities, figures and attributions; the order is no finding, the ranges are.",
    "entities is scored with our own types; in the views beside it gold and predictions are both mapped to the types that "
    "another corpus shares with us. A system that was trained on that corpus is read there: it says which view is its own.",
    "How rules are frozen: they are committed, and their first run on a split with them, before anybody has read that split's "
    "labels, and their row comes from that run. Changed after a look at errors they get a new name and a row of their own.",
)


def write_board(found: Mapping[tuple[str, str], Sequence[Row]], folder: Path) -> Path:
    """Write `index.html` and all that it leads to into a folder, and return it. Texts are on a page only where the dataset that
    was scored carries them."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {}
    for (config, split), rows in found.items():
        told[str(rows[0].card.signature["gold"])] = _told(f"{config}-{split}", ordered(rows), folder)
    stored = [rescored(row.result, row.card).stored for rows in found.values() for row in rows]
    index = folder / "index.html"
    write_text(index, leaderboard(stored, told=told, notes=NOTES, title="Results"))
    return index


def _told(name: str, rows: Sequence[Row], folder: Path) -> Told:
    """What the board says of one gold; the pages and lists that it leads to are written."""
    corpora = [row.result.corpus() for row in rows]
    pages = {}
    for row, corpus in zip(rows, corpora, strict=True):
        about, page = row.result.about, f"{row.result.path.stem}.html"
        told = html(row.card, corpus.gold, corpus.predictions, system=about.system, description=about.description)
        write_text(folder / page, told)
        pages[about.system] = page
    items = across(rows, corpora[0].gold.select("id", "text"))
    lists = [] if items.is_empty() else [f"items-{name}.jsonl", f"items-{name}.csv"]
    for list_ in lists:
        write_rows(items, folder / list_)
    return Told(
        ranks=ranks(rows),
        steps={measure: {s: _words(step) for s, step in found.items()} for measure, found in steps(rows).items()},
        views={row.result.about.system: dict(_views(row)) for row in rows},
        facts={row.result.about.system: list(_facts(row)) for row in rows},
        pages=pages,
        hard=None if items.is_empty() else of_items(items),
        lists=lists,
    )


def _words(step: Step) -> str:
    if step.difference is None:
        return ""
    return f"{step.difference:+.3f} to {step.above}, p {'–' if step.p is None else format(step.p, '.3g')}"


def _views(row: Row) -> Iterator[tuple[str, Cell]]:
    for view, counts in row.views.items():
        yield view, Cell(counts.f1, view == row.result.about.view)


def _facts(row: Row) -> Iterator[str]:
    """What is told below a system's name."""
    about = row.result.about
    yield f"it has seen {SEEN[about.seen]}" if about.seen else "what it has seen is not said"
    yield ", ".join([about.date, *(f"{name} {version}" for name, version in (about.versions or {}).items())])
    if about.unusable:
        yield f"{about.unusable} answers were no prediction and count as empty"
    if cost := (about.cost or {}).get("per_1000_documents", {}):
        yield "per 1,000 documents " + ", ".join(f"{n:,.0f} {unit.replace('_', ' ')}" for unit, n in cost.items())
