"""The benchmark times whole processes, and writes its table where it is told to."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "eval" / "bench"))

import bench  # noqa: E402
import libraries  # noqa: E402
import processes  # noqa: E402


def test_a_small_run(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n", encoding="utf-8")
    small = ["--repeat", "1", "--sizes", "20", "40", "--tangled", "10", "--million", "50"]
    words = [*small, "--out", str(tmp_path / "out.json"), "--page", str(page)]
    done = subprocess.run(
        [sys.executable, str(ROOT / "eval/bench/bench.py"), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert set(found["sizes"]) == {"20", "40"} and found["million"]["documents"] == 50
    for spent in found["sizes"]["40"].values():
        assert spent["seconds"] > 0.05 and spent["mib"] > 5
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- bench -->\n| whole process, seconds | 20 documents | 40 documents | MiB at 40 |")
    assert text.endswith("<!-- /bench -->\nafter\n") and "old" not in text
    assert text.count("| yes |") + text.count("| **no** |") == 8


def numbers(**changed):
    """A run in which every command takes a second and 100 MiB, but for those that are named."""
    names = bench.of_size({f"{side} {what}": Path("x.jsonl") for side in ("gold", "predicted") for what in ("all", "names")})
    same = {name: {"seconds": 1.0, "mib": 100.0} for name in names}
    large = {**same, **changed}
    return {"sizes": {"1000": same, "10000": large}, "tangled": {"documents": 5, **large}, "million": None}


def verdict(found, words):
    (aim,) = [aim for aim in bench.aims(found) if words in aim.words]
    return aim.value, aim.reached


def test_the_aims_are_ratios_of_the_sides():
    found = numbers(**{bench.NERVALUATE: {"seconds": 31.0, "mib": 90.0}, bench.NO_ERRORS: {"seconds": 0.8, "mib": 1.0}})
    assert verdict(found, "names from Parquet: nervaluate takes") == (31.0, True)
    assert verdict(found, "memory, against nervaluate's") == (pytest.approx(100 / 90), False)
    assert verdict(found, "commonest errors") == (pytest.approx(0.2), False)
    assert verdict(found, "against DuckDB") == (1.0, True)
    assert verdict(found, "1,000 documents, three layers") == (1.0, False)
    slow = numbers(**{bench.ALL_PARQUET: {"seconds": 11.5, "mib": 1.0}})
    assert verdict(slow, "from 1,000 to 10,000")[1] is False


def test_memory_and_time_are_those_of_the_process():
    found = processes.spent([sys.executable, "-c", "import time; x = bytearray(200 << 20); time.sleep(0.3)"], {})
    assert found.mib > 200 and found.seconds > 0.3


def test_a_command_that_fails_is_no_number(capsys):
    with pytest.raises(subprocess.CalledProcessError):
        processes.spent([sys.executable, "-c", "raise SystemExit('no such thing')"], {})
    assert "no such thing" in capsys.readouterr().err


def test_libraries_are_measured_where_they_give_the_same_scores(tmp_path):
    head, line, *rows = libraries.rows(tmp_path, 50, 1)
    assert head.count("|") == line.count("|") == 4 and len(rows) == 3
    for row in rows:
        assert [float(cell.split()[0]) > 0.05 for cell in row.split("|")[2:4]] == [True, True]


def test_a_library_that_gives_other_scores_is_refused():
    def told(number):
        return [sys.executable, "-c", f'print(\'{{"measures": {{"entities": {{"f1": {number}}}}}}}\')']

    libraries.same(told(0.5), told(0.5001), [], {})
    with pytest.raises(SystemExit, match="other numbers"):
        libraries.same(told(0.5), told(0.6), [], {})
