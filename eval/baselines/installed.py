"""What of other people's software is installed here, and which version of it made a prediction."""

from __future__ import annotations

import shutil
import subprocess
from importlib import metadata


def program(name: str, install: str) -> str:
    """The path of a program. Raises ModuleNotFoundError with the line that installs it, as a missing Python package would."""
    path = shutil.which(name)
    if path is None:
        raise ModuleNotFoundError(f"{name} is not installed: {install}", name=name)
    return path


def python_versions(*names: str) -> dict[str, str]:
    """The version of each Python package, by the name of its distribution."""
    return {name: metadata.version(name) for name in names}


def debian_versions(*names: str) -> dict[str, str]:
    """The version of each Debian package; one that was installed in another way is absent."""
    if shutil.which("dpkg-query") is None:
        return {}
    command = ["dpkg-query", "--show", "--showformat=${Package} ${Version}\n", *names]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return dict(line.split() for line in said.splitlines() if len(line.split()) == 2)
