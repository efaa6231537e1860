"""A scorecard, a comparison or a leaderboard as one HTML page that opens from disk with no network."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from volgens.model.documents import CANARY, LAYERS
from volgens.report.html.rows import Ceiling, rows
from volgens.scorecard import Scorecard
from volgens.scorecard.text import FEW

if TYPE_CHECKING:
    from volgens.comparison import Comparison
    from volgens.corpus import Corpus
    from volgens.report.html.systems import Told

WORST = 5_000
"""Documents on a page; the rest is left out, and said."""

PARTLY = "The charts of types and of length are of the {:,} documents that are shown; all other numbers are of all documents."


def html(
    card: Scorecard,
    gold: pl.DataFrame,
    predictions: pl.DataFrame,
    *,
    system: str,
    description: str = "",
    ceiling: Ceiling | None = None,
    worst: int = WORST,
    whole: Scorecard | None = None,
) -> str:
    """The page of one system: measures, charts, and every document with its errors, those with most errors first.

    `gold` and `predictions` are the frames that were scored; a document whose text is null shows offsets and labels only.
    `ceiling`: F1 of one blind reading by measure. `worst`: how many documents, at most. `whole`: the scorecard of a corpus of
    which these are some documents; the numbers are then those of it. Raises ModuleNotFoundError without the extra `report`.
    """
    from volgens.report.html.charts import charts
    from volgens.report.html.documents import attempted, documents, lengths, must_not_be_published, words
    from volgens.report.html.kinds import errors
    from volgens.report.html.page import render
    from volgens.scorecard.text import in_short, remarks

    of = whole or card
    table = rows(json.loads(of.to_json()), ceiling)
    shown = documents(card, gold, predictions, worst)
    return render(
        "score.html.j2",
        data={"documents": shown, "kinds": words(shown), "layers": LAYERS, "attempted": attempted(card)},
        not_attempted=list(in_short(of)),
        system=system,
        description=description,
        rows=table,
        open=[row for row in table if row.open],
        beside=of.beside,
        charts=charts(card, table, lengths(gold)),
        confusions=of.commonest_errors(),
        remarks=[*remarks(of), *([] if whole is None else [PARTLY.format(len(card.documents))])],
        card=of,
        partly=whole is not None,
        few=len(of.pages) < FEW,
        all_documents=of.signature["documents"],
        shown=len(shown),
        errors=len(errors(card.ledger)),
        without_text=sum(d["text"] is None for d in shown),
        secret=must_not_be_published(gold),
        ceiling=bool(ceiling),
        canary=CANARY,
    )


def html_compare(
    comparison: Comparison,
    *,
    corpora: Mapping[str, Corpus] | None = None,
    pages: Mapping[str, str] | None = None,
    ceiling: Ceiling | None = None,
) -> str:
    """The page of several systems on the same gold: measures side by side, differences with intervals, ranges of ranks, items
    that all or none get right, and two systems at a time in a document's text.

    `corpora`: by system what was scored, without which no text is shown; `pages`: by system the address of its own page.
    """
    from volgens.report.comparison import remarks
    from volgens.report.html.beside import beside, lines, texts
    from volgens.report.html.documents import must_not_be_published
    from volgens.report.html.hard import hard
    from volgens.report.html.page import COMPARE, render
    from volgens.report.html.system_charts import of_comparison
    from volgens.report.html.systems import apart, shared_measures, systems

    cards = {name: json.loads(card.to_json()) for name, card in comparison.cards.items()}
    known, links, table = corpora or {}, pages or {}, lines(list(cards.values()))
    far = apart(comparison)
    data = beside(comparison, known, [row.document for row in far], links)
    return render(
        "compare.html.j2",
        data=data,
        scripts=COMPARE,
        title=" · ".join(cards),
        systems=systems(cards, comparison.measures, comparison.ranks, ceiling, links),
        comparison=comparison,
        charts=of_comparison(comparison),
        lines=table,
        apart=far,
        shown={doc[0]["id"] for doc in data["documents"]} if data else set(),
        hard=hard(comparison.cards, texts(known)),
        secret=any(must_not_be_published(corpus.gold) for corpus in known.values()),
        layers=list(dict.fromkeys(m.layer for m in shared_measures(comparison))),
        remarks=list(remarks(comparison)),
        ceiling=bool(ceiling),
        canary=CANARY,
    )


def leaderboard(
    results: Sequence[Mapping[str, Any]],
    *,
    told: Mapping[str, Told] | None = None,
    notes: Sequence[str] = (),
    title: str = "Leaderboard",
    ceiling: Ceiling | None = None,
) -> str:
    """The page of `eval/results/`: each result is a scorecard's JSON with `system`, `description` and `reference` beside it.

    `told`: by the digest of the gold, what the results do not say themselves; `notes` stand above the tables. Raises
    `ProblemsFound` for results of a version whose numbers are not comparable.
    """
    from volgens.scorecard.versions import refuse_another_version

    refuse_another_version((str(result.get("system")), result) for result in results)
    from volgens.report.html.page import render
    from volgens.report.html.system_charts import of_board
    from volgens.report.html.systems import boards

    found = [(board, of_board(board)) for board in boards(results, told or {}, ceiling)]
    return render("leaderboard.html.j2", title=title, notes=notes, boards=found, ceiling=bool(ceiling), canary=CANARY)
