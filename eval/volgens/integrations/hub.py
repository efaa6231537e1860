"""The Hub's benchmark of this dataset: its tasks, and a scorecard as the entries of a model's `.eval_results/*.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.scorecard import Scorecard
from volgens.scorecard.text import signature
from volgens.scoring.measures import HEADLINES

DATASET = "volgens/volgens"
"""Where the dataset lies on the Hub."""
FRAMEWORK = "volgens"
"""The Hub's name for this scorer. Its own list of frameworks must know it before a benchmark can be registered; the scorers that
the Hub runs by itself (inspect_ai's built-in ones) compare strings and would give another number under our name."""
SPLIT = "test"
"""The split that tasks are of."""


def task(config: str, measure: str) -> str:
    """The id of a task: each configuration and headline measure has a table of its own."""
    return f"{config}-{measure}"


def entries(card: Scorecard, date: str, source: str | None = None) -> list[dict[str, Any]]:
    """An entry for each headline measure that was attempted and is defined: F1 from 0 to 1, with the signature in the notes.

    `date` is the day of the evaluation (YYYY-MM-DD), `source` the address of what vouches for it. Raises `ProblemsFound` where
    the card is not of the benchmark: other gold, another split, another view, or a tolerance.
    """
    if problems := list(_strange(card)):
        raise ProblemsFound(problems)
    notes = f"F1; {signature(card)}"
    told = {"date": date, **({"source": {"url": source, "name": "Volgens"}} if source else {}), "notes": notes}
    config = str(card.signature["config"])
    return [
        {"dataset": {"id": DATASET, "task_id": task(config, name)}, "value": card[name].f1, **told}
        for name in HEADLINES
        if name in card.cells and card[name].f1 is not None
    ]


def _strange(card: Scorecard) -> Iterator[Problem]:
    """What keeps a card off the benchmark's tables."""
    wanted = {"split": SPLIT, "view": "flat", "tolerance": None}
    hint = f"The Hub's tables are of the configurations of {DATASET}, split {SPLIT}, view flat, no tolerance."
    for name, value in wanted.items():
        if (found := card.signature.get(name)) != value:
            yield Problem(Where(field=name), "not-the-benchmark", f"{name} is {found!r}, not {value!r}", hint)
    if "config" not in card.signature:
        yield Problem(Where(field="gold"), "not-the-benchmark", "the gold is not a configuration of this dataset", hint)


def as_yaml(found: list[dict[str, Any]]) -> str:
    """Entries as the text of a file under `.eval_results/`."""
    import yaml

    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=10_000)
