"""The benchmark runs, and writes its table where it is told to."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_small_run(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n", encoding="utf-8")
    small = ["--repeat", "1", "--sizes", "20", "40", "--tangled", "10", "--million", "50"]
    command = [
        sys.executable,
        str(ROOT / "eval/bench/bench.py"),
        *small,
        "--out",
        str(tmp_path / "out.json"),
        "--page",
        str(page),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert set(found["seconds"]) == {"20", "40"}
    assert found["million"]["documents"] == 50
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- bench -->\n| ratio | 20 documents | 40 documents |")
    assert text.endswith("<!-- /bench -->\nafter\n")
    assert "old" not in text
