"""The contract asked: its schemas, its closed values, and what breaks it as problems."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from volgens.model.contract import SCHEMAS
from volgens.model.documents import Segment
from volgens.model.layers import ALL
from volgens.model.layers.declaration import declared
from volgens.model.problem import Problem, Where

SHOWN = 60
NOWHERE = Where()


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema `gold` or `prediction` as a dictionary."""
    return SCHEMAS[name]()


@cache
def enumeration(item: str, field: str) -> tuple[str, ...]:
    """The values that the gold allows, for example `enumeration("entity", "type")`."""
    held = {layer.one: layer.fields for layer in ALL} | {"segment": declared(Segment)}
    return next(known.values for known in held[item] if known.name == field)


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema(name))


def explain(name: str, row: object, where: Where = NOWHERE) -> list[Problem]:
    """All that is wrong with `row` by the schema `name`, in the order of the fields. In a prediction null is absent."""
    row = bare(row) if name == "prediction" else row
    errors = sorted(_validator(name).iter_errors(row), key=lambda e: [str(p) for p in e.absolute_path])
    return list(dict.fromkeys(problem for error in errors for problem in _problems(error, where)))


def bare(value: Any) -> Any:
    """The value without keys that hold nothing."""
    if isinstance(value, Mapping):
        return {name: bare(inner) for name, inner in value.items() if inner is not None}
    return [bare(inner) for inner in value] if isinstance(value, list) else value


def path(parts: Iterable[object]) -> str:
    """`["figures", 2, "value"]` → `figures[2].value`."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def shown(value: object) -> str:
    """A value as JSON, shortened, for a message."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _problems(error: Any, where: Where) -> Iterator[Problem]:
    here = where._replace(field=path(error.absolute_path) or where.field)
    found = shown(error.instance)
    match error.validator:
        case "additionalProperties":
            known = set(error.schema["properties"])
            for name in sorted(set(error.instance) - known):
                place = where._replace(field=path([*error.absolute_path, name]))
                yield Problem(place, "unknown-field", f"no field {name!r} here", _nearest(name, known))
        case "required":
            for name in (name for name in error.validator_value if name not in error.instance):
                place = where._replace(field=path([*error.absolute_path, name]))
                yield Problem(place, "missing-field", "the field is missing", "Add it.")
        case "type":
            wanted = error.validator_value
            names = wanted if isinstance(wanted, str) else " or ".join(wanted)
            yield Problem(here, "wrong-type", f"{found} is not of type {names}", f"Give a JSON {names}{_or_decimals(error)}.")
        case "enum":
            hint = f"Use one of {', '.join(shown(v) for v in error.validator_value if v is not None)}{_or_map(error)}."
            yield Problem(here, "unknown-value", f"{found} is not one of the values allowed", hint)
        case "minimum":
            yield Problem(here, "out-of-range", f"{found} is below {error.validator_value}", "Offsets and lengths count from 0.")
        case "minItems" | "minLength":
            yield Problem(here, "empty", "at least one is needed", "Fill it, or leave the item out.")
        case "anyOf" if _is_place(error):
            yield Problem(here, "no-place", f"{found} says neither where nor what", _PLACE_CURE)
        case "anyOf" if any("null" in str(option.get("type", "")) for option in error.validator_value):
            for inner in error.context:
                if inner.schema_path[0] == 0:
                    yield from _problems(inner, where)
        case _:
            yield Problem(here, "schema", f"{found}: {error.message[:200]}", f"See the schema rule {path(error.schema_path)}.")


def _or_map(error: Any) -> str:
    """What else may be done about a label of another scheme: names alone are mapped."""
    path = list(error.absolute_path)
    named = len(path) == 3 and (path[0], path[2]) == ("entities", "type")
    return f", or say which of them it means with `--map {error.instance}=…`" if named else ""


def _or_decimals(error: Any) -> str:
    """What else may be done about a number that is a string."""
    number = "number" in error.validator_value and isinstance(error.instance, str)
    return OR_DECIMALS if number else ""


OR_DECIMALS = ", or say with `--decimals` by which sign the strings write fractions"


_PLACE_CURE = (
    "Give `start` and `end` (code points, end exclusive), or `text` to be located; an attribution needs a `cue` or a `content`."
)


def _is_place(error: Any) -> bool:
    return all("required" in option for option in error.validator_value)


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean `{close[0]}`?" if close else f"Remove it; the fields are {', '.join(sorted(known))}."


def names(row: Mapping[str, Any]) -> str | None:
    """The id of a row, where it has one that is a string."""
    found = row.get("id") if isinstance(row, Mapping) else None
    return found if isinstance(found, str) else None
