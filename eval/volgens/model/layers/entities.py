"""Names: who and what is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from volgens.model.layers.declaration import Closed, Layer, Slug, Span


@dataclass(frozen=True, slots=True)
class Entity:
    """A name. `role` is for GPE alone; `ref` is one slug per real thing over all documents."""

    id: str
    start: int
    end: int
    type: Annotated[str, Closed("PER", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "MISC")]
    role: Annotated[str | None, Closed("actor", "place")] = None
    ref: Annotated[str | None, Slug(required=True)] = None

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


LAYER = Layer(
    name="entities",
    item=Entity,
    one="entity",
    order=1,
    type="type",
    key=("start", "end", "type"),
    labels={"": "{type}"},
)
