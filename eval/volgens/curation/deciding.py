"""What an adjudicator submitted, with their notes → decisions, each with a rule and a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from volgens.curation.adjudication import Decision, Item, Point, build_gold, describe, shown
from volgens.curation.pairing import LINKS, pair
from volgens.model.documents import LAYERS
from volgens.model.gold import Gold, compact, main_span, plain_items
from volgens.model.problem import Problem, Where
from volgens.readers.label_studio.form import CHANGED, STAYS

NOTE = re.compile(r"(?:(?P<point>\d+|\+)\s*[:.)]?\s+)?(?P<rule>[A-Z]\d+[a-z]?)\s*[:.,]?\s+(?P<reason>\S.*)")
BEYOND, ANY = "+", "*"
KEPT = ("", "looked at: it stays as it was")
"""The rule and reason of a point that an adjudicator left as it was by one key."""


def decide(
    found: Sequence[Point],
    final: Gold,
    notes: Iterable[str],
    by: str,
    date: str,
    file: str | None = None,
    start: str | None = None,
) -> tuple[list[Decision], list[Problem]]:
    """What an adjudicator chose, from the annotation they submitted and their notes.

    A line is `3: A7 the apposition belongs to the source`, for an open point by its number; `+` instead of a number explains
    changes beyond the open points; a line without number, `A7 the apposition …`, explains whatever has no line of its own. Where
    they began with the reading `start` (the gold), the note `stays` decides all open points that are as they were: `KEPT`.
    """
    where = Where(file, document=final.id)
    verdicts, reasons, problems = _read_notes(notes, where)
    numbers = {point.key: str(n) for n, point in enumerate((p for p in found if p.open), 1)}
    decisions, changed = [], False
    for point, chosen in _chosen(found, final):
        same = chosen is not None and any(_alike(option.item, chosen, found) for option in point.options)
        if not point.open and same:
            continue
        number = numbers.get(point.key, BEYOND)
        stays = start is not None and _stays(point, chosen, start, found)
        changed |= not stays
        because = reasons.get(number) or ((KEPT if verdicts else None) if stays else reasons.get(ANY))
        if because is None:
            problems.append(_unexplained(where, number, point, chosen, stays))
        else:
            decisions.append(Decision(point, chosen, *because, by, date))
    for number in sorted(set(reasons) - set(numbers.values()) - {BEYOND, ANY}):
        problems.append(Problem(where, "no-such-point", f"there is no open point {number}", "Correct the number of the line."))
    if start is not None and verdicts == {CHANGED} and not changed:
        problems.append(Problem(where, "nothing-changed", "`changed` is chosen, and nothing is", "Choose `stays`, or change it."))
    return decisions, problems


def _read_notes(notes: Iterable[str], where: Where) -> tuple[set[str], dict[str, tuple[str, str]], list[Problem]]:
    """What was chosen, what was written for which point, and what is neither."""
    lines = list(notes)
    verdicts = {line for line in lines if line in (STAYS, CHANGED)}
    reasons: dict[str, tuple[str, str]] = {}
    problems = []
    for line in (line for line in lines if line not in verdicts):
        match = NOTE.fullmatch(line)
        if match is None:
            hint = "Write `number: RULE reason`, such as `3: A7 …`, or `RULE reason`."
            problems.append(Problem(where, "not-a-note", f"{line[:60]!r}", hint))
        else:
            reasons[match["point"] or ANY] = match["rule"], match["reason"]
    return verdicts, reasons, problems


def _stays(point: Point, chosen: Item | None, start: str, found: Sequence[Point]) -> bool:
    """Whether a point is as the reading `start` has it."""
    begun = next((option.item for option in point.options if start in option.by), None)
    return begun is None if chosen is None else _alike(begun, chosen, found)


def _unexplained(where: Where, number: str, point: Point, chosen: Item | None, stays: bool) -> Problem:
    what = f"open point {number} has no reason" if number != BEYOND else "a change beyond the open points has no reason"
    hint = "Choose `stays`, or change it." if stays else f"Add a line `{number}: RULE reason`."
    return Problem(where, "no-reason", f"{what}: {_summary(point, chosen)}", hint)


def _summary(point: Point, chosen: Item | None) -> str:
    return describe(point) if point.options else f"{point.layer} {shown(chosen, None, point)}"


def _chosen(found: Sequence[Point], final: Gold) -> list[tuple[Point, Item | None]]:
    """Each point with the final item that stands in its place, and a point without options for each item that is new."""
    items = plain_items(final)
    taken: dict[str, set[int]] = {layer: set() for layer in LAYERS}
    chosen: dict[str, Item] = {}
    readers = list(dict.fromkeys(name for point in found for option in point.options for name in option.by))
    for exact in (True, False):
        for reader in readers:
            mine = [
                (p, o.item) for p in found for o in p.options if reader in o.by and o.item is not None and p.key not in chosen
            ]
            built = build_gold(final, {layer: [item for p, item in mine if p.layer == layer] for layer in LAYERS})
            pairs = pair([built], [final])[final.id]
            for layer in LAYERS:
                there = [p for p, _ in mine if p.layer == layer]
                said = [item for p, item in mine if p.layer == layer]
                for home, position in pairs[layer]:
                    if home is None or position is None or position in taken[layer]:
                        continue
                    if not exact or _alike(said[home], items[layer][position], found):
                        chosen[there[home].key] = items[layer][position]
                        taken[layer].add(position)
    result = [(point, chosen.get(point.key)) for point in found]
    for layer in LAYERS:
        new = [item for n, item in enumerate(items[layer]) if n not in taken[layer]]
        result += [(Point(final.id, layer, ()), item) for item in new]
    return result


def _alike(one: Item | None, other: Item, found: Sequence[Point]) -> bool:
    """Equal but for the span of what a link leads to."""
    if one is None:
        return False
    links = {compact(main_span(o.item)): n for n, p in enumerate(found) for o in p.options if o.item is not None}
    return all(
        one.get(name) == other.get(name)
        or (name in LINKS.values() and links.get(compact(one[name])) == links.get(compact(other[name]), -1))
        for name in {**one, **other}
    )
