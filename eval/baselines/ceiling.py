"""One reading scored as if it were a system: how far apart a single careful reading and the adjudicated gold are.

The readings are one language model's, made blind and from the guidelines, and the gold was adjudicated from them by the same
model. So this is the overlap of a part with what was made of it, not agreement between annotators. A score near 1 shows that the
model repeats itself (annotations/agreement.json says how much), not that the gold is right, nor what people would reach.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from volgens.model.documents import LAYERS


def reading(path: Path) -> list[dict[str, Any]]:
    """The submitted annotations of a Label Studio export as predictions. Raises `ProblemsFound` where the export has any."""
    from volgens.model.problem import ProblemsFound
    from volgens.readers.label_studio.export import from_export

    export = from_export(json.loads(path.read_text(encoding="utf-8")), file=str(path))
    if export.problems:
        raise ProblemsFound(export.problems)
    golds = [r.gold.to_dict() for r in export.readings if r.status == "submitted"]
    return [{"id": gold["id"], **{layer: gold[layer] for layer in LAYERS}} for gold in golds]
