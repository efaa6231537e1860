"""The agency's pages, where they are: beside the repository, or where the environment variable ARTICLES says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ARTICLES = Path(os.environ.get("ARTICLES") or Path(__file__).parents[2] / "shared" / "articles")

needs_articles = pytest.mark.skipif(not ARTICLES.is_dir(), reason=f"the agency's pages are not here: no folder {ARTICLES}")
