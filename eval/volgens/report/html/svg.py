"""An Altair chart as a small SVG that may stand in a page: drawn offline, with nothing in it but shapes and words.

Colours are the page's own (`var(--ink)`), so a chart follows light and dark.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"svg", "g", "path", "rect", "line", "text", "tspan", "circle"}
PLACE = {"width", "height", "viewBox", "transform", "d", "x", "y", "x1", "x2", "y1", "y2", "r", "display", "text-anchor"}
PAINT = {"opacity", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-miterlimit"}
SAID = PLACE | PAINT | {"font-size", "font-weight"}
EMPTY = {"", "M0,0h0v0h0Z"}
LONG = re.compile(r"(\d+\.\d\d)\d+")

WORDS = {
    "labelColor": "var(--ink)",
    "labelFontSize": 12,
    "titleColor": "var(--quiet)",
    "titleFontSize": 12,
    "titleFontWeight": "normal",
}
LINES = {"gridColor": "var(--line)", "tickColor": "var(--line)", "domainColor": "var(--line)"}
CONFIG: dict[str, Any] = {
    "background": None,
    "padding": {"left": 22, "right": 14, "top": 4, "bottom": 4},
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {**WORDS, **LINES, "labelLimit": 220},
    "header": {"labelColor": "var(--ink)", "labelFontSize": 13, "labelFontWeight": "bold", "labelAnchor": "start"},
}


def svg(chart: Any) -> str:
    """Render a chart. Raises ValueError where the drawing holds what a page of ours does not."""
    import vl_convert

    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg({**chart.to_dict(), "config": CONFIG}))
    drawn.attrib.pop("version", None)
    _clean(drawn)
    drawn.set("aria-hidden", "true")
    drawn.set("focusable", "false")
    return ElementTree.tostring(drawn, encoding="unicode")


def _clean(element: ElementTree.Element) -> None:
    name = element.tag.removeprefix(SVG)
    if name not in SHAPES:
        raise ValueError(f"a chart holds <{name}>")
    element.tag = name
    element.attrib = {key: LONG.sub(r"\1", value) for key, value in element.attrib.items() if key in SAID}
    for child in list(element):
        _clean(child)
        if _draws_nothing(child):
            element.remove(child)


def _draws_nothing(element: ElementTree.Element) -> bool:
    return not len(element) if element.tag == "g" else element.tag == "path" and element.get("d", "") in EMPTY
