"""From what an extractor or a model said to a prediction of its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from volgens.model.documents import LAYERS
from volgens.readers.fitting import misfit
from volgens.readers.foreign.labels import TYPES, map_labels
from volgens.readers.locate import locate
from volgens.readers.replies import parse, places
from volgens.run.extractor import Text


class Located(NamedTuple):
    """A prediction with offsets, and how each of its strings was found."""

    prediction: Mapping[str, Any]
    alignments: Sequence[Mapping[str, Any]]


class Taking(NamedTuple):
    """How answers are taken: which layers, labels of another scheme → ours, and whether labels that ours lacks are allowed."""

    layers: Sequence[str] = LAYERS
    map: Mapping[str, str] = {}
    labels: str = "scheme"

    def taken(self, answer: Any) -> Any:
        """The answer with the layers that are asked for, under our labels; what is no answer stays as it is."""
        if not isinstance(answer, Mapping):
            return answer
        if self.map and _has_items(answer):
            answer = map_labels([dict(answer)], self.map).rows[0]
        return {name: value for name, value in answer.items() if name not in LAYERS or name in self.layers}

    def misfit(self, answer: Any, document: str, text: str) -> str | None:
        """What is wrong with a taken answer; None if it is a prediction of `text`."""
        if self.labels == "any" and isinstance(answer, Mapping) and _has_items(answer):
            answer = {**answer, "entities": [_known(item) for item in answer["entities"]]}
        return misfit(answer, document, text)


def located(reply: str, text: Text, taking: Taking) -> Located:
    """A model's reply as a prediction of a text, under its own labels. Raises ValueError with what is wrong with it."""
    answer = places(parse(reply))
    if absent := [layer for layer in taking.layers if layer not in answer]:
        raise ValueError(f"{', '.join(absent)} missing; an empty layer is []")
    found = locate(text.text, {layer: answer[layer] for layer in taking.layers})
    if wrong := taking.misfit(taking.taken(found.prediction), text.id, text.text):
        raise ValueError(wrong)
    return Located(found.prediction, [{"path": a.path, "text": a.text, "alignment": a.alignment} for a in found.alignments])


def _has_items(answer: Mapping[str, Any]) -> bool:
    items = answer.get("entities")
    return isinstance(items, list) and all(isinstance(item, Mapping) for item in items)


def _known(item: Mapping[str, Any]) -> Mapping[str, Any]:
    label = item.get("type")
    return {**item, "type": TYPES[-1]} if isinstance(label, str) and label and label not in TYPES else item
