"""Changes of the gold after it was made: decisions like any other, with rule, reason, who and when; and the replay of it all.

A correction is a decision one of whose options is the gold's: that one goes, what was chosen comes in its place. They are kept
in the order in which they were made, so that readings, decisions and corrections give the gold again at any time.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from volgens.curation.adjudication import Decision, Option, Point, build_gold, points, read_decisions, resolve
from volgens.curation.deciding import KEPT
from volgens.curation.folder import Folder
from volgens.curation.merge import differs
from volgens.curation.pairing import pair
from volgens.model.documents import LAYERS
from volgens.model.gold import Gold, compact, main_span, plain_items, renumbered, write_text
from volgens.model.problem import Problem, Where

GOLD = "gold"
"""The reader that stands for the gold as it was."""

Item = dict[str, Any]
Because = tuple[str, str]
"""A rule and a reason."""


def was(correction: Decision) -> Item | None:
    """What the gold had at the place of a correction."""
    return next((option.item for option in correction.point.options if GOLD in option.by), None)


def between(old: Gold, new: Gold, because: Because, by: str, date: str) -> list[Decision]:
    """The corrections that lead from one annotation to another, in text order. An item whose link moves is corrected too."""
    before, after = plain_items(old), plain_items(new)
    pairs = pair([old], [new])[old.id]
    found = []
    for layer in LAYERS:
        for a, b in pairs[layer]:
            mine, chosen = (None if n is None else items[layer][n] for items, n in ((before, a), (after, b)))
            if mine != chosen:
                found.append(Decision(Point(old.id, layer, (Option((GOLD,), mine),)), chosen, *because, by, date))
    return sorted(found, key=lambda c: (LAYERS.index(c.point.layer), main_span(was(c) or c.chosen or {})["start"], c.point.key))


def settled(old: Gold, new: Gold, decided: Sequence[Decision], by: str, date: str) -> list[Decision]:
    """The corrections that lead from the gold to what an adjudicator submitted, each with the reason that was given for it.

    An item of which only the link moved has the reason of a decision in its document.
    """
    changes = [d for d in decided if was(d) != d.chosen]
    given = {compact(item): (d.rule, d.reason) for d in changes for item in (was(d), d.chosen) if item is not None}
    first = next(((d.rule, d.reason) for d in changes), KEPT)
    return [
        replace(c, rule=rule, reason=reason)
        for c in between(old, new, KEPT, by, date)
        for rule, reason in [given.get(compact(was(c))) or given.get(compact(c.chosen)) or first]
    ]


def applied(gold: Gold, corrections: Iterable[Decision]) -> tuple[Gold, list[Problem]]:
    """The gold after its corrections, one after the other; a correction of what is not there is a problem, and left out."""
    items = plain_items(gold)
    problems = []
    for correction in (c for c in corrections if c.point.document == gold.id):
        layer, old = correction.point.layer, was(correction)
        if old is not None and old not in items[layer]:
            place = main_span(old)
            where = Where(document=gold.id, field=f"{layer} at {place['start']}")
            hint = "Restore the lines of the corrections in their order."
            problems.append(Problem(where, "stale-correction", "a correction of what the gold did not have", hint))
            continue
        if old is not None:
            items[layer].remove(old)
        if correction.chosen is not None:
            items[layer].append(correction.chosen)
    return replace(renumbered(build_gold(gold, items)), provenance=gold.provenance), problems


def append(path: str | os.PathLike[str], new: Iterable[Decision]) -> tuple[int, list[Problem]]:
    """Add corrections at the end of a file: how many were new.

    Those of a document that are its last ones already are not added again: a run was broken off before it wrote the gold.
    """
    there, problems = read_decisions(path)
    if problems:
        return 0, problems
    by_document: dict[str, list[Decision]] = defaultdict(list)
    for correction in new:
        by_document[correction.point.document].append(correction)
    fresh: list[Decision] = []
    for name, mine in by_document.items():
        last = [d for d in there if d.point.document == name][-len(mine) :]
        fresh += [] if last == mine else mine
    if fresh:
        write_text(path, "".join(compact(decision.to_dict()) + "\n" for decision in (*there, *fresh)))
    return len(fresh), []


def read_readings(folder: Folder, config: str) -> tuple[dict[str, dict[str, Gold]], list[Problem]]:
    """document → reader → what they read: the exports `CONFIG-…first.json` and `CONFIG-…reading-N.json` of annotations/raw."""
    from volgens.curation.label_studio.exports import read_export
    from volgens.readers.label_studio.export import from_export

    found: dict[str, dict[str, Gold]] = defaultdict(dict)
    problems: list[Problem] = []
    for path in sorted(folder.raw.glob(f"{config}-*.json")):
        if not re.fullmatch(rf"{re.escape(config)}-(?:.+-)?(?:first|reading-\d+)\.json", path.name):
            continue
        tasks, unread = read_export(path)
        export = from_export(tasks, file=str(path))
        problems += unread + export.problems
        for reading in export.readings:
            if reading.status == "submitted":
                found[reading.gold.id][reading.annotator] = reading.gold
    return dict(found), problems


def replay(folder: Folder, config: str) -> list[Problem]:
    """Every document whose gold does not follow from its readings, the decisions and the corrections."""
    said, problems = read_readings(folder, config)
    golds, unread = folder.golds(config)
    decided, bad = read_decisions(folder.decisions)
    corrected, worse = read_decisions(folder.corrections)
    problems += unread + bad + worse
    if problems:
        return problems
    for name, (split, gold) in golds.items():
        where = Where(str(folder.gold_file(config, split)), document=name)
        if name not in said:
            hint = f"Keep the export with its reading as annotations/raw/{config}-…-reading-1.json."
            problems.append(Problem(where, "no-reading", "no reading is kept of this document", hint))
            continue
        again, wrong = replayed(said[name], decided, corrected)
        problems += wrong
        if not wrong and differs(again, gold):
            hint = "Correct by `volgens label accept` or by a decision, never in the file."
            problems.append(Problem(where, "not-replayed", "readings, decisions and corrections give another gold", hint))
    return problems


def replayed(
    readings: Mapping[str, Gold], decided: Sequence[Decision], corrected: Sequence[Decision]
) -> tuple[Gold, list[Problem]]:
    """The gold of one document, from all that was said and decided."""
    resolved, problems = resolve(next(iter(readings.values())), points(readings), decided)
    return (resolved, problems) if problems else applied(resolved, corrected)
