"""Frog's names (Van den Bosch et al. 2007), whose tagger was trained on SoNaR-1. Run it by

    apt-get install frog frogdata
    volgens run eval/baselines/frog.py:sonar

`sonar` gives its six types as they are, in our spelling; score it with `--view sonar` or `--view conll2002`, since `LOC` is said
of countries, cities and nationalities alike. `names` tells these apart by Frog's own part of speech, for the view `flat`.

Licence: GPL-3 (program and models). It was trained on the SoNaR-1 corpus of before 2012 and has seen nothing of this dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from volgens.model.documents import Span

from baselines.frog_server import Server, Word, versions

__all__ = ["names", "sonar", "versions"]

OURS = {"per": "PER", "org": "ORG", "loc": "LOC", "eve": "EVENT", "pro": "MISC", "misc": "MISC"}
_server = Server("pmcla")


def sonar(text: str) -> dict[str, Any]:
    """Names with Frog's types: `eve` is our EVENT, `pro` and `misc` are our MISC. Offsets are code points, end exclusive."""
    return {"entities": [_entity(kind, words) for words, kind in _found(text)]}


def names(text: str) -> dict[str, Any]:
    """Names with our types, as far as they can be told: a LOC that is an adjective or a plural noun is a NORP, any other a GPE.

    FAC and our LOC cannot be told from GPE, nor the groups of a religion or party, which Frog calls otherwise.
    """
    return {"entities": [_entity(_ours(kind, words), words) for words, kind in _found(text)]}


sonar.warm_up = names.warm_up = _server.start  # type: ignore[attr-defined]


def _found(text: str) -> Iterator[tuple[list[Word], str]]:
    for sentence in _server.sentences(text):
        yield from runs(sentence)


def runs(sentence: Sequence[Word]) -> Iterator[tuple[list[Word], str]]:
    """The words of each name and its type in our spelling; an `I-` that continues nothing begins a name."""
    run: list[Word] = []
    kind = ""
    for word in sentence:
        begin, _, label = word.ner.partition("-")
        if run and (begin != "I" or label != kind):
            yield run, OURS[kind.lower()]
            run = []
        if begin != "O":
            run, kind = [*run, word], label
    if run:
        yield run, OURS[kind.lower()]


def _ours(kind: str, words: Sequence[Word]) -> str:
    if kind != "LOC":
        return kind
    tag = words[-1].tag
    return "NORP" if tag.startswith("ADJ") or (tag.startswith("N(") and ",mv," in tag) else "GPE"


def _entity(kind: str, words: Sequence[Word]) -> dict[str, Any]:
    return {**Span(words[0].span.start, words[-1].span.end)._asdict(), "type": kind}
