"""Is a piece of an export of the shape that the readers of this package count on? Everything else is reported, never read."""

from __future__ import annotations

from typing import Any, TypeGuard

from volgens.readers.label_studio.form import Json

LAYERS = ("annotations", "drafts", "predictions")


def is_task(task: object) -> TypeGuard[Json]:
    """A task that was pushed from here: doc_id, length and sha256 of its text, and the text itself unless it was stripped."""
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return False
    data = task["data"]
    known = {"doc_id": str, "length": int, "sha256": str}
    return (
        all(type(data.get(name)) is kind for name, kind in known.items())
        and all(isinstance(data.get(name), str | None) for name in ("text", "page", "config"))
        and _all(data.get("segments"), _is_segment)
        and (task.get("id") is None or type(task["id"]) is int)
    )


def _is_segment(given: Any) -> bool:
    if (
        not isinstance(given, dict)
        or not set(given) <= {"kind", "start", "end", "sha256"}
        or not isinstance(given.get("kind"), str)
    ):
        return False
    return type(given.get("start")) is int and type(given.get("end")) is int and isinstance(given.get("sha256", ""), str)


def is_annotation(given: object) -> TypeGuard[Json]:
    """An annotation, draft or prediction with its results, whatever these are."""
    return (
        isinstance(given, dict)
        and isinstance(given.get("result"), list | None)
        and (given.get("id") is None or type(given["id"]) is int)
        and isinstance(given.get("model_version"), str | None)
        and all(_is_user(given.get(name)) for name in ("completed_by", "user"))
    )


def _is_user(given: Any) -> bool:
    if isinstance(given, dict):
        return all(isinstance(given.get(name), str | int | None) for name in ("email", "username", "id"))
    return isinstance(given, str | int | None)


def is_result(given: object) -> TypeGuard[Json]:
    """A region's label or field, or a relation. Whether its values are right is another matter."""
    if not isinstance(given, dict):
        return False
    if given.get("type") == "relation":
        ends = all(isinstance(given.get(name), str | int) for name in ("from_id", "to_id"))
        return ends and isinstance(given.get("direction"), str | None) and _all(given.get("labels"), _is_text)
    value = given.get("value")
    return (
        isinstance(given.get("id"), str | int)
        and isinstance(given.get("from_name"), str)
        and isinstance(given.get("type"), str | None)
        and isinstance(value, dict)
        and all(isinstance(value.get(name), str | None) or _all(value[name], _is_text) for name in ("labels", "choices", "text"))
    )


def _is_text(given: Any) -> bool:
    return isinstance(given, str)


def _all(given: Any, check: Any) -> bool:
    return given is None or (isinstance(given, list) and all(check(part) for part in given))
