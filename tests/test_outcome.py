"""How commands end: places that cannot be written, errors of the system and libraries that are not installed are sentences."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import volgens
from environments import environment
from volgens.atomic import atomic
from volgens.cli import main
from volgens.cli.extras import EXTRAS, requirements, sentence

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MODULES = {"scikit-learn": "sklearn", "pyyaml": "yaml", "vl-convert-python": "vl_convert"}
CORE = {"polars", "numpy", "jsonschema"}


@pytest.fixture(scope="module")
def predictions(tmp_path_factory):
    path = tmp_path_factory.mktemp("predictions") / "good.jsonl"
    rows = volgens.load_gold().select("id", "entities").to_dicts()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(*command, stdout=subprocess.PIPE, **more):
    return subprocess.run(
        [sys.executable, *map(str, command)], stdout=stdout, stderr=subprocess.PIPE, text=True, cwd=ROOT, **more
    )


PLACES = {
    "a folder": ("{folder}", "Is a directory"),
    "below a file": ("{file}/page.html", "is a file, not a folder"),
    "nowhere": ("/proc/nowhere/page.html", "No such file"),
    "no regular file": ("/dev/full", "not a regular file"),
    "too long": ("{folder}/" + "x" * 300 + ".csv", "too long"),
}
OUTPUTS = {
    "ledger": ("score", "{good}", "--ledger"),
    "html": ("score", "{good}", "--html"),
    "compare": ("compare", "{good}", str(ROOT / "eval" / "results" / "rules-own.jsonl"), "--html"),
    "run": ("run", "eval/baselines/rules.py:extract", "--out"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_place_that_cannot_be_written_is_told_before_anything_is_done(predictions, tmp_path, capsys, output, place):
    path, told = PLACES[place]
    (tmp_path / "file").touch()
    where = path.format(folder=tmp_path, file=tmp_path / "file")
    assert main([*(word.format(good=predictions) for word in OUTPUTS[output]), where]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.endswith("1 problem; nothing was " + ("run\n" if output == "run" else "scored\n"))
    first = said.err.splitlines()[0]
    assert first.startswith("/proc/nowhere" if place == "nowhere" else f"{where}: ") and told in first
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_all_places_are_told_at_once(predictions, tmp_path):
    done = run("-m", "volgens", "score", predictions, "--ledger", tmp_path, "--html", tmp_path)
    assert "2 problems; nothing was scored" in done.stderr


def test_an_export_below_a_file_and_a_prompt_that_is_not_there(predictions, tmp_path):
    done = run("-m", "volgens", "export", "brat", "--out", predictions)
    assert done.returncode == 1 and "nothing was written" in done.stderr and "Traceback" not in done.stderr
    endpoint = ("--endpoint", "http://127.0.0.1:9/v1", "--model", "m", "--prompt", tmp_path / "none.md")
    done = run("-m", "volgens", "run", *endpoint, "--out", tmp_path / "p.jsonl")
    assert done.returncode == 1 and done.stderr.startswith(f"{tmp_path / 'none.md'}: there is no such file")


def test_standard_output_on_a_full_disk(predictions):
    with Path("/dev/full").open("w") as full:
        done = run("-m", "volgens", "score", predictions, stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith("standard output: cannot be written: No space left on device")
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_an_atomic_write_names_its_own_file_and_leaves_nothing(tmp_path):
    path = tmp_path / "x.txt"
    with pytest.raises(OSError, match=r"cannot be written: no space") as found, atomic(path) as part:
        raise OSError(28, "no space", str(part))
    assert found.value.filename == str(path) and list(tmp_path.iterdir()) == []


def test_an_error_about_another_file_keeps_its_name(tmp_path):
    with pytest.raises(FileNotFoundError) as found, atomic(tmp_path / "x.txt"):
        (tmp_path / "other").read_bytes()
    assert found.value.filename == str(tmp_path / "other")


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with atomic(tmp_path / "link") as part:
        part.write_text("new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "new"


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_every_library_outside_the_core_is_of_an_extra():
    found = {name for path in (ROOT / "eval" / "volgens").rglob("*.py") for name in imported(path)}
    ours = found - sys.stdlib_module_names - CORE - {"volgens", "baselines"}
    assert ours - {"spacy", "httpx"} <= set(EXTRAS)  # a DocBin without spaCy is a problem of its own; httpx comes with the SDK


def test_the_extra_brings_the_library():
    for module, extra in EXTRAS.items():
        if module != "pyannote":  # which pygamma-agreement brings
            brought = [line.partition(">")[0].partition("[")[0] for line in PROJECT["optional-dependencies"][extra]]
            assert module in [MODULES.get(name, name.replace("-", "_")) for name in brought]


def test_what_to_type_does_not_ask_an_index_for_this_package():
    assert requirements("llm") == ["openai>=2", "tqdm>=4.66"]
    assert "volgens" not in " ".join(requirements("curation")) and len(requirements("curation")) == 4
    assert "python -m pip install 'openai>=2' 'tqdm>=4.66'" in sentence("openai.types")
    assert sentence("nothing_of_ours") is None and sentence(None) is None


COMMANDS = {
    "tqdm": ("{root}/scripts/build_dataset.py", "--articles", "{folder}"),
    "altair": ("-m", "volgens", "score", "{good}", "--html", "{folder}/page.html"),
    "openai": ("-m", "volgens", "run", "--endpoint", "http://127.0.0.1:9/v1", "--model", "m", "--out", "{folder}/p.jsonl"),
}


@pytest.mark.parametrize("module", COMMANDS)
def test_on_the_core_alone_a_missing_library_is_a_sentence(predictions, tmp_path, module):
    python = environment("core", PROJECT["dependencies"])
    (tmp_path / "page.txt").write_text("Een pagina.\n", encoding="utf-8")
    words = [word.format(root=ROOT, folder=tmp_path, good=predictions) for word in COMMANDS[module]]
    kept = {**os.environ, "PYTHONPATH": str(ROOT / "eval")}
    done = subprocess.run([python, *words], capture_output=True, text=True, cwd=ROOT, env=kept)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("volgens: this needs ") and "python -m pip install" in done.stderr
    assert "Traceback" not in done.stderr
