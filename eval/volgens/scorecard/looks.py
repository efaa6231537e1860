"""Whether a system names things by the types of another corpus, so that the default view counts what it cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from volgens.scoring.counts import Counts

PLACES = ("GPE", "NORP", "FAC")
"""What other corpora call LOC or MISC."""
TYPES = {"PER", "ORG", "LOC", "MISC", "EVENT"}
"""What CoNLL-2002 and SoNaR have, in our words; EVENT only SoNaR."""


class Looks(NamedTuple):
    """`said` is a line that names the corpus and the views in which both sides have the same types; `views` are these."""

    said: str
    views: tuple[str, ...]


def looks_like(cells: Mapping[str, Counts], view: str) -> Looks | None:
    """Which views to compare in, where LOC is predicted and none of `PLACES` is, though the gold has them; None elsewhere."""
    rows = {kind: cells[name] for kind in {*PLACES, *TYPES} if (name := f"entities[type={kind}]") in cells}
    predicted = {kind for kind, counts in rows.items() if counts.predicted}
    lost = sum(rows[kind].gold for kind in PLACES if kind in rows)
    if view.partition("+")[0] not in ("flat", "nested") or "LOC" not in predicted or predicted & set(PLACES) or not lost:
        return None
    sonar = "EVENT" in predicted
    looks = "SoNaR" if sonar else "CoNLL-2002 or SoNaR"
    first = "" if sonar else "`--view conll2002` (nationalities are MISC) or "
    said = (
        f"LOOKS LIKE {looks} LABELS: {', '.join(PLACES)} are never predicted, and the gold has {lost:g} of them. "
        f"{first}`--view sonar` (nationalities are LOC) maps both sides to the types that they share."
    )
    return Looks(said, ("sonar",) if sonar else ("conll2002", "sonar"))
