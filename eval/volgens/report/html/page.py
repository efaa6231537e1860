"""A page from its template: one file, its own style and script inside, a policy that lets nothing else run or load."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS = files("volgens.report.html") / "assets"
SCRIPTS = ("dom.js", "text.js", "joins.js", "entries.js", "documents.js", "controls.js", "keys.js")
"""In this order one script: each may use what stands before it."""
COMPARE = ("dom.js", "text.js", "joins.js", "entries.js", "compare.js")
"""The script of the page of several systems."""

INERT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def render(template: str, data: Any = None, scripts: tuple[str, ...] = SCRIPTS, **told: Any) -> str:
    """The page. `data` is what its script reads; a page without data has no script. All that is `told` is escaped."""
    style, script = _asset("page.css"), None if data is None else _script(scripts)
    html: str = (
        _environment()
        .get_template(template)
        .render(policy=_policy(style, script), style=style, script=script, data=data and inert(data), **told)
    )
    return html


def _policy(style: str, script: str | None) -> str:
    """Nothing is fetched, and no other style or script than ours is run."""
    ours = _hashed(script) if script else "'none'"
    return f"default-src 'none'; style-src {_hashed(style)}; script-src {ours}; base-uri 'none'; form-action 'none'"


def inert(data: Any) -> str:
    """JSON that can stand inside a script element: nothing in it can end the element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(INERT)


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@cache
def _script(names: tuple[str, ...]) -> str:
    parts = "\n".join(_asset(name) for name in names)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from volgens.report.html.rows import number

    environment = Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = number
    return environment
