"""The functions of volgens.yaml.

A reply that is no answer counts as an empty prediction and lowers `read`. The measures are F1 over all documents at once, not
means of documents.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import datasets

from volgens.integrations import asked
from volgens.integrations.asked import Asked, answer, measured
from volgens.scoring.measures import HEADLINES

Item = tuple[dict[str, Any], dict[str, Any] | None]
"""A document of `dataset`, and the row that the reply gives, None for one that is no answer."""


def dataset(config: str = "own", split: str = "test", gold: str | None = None, **_: Any) -> dict[str, datasets.Dataset]:
    """The documents, each with the gold that it belongs to. The harness calls them `test`, whichever split was asked for."""
    asked = Asked(config, split, gold)
    rows = asked.documents().select("id", "text").to_dicts()
    return {"test": datasets.Dataset.from_list([{**row, **asked._asdict()} for row in rows])}


def prompt(document: dict[str, Any]) -> str:
    """The package's prompt, then the text."""
    return f"{asked.prompt()}\n{document['text']}\n"


def results(document: dict[str, Any], replies: list[str]) -> dict[str, Any]:
    """What each aggregation gets of a document."""
    try:
        row = answer(replies[0], document["id"], document["text"])
    except ValueError:
        row = None
    return {**dict.fromkeys(HEADLINES, (document, row)), asked.READ: float(row is not None)}


def f1(measure: str, items: list[Item]) -> float:
    """F1 of a measure over the documents; nan where it is undefined or no reply could be read."""
    about = Asked(*(items[0][0][name] for name in Asked._fields))
    found = measured({document["id"]: row for document, row in items}, about, [measure])[measure]
    return float("nan") if found is None else found


entities, figures, attributions, claims = (partial(f1, measure) for measure in HEADLINES)
