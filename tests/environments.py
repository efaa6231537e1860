"""Virtual environments for tests against real installs: made once, kept under ~/.cache/volgens or $VOLGENS_CACHE.

In CI (environment variable CI set) an environment that cannot be made fails the test; elsewhere, for want of a network, the
test is skipped and says what was not tested.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def cache() -> Path:
    """The folder that outlives test runs."""
    return Path(os.environ.get("VOLGENS_CACHE") or Path.home() / ".cache" / "volgens")


def environment(name: str, requirements: list[str]) -> Path:
    """The Python of a virtual environment with these requirements. Made under a lock, so that test processes share it.

    The folder's name holds a digest of the requirements and the Python version: other requirements, another environment. A
    half-made environment has no mark and is made anew.
    """
    key = hashlib.sha256("\n".join([PYTHON, *requirements]).encode()).hexdigest()[:12]
    folder = cache() / "environments" / f"{name}-{key}"
    mark, python = folder / "complete", folder / "bin" / "python"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (mark.exists() and python.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            try:
                _make(folder, python, requirements)
            except subprocess.CalledProcessError as error:
                shutil.rmtree(folder, ignore_errors=True)
                _give_up(name, requirements, error.stderr)
            mark.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    return python


def models() -> Path:
    """The Python that has torch, transformers and GLiNER: that of scripts/install_models.sh. Where there is none the test is
    skipped, in CI too: they are installed there only where it takes no gigabytes.
    """
    python = cache() / "environments" / "models" / "bin" / "python"
    if not python.exists():
        pytest.skip("not run with real models: torch, transformers and GLiNER are not installed (scripts/install_models.sh)")
    return python


def _make(folder: Path, python: Path, requirements: list[str]) -> None:
    uv = [sys.executable, "-m", "uv", "--quiet"]
    commands = [[*uv, "venv", "--python", sys.executable, str(folder)]]
    if requirements:
        commands.append([*uv, "pip", "install", "--python", str(python), *requirements])
    for command in commands:
        subprocess.run(command, check=True, capture_output=True, text=True)


def _give_up(name: str, requirements: list[str], why: str) -> None:
    message = f"not tested against {name}: no environment with {', '.join(requirements)}: {why.strip()[-600:]}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
