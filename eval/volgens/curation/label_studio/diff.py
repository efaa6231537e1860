"""What an annotator changed, for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from volgens.curation.pairing import Change
from volgens.model.gold import compact


def table(changes: Sequence[Change], texts: Mapping[str, str | None]) -> str:
    """One line a change, with the words it is about where the text is known, and a count per layer and field."""
    if not changes:
        return "no difference"
    lines = [f"{c.document} {_item(c, texts.get(c.document))}{_what(c, texts.get(c.document))}" for c in changes]
    counts = Counter((c.layer, c.field or ("added" if c.before is None else "removed")) for c in changes)
    return "\n".join([*lines, "", *(f"{layer:<13}{field:<14}{times:>5}" for (layer, field), times in sorted(counts.items()))])


def _item(c: Change, text: str | None) -> str:
    names = c.after if c.before == c.after else f"{c.before or '—'}→{c.after or '—'}"
    return f"{names} " + ("" if c.field is None or text is None else f"«{text[c.start : c.end]}» ")


def _what(c: Change, text: str | None) -> str:
    if c.field is None:
        return f"{'added' if c.before is None else 'removed'}: {_value(c.new if c.old is None else c.old, text)}"
    return f"{c.layer}.{c.field}: {_value(c.old, text)} → {_value(c.new, text)}"


def _value(value: Any, text: str | None) -> str:
    if isinstance(value, list):
        return " … ".join(_value(v, text) for v in value) or "—"
    if isinstance(value, dict) and "cue" in value:
        return f"{_value(value['cue'] or value['content'], text)} ({value['kind']})"
    if isinstance(value, dict):
        words = f"«{text[value['start'] : value['end']]}» " if text else ""
        return f"{words}{value['start']}-{value['end']}" + "".join(f" {value[n]}" for n in ("type", "kind") if n in value)
    return "—" if value is None else compact(value) if isinstance(value, float) else str(value)
