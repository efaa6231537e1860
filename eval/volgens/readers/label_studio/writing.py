"""How refs, numbers and units are written in the form's text fields."""

from __future__ import annotations

import re

from volgens.model.units import is_code
from volgens.readers.label_studio.form import parse_number

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _slug(text: str) -> str:
    hint = "Write a ref in small letters and digits with hyphens between, such as `jens-stoltenberg`."
    return "" if SLUG.fullmatch(text) else hint


def _number(text: str) -> str:
    if parse_number(text) is not None:
        return ""
    from_dutch = text.replace(".", "").replace(",", ".")
    example = f": `{from_dutch}`" if parse_number(from_dutch) is not None else ""
    return f"Write it in digits with a decimal point and nothing else, such as `1200`, `1.5` or `9e10`{example}."


def _unit(text: str) -> str:
    return "" if is_code(text) else "Write a code of the guidelines' table of units, such as `EUR`, `%`, `km` or `a`."


WRITING = {"slug": _slug, "number": _number, "unit": _unit}
"""What is wrong with the writing of a text field, as its hint; empty where nothing is."""
