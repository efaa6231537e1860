"""What the package index would get: the two archives, what they hold and say, and that they install wherever they claim to."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
UV = [sys.executable, "-m", "uv", "--quiet"]
STRAYS = (
    *("restored/data/anp/test.parquet", "out/report.html", ".env", "notes.txt", "dist/old.whl", "node_modules/axe/axe.js"),
    *("eval/volgens/__pycache__/api.cpython-311.pyc", "eval/volgens/api.py.orig", "tests/.DS_Store", "dataset/README.md~"),
)
"""What a working tree may hold that is nobody's business."""
LEFT_OUT = {".ci/run"}
"""Files of the repository that the source archive leaves out."""
CHECKOUT_ONLY = "eval/volgens/board/"


def run(*command, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files():
    """The files of the repository: those git has or would take, and of an unpacked source archive all."""
    if not (ROOT / ".git").exists():
        return {str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()} - {"PKG-INFO"}
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
    return {name for name in listed if (ROOT / name).exists()}


def copied(folder, clock):
    """The repository under another path, written at another time, with strays in it."""
    for name in files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
        os.utime(folder / name, (clock, clock))
    for name in STRAYS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("a stray", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Two builds, in different places and of files of different age: [(source archive, wheel), …]."""
    made = []
    for name, clock in (("one", 1_600_000_000), ("another", 1_700_000_000)):
        folder = tmp_path_factory.mktemp(name)
        run(*UV, "build", "--out-dir", folder / "built", copied(folder / "tree", clock), umask=0o077 if name == "one" else 0o022)
        made.append((next((folder / "built").glob("*.tar.gz")), next((folder / "built").glob("*.whl"))))
    return made


@pytest.fixture(scope="module")
def wheel(archives):
    return archives[0][1]


@pytest.fixture(scope="module")
def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name))


def test_the_same_bytes_wherever_and_whenever_it_is_built(archives):
    one, another = archives
    assert [path.name for path in one] == [path.name for path in another]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in another]


def test_the_source_archive_is_the_repository_without_strays(archives):
    with tarfile.open(archives[0][0]) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert held - {"PKG-INFO"} == files() - LEFT_OUT


def in_wheel():
    """The files that belong into the wheel, by their names there."""
    package = {name.removeprefix("eval/") for name in files() if name.startswith("eval/volgens/")}
    forced = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    more = {new + name.removeprefix(old) for old, new in forced.items() for name in files() if name == old or f"{old}/" in name}
    return {name for name in package if not name.startswith(CHECKOUT_ONLY.removeprefix("eval/"))} | more


def test_the_wheel_is_the_package_its_gold_and_its_licences(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    about = {name for name in held if ".dist-info/" in name}
    assert held - about == in_wheel()
    assert {name.partition(".dist-info/")[2] for name in about} == {
        *("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE", "licenses/LICENSE-DATA")
    }


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_nothing_in_the_wheel_imports_what_needs_a_checkout():
    """No module of the package but those of the board, which stay behind, imports the board, the baselines or the scripts."""
    kept = [ROOT / "eval" / name for name in in_wheel() if name.endswith(".py")]
    away = re.compile(r"(volgens\.board|baselines|bench|scripts)\b")
    assert {path.name: found for path in kept if (found := list(filter(away.match, imported(path))))} == {}
    assert any(map(away.match, imported(ROOT / CHECKOUT_ONLY / "leaderboard.py")))


def test_the_index_takes_both(archives):
    assert "PASSED" in run(sys.executable, "-m", "twine", "check", "--strict", *archives[0])


def links(text):
    return re.findall(r"\]\(([^)]+)\)", text)


def test_the_page_of_the_index_has_no_link_into_nothing(metadata):
    """Pictures and links of the README lead to the tag of this version, and to a file that is there."""
    repository = PROJECT["project"]["urls"]["Repository"]
    page = metadata.get_payload(decode=True).decode()
    raw = repository.replace("https://github.com", "https://raw.githubusercontent.com")
    tag = f"v{metadata['Version']}"
    ours = {link.removeprefix(f"{repository}/blob/{tag}/").removeprefix(f"{raw}/{tag}/") for link in links(page)}
    here = {link for link in links((ROOT / "README.md").read_text(encoding="utf-8")) if not link.startswith("https:")}
    assert here <= ours and all(link.startswith("https://") for link in links(page))
    assert all((ROOT / link.partition("#")[0]).exists() for link in here)
    assert all(f"]({raw}/" in picture for picture in re.findall(r"!\[[^\]]*\]\([^)]*\)", page))


def test_what_it_says_of_itself(metadata):
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert {line.partition(",")[0] for line in metadata.get_all("Project-URL")} == set(PROJECT["project"]["urls"])
    assert set(metadata.get_all("Provides-Extra")).isdisjoint(PROJECT["dependency-groups"])
    assert set(metadata.get_all("Provides-Extra")) == set(PROJECT["project"]["optional-dependencies"])
    assert f">={pythons()[0]}" == metadata["Requires-Python"]


def pythons():
    """The versions of Python that the classifiers claim, oldest first."""
    found = re.findall(r"Programming Language :: Python :: (3\.\d+)", " ".join(PROJECT["project"]["classifiers"]))
    return sorted(found, key=lambda version: int(version[2:]))


def interpreter(version):
    """A Python of this version on this machine: one that uv knows, or one of pyenv's; None where there is none."""
    command = [*UV, "python", "find", "--no-project", "--no-python-downloads", "--system", version]
    if not (found := subprocess.run(command, capture_output=True, text=True, check=False)).returncode:
        return found.stdout.strip()
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return next((str(path) for path in pyenv.glob(f"versions/{version}.*/bin/python{version}")), None)


@pytest.mark.parametrize("version", pythons())
def test_it_installs_and_scores_on_every_python_that_is_here(wheel, tmp_path, version):
    if (found := interpreter(version)) is None:
        pytest.skip(f"not tried: there is no Python {version} on this machine")
    run(*UV, "venv", "--python", found, tmp_path / "env")
    python = tmp_path / "env" / "bin" / "python"
    run(*UV, "pip", "install", "--python", python, wheel)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    code = "import sys, volgens; volgens.load_gold().write_parquet('p.parquet'); print('%d.%d' % sys.version_info[:2])"
    assert run(python, "-c", code, cwd=tmp_path, env=env).strip() == version
    card = json.loads(run(python.parent / "volgens", "score", "p.parquet", "--format", "json", cwd=tmp_path, env=env))
    assert card["measures"]["claims"]["f1"] == 1


@pytest.mark.parametrize("version", pythons())
def test_what_it_needs_is_ready_made_for_every_python_it_claims(wheel, version):
    """No compiler is needed: every dependency has a wheel for this Python, whether or not it is on this machine."""
    target = ["--python-version", version, "--python-platform", "x86_64-manylinux_2_28", "--only-binary", ":all:"]
    run(*UV[:-1], "pip", "install", "--python", sys.executable, "--dry-run", "--target", wheel.parent / "none", *target, wheel)


def test_it_runs_without_being_installed(wheel, tmp_path):
    """`uvx`, which is how one tries it; `pipx run --spec` does the same."""
    assert run(*UV, "tool", "run", "--from", wheel, "volgens", "--version", cwd=tmp_path).startswith("volgens ")


@pytest.mark.parametrize("group", PROJECT["dependency-groups"])
def test_the_groups_of_a_checkout_can_be_installed(group):
    run(*UV, "pip", "install", "--python", sys.executable, "--dry-run", "--editable", ".", "--group", group, cwd=ROOT)


def named(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")


def declared(requirements):
    """The packages that a list of requirements names, through the groups and the extras of our own that it includes."""
    for one in requirements:
        if isinstance(one, dict):
            yield from declared(PROJECT["dependency-groups"][one["include-group"]])
        elif one.startswith("volgens["):
            extras = one[len("volgens[") : -1].split(",")
            yield from (name for extra in extras for name in declared(PROJECT["project"]["optional-dependencies"][extra]))
        else:
            yield named(one)


def test_whatever_the_tests_import_is_in_the_group_of_development():
    """So that a fresh machine has it; what a test imports in an environment of its own stands in a script, not in an import."""
    here = {path.stem for path in [*(ROOT / "tests").glob("*.py"), *(ROOT / "scripts").glob("*.py")]}
    ours = here | {"volgens", "baselines", "bench", "cases", *(path.stem for path in (ROOT / "eval" / "bench").glob("*.py"))}
    wanted = {name.partition(".")[0] for path in (ROOT / "tests").glob("*.py") for name in imported(path)}
    known = {*declared(PROJECT["dependency-groups"]["dev"]), *map(named, PROJECT["project"]["dependencies"])}
    brought = packages_distributions()
    lacking = {name for name in wanted - ours - sys.stdlib_module_names if known.isdisjoint(map(named, brought.get(name, [])))}
    assert lacking == set()
