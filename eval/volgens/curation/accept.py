"""From what an annotator or an adjudicator submitted to the gold: checked, recorded as decisions, merged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from volgens.curation.adjudication import Decision, changelog, points, read_decisions, resolve, write_decisions
from volgens.curation.corrections import GOLD, Because, append, applied, between, settled
from volgens.curation.deciding import KEPT
from volgens.curation.folder import Folder
from volgens.curation.merge import Allowed, Merged, differs, merge
from volgens.model.documents import Document, Provenance
from volgens.model.gold import Gold
from volgens.model.problem import Problem, Where
from volgens.readers.label_studio.export import Reading


@dataclass(frozen=True)
class How:
    """How gold comes to be: what annotated (`person` or `model`), under which guidelines, on which day (ISO 8601)."""

    by: str
    guidelines: str
    date: str


@dataclass
class Outcome:
    """What was done. `lines` are those for the changelog, one for each change of what was there."""

    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    corrections: int = 0
    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def accept(
    folder: Folder,
    config: str,
    readings: Sequence[Reading],
    documents: Iterable[Document],
    how: How,
    *,
    blind: Collection[str] = (),
    because: Because | None = None,
    allowed: Allowed | None = None,
) -> Outcome:
    """Put one annotator's readings in the place of the gold, document by document; what is not fit is a problem, and left out.

    Where there was gold, every change of it becomes a correction with the rule and reason of `because`. The provenance of a
    document that changes says what its gold now is: one reading, begun from labels or (of the documents `blind`) from none.
    Documents that do not change stay as they are.
    """
    golds, _ = folder.golds(config)
    new = [
        replace(r.gold, provenance=Provenance(how.by, 1, r.gold.id in blind, False, how.guidelines, how.date)) for r in readings
    ]
    places = {reading.gold.id: reading.place for reading in readings}
    merged = merge(folder, config, new, documents, allowed, places)
    corrections = [
        correction
        for gold in new
        if gold.id in merged.changed and gold.id in golds
        for correction in between(golds[gold.id][1], gold, because or KEPT, how.by, how.date)
    ]
    if corrections and because is None:
        ids = ", ".join(sorted({c.point.document for c in corrections}))
        message = f"{len(corrections)} changes of gold without a reason, in {ids}"
        hint = "Say by which rule and why: --rule E14 --reason TEXT (--documents takes some of them at a time)."
        return Outcome(problems=[*merged.problems, Problem(Where(), "no-reason", message, hint)])
    return _finish(folder, merged, corrections)


def correct(
    folder: Folder,
    config: str,
    finals: Mapping[str, Gold],
    decided: Sequence[Decision],
    begun: Mapping[str, Gold],
    documents: Iterable[Document],
    how: How,
    allowed: Allowed | None = None,
) -> Outcome:
    """Let decisions on differences with the gold change it: `finals` are what was submitted, `begun` the gold it began with.

    A document whose gold has changed since it was pushed is a problem. The provenance stays: the document was not read anew; that
    some of its labels were corrected, and by whom, is counted from the corrections. Points that stay are kept in kept.jsonl.
    """
    golds, _ = folder.golds(config)
    new, corrections, problems = [], [], []
    for name, final in sorted(finals.items()):
        _, now = golds.get(name, ("", None))
        if now is None:
            problems.append(Problem(Where(document=name), "no-gold", "the document has no gold to correct", "Accept it first."))
        elif not differs(now, final):
            new.append(replace(final, provenance=now.provenance))
        elif differs(now, begun[name]):
            message = "its gold has changed since it was pushed"
            problems.append(Problem(Where(document=name), "gold-moved", message, "Push the differences again, to a new project."))
        else:
            new.append(replace(final, provenance=now.provenance))
            mine = [d for d in decided if d.point.document == name]
            corrections += settled(now, final, mine, how.by, how.date)
    merged = merge(folder, config, new, documents, allowed)
    merged.problems[:0] = problems
    merged_ids = {*merged.changed, *merged.same}
    kept = [d for d in decided if (d.rule, d.reason) == KEPT and d.point.document in merged_ids]
    if kept:
        earlier, unread = read_decisions(folder.kept)
        if unread:
            return Outcome(problems=[*merged.problems, *unread])
        write_decisions(folder.kept, [*earlier, *(replace(d, by=how.by) for d in kept)])
    return _finish(folder, merged, [c for c in corrections if c.point.document in merged.changed])


def write_resolved(
    folder: Folder,
    config: str,
    readings: Mapping[str, Mapping[str, Gold]],
    documents: Iterable[Document],
    how: How,
    blind: bool,
    allowed: Allowed | None = None,
) -> Outcome:
    """Write the gold that follows from readings, decisions and corrections, for the documents that were read; nothing where a
    point is open. The provenance says how many readings each document had.
    """
    decided, problems = read_decisions(folder.decisions)
    corrected, unread = read_decisions(folder.corrections)
    problems += unread
    golds = []
    for _, said in sorted(readings.items()):
        provenance = Provenance(how.by, len(said), blind, len(said) > 1, how.guidelines, how.date)
        gold, wrong = resolve(next(iter(said.values())), points(said), decided, provenance)
        gold, stale = applied(gold, corrected) if not wrong else (gold, [])
        golds.append(gold)
        problems += wrong + stale
    uncorrected = {gold.id for gold in golds} - {correction.point.document for correction in corrected}
    merged = merge(folder, config, golds, documents, allowed, restamped=uncorrected)
    problems += merged.problems
    return Outcome(problems=problems) if problems else _finish(folder, merged, [])


def _finish(folder: Folder, merged: Merged, corrections: Sequence[Decision]) -> Outcome:
    """Record the corrections, then write the gold: after a crash in between, doing it again ends in the same state."""
    added, unread = append(folder.corrections, corrections) if corrections else (0, [])
    if unread:
        return Outcome(problems=[*merged.problems, *unread])
    merged.write()
    return Outcome(merged.changed, merged.same, added, changelog(corrections, GOLD), merged.problems)
