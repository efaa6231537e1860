"""Two annotations of the same documents: which items are meant to be the same, and what then differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from volgens.model.documents import LAYERS
from volgens.model.gold import Gold, main_span, plain_items

LINKS = {"figures": "part_of", "attributions": "parent"}

Pairs = list[tuple[int | None, int | None]]
"""Positions in a layer of both sides; None where an item has no partner."""


class Change(NamedTuple):
    """One difference. An item that is only on one side has `field` None and stands in `old` or `new` as a whole.

    `start` and `end` are the item's own span, or that of its first cue or content, before the change where there was one.
    """

    document: str
    layer: str
    start: int
    end: int
    before: str | None
    after: str | None
    field: str | None
    old: Any
    new: Any


def pair(before: Sequence[Gold], after: Sequence[Gold]) -> dict[str, dict[str, Pairs]]:
    """document id → layer → pairs, as scoring pairs them: equal items first, then by overlap. A side may lack documents."""
    import polars as pl

    from volgens.scoring.attributions import pair_attributions
    from volgens.scoring.matching import pair as pair_sides
    from volgens.scoring.matching import sides
    from volgens.scoring.tables import frame, tables

    ids = pl.Series("id", sorted({g.id for g in (*before, *after)}), dtype=pl.String)
    one, other = (tables(frame(_row(g) for g in golds), ids) for golds in (before, after))
    counts = [{g.id: {layer: len(getattr(g, layer)) for layer in LAYERS} for g in golds} for golds in (before, after)]
    found: dict[str, dict[str, Pairs]] = {name: {layer: [] for layer in LAYERS} for name in ids}
    for layer in LAYERS:
        pairs = pair_attributions(one, other) if layer == "attributions" else pair_sides(sides(one, other, layer))
        left, right = one.layer(layer), other.layer(layer)
        for g, p in zip(pairs.gold, pairs.predicted, strict=True):
            document = ids[int(left["document"][int(g)])]
            found[document][layer].append((int(left["item"][int(g)]), int(right["item"][int(p)])))
        for name in ids:
            _add_single(found[name][layer], *(side.get(name, {}).get(layer, 0) for side in counts))
    return found


def _row(gold: Gold) -> dict[str, Any]:
    """The gold as a row of a frame, where a number is a float also if JSON wrote it whole."""
    row = gold.to_dict()
    for figure in row["figures"] or ():
        figure |= {name: float(figure[name]) for name in ("value", "min", "max") if figure[name] is not None}
    return row


def _add_single(pairs: Pairs, before: int, after: int) -> None:
    paired = [{pair[side] for pair in pairs} for side in (0, 1)]
    pairs += [(n, None) for n in range(before) if n not in paired[0]]
    pairs += [(None, n) for n in range(after) if n not in paired[1]]


def diff(before: Iterable[Gold], after: Iterable[Gold]) -> list[Change]:
    """What differs between two annotations of the same documents, in text order; documents of one side only are left out.

    A link (`part_of`, `parent`) differs where it leads to items that are not partners.
    """
    old, new = ({g.id: g for g in side} for side in (before, after))
    shared = sorted(set(old) & set(new))
    pairs = pair([old[name] for name in shared], [new[name] for name in shared])
    return [change for name in shared for change in _changes(old[name], new[name], pairs[name])]


def _changes(old: Gold, new: Gold, pairs: dict[str, Pairs]) -> list[Change]:
    left, right = plain_items(old), plain_items(new)
    changes = []
    for layer in LAYERS:
        partner = {_id(old, layer, a): _id(new, layer, b) for a, b in pairs[layer]}
        for a, b in pairs[layer]:
            mine = left[layer][a] if a is not None else None
            yours = right[layer][b] if b is not None else None
            place = main_span(mine or yours or {})
            names = old.id, layer, place["start"], place["end"], _id(old, layer, a), _id(new, layer, b)
            if mine is None or yours is None:
                changes.append(Change(*names, None, mine, yours))
                continue
            for field in {**mine, **yours}:
                links = [getattr(getattr(g, layer)[n], field) for g, n in ((old, a), (new, b)) if field == LINKS.get(layer)]
                same = partner.get(links[0]) == links[1] if links and None not in links else mine.get(field) == yours.get(field)
                if not same:
                    changes.append(Change(*names, field, mine.get(field), yours.get(field)))
    return sorted(changes, key=lambda c: (LAYERS.index(c.layer), c.start, c.before or "", c.after or ""))


def _id(gold: Gold, layer: str, position: int | None) -> str | None:
    return None if position is None else str(getattr(gold, layer)[position].id)
