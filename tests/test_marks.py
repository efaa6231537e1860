"""The list of slow tests names tests that are there."""

import re
from pathlib import Path

from conftest import SLOW

HERE = Path(__file__).parent


def test_every_slow_test_exists():
    for file, begins in SLOW.items():
        names = re.findall(r"^def (test_\w+)", (HERE / file).read_text(encoding="utf-8"), re.M)
        assert all(begin == "*" or any(name.startswith(begin) for name in names) for begin in begins), file


def test_make_quick_leaves_them_out():
    assert 'pytest -q -m "not slow and not server"' in (HERE.parent / "Makefile").read_text(encoding="utf-8")
