"""The systems that `make results` runs, as systems.toml lists them: what each lacks here, and which versions it is made of."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("systems.toml")

System = dict[str, Any]
"""`function` or `export`, `description` and `seen`; where it applies `view` and `floor`."""


def systems() -> dict[str, System]:
    """Every system by its name, in the order of the list."""
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


def lacking(system: System) -> str | None:
    """Why a system cannot run here, with the line that installs what it lacks; None if it can."""
    try:
        _module(system)
    except ModuleNotFoundError as missing:
        return str(missing)
    return None


def versions(system: System) -> dict[str, str] | None:
    """The versions of other people's software in a system, None where it has none."""
    told = getattr(_module(system), "versions", None)
    return told() if told else None


def more(system: System) -> dict[str, Any]:
    """What the list says for the board alone: what the system has seen, its view, whether it is a floor."""
    return {name: system[name] for name in ("seen", "view", "floor") if name in system}


def _module(system: System) -> Any:
    """The module of a function; of an export there is none."""
    name = system.get("function", "").rpartition(":")[0]
    return import_module(f"baselines.{Path(name).stem}") if name else None
