"""A library that is not installed: which extra brings it, and what to type."""

from __future__ import annotations

import re
import shlex

EXTRAS = {
    "altair": "report",
    "datasets": "hub",
    "evaluate": "evaluate",
    "inspect_ai": "inspect",
    "jinja2": "report",
    "label_studio_sdk": "curation",
    "openai": "llm",
    "pyannote": "agreement",
    "pyarrow": "build",
    "pyspark": "spark",
    "pygamma_agreement": "agreement",
    "sklearn": "learn",
    "spacy": "spacy",
    "tqdm": "build",
    "vl_convert": "report",
    "yaml": "build",
}
"""The module that is imported → the extra that brings it."""


def sentence(module: str | None) -> str | None:
    """What is missing and how to get it; None for a module that no extra brings."""
    name = (module or "").partition(".")[0]
    if name not in EXTRAS:
        return None
    wanted = " ".join(shlex.quote(requirement) for requirement in requirements(EXTRAS[name]))
    return f"this needs {name}, of the extra {EXTRAS[name]!r}; install it by `python -m pip install {wanted}`"


def requirements(extra: str) -> list[str]:
    """What the extra stands for, as the installed package declares it; this can be installed wherever the package came from.

    A checkout that is not installed declares nothing: there the extra is asked of the folder.
    """
    from importlib.metadata import PackageNotFoundError, requires

    try:
        declared = requires("volgens") or []
    except PackageNotFoundError:
        return [f".[{extra}]"]
    marked = re.compile(rf"(.+?)\s*;\s*extra\s*==\s*['\"]{re.escape(extra)}['\"]\s*")
    return [found[1] for line in declared if (found := marked.fullmatch(line))]
