"""Texts that may not travel, where they are: beside the repository, or where the environment variables say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
ARTICLES = Path(os.environ.get("ARTICLES") or SHARED / "articles")
WIKINEWS = Path(os.environ.get("WIKINEWS") or SHARED / "wikinews")

needs_articles = pytest.mark.skipif(not ARTICLES.is_dir(), reason=f"the agency's pages are not here: no folder {ARTICLES}")
needs_wikinews = pytest.mark.skipif(not WIKINEWS.is_dir(), reason=f"no clone of the Wikinews files: no folder {WIKINEWS}")
