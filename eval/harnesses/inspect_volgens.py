"""Volgens as an inspect_ai task: the model is asked as `volgens run --endpoint` asks it, and scored by our scorer.

    inspect eval eval/harnesses/inspect_volgens.py --model openai/MODEL
    inspect eval eval/harnesses/inspect_volgens.py --model openai/MODEL -T config=anp -T gold=restored

A reply that is no answer counts as an empty prediction and lowers `read`; its sample says why. The measures are over all
samples at once, not means of samples. Where no reply can be read there is no score but `read`.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import volgens
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, Value, mean, metric, scorer
from inspect_ai.solver import TaskState, generate
from volgens.readers.foreign.llm import prediction

MEASURES = ("entities", "figures", "attributions", "claims")


@task(name="volgens")
def volgens_task(config: str = "own", split: str = "test", gold: str | None = None) -> Task:
    """`gold` is a dataset folder or a file; by default the gold that is installed."""
    documents = volgens.load_gold(config, split, gold)
    prompt = files("volgens.run").joinpath("prompt.nl.md").read_text(encoding="utf-8")
    samples = [
        Sample(id=row["id"], input=[ChatMessageSystem(content=prompt), ChatMessageUser(content=row["text"])])
        for row in documents.iter_rows(named=True)
    ]
    return Task(
        dataset=MemoryDataset(samples, name=f"volgens-{config}-{split}"),
        solver=generate(),
        scorer=extraction(),
        metrics=[corpus(config, split, gold)],
        version=volgens.__version__,
    )


@scorer(metrics=[mean()])
def extraction() -> Scorer:
    """Whether the reply could be read, 1 or 0; the row that it gives is in the score's metadata."""

    async def score(state: TaskState, target: Target) -> Score:
        try:
            row = prediction(state.output.completion, str(state.sample_id), state.messages[1].text)
        except ValueError as error:
            return Score(value=0, answer=state.output.completion, explanation=str(error))
        return Score(value=1, answer=state.output.completion, metadata={"row": row})

    return score


@metric
def corpus(config: str, split: str, gold: str | None) -> Metric:
    """F1 of the headline measures over the samples, and the share of replies that could be read. Undefined ones are absent."""

    def compute(scores: list[SampleScore]) -> Value:
        if not scores:
            return {}
        asked = volgens.load_gold(config, split, gold)
        asked = asked.filter(asked["id"].is_in([str(score.sample_id) for score in scores]))
        rows = [score.score.metadata["row"] for score in scores if score.score.metadata]
        found: dict[str, Any] = {"read": len(rows) / len(scores)}
        if rows:
            card = volgens.score(rows, asked, missing="empty", measures=MEASURES)
            found |= {name: card[name].f1 for name in MEASURES if name in card.cells}
        return found

    return compute
