"""Imports of the package run down, in the order that CONTRIBUTING states."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "eval" / "volgens"


def steps():
    """room → step, 0 at the bottom, read off CONTRIBUTING; rooms that share a step may import each other."""
    (line,) = re.findall(r"import arrows run down\*\*: ([^.]*)\.", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    return {room: n for n, step in enumerate(" ".join(line.split()).split(" → ")) for room in step.split(", ")}


def module(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """The package's modules that a file imports, anywhere in it, without `volgens.` before them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports by dots"
            if node.module == "volgens":
                yield from (alias.name for alias in node.names if alias.name != "__version__")
            elif (node.module or "").startswith("volgens."):
                yield node.module.removeprefix("volgens.")
        elif isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("volgens.") for alias in node.names if alias.name.startswith("volgens."))


def arrows():
    for path in sorted(PACKAGE.rglob("*.py")):
        name = module(path)
        if name not in ("", "__main__"):  # the face loads what it names on first use, and the process is the command's
            yield from ((name, other) for other in imports(path))


def room(name):
    return name.partition(".")[0]


def test_every_room_has_its_step():
    rooms = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert rooms - {"__init__", "__main__", "__pycache__", "gold"} <= set(steps())


def test_arrows_run_down():
    order = steps()
    up = {(one, other) for one, other in arrows() if order[room(other)] > order[room(one)]}
    assert not up, f"these run up: {sorted(up)}"


def test_the_reading_of_imports_sees_them():
    found = set(arrows())
    assert {("cli.score", "report"), ("board.results", "api"), ("scoring.score", "scoring.measures")} <= found
    assert len(found) > 200
