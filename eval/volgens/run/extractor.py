"""What every way of extracting has in common: texts go in, answers come out in any order, each text exactly one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


class Text(NamedTuple):
    """A document to extract from."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an extractor said of one text: the layers, or why there are none.

    `unusable`: it did say something, but no answer. `usage` counts tokens and requests where they are known, of all tries;
    `alignments` tells how strings were located (`volgens.readers.locate`); `replies` are what a model said, word for word, each
    with the reason why it ended.
    """

    id: str
    layers: Mapping[str, Any] | None = None
    error: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    alignments: Sequence[Mapping[str, Any]] = ()
    unusable: bool = False
    replies: Sequence[Mapping[str, Any]] = ()


class Effort(NamedTuple):
    """How hard to try: documents at a time, seconds for one document (None: any), tries after the first that fails."""

    jobs: int = 1
    timeout: float | None = None
    retries: int = 0


class Extractor(Protocol):
    """Anything that extracts. `settings` is all that may change an answer: a run goes on only with the same settings."""

    @property
    def settings(self) -> Mapping[str, Any]: ...

    def answers(self, texts: Sequence[Text], effort: Effort) -> Iterator[Answer]:
        """One answer for every text, in any order, as soon as it is there."""
        ...
