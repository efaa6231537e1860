"""Predictions in our own form: JSON lines by document, the same bytes for the same predictions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from volgens.model.documents import LAYERS


def line(document: str, layers: Mapping[str, Any]) -> str:
    """The line of a predictions file: the id, then the layers in their order."""
    row = {"id": document} | {layer: layers[layer] for layer in LAYERS if layer in layers}
    return json.dumps(row, ensure_ascii=False, allow_nan=False)


def native(rows: Iterable[Mapping[str, Any]], layers: Sequence[str], *, strings: bool = True) -> bytes:
    """The lines of predictions, sorted by id: the `layers` that are attempted, their fields in the order in which they are
    declared, none
    without a value. Without `strings` the items keep no `text`, for documents whose text may not travel.
    """
    tidied = (tidy(row, layers, strings=strings) for row in sorted(rows, key=lambda row: str(row["id"])))
    return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n" for row in tidied).encode()


def tidy(row: Mapping[str, Any], layers: Sequence[str], *, strings: bool = True) -> dict[str, Any]:
    """A prediction with its layers, without fields that say nothing."""

    def full(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: full(v) for k, v in value.items() if v is not None and (strings or k != "text")}
        return [full(v) for v in value] if isinstance(value, list) else value

    return {"id": row["id"], **{layer: full(row[layer] or []) for layer in layers}}
