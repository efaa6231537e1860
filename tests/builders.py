"""Small documents for tests: a line of predictions is a line of gold that says less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from volgens.scorecard import Scorecard, score_frames
from volgens.scoring.spans import Spans
from volgens.scoring.tables import frame

Row = dict[str, Any]
Pairs = Iterable[tuple[int, int]]


def document(
    name: str = "d", entities: Iterable[Any] = (), figures: Iterable[Row] = (), attributions: Iterable[Row] = (), **more: Any
) -> Row:
    """A row with entities given as (start, end, type), figures and attributions as dictionaries."""
    named = [e if isinstance(e, dict) else {"start": e[0], "end": e[1], "type": e[2]} for e in entities]
    return {"id": name, "length": 1000, "entities": named, "figures": list(figures), "attributions": list(attributions), **more}


def figure(start: int, end: int, value: float | None = None, **more: Any) -> Row:
    """A count with a point value, unless told otherwise."""
    base = {"start": start, "end": end, "kind": "count", "bound": "point", "value": value, "approx": False, "unit": "1"}
    return {**base, **more}


def attribution(source: Pairs = (), cue: Pairs = (), content: Pairs = (), **more: Any) -> Row:
    """An affirmed assertion; the parts are lists of (start, end)."""
    parts = {"source": source, "cue": cue, "content": content, "antecedent": more.pop("antecedent", ())}
    spans = {name: [{"start": s, "end": e} for s, e in part] for name, part in parts.items()}
    base = {"kind": "assertion", "source_kind": "person" if source else "none", "stance": "affirm", "hedged": False}
    return {**base, **spans, **more}


def scored(gold: Sequence[Row], predicted: Sequence[Row], **settings: Any) -> Scorecard:
    """Score rows without the checks that a file goes through."""
    return score_frames(frame(gold), frame(predicted), **settings)


def spans(pairs: Sequence[tuple[int, int]]) -> Spans:
    """Spans sorted by start."""
    rows = pl.DataFrame({"s": [p[0] for p in pairs], "e": [p[1] for p in pairs]}, schema={"s": pl.Int64, "e": pl.Int64})
    return Spans(rows["s"].to_numpy(), rows["e"].to_numpy())
