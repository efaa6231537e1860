"""Every line of the README that can be run is run; what it shows is what they print."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import volgens
from volgens.board.readme import QUESTIONS, TOP, block, filled
from volgens.model.problem import ProblemsFound

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
SHELL = [line for language, text in BLOCKS if not language for line in text.splitlines()]
EXTRACT = """import re
def extract(text):
    return {"figures": [{"start": m.start(), "end": m.end()} for m in re.finditer(r"\\d+", text)]}
"""
PROGRAM = f"""#!{sys.executable}
import json, sys
for line in sys.stdin:
    print(json.dumps({{"id": json.loads(line)["id"], "entities": []}}))
"""
ANSWER = json.dumps({"entities": [], "figures": [], "attributions": []})


def lines(begin):
    """The page's commands that begin so, without their remarks, as a shell splits them."""
    found = [shlex.split(line, comments=True) for line in SHELL if line.startswith(begin)]
    assert found, begin
    return found


def run(words, folder):
    """A command of the page in a folder; `volgens` is this interpreter's."""
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_the_page_shows_is_what_its_examples_print():
    assert filled(ROOT) == PAGE, "scripts/fill_readme.py writes it"
    assert PAGE.count("signature: volgens:") == 2
    assert all(f"| `{config}` | {question} |" in PAGE for config, question in QUESTIONS.items())
    assert len(re.findall(r"^\| `own` \| [\w-]+ \|", PAGE, re.MULTILINE)) == TOP


def test_a_block_that_is_gone_is_a_problem(tmp_path):
    for name in ("dataset/statistics.json", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "eval/results").mkdir(parents=True)
    (tmp_path / "README.md").write_text(PAGE.replace("<!-- generated: board -->", ""), encoding="utf-8")
    with pytest.raises(ProblemsFound, match=r"stands there 0 times"):
        filled(tmp_path)


def test_every_line_of_the_shell_is_known():
    """A command that is added to the page comes into a test here."""
    known = ("pip install ", "make ", "volgens score ", "volgens run ", "volgens compare ", "volgens show ")
    output = re.findall(r"<!-- generated: \w+ -->\n```\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(output) == 2
    printed = {line for text in output for line in text.splitlines()}
    assert [line for line in SHELL if line not in printed and not line.startswith(known)] == []


def test_what_is_installed_is_this_package():
    """That its wheel installs and scores is tested in test_package.py."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert lines("pip install") == [["pip", "install", project["name"]]]


def test_the_line_of_json_is_a_prediction(tmp_path):
    (tmp_path / "p.jsonl").write_text(block(PAGE, "json"), encoding="utf-8")
    run(["volgens", "check", "p.jsonl", "--missing", "empty"], tmp_path)
    assert set(json.loads(block(PAGE, "json"))) == {"id", "entities", "figures", "attributions"}


class Chat(BaseHTTPRequestHandler):
    """A model of one answer."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        message = {"message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}
        told = json.dumps({"choices": [message]})
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_all_ways_to_run_a_system_and_what_follows(tmp_path, address):
    """The commands in the order of the page; each run begins anew, and the last ones take what it wrote."""
    (tmp_path / "my_module.py").write_text(EXTRACT, encoding="utf-8")
    (tmp_path / "my-extractor").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "my-extractor").chmod(0o755)
    (tmp_path / "eval").symlink_to(ROOT / "eval")
    for words in lines("volgens run"):
        said = run([word.replace("http://127.0.0.1:8000", address) for word in [*words, "--fresh"]], tmp_path)
        assert f"|documents:{len(volgens.load_gold())}|" in said
    (compare,), (show,) = lines("volgens compare"), lines("volgens show")
    assert "rules" in run(compare, tmp_path)
    assert "G E " in run(show, tmp_path)


def test_the_two_commands_of_a_checkout():
    for words in lines("make"):
        planned = subprocess.run([*words, "--dry-run"], capture_output=True, text=True, cwd=ROOT, check=False)
        assert planned.returncode == 0 and "python" in planned.stdout
    assert [words[1] for words in lines("make")] == ["demo", "test"]


def test_files_named_in_the_readme_exist():
    for name in re.findall(r"`((?:scripts|eval|annotations|dataset)/[\w./-]+)`", PAGE):
        assert (ROOT / name).exists(), name
