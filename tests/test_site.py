"""The site builds without a warning, a broken link is an error, and its pages fit a phone and a desk."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from volgens.scoring.measures import TABLE

ROOT = Path(__file__).parents[1]
pytest_plugins = ["browser"]


def build(config, out):
    env = {**os.environ, "DISABLE_MKDOCS_2_WARNING": "true", "NO_MKDOCS_2_WARNING": "true"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", config, "--site-dir", out]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    done = build(ROOT / "mkdocs.yml", out)
    assert done.returncode == 0, done.stderr
    return out


def page(site, name):
    return (site / name / "index.html").read_text(encoding="utf-8")


def test_every_page_is_there_with_what_the_code_says(site):
    assert all(f"<code>{measure}</code>" in page(site, "measures") for measure in TABLE)
    assert "volgens.api.score" in page(site, "api/scoring") and "Raises <code>ProblemsFound</code>" in page(site, "api/scoring")
    assert "make_compute_metrics" in page(site, "api/integrations")
    assert (site / "eval" / "images" / "report-document.png").is_file()
    assert (site / "DATASET_CARD" / "index.html").is_file()


def test_links_out_of_the_site_lead_into_the_repository(site):
    start = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="https://github.com/volgens/volgens/blob/main/LICENSE"' in start
    assert 'href="eval/results/"' in start


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("nowhere.md", "link 'nowhere.md', but the target is not found"),
        ("index.md#no-such-place", "there is no such anchor"),
        ("/abs.md", "abs"),
    ],
)
def test_a_broken_link_is_an_error(tmp_path, link, told):
    """Under the settings of the site."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# One\n\n[a link]({link})\n", encoding="utf-8")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    kept = settings[settings.index("\nvalidation:") : settings.index("\nnav:")]
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\n{kept}\n", encoding="utf-8")
    done = build(tmp_path / "mkdocs.yml", tmp_path / "out")
    assert done.returncode == 1 and told in done.stderr


def test_pages_fit_a_phone_and_a_desk_and_ask_nobody_else(site, browser):
    """At 390 and 1280 pixels nothing is wider than the window; long tables and code scroll within themselves."""
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site)))
    threading.Thread(target=server.serve_forever).start()
    home, asked, wide = f"http://127.0.0.1:{server.server_port}/", [], {}
    try:
        for width in (390, 1280):
            context = browser.new_context(viewport={"width": width, "height": 900})
            tab = context.new_page()
            tab.on("request", lambda request: asked.append(request.url))
            for name in (
                "",
                "measures/",
                "eval/",
                "eval/results/",
                "DATASET_CARD/",
                "api/scoring/",
                "annotations/guidelines/figures/",
            ):
                tab.goto(home + name)
                wide[width, name] = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
            context.close()
    finally:
        server.shutdown()
        server.server_close()
    assert {at: more for at, more in wide.items() if more > 0} == {}
    assert [url for url in asked if not url.startswith((home, "data:", "blob:"))] == []
