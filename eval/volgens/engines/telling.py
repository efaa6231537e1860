"""The problems of a corpus that was read in parts, as `volgens.score` tells them of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from volgens.engines.buckets import Sum, Task
from volgens.engines.facts import Facts
from volgens.engines.found import Found, Placed
from volgens.model.problem import Problem
from volgens.readers.check import cure_of_unknown
from volgens.readers.foreign.labels import OTHER, of_another_corpus, unused_among
from volgens.readers.patterns import MISTAKES
from volgens.readers.threshold import unsure

UNKNOWN = "unknown-document"
ONCE = frozenset({OTHER, *(mistake.id for mistake in MISTAKES)})
"""What is said once of a file: each part has said it of itself."""


def problems(facts: tuple[Facts, Facts], found: Sum, task: Task) -> list[Problem]:
    """All problems; those of the gold go before those of the predictions, which mean little where the gold is wrong."""
    gold, guesses = facts
    if found.wrong[0].times:
        return _in_order(found.wrong[0].told(gold.lines))
    wrong = _once(guesses.found + found.wrong[1])
    told = _in_order([_cured(problem, wrong, facts) for problem in wrong.told(guesses.lines)])
    name, labels = task.names[1], _labels(guesses, wrong, task.names[1])
    if wrong.times:
        unused = unused_among(task.reading.map, guesses.labels, name) if task.reading.map and not guesses.found.times else []
        return [*labels, *told, *unused]
    unused = unused_among(task.reading.map, guesses.labels, name) if task.reading.map else []
    return unused or (unsure(guesses.confidence, name) if task.reading.threshold is not None else [])


def _in_order(found: list[Problem]) -> list[Problem]:
    """As `volgens.score` has them: by line, then by document; what is said of the file as a whole first, of all rules last."""
    return sorted(found, key=lambda p: (p.id == "more-problems", p.id not in ONCE, p.where.line or 0, p.where.document or ""))


def _once(found: Found) -> Found:
    """Without the repetitions of what is said once of a file; the labels are told by `_labels`."""
    seen: set[str] = set()
    first = []
    for each in found.first:
        rule = each.problem.id
        if rule == OTHER or (rule in ONCE and rule in seen):
            continue
        seen.add(rule)
        first.append(each)
    times = Counter({rule: 1 if rule in ONCE else n for rule, n in found.times.items() if rule != OTHER})
    return replace(found, first=tuple(first), times=times)


def _labels(guesses: Facts, wrong: Found, name: str | None) -> Iterator[Problem]:
    """Whose labels the names have, where the scheme does not know them."""
    if not any(_of_type(each) for each in wrong.first):
        return
    if (problem := of_another_corpus(guesses.mapped, name)) is not None:
        yield problem


def _of_type(each: Placed) -> bool:
    return each.problem.id == "unknown-value" and (each.problem.where.field or "").endswith("].type")


def _cured(problem: Problem, wrong: Found, facts: tuple[Facts, Facts]) -> Problem:
    """The problem with what to do about it where that depends on all documents."""
    if problem.id != UNKNOWN:
        return problem
    none = wrong.times[UNKNOWN] == facts[1].rows
    return problem._replace(hint=cure_of_unknown(facts[0].least if none else None))
