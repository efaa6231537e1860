"""Our measures of names as the scorer of a spaCy pipe (extra: volgens[spacy]).

In a config, so that `spacy train` and `spacy evaluate` report them beside spaCy's own:

    [components.ner]
    factory = "ner"
    scorer = {"@scorers": "volgens.names.v1"}

    [training.score_weights]
    entities_f1 = 1.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from volgens.api import score

MEASURES = ("entities", "entities.span", "entities.overlap")
PARTS = ("precision", "recall", "f1")
Examples = Iterable[Any]


def names_scorer() -> Callable[..., dict[str, Any]]:
    """What `@scorers = "volgens.names.v1"` stands for."""
    return score_names


def score_names(examples: Examples, **_: Any) -> dict[str, Any]:
    """`<measure>_precision`, `_recall` and `_f1` over `doc.ents` of spaCy's examples, and spaCy's `ents_f` etc. beside them.

    Labels are the pipeline's own, whatever the scheme. An undefined score is None, as spaCy has it. A reference whose names are
    not annotated (spaCy's missing values) is left out.
    """
    from spacy.scorer import get_ner_prf

    known = [example for example in examples if example.reference.has_annotation("ENT_IOB")]
    spans = get_ner_prf(known)
    gold = [{**_row(n, example.reference), "text": example.reference.text} for n, example in enumerate(known)]
    if not gold:
        return {**spans, **{f"{name}_{part}": None for name in MEASURES for part in PARTS}}
    card = score([_row(n, example.predicted) for n, example in enumerate(known)], gold, measures=MEASURES, labels="any")
    return {**spans, **{f"{name}_{part}": getattr(card[name], part) for name in MEASURES for part in PARTS}}


def _row(number: int, doc: Any) -> dict[str, Any]:
    names = [{"start": ent.start_char, "end": ent.end_char, "type": ent.label_} for ent in doc.ents]
    return {"id": f"doc-{number:09}", "entities": names}
