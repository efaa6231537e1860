"""Take the pictures of README.md: the report of the rule baseline on `own` documents (needs playwright and Chromium)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHOWN = {"report-measures": "", "report-document": "#d/own-004-t3"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, default=ROOT / "out" / "report.html", help="the report (default: out/report.html)")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="the browser's program (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=ROOT / "eval" / "images", help="folder (default: eval/images)")
    given = parser.parse_args(arguments)
    if not given.report.is_file():
        print(f"{given.report} is not there: run `make demo` first", file=sys.stderr)
        return 1

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.browser, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme="light")
        for name, fragment in SHOWN.items():
            page.goto("about:blank")
            page.goto(given.report.resolve().as_uri() + fragment)
            page.wait_for_load_state()
            page.wait_for_timeout(500)
            page.screenshot(path=given.out / f"{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
