"""The layers of annotation, each declared in one module of this folder, which ends in its `LAYER`.

Schemas, columns, checks and the names of fields everywhere are read off the declarations, so a module more is a layer more.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from volgens.model.layers.declaration import Field, Kind, Layer, Note, Span

__all__ = ["ALL", "BY_NAME", "Field", "Kind", "Layer", "Note", "Span"]

_modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if found.name != "declaration")
ALL: tuple[Layer, ...] = tuple(sorted((module.LAYER for module in _modules), key=lambda layer: layer.order))
"""Every layer, in the order in which they are written and printed."""

BY_NAME = {layer.name: layer for layer in ALL}
