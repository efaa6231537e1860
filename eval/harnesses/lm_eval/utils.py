"""The functions of volgens.yaml, a task of lm-evaluation-harness.

    lm_eval run --include_path eval/harnesses/lm_eval --tasks volgens --model local-chat-completions --apply_chat_template ...
    ... --metadata '{"config": "anp", "gold": "restored"}'

A reply that is no answer counts as an empty prediction and lowers `read`. The measures are F1 over all documents at once, not
means of documents.
"""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import Any

import datasets
import volgens
from volgens.readers.foreign.llm import prediction

MEASURES = ("entities", "figures", "attributions", "claims")
Item = tuple[dict[str, Any], dict[str, Any] | None]
"""A document of `dataset`, and the row that the reply gives, None for one that is no answer."""


def dataset(config: str = "own", split: str = "test", gold: str | None = None, **_: Any) -> dict[str, datasets.Dataset]:
    """The documents, each with the gold that it belongs to."""
    source = {"config": config, "split": split, "gold": gold}
    rows = volgens.load_gold(config, split, gold).select("id", "text").to_dicts()
    return {"test": datasets.Dataset.from_list([{**row, **source} for row in rows])}


def prompt(document: dict[str, Any]) -> str:
    """The package's prompt, then the text."""
    asked = files("volgens.run").joinpath("prompt.nl.md").read_text(encoding="utf-8")
    return f"{asked}\n{document['text']}\n"


def results(document: dict[str, Any], replies: list[str]) -> dict[str, Any]:
    """What each aggregation gets of a document."""
    try:
        row = prediction(replies[0], document["id"], document["text"])
    except ValueError:
        row = None
    return {**dict.fromkeys(MEASURES, (document, row)), "read": float(row is not None)}


def f1(measure: str, items: list[Item]) -> float:
    """F1 of a measure over the documents; nan where it is undefined or no reply could be read."""
    rows = [row for _, row in items if row is not None]
    if not rows:
        return float("nan")
    gold = volgens.load_gold(*(items[0][0][name] for name in ("config", "split", "gold")))
    asked = gold.filter(gold["id"].is_in([document["id"] for document, _ in items]))
    found = volgens.score(rows, asked, missing="empty", measures=[measure])[measure].f1
    return float("nan") if found is None else found


entities, figures, attributions, claims = (partial(f1, measure) for measure in MEASURES)
