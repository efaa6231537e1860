"""How far two readings of the same documents agree, per layer and field, with intervals over pages. Needs no texts.

F1 and pairs are those of `scoring`, with all names, also nested ones; there is no gold side, and F1 is the same either way round.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from volgens.model.columns import SPARSE
from volgens.model.documents import PARTS
from volgens.model.gold import Gold
from volgens.readers.label_studio.export import from_export
from volgens.scorecard import Scorecard, score_frames
from volgens.scoring.measures import select
from volgens.scoring.score import MATCHING
from volgens.scoring.tables import frame
from volgens.stats.uncertainty import Interval, intervals

WHAT = (
    "The overlap, before adjudication, of two readings of every document by one and the same language model: of `own` and `anp` "
    "under guidelines written with sight of the texts, of `wikinews` under guidelines that were frozen before. It is not "
    "inter-annotator agreement: that the readings are nearly identical shows shared bias as much as clear rules, and not that "
    "they are right."
)
READINGS = ("reading-1", "reading-2")

MEASURES = (
    *("entities.span", "entities.overlap", "entities.type", "entities.role", "entities.ref"),
    *("figures.span", "figures.overlap", "figures.kind", "figures.bound", "figures.value", "figures.unit", "figures.approx"),
    *("figures.counted", "figures.counted.exact", "figures.part_of"),
    *("attributions", "attributions.found", "attributions.source", "attributions.source.exact", "attributions.cue"),
    *("attributions.cue.exact", "attributions.content", "attributions.content.exact", "attributions.antecedent"),
    *("attributions.kind", "attributions.stance", "attributions.hedged", "attributions.source_kind", "attributions.source_ref"),
    *("attributions.parent", "claims"),
)
CATEGORIES = {
    "entities": ("type", "role", "ref"),
    "figures": ("kind", "bound", "approx", "unit", "change"),
    "attributions": ("kind", "stance", "hedged", "source_kind", "source_ref"),
}
GAMMA_SEED, GAMMA_SAMPLES = 0, 30

Json = dict[str, Any]


def measure(raw: Path) -> Json:
    """The agreement of the two blind readings in a folder of raw exports, `<configuration>-reading-1.json` and `-2`.

    Raises ValueError where an export has a problem, or one reading lacks what the other has.
    """
    configs = sorted((path.name.removesuffix(f"-{READINGS[0]}.json") for path in raw.glob(f"*-{READINGS[0]}.json")), reverse=True)
    return {
        "what": WHAT,
        "readings": list(READINGS),
        "method": {
            "matching": MATCHING,
            "interval": "95 %, over pages: logit-t, Wilson where all pages agree",
            "gamma": f"seed {GAMMA_SEED}, {GAMMA_SAMPLES} samples",
        },
        "configurations": {
            name: agreement(_reading(raw / f"{name}-{READINGS[0]}.json"), _reading(raw / f"{name}-{READINGS[1]}.json"))
            for name in configs
        },
    }


def _reading(path: Path) -> list[Gold]:
    export = from_export(json.loads(path.read_text(encoding="utf-8")), file=path.name)
    if export.problems:
        raise ValueError("\n".join(map(str, export.problems)))
    return [reading.gold for reading in export.readings if reading.status == "submitted"]


def agreement(one: Sequence[Gold], other: Sequence[Gold], units: bool = True) -> Json:
    """All figures for two readings of one configuration, ready for JSON. Raises ValueError where they are not of the same texts.

    `f1`: per measure of `volgens measures` F1, its interval, the items of both sides and those that agree. `given a match`: the
    share of matched items that agree in a field, with Cohen's kappa. `dice given a match`: the mean over matched attributions.
    `gamma`, unless `units` is false: unitising and category at once, spans of the same part laid out over all documents.
    """
    if _texts(one) != _texts(other):
        raise ValueError("the two readings are not of the same documents")
    card = score_frames(_frame(one), _frame(other), view="nested", measures=select(MEASURES))
    return {
        "documents": len(one),
        "pages": len(card.pages),
        "equal documents": sum(a == b for a, b in zip(_bare(one), _bare(other), strict=True)),
        "f1": {name: _f1(card, name) for name in card.measures},
        "given a match": {
            f"{layer}.{field}": _given(card, layer, field)
            for layer in CATEGORIES
            for field in CATEGORIES[layer]
            if field not in SPARSE or _anywhere((*one, *other), layer, field)
        },
        "dice given a match": {part: _dice(card, part) for part in PARTS},
        "gamma": gamma(one, other) if units else {},
    }


def _anywhere(golds: Iterable[Gold], layer: str, field: str) -> bool:
    return any(getattr(item, field) is not None for gold in golds for item in getattr(gold, layer))


def _bare(golds: Sequence[Gold]) -> list[Json]:
    rows = sorted((gold.to_dict() for gold in golds), key=lambda row: str(row["id"]))
    for figure in (figure for row in rows for figure in row["figures"]):
        figure.update({name: float(figure[name]) for name in ("value", "min", "max") if figure[name] is not None})
    return [{name: value for name, value in row.items() if name != "provenance"} for row in rows]


def _texts(golds: Sequence[Gold]) -> list[tuple[str, int, str]]:
    return sorted((gold.id, gold.length, gold.sha256) for gold in golds)


def page_of(document: str) -> str:
    """`own-000-t1` → `own-000`."""
    return document.rpartition("-t")[0] or document


def _frame(golds: Sequence[Gold]) -> pl.DataFrame:
    rows = _bare(golds)
    return frame(rows).with_columns(page=pl.Series([page_of(row["id"]) for row in rows]))


def _f1(card: Scorecard, name: str) -> Json:
    counts = card[name]
    return {
        "f1": _rounded(counts.f1),
        "interval": _interval(card.intervals[name].f1),
        "agree": counts.tp,
        "one": counts.gold,
        "other": counts.predicted,
    }


def _given(card: Scorecard, layer: str, field: str) -> Json:
    """Matched items of which a side has the field: the share that agree, and Cohen's kappa."""
    pairs = card.evidence.layer(layer).pairs
    held = pairs.filter(pl.col(field).is_not_null() | pl.col(f"{field}_predicted").is_not_null())
    sides = [held[name].cast(pl.String).fill_null("—").to_list() for name in (field, f"{field}_predicted")]
    same = pl.Series([a == b for a, b in zip(*sides, strict=True)], dtype=pl.Boolean).cast(pl.Float64)
    return {**_mean(card, held, same), "kappa": _rounded(kappa(*sides)), "categories": len(set(sides[0]) | set(sides[1]))}


def kappa(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Cohen's kappa; None where both readings use one and the same category, or where there is nothing."""
    if len(set(one) | set(other)) < 2:
        return None
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score(one, other))


def _dice(card: Scorecard, part: str) -> Json:
    pairs = card.evidence.layer("attributions").pairs
    held = pairs.filter(pl.col(f"{part}_dice").is_not_nan())
    return _mean(card, held, held[f"{part}_dice"])


def _mean(card: Scorecard, pairs: pl.DataFrame, values: pl.Series) -> Json:
    """The mean over pairs, with an interval over pages."""
    if not len(values):
        return {"mean": None, "interval": None, "matched": 0}
    pages = np.array([page_of(str(card.documents["id"][int(n)])) for n in pairs["document"]])
    rows = [(float(values.filter(pl.Series(pages == page)).sum()), int((pages == page).sum())) for page in card.pages]
    by_page = {"mean": np.array([(total, n, n, n) for total, n in rows], dtype=np.float64)}
    interval = intervals(by_page, card.pages)["mean"].f1
    return {"mean": _rounded(values.mean()), "interval": _interval(interval), "matched": len(values)}


def _rounded(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else round(float(value), 4)


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(x, 4) for x in interval]


UNITS = ("entities", "figures", "attributions.cue", "attributions.source", "attributions.content")


def _units(row: Json, name: str) -> Iterator[tuple[int, int, str]]:
    """start, end, category"""
    layer, _, part = name.partition(".")
    for item in row[layer]:
        for span in item[part] if part else [item]:
            yield span["start"], span["end"], item["type"] if layer == "entities" else item["kind"]


def gamma(one: Sequence[Gold], other: Sequence[Gold]) -> Json:
    """Gamma (Mathet, Widlöcher and Métivier 2015) per kind of unit, by pygamma-agreement; its chance model has a fixed seed."""
    import pygamma_agreement
    from pyannote.core import Segment

    found: Json = {}
    for name in UNITS:
        continuum = pygamma_agreement.Continuum()
        for reader, golds in (("one", one), ("other", other)):
            for start, end, category in _laid_out(golds, name):
                continuum.add(reader, Segment(start, end), category)
        np.random.seed(GAMMA_SEED)
        with _silence():
            result = continuum.compute_gamma(
                pygamma_agreement.CombinedCategoricalDissimilarity(alpha=1, beta=1), n_samples=GAMMA_SAMPLES, precision_level=None
            )
        found[name] = round(float(result.gamma), 3)
    return found


def _laid_out(golds: Sequence[Gold], name: str) -> Iterator[tuple[int, int, str]]:
    """The units of all documents, one document after the other."""
    at = 0
    for row in _bare(golds):
        yield from ((at + start, at + end, category) for start, end, category in _units(row, name))
        at += row["length"] + 1


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep the solver, which writes past Python, from the terminal."""
    import logging
    import sys

    sys.stdout.flush()
    kept = os.dup(1)
    level = logging.root.manager.disable
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - a device
        os.dup2(nothing.fileno(), 1)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(level)
        os.dup2(kept, 1)
        os.close(kept)


def table(measured: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The rows of the card's table: a measure, and per configuration the figure with its interval, number of items and kappa."""
    configs = measured["configurations"]
    first = next(iter(configs.values()))
    names = dict.fromkeys(name for config in configs.values() for name in config["f1"])
    rows = [("", *(f"`{name}`" for name in configs))]
    rows += [
        (f"{name}: F1", *(_cell(c["f1"].get(name, {}), c["given a match"].get(name)) for c in configs.values())) for name in names
    ]
    for part in first["dice given a match"]:
        label = f"attributions.{part}: mean Dice of matched"
        rows.append((label, *(_cell(c["dice given a match"][part]) for c in configs.values())))
    rows += [(f"{name}: gamma", *(f"{c['gamma'][name]:.3f}" for c in configs.values())) for name in first["gamma"]]
    documents = (f"{c['equal documents']} of {c['documents']}" for c in configs.values())
    return [*rows, ("documents equal in every span, field and link", *documents)]


def _cell(given: Json, matched: Mapping[str, Any] | None = None) -> str:
    value = given.get("f1", given.get("mean"))
    if value is None:
        return "–"
    low, high = given["interval"] or (math.nan, math.nan)
    kappa = (matched or {}).get("kappa")
    chance = "" if kappa is None else f", kappa {kappa:.3f}"
    return f"{value:.3f} [{low:.3f}, {high:.3f}], n {given.get('one', given.get('matched'))}{chance}"
