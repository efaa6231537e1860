"""The learned baseline: perceptron taggers for the three layers, trained on the gold's other pages. Run it by

    volgens run eval/baselines/learned.py:extract

There is no train split. A text that is in the gold is tagged by a model that saw no document of its page, only those of the other
pages of the same configuration; any other text by a model of all pages of `own`. The two configurations tell of the same events,
so neither is ever trained on the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from volgens.model.documents import LAYERS, Document

from baselines.learned_attribution import AttributionTagger
from baselines.learned_spans import FigureTagger, NameTagger

RESTORED = Path(__file__).parents[2] / "restored"
CONFIGS = {"own": None, "anp": RESTORED}


class Tagger:
    """The three layers of a text, learned from documents with text."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._names = NameTagger(documents)
        self._figures = FigureTagger(documents)
        self._attributions = AttributionTagger(documents)

    def extract(self, text: str) -> dict[str, Any]:
        """The form of a prediction: offsets are code points into `text`, end exclusive."""
        names = self._names.extract(text)
        return {
            "entities": names,
            "figures": self._figures.extract(text),
            "attributions": self._attributions.extract(text, names),
        }


def extract(text: str) -> dict[str, Any]:
    """The three layers of a text, by the model that did not see its page."""
    config, page = _pages().get(hashlib.sha256(text.encode()).hexdigest(), ("own", None))
    return _tagger(config, page).extract(text)


def leave_one_page_out(documents: Sequence[Document]) -> dict[str, dict[str, Any]]:
    """document id → its prediction by a tagger of the documents of all other pages."""
    found = {}
    for page in sorted({d.page for d in documents}):
        tagger = Tagger([d for d in documents if d.page != page])
        found.update({d.id: tagger.extract(d.text or "") for d in documents if d.page == page})
    return found


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
    return Tagger([d for d in documents(gold.iter_rows(named=True)) if d.page != held_out])


def documents(rows: Iterable[Mapping[str, Any]]) -> Iterator[Document]:
    """Rows of a gold frame as documents; the frame's items have a field for strings that the gold leaves empty."""
    for row in rows:
        yield Document.from_dict({**row, **{layer: _without_text(row[layer]) for layer in LAYERS}})


def _without_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_text(v) for name, v in value.items() if name != "text"}
    return [_without_text(v) for v in value] if isinstance(value, list) else value
