"""The list of slow tests names tests that are there, and the tests of a file share a process."""

import re
import subprocess
import sys
from pathlib import Path

from conftest import SLOW

HERE = Path(__file__).parent


def test_every_slow_test_exists():
    for file, begins in SLOW.items():
        names = re.findall(r"^def (test_\w+)", (HERE / file).read_text(encoding="utf-8"), re.M)
        assert all(begin == "*" or any(name.startswith(begin) for name in names) for begin in begins), file


def test_make_quick_leaves_them_out():
    assert 'pytest -q -m "not slow"' in (HERE.parent / "Makefile").read_text(encoding="utf-8")


def test_the_tests_of_a_file_share_a_process():
    parallel = re.search(r"^PARALLEL := -n \S+ (.*)$", (HERE.parent / "Makefile").read_text(encoding="utf-8"), re.M)[1].split()
    files = [str(HERE / name) for name in ("test_looks.py", "test_arrows.py", "test_cards.py")]
    command = [sys.executable, "-m", "pytest", "-n", "2", *parallel, "-v", *files]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent).stdout
    found = set(re.findall(r"^\[(gw\d)\].*tests/(test_\w+)\.py::", told, re.M))
    assert {file for _, file in found} == {"test_looks", "test_arrows", "test_cards"} and len(found) == 3
    assert len({worker for worker, _ in found}) == 2
