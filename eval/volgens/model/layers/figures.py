"""Figures: which quantities are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from volgens.model.layers.declaration import Closed, Layer, Link, Note, Span

IMPLIED = ("kind", {"count": "1", "ratio": "1", "score": "1"})
"""What is counted has the unit 1, also where nobody writes it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity. `part_of` is the id of the figure it is a part of; `head` is the head noun within `counted`. `change`: it says
    by how much something rose or fell, and is no level.
    """

    id: str
    start: int
    end: int
    kind: Annotated[
        str,
        Closed("count", "money", "percent", "measure", "duration", "age", "ratio", "score", control="figure_kind"),
    ]
    bound: Annotated[str, Closed("point", "min", "max", "range", "vague")]
    value: float | None = None
    min: float | None = None
    max: float | None = None
    approx: bool = False
    unit: Annotated[str, Note(implied=IMPLIED)] = "1"
    counted: Annotated[Span | None, Note(control="counts")] = None
    head: Span | None = None
    part_of: Annotated[str | None, Link()] = None
    change: Annotated[str | None, Closed("up", "down", sparse=True)] = None

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


LAYER = Layer(
    name="figures",
    item=Figure,
    one="figure",
    order=2,
    type="kind",
    key=("start", "end"),
    labels={"": "FIGURE", "counted": "COUNTED", "head": "HEAD"},
)
