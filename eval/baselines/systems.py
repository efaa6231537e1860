"""The systems that `make results` runs, as systems.toml lists them: what each lacks here, and which versions it is made of."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("systems.toml")
DATA = Path(__file__).resolve().parents[2] / "dataset" / "data"

System = dict[str, Any]
"""`function`, `script` or `export`, `description` and `seen`; more where it applies, as the head of systems.toml says."""


def systems() -> dict[str, System]:
    """Every system by its name, in the order of the list."""
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


def on(system: System, config: str, split: str, data: Path = DATA) -> System:
    """What the list says of a system on a split: first in general, then once there is a `train` split, then for the
    configuration."""
    trained = all((data / "own" / f"{name}.parquet").exists() for name in ("train", "validation"))
    general = {**system, **(system.get("trained", {}) if trained else {})}
    return {**general, **system.get("on", {}).get(config, {}), **system.get("on", {}).get(f"{config}/{split}", {})}


def runs_on(system: System, config: str, split: str, data: Path = DATA) -> bool:
    """Whether a system has a row on a split."""
    asked = on(system, config, split, data).get("splits")
    return not asked or f"{config}/{split}" in asked


def lacking(system: System) -> str | None:
    """Why a system cannot run here, with the line that installs what it lacks; None if it can."""
    try:
        told = getattr(module_of(system), "lacking", None)
    except ModuleNotFoundError as missing:
        return f"{missing}: {system['install']}" if "install" in system else str(missing)
    why: str | None = told() if told else None
    return why


def versions(system: System) -> dict[str, str] | None:
    """The versions of other people's software in a system, None where it has none."""
    told = getattr(module_of(system), "versions", None)
    return told() if told else None


def more(system: System) -> dict[str, Any]:
    """What the list says for the board alone: what the system has seen, its view, whether it is a floor."""
    return {name: system[name] for name in ("seen", "view", "floor") if name in system}


def module_of(system: System) -> Any:
    """The module of a function or a script; of an export there is none."""
    name = system["script"] if "script" in system else system.get("function", "").rpartition(":")[0]
    return import_module(f"baselines.{Path(name).stem}") if name else None
