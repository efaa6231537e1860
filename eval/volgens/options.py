"""The options of scoring: their values, stated once, and the one check at the door."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from volgens.model.problem import Problem, ProblemsFound, Where

Missing = Literal["refuse", "empty"]
Labels = Literal["scheme", "any"]
Decimals = Literal[",", "."]
Unusable = Literal["refuse", "empty"]
Scheme = Literal["iob1", "iob2", "bioes", "bilou", "conlleval", "brackets", "iob", "bio", "iobes", "bioul"]


class Rule(NamedTuple):
    """Which values an option may have, and how to say it."""

    allows: Callable[[Any], bool]
    said: str


def _one_of(values: tuple[str, ...], or_none: bool = False) -> Rule:
    said = [*map(repr, values), *(["None"] if or_none else [])]
    return Rule(lambda value: (value is None and or_none) or (isinstance(value, str) and value in values), " or ".join(said))


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_name(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value != "")


def _is_map(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and all(isinstance(s, str) for pair in value.items() for s in pair))


def _is_register(value: Any) -> bool:
    return _is_map(value) or (isinstance(value, str | Path) and str(value) != "")


RULES: Mapping[str, Rule] = {
    "missing": _one_of(get_args(Missing)),
    "labels": _one_of(get_args(Labels)),
    "decimals": _one_of(get_args(Decimals), or_none=True),
    "scheme": _one_of(get_args(Scheme), or_none=True),
    "from_": Rule(_is_name, "the name of a format (`volgens formats`) or None"),
    "config": Rule(_is_name, "the name of a configuration, such as 'own', or None"),
    "split": Rule(_is_name, "the name of a split, such as 'test', or None"),
    "map": Rule(_is_map, "a mapping of labels to labels, such as {'PERSON': 'PER'}, or None"),
    "tolerance": Rule(_is_share, "a finite number of 0 or more: the share of the gold's number (0.01 is one percent)"),
    "seed": Rule(lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    "register": Rule(_is_register, "the path of a register, a mapping of aliases to slugs, or None"),
    "columns": Rule(_is_name, "token and tag column, such as 'token=2,tag=8', or None"),
    "unusable": _one_of(get_args(Unusable)),
    "threshold": Rule(lambda value: value is None or _is_number(value), "a finite number or None"),
    "chosen_on": Rule(_is_name, "the split on which the threshold was chosen, such as 'validation', or None"),
    "items": Rule(lambda value: isinstance(value, bool), "True or False"),
}
"""Option → its rule. The names are those of the command line, of Python and of the signature."""


def check(**given: Any) -> None:
    """Raise `ProblemsFound` with every option that has a value it may not have, and the values that it may."""
    wrong = [name for name, value in given.items() if not RULES[name].allows(value)]
    if wrong:
        raise ProblemsFound([_not_allowed(name, given[name]) for name in wrong])


def _not_allowed(name: str, value: Any) -> Problem:
    shown = repr(value) if len(repr(value)) <= 60 else f"a {type(value).__name__}"
    return Problem(Where(field=name), "unknown-option-value", f"{name} cannot be {shown}", f"Give {RULES[name].said}.")


def without_effect(name: str, why: str) -> Problem:
    """An option that would change nothing."""
    return Problem(Where(field=name), "option-without-effect", f"{name} would change nothing: {why}", "Leave it out.")
