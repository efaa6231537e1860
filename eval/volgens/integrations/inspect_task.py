"""Volgens as a task of inspect_ai (extra: volgens[inspect]): the model is asked as `volgens run --endpoint` asks it.

    inspect eval volgens/volgens --model openai/MODEL
    inspect eval volgens/volgens --model openai/MODEL -T config=anp -T gold=restored --limit 5

A reply that is no answer counts as an empty prediction and lowers `read`; its sample says why. The measures are over all
samples at once, not means of samples. Where no reply can be read there is no score but `read`.
"""

from __future__ import annotations

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, Value, mean, metric, scorer
from inspect_ai.solver import TaskState, generate

from volgens import __version__
from volgens.integrations.asked import Asked, answer, measured, prompt


@task(name="volgens")
def volgens(config: str = "own", split: str = "test", gold: str | None = None) -> Task:
    """The task of a configuration and split; `gold` is a dataset folder or a file, by default the gold that is installed."""
    asked = Asked(config, split, gold)
    samples = [
        Sample(id=row["id"], input=[ChatMessageSystem(content=prompt()), ChatMessageUser(content=row["text"])])
        for row in asked.documents().iter_rows(named=True)
    ]
    return Task(
        dataset=MemoryDataset(samples, name=f"volgens-{config}-{split}"),
        solver=generate(),
        scorer=extraction(),
        metrics=[corpus(config, split, gold)],
        version=__version__,
    )


@scorer(metrics=[mean()])
def extraction() -> Scorer:
    """Whether the reply could be read, 1 or 0; the row that it gives is in the score's metadata."""

    async def score(state: TaskState, target: Target) -> Score:
        try:
            row = answer(state.output.completion, str(state.sample_id), state.messages[1].text)
        except ValueError as error:
            return Score(value=0, answer=state.output.completion, explanation=str(error))
        return Score(value=1, answer=state.output.completion, metadata={"row": row})

    return score


@metric
def corpus(config: str, split: str, gold: str | None) -> Metric:
    """F1 of the headline measures over the samples, and the share of replies that could be read. Undefined ones are absent."""

    def compute(scores: list[SampleScore]) -> Value:
        rows = {str(score.sample_id): (score.score.metadata or {}).get("row") for score in scores}
        return {name: value for name, value in measured(rows, Asked(config, split, gold)).items() if value is not None}

    return compute
