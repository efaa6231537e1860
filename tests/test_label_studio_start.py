"""`volgens label serve`: a server with the documents that says how to get in, stays where it was, and stops cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from houses import make_house
from volgens.cli import main
from volgens.curation.label_studio import server as own
from volgens.curation.label_studio.client import Server, token

pytest_plugins = ["label_studio_server"]

ROOT = Path(__file__).parents[1]


def run(root, *more):
    script = [sys.executable, "-m", "volgens", "label", "serve", "--root", str(root), *more]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "eval")}
    return subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def until(process, word):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(word):
            return "".join(lines)
    raise AssertionError("".join(lines) + process.stderr.read())


@pytest.fixture
def house(tmp_path, start_server):
    with start_server(tmp_path / "other"):  # installs it where it is not, or skips
        pass
    return make_house(tmp_path / "house")[0]


def serving(house):
    """The process, what it told, and its address."""
    process = run(house.root)
    told = until(process, "stop")
    return process, told, re.search(r"http://127\.0\.0\.1:\d+", told)[0]


def stopped(process, how=signal.SIGTERM):
    os.kill(process.pid, how)
    code = process.wait(30)
    return code, process.stdout.read(), process.stderr.read()


def ended(url):
    for _ in range(50):
        if own._whoami(url, "x" * 40) is None and not listening(url):
            return True
        time.sleep(0.1)
    return False


def listening(url):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", int(url.rsplit(":", 1)[1]))) == 0


def test_it_starts_says_how_to_log_in_stops_and_goes_on_where_it_was(house):
    data, found = house.root / "out" / "label-studio", []
    for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        process, told, url = serving(house)
        try:
            there = Server(url, token(data / "token"))
            project = there.project("own")
            found.append((url, re.search(r"password (\S+)", told)[1], [t.doc_id for t in there.tasks(project)]))
            assert token(data / "token") not in told
        finally:
            code, said, _ = stopped(process, how)
        assert code == 0 and said == f"stopped ({how.name})\n" and ended(url)
    assert found[0] == found[1] == found[2] and len(found[0][2]) == 15
    assert oct((data / "password").stat().st_mode)[-3:] == "600"


def test_a_second_start_on_the_folder_says_so_and_the_other_steps_find_the_first(house, capsys):
    process, _, url = serving(house)
    try:
        second = run(house.root)
        assert second.wait(60) == 1
        said = second.stderr.read()
        assert "[already-running]" in said and f"Open {url}" in said and str(process.pid) in said
        assert main(["label", "pull", "own", "--root", str(house.root)]) == 0
        assert "15 tasks" in capsys.readouterr().out
    finally:
        stopped(process)


def test_a_server_that_ends_by_itself_ends_the_command_with_a_message(house):
    process, _, url = serving(house)
    (child,) = children(process.pid)
    os.kill(child, signal.SIGKILL)
    assert process.wait(30) == 1
    assert "[server-ended]" in process.stderr.read() and ended(url)


def test_no_server_is_left_where_the_command_is_killed(house):
    process, _, url = serving(house)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(30)
    assert ended(url)


def children(pid):
    """The processes that a process started."""
    return [int(n) for n in (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text().split()]


def test_a_changed_form_and_a_changed_page_do_not_stop_the_start(house):
    process, _, _ = serving(house)
    stopped(process)
    page = house.pages / "own" / "own-001.txt"
    page.write_text(page.read_text(encoding="utf-8").replace("schapen", "geiten"), encoding="utf-8")
    for split in ("test", "train", "validation"):
        house.gold_file("own", split).unlink()
    process, told, _ = serving(house)
    stopped(process)
    assert "another text of own-001" in told and "the server runs all the same" in told and "log in" in told
    form = house.root / "annotations" / "labeling.xml"
    form.write_text(house.form.replace("Naam van een persoon", "Iets"), encoding="utf-8")
    process, told, _ = serving(house)
    stopped(process)
    assert "another labelling configuration" in told and "own-2" in told


def test_the_port_of_the_last_time_is_taken_again_where_it_is_free(tmp_path):
    port = own.free_port()
    (tmp_path / "url").write_text(f"http://127.0.0.1:{port}\n")
    assert own.steady_port(tmp_path) == port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert own.steady_port(tmp_path) not in (port, None)


def test_a_port_that_another_program_took_meanwhile_is_left_to_it(tmp_path, start_server):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with start_server(tmp_path / "data", port=port) as server:
            assert server.url not in (f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}")
            assert own._whoami(server.url, server.login.token) == server.login.email
        assert listening(f"http://127.0.0.1:{port}") and ended(server.url)


def test_a_servers_environment_is_a_whitelist(tmp_path, monkeypatch):
    for name in ("PORT", "HOST", "DEBUG", "CI", "USERNAME", "PASSWORD", "LABEL_STUDIO_API_KEY"):
        monkeypatch.setenv(name, "outside")
    given = own._environment(tmp_path, 8080, own.Login())
    assert "outside" not in given.values()
    assert given["LABEL_STUDIO_HOST"] == "http://127.0.0.1:8080"


def test_a_login_is_secret_and_new_each_time():
    one, other = own.Login(), own.Login()
    assert one.token != other.token and one.password != other.password
    assert one.token not in repr(one) and one.password not in repr(one)


def test_the_commands_of_the_readme_are_steps_with_those_options():
    readme = (ROOT / "annotations" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"volgens (label|data) ((?:adjudicate )?[a-z]+)([^\n`→]*)", readme)
    assert len(named) >= 9 and {group for group, _, _ in named} == {"label", "data"}
    for group, step, rest in named:
        command = [sys.executable, "-m", "volgens", group, *step.split(), "--help"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "eval")}
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in told, (group, step, option)


def test_the_pictures_of_the_readme_are_there():
    readme = (ROOT / "annotations" / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert len(pictures) == 5 and all((ROOT / "annotations" / picture).stat().st_size > 20_000 for picture in pictures)
