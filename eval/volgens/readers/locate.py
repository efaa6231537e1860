"""Text answers → offsets: where in a document the strings of an answer stand.

Models answer with strings. Each is sought in the text exactly, then with white space, quotation marks and dashes made alike, then
in any case, then approximately (`THRESHOLD`). Whole words go before beginnings of words. Which of several occurrences is meant is
told by the item's `context` where it has one, else by the order of the items and by nearness to the item's other parts. What is
not found keeps its string and no offsets: a scorer counts it as predicted and as unlocated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from volgens.model.layers import ALL, Layer, Span
from volgens.readers.find import ALIGNMENTS, SHORTEST_FUZZY, THRESHOLD, Found, Page, find

__all__ = ["ALIGNMENTS", "SHORTEST_FUZZY", "THRESHOLD", "Alignment", "Found", "Located", "find", "locate"]


class Alignment(NamedTuple):
    """How one string of an answer was found: `path` is its place in the answer, for example `attributions[0].cue[1]`."""

    path: str
    text: str
    alignment: str
    span: Span | None


class Located(NamedTuple):
    """The answer as a prediction with offsets, and how each of its strings was found."""

    prediction: dict[str, Any]
    alignments: list[Alignment]


def locate(text: str, answer: Mapping[str, Any]) -> Located:
    """Give offsets to an answer: a prediction whose places are strings (`text`, and `context` to tell occurrences apart).

    Places that have offsets already are kept. In the result a located place has `start` and `end`, an unlocated one its `text`;
    `context` is dropped. A part that is not found stays as text too, so it is counted as wrong, never dropped. Raises ValueError
    for an answer in which a place is no object, or places are no list.
    """
    for path, place in _given(answer):
        if not isinstance(place, Mapping):
            raise ValueError(f"{path} is not an object with a text: {place!r:.60}")
    page = Page(text)
    located: dict[str, Any] = dict(answer)
    trace: list[Alignment] = []
    for layer in ALL:
        if layer.name in answer:
            given = answer[layer.name] or ()
            located[layer.name] = _items(page, layer, given, trace) if layer.has_place else _of_parts(page, layer, given, trace)
    return Located(located, trace)


def _given(answer: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every place of an answer with its path, whatever it is."""
    for layer in ALL:
        items = answer.get(layer.name) or ()
        if not isinstance(items, list | tuple):
            raise ValueError(f"{layer.name} is not a list: {items!r:.60}")
        for n, item in enumerate(items):
            yield f"{layer.name}[{n}]", item
            if isinstance(item, Mapping):
                yield from _inner(layer, item, f"{layer.name}[{n}]")


def _inner(layer: Layer, item: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    yield from ((f"{path}.{name}", item[name]) for name in layer.spans if item.get(name) is not None)
    for part in layer.parts:
        pieces = item.get(part) or ()
        if not isinstance(pieces, list | tuple):
            raise ValueError(f"{path}.{part} is not a list: {pieces!r:.60}")
        for k, piece in enumerate(pieces):
            yield f"{path}.{part}[{k}]", piece


def _items(page: Page, layer: Layer, items: Sequence[Mapping[str, Any]], trace: list[Alignment]) -> list[dict[str, Any]]:
    """Items with offsets, and their further spans, each as near as can be to the one declared before it (`head` to `counted`)."""
    placed = []
    for n, (item, found, span) in enumerate(_in_order(page, items, _clash)):
        path = f"{layer.name}[{n}]"
        row, near = _place(item, found, span, path, trace), span
        for name in layer.spans:
            if name in item:
                held = row[name] = _nearest(page, item[name], near, f"{path}.{name}", trace)
                near = Span(held["start"], held["end"]) if held and "start" in held else near
        placed.append(row)
    return placed


def _of_parts(page: Page, layer: Layer, items: Sequence[Mapping[str, Any]], trace: list[Alignment]) -> list[dict[str, Any]]:
    """The last of the needed parts (the content) says where an item stands, else the one before; the others are near it."""
    by = tuple(reversed(layer.needs))
    anchors: list[Mapping[str, Any]] = [next((item[part][0] for part in by if item.get(part)), {}) for item in items]
    placed = []
    for n, (item, (_, _, anchor)) in enumerate(zip(items, _in_order(page, anchors, lambda left, right: False), strict=True)):
        row = {name: value for name, value in item.items() if name not in layer.parts}
        for part in layer.parts:
            if part in item:
                row[part] = _pieces(page, item[part] or (), anchor, f"{layer.name}[{n}].{part}", trace)
        placed.append(row)
    return placed


def _pieces(
    page: Page, pieces: Sequence[Mapping[str, Any]], anchor: Span | None, path: str, trace: list[Alignment]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    taken: list[Span] = []
    for n, piece in enumerate(pieces):
        place = _nearest(page, piece, anchor, f"{path}[{n}]", trace, taken)
        assert place is not None
        found.append(place)
        if "start" in place:
            taken.append(Span(place["start"], place["end"]))
    return found


def _place(item: Mapping[str, Any], found: Found, span: Span | None, path: str, trace: list[Alignment]) -> dict[str, Any]:
    row = {name: value for name, value in item.items() if name not in ("start", "end", "text", "context")}
    if span is None:
        trace.append(Alignment(path, str(item.get("text")), "unlocated", None))
        return {"text": item.get("text"), **row}
    if "start" not in item:
        trace.append(Alignment(path, item["text"], found.alignment, span))
    return {"start": span.start, "end": span.end, **row}


def _nearest(
    page: Page,
    piece: Mapping[str, Any] | None,
    anchor: Span | None,
    path: str,
    trace: list[Alignment],
    taken: Sequence[Span] = (),
) -> dict[str, Any] | None:
    """The occurrence of a part that is nearest to the item's anchor; of two as near the one after it."""
    if piece is None:
        return None
    found, spans = _candidates(page, piece)
    free = [s for s in spans if not any(s.start < t.end and t.start < s.end for t in taken)]
    span = min(free, key=lambda s: _distance(s, anchor), default=None)
    return _place(piece, found, span, path, trace)


def _distance(span: Span, anchor: Span | None) -> tuple[int, int]:
    if anchor is None:
        return 0, span.start
    gap = max(span.start - anchor.end, anchor.start - span.end, 0)
    return gap, int(span.start < anchor.start)


def _candidates(page: Page, item: Mapping[str, Any]) -> tuple[Found, tuple[Span, ...]]:
    """Where an item can stand: its own offsets, else the occurrences within its context, else all."""
    if "start" in item:
        return Found("exact", ()), (Span(item["start"], item["end"]),)
    found = page.find(str(item.get("text") or ""))
    if context := item.get("context"):
        around = page.find(str(context)).spans
        inside = tuple(s for s in found.spans if any(c.covers(s) for c in around))
        return found, inside or found.spans
    return found, found.spans


def _clash(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Two items of one type do not overlap: a surname is not sought within the full name before it."""
    return left.get("type") == right.get("type")


def _in_order(
    page: Page, items: Sequence[Mapping[str, Any]], clash: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
) -> list[tuple[Mapping[str, Any], Found, Span | None]]:
    """Choose an occurrence for every item so that the items go forward through the text as far as they can.

    A step back costs more than any step forward, the same place twice costs more still; between equals the nearest goes first. An
    item that stands nowhere does not disturb the order of the others.
    """
    options = [_candidates(page, item) for item in items]
    chosen: list[Span | None] = [None] * len(items)
    placed = [n for n, (_, spans) in enumerate(options) if spans]
    best: list[dict[Span, tuple[int, Span | None]]] = []
    for k, n in enumerate(placed):
        apart = k > 0 and clash(items[placed[k - 1]], items[n])
        before = best[-1] if best else {Span(0, 0): (0, None)}
        step = {}
        for span in options[n][1]:
            cost, previous = min((cost + _step(left, span, len(page.text), apart), left) for left, (cost, _) in before.items())
            step[span] = (cost, previous if best else None)
        best.append(step)
    last = min(best[-1], key=lambda s: (best[-1][s][0], s)) if best else None
    for n, costs in zip(reversed(placed), reversed(best), strict=True):
        chosen[n] = last
        assert last is not None
        last = costs[last][1]
    return [(item, found, span) for item, (found, _), span in zip(items, options, _apart(options, chosen), strict=True)]


def _step(left: Span, right: Span, length: int, apart: bool) -> int:
    if left == right or (apart and left.start < right.end and right.start < left.end):
        return 3 * length
    return right.start - left.start if right.start >= left.start else 2 * length


def _apart(options: Sequence[tuple[Found, tuple[Span, ...]]], chosen: Sequence[Span | None]) -> list[Span | None]:
    """Move a repeated string off a place that an earlier item has, where it stands elsewhere too."""
    taken: set[Span] = set()
    apart: list[Span | None] = []
    for (_, spans), span in zip(options, chosen, strict=True):
        if span in taken:
            span = next((s for s in spans if s not in taken), span)
        if span is not None:
            taken.add(span)
        apart.append(span)
    return apart
