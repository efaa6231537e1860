"""A scorecard as text, JSON and more. Numbers are rounded here and nowhere else; what is undefined is a dash, or null."""

from __future__ import annotations

from volgens.scorecard import Scorecard


def render(card: Scorecard, how: str) -> str:
    """The scorecard in one of the formats text, json, markdown, latex, csv and score."""
    from volgens.report import tables
    from volgens.scorecard.text import text

    return {
        "text": text,
        "json": Scorecard.to_json,
        "markdown": tables.markdown,
        "latex": tables.latex,
        "csv": tables.csv,
        "score": tables.bare,
    }[how](card)
