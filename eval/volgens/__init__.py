"""Volgens: who is named, which figures are given, and who says so, in Dutch newswire.

>>> import volgens
>>> gold = volgens.load_gold("own")
>>> card = volgens.score(gold)          # the gold against itself
>>> card["figures.value"].f1
1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from volgens.api import score
    from volgens.model.problem import ProblemsFound
    from volgens.readers.corpus import load_gold
    from volgens.scorecard import Scorecard

__version__ = "0.2.0"
__all__ = ["ProblemsFound", "Scorecard", "load_gold", "score"]

_HOME = {"score": "api", "load_gold": "readers.corpus", "ProblemsFound": "model.problem", "Scorecard": "scorecard"}


def __getattr__(name: str) -> Any:
    """Load on first use, so that `volgens --help` does not wait for polars."""
    if name not in _HOME:
        raise AttributeError(f"module 'volgens' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"volgens.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
