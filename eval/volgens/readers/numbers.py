"""Numbers given as strings, read only when the user says by which decimal sign."""

from __future__ import annotations

import json
import re
from typing import Any

FIELDS = ("value", "min", "max")
GROUPED = {
    ",": re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?([eE][+-]?\d+)?"),
    ".": re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?"),
}
"""What a number looks like by its decimal sign; the other sign groups thousands."""


def parse_number(text: str, decimals: str) -> float | None:
    """The number that `text` writes, None where it writes none by this decimal sign.

    >>> parse_number("12.000", ","), parse_number("12.000", "."), parse_number("1,2e4", ",")
    (12000.0, 12.0, 12000.0)
    """
    plain = text.strip().replace("\u00a0", "").replace(" ", "")
    if not GROUPED[decimals].fullmatch(plain):
        return None
    other = "." if decimals == "," else ","
    return float(plain.replace(other, "").replace(decimals, "."))


def read_numbers(data: bytes, decimals: str) -> bytes:
    """JSON lines with the strings under `value`, `min` and `max` of figures as numbers; what is no number stays for the check."""
    return b"\n".join(_line(line, decimals) for line in data.split(b"\n"))


def _line(line: bytes, decimals: str) -> bytes:
    try:
        row: Any = json.loads(line)
    except ValueError:
        return line
    figures = row.get("figures") if isinstance(row, dict) else None
    for item in figures if isinstance(figures, list) else ():
        for name in FIELDS:
            if isinstance(item, dict) and isinstance(item.get(name), str):
                number = parse_number(item[name], decimals)
                item[name] = item[name] if number is None else number
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") if figures else line
