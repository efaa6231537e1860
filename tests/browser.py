"""One real Chromium for the test session; each page in a context of its own, with all that it asks of the world written down.

In CI (environment variable CI set) a browser that cannot be had fails the tests; elsewhere they are skipped, and say why.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
]


def missing(message: str) -> NoReturn:
    """Fail in CI, skip elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser, headless. CHROMIUM names another program than the `chromium` on the path."""
    from playwright.sync_api import Error, sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=program, args=[*QUIET, *as_root])
        except Error as error:
            missing(f"not tested in a browser, none starts: {error.message.splitlines()[0]}")
        yield started
        started.close()


@dataclass
class Watched:
    """What a page did: complaints on its console, errors, dialogs, and every address that it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    """`opened(html, fragment="", **context)` → the page of that HTML, opened from disk, watched."""
    contexts: list[BrowserContext] = []

    def open_(html: str, fragment: str = "", **settings: Any) -> Watched:
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page)
        page.on("console", lambda m: watched.complaints.extend([m.text] if m.type in ("error", "warning") else []))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.on("dialog", watched.dismiss)
        page.on("request", lambda request: watched.asked.append(request.url))
        page.goto(f"{path.as_uri()}{'#' + fragment if fragment else ''}")
        return watched

    yield open_
    for context in contexts:
        context.close()
