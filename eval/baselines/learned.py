"""The learned baseline: conditional random fields, without word lists or anything trained elsewhere. Run it by

    pip install --editable . --group systems
    volgens run eval/baselines/learned.py:extract

It is trained on the split `train` of `own`, and how strongly weights are held down is chosen on `validation`. As long as those
splits are not there, a text of the gold is tagged by a model of the other pages of its configuration, any other text by a model
of all pages of `own`.

Licence: MIT, as this package; sklearn-crfsuite MIT, CRFsuite BSD. It has seen the splits that it is trained on, and no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

import polars as pl
from volgens.model.documents import LAYERS, Document
from volgens.model.problem import ProblemsFound

from baselines.installed import python_versions
from baselines.learned_attribution import AttributionTagger
from baselines.learned_crf import Settings
from baselines.learned_spans import FigureTagger, NameTagger

RESTORED = Path(__file__).parents[2] / "restored"
CONFIGS = {"own": None, "anp": RESTORED}
GRID = (Settings(0.1, 0.1), Settings(0.0, 1.0), Settings(0.0, 0.1), Settings(0.5, 0.01), Settings(0.05, 0.01))
"""The settings that are tried; of equally good ones the first is taken."""


class Tagger:
    """The three layers of a text, learned from documents with text."""

    def __init__(self, documents: Sequence[Document], settings: Settings = GRID[0]) -> None:
        self.settings = settings
        self._names = NameTagger(documents, settings)
        self._figures = FigureTagger(documents, settings)
        self._attributions = AttributionTagger(documents, settings)

    def extract(self, text: str) -> dict[str, Any]:
        """The form of a prediction: offsets are code points into `text`, end exclusive."""
        names = self._names.extract(text)
        return {
            "entities": names,
            "figures": self._figures.extract(text),
            "attributions": self._attributions.extract(text, names),
        }


def extract(text: str) -> dict[str, Any]:
    """The three layers of a text, by a model that did not see its page."""
    return (_trained() or _held_out(text)).extract(text)


def versions() -> dict[str, str]:
    """The packages that the predictions depend on."""
    return python_versions("sklearn-crfsuite", "python-crfsuite")


def train(gold: pl.DataFrame, settings: Settings = GRID[0]) -> Tagger:
    """Learn from any gold with texts, a frame as `volgens.load_gold` gives it."""
    return Tagger(list(documents(gold.iter_rows(named=True))), settings)


def choose(gold: pl.DataFrame, validation: pl.DataFrame, grid: Sequence[Settings] = GRID) -> Tagger:
    """The tagger, trained on `gold`, whose settings score best on `validation`: by the mean F1 of the three headlines."""
    taggers = [train(gold, settings) for settings in grid]
    return max(taggers, key=lambda tagger: _quality(tagger, validation))


def _quality(tagger: Tagger, validation: pl.DataFrame) -> float:
    import volgens

    rows = [{"id": name, **tagger.extract(text)} for name, text in validation.select("id", "text").iter_rows()]
    card = volgens.score(rows, validation, measures=LAYERS)
    return fmean(card[layer].f1 or 0.0 for layer in LAYERS if layer in card.cells)


@cache
def _trained() -> Tagger | None:
    from volgens.readers.corpus import load_gold

    try:
        gold, validation = (load_gold("own", split) for split in ("train", "validation"))
    except ProblemsFound as found:
        if {problem.id for problem in found.problems} == {"no-gold"}:
            return None
        raise
    return choose(gold, validation)


extract.warm_up = _trained  # type: ignore[attr-defined]


def _held_out(text: str) -> Tagger:
    config, page = _pages().get(hashlib.sha256(text.encode()).hexdigest(), ("own", None))
    return _tagger(config, page)


@cache
def _pages() -> Mapping[str, tuple[str, str]]:
    """sha256 of a text → its configuration and page, for every text of the gold."""
    from volgens.readers.corpus import load_gold

    return {
        sha256: (config, page)
        for config in CONFIGS
        for sha256, page in load_gold(config).select("sha256", "page").iter_rows()
    }  # fmt: skip


@cache
def _tagger(config: str, held_out: str | None) -> Tagger:
    from volgens.readers.corpus import load_gold

    gold = load_gold(config, gold=CONFIGS[config])
    return train(gold.filter(pl.col("page") != held_out) if held_out else gold)


def documents(rows: Iterable[Mapping[str, Any]]) -> Iterator[Document]:
    """Rows of a gold frame as documents; the frame's items have a field for strings that the gold leaves empty."""
    for row in rows:
        yield Document.from_dict({**row, **{layer: _without_text(row[layer]) for layer in LAYERS}})


def _without_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_text(v) for name, v in value.items() if name != "text"}
    return [_without_text(v) for v in value] if isinstance(value, list) else value
