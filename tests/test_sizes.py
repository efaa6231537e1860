"""Files and functions of the package and the scripts stay small enough to be read at once."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted([*(ROOT / "eval" / "volgens").rglob("*.py"), *(ROOT / "scripts").glob("*.py")])
LINES, BODY = 300, 50


def too_long(source):
    """The functions of more than `BODY` lines."""
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.name for node in functions if node.end_lineno - node.lineno >= BODY]


def test_files_and_functions_are_short():
    sources = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in FILES}
    assert len(sources) > 200
    assert [name for name, source in sources.items() if len(source.splitlines()) > LINES] == []
    assert {name: long for name, source in sources.items() if (long := too_long(source))} == {}


@pytest.mark.parametrize(("lines", "found"), [(49, []), (50, ["f"])])
def test_a_function_that_is_too_long_is_found(lines, found):
    assert too_long("def f():\n" + "    pass\n" * lines) == found
