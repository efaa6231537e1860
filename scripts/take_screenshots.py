"""Take the pictures of annotations/README.md: a Label Studio with `own` documents, as an annotator sees it (needs playwright)."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))
SHOWN = ("document", "name", "figure", "attribution")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--document", default="own-002", help="which document to show (default: %(default)s)")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="the browser's program (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=ROOT / "annotations" / "images", help="folder (default: annotations/images)")
    given = parser.parse_args(arguments)

    from playwright.sync_api import sync_playwright
    from volgens.curation.folder import Folder
    from volgens.curation.label_studio import to_tasks
    from volgens.curation.label_studio.client import Server
    from volgens.curation.label_studio.pushing import push
    from volgens.curation.label_studio.server import running

    documents, problems = Folder(ROOT).documents("own")
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    labels = (ROOT / "annotations" / "labeling.xml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data") as own, sync_playwright() as playwright:
        server = Server(own.url, own.login.token)
        project = push(server, "own", to_tasks(documents), labels).project
        task = next(t.id for t in server.tasks(project) if t.doc_id == given.document)
        browser = playwright.chromium.launch(executable_path=given.browser, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1360, "height": 820})
        page.goto(f"{own.url}/user/login")
        page.fill("input[name=email]", own.login.email)
        page.fill("input[name=password]", own.login.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        page.goto(server.link(project))
        page.wait_for_selector("text=own-0")
        _shoot(page, given.out / "project.png")
        page.goto(server.link(project, task))
        page.wait_for_selector(".htx-highlight")
        for name, label in zip(SHOWN, (None, "GPE", "FIGURE", "CUE"), strict=True):
            if label is not None:
                page.locator(f'.htx-highlight[data-label$=":{label}"]').first.click(position={"x": 4, "y": 8})
            _shoot(page, given.out / f"{name}.png")
            page.keyboard.press("Escape")
        browser.close()
    return 0


def _shoot(page: Page, path: Path) -> None:
    page.wait_for_timeout(1000)
    page.screenshot(path=path)


if __name__ == "__main__":
    sys.exit(main())
