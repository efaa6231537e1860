"""axe-core, the accessibility checker, from npm into the user's cache. It stays outside the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

VERSION = "4.14.1"
SERIOUS = {"serious", "critical"}


def source() -> str:
    """The script; where it cannot be had, fail in CI and skip elsewhere."""
    from browser import missing

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "volgens" / f"axe-core-{VERSION}"
    script = cache / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        npm = shutil.which("npm")
        if npm is None:
            missing("not tested with axe: there is no npm to fetch it")
        install = [npm, "install", "--prefix", str(cache), "--ignore-scripts", "--no-audit", "--no-fund", f"axe-core@{VERSION}"]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            missing(f"not tested with axe, which cannot be fetched: {done.stderr.strip()[-300:]}")
    return script.read_text(encoding="utf-8")


def violations(page: Page, script: str) -> list[str]:
    """The serious and critical ones, each with the elements that it is about."""
    page.evaluate(script + ";undefined")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    serious = [v for v in found if v["impact"] in SERIOUS]
    return [f"{v['id']}: {node['html'][:120]}: {node['failureSummary'][-200:]}" for v in serious for node in v["nodes"][:5]]
