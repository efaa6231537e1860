"""`make label-studio`: a server with our documents that says how to get in, and stops cleanly."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from volgens.curation.label_studio import server as own
from volgens.curation.label_studio.client import Server, token

pytest_plugins = ["label_studio_server"]

ROOT = Path(__file__).parents[1]


def run(data):
    script = [sys.executable, str(ROOT / "scripts" / "start_label_studio.py"), "--data", str(data)]
    return subprocess.Popen(script, stdout=subprocess.PIPE, text=True)


def until(process, word):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(word):
            return "".join(lines)
    raise AssertionError("".join(lines))


def ended(url):
    for _ in range(50):
        if own._whoami(url, "x" * 40) is None and not listening(url):
            return True
        time.sleep(0.1)
    return False


def listening(url):
    import socket

    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", int(url.rsplit(":", 1)[1]))) == 0


def test_it_starts_says_how_to_log_in_stops_and_goes_on_where_it_was(tmp_path, start_server):
    with start_server(tmp_path / "other"):  # installs it where it is not, or skips
        pass
    data, found = tmp_path / "data", []
    for how in (signal.SIGTERM, signal.SIGINT):
        process = run(data)
        try:
            told = until(process, "stop")
            url = re.search(r"http://127\.0\.0\.1:\d+", told)[0]
            there = Server(url, token(data / "token"))
            project = there.project("own")
            found.append((re.search(r"password (\S+)", told)[1], [t.doc_id for t in there.tasks(project)]))
            assert token(data / "token") not in told
        finally:
            os.kill(process.pid, how)
        assert process.wait(20) == 0 and process.stdout.read() == "stopped\n" and ended(url)
    assert found[0] == found[1] and len(found[0][1]) == 20
    assert oct((data / "password").stat().st_mode)[-3:] == "600"


def test_another_program_on_the_port_is_not_taken_for_ours(tmp_path, monkeypatch, start_server):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(own, "free_port", lambda: port)
        monkeypatch.setattr(own, "START_SECONDS", 1)
        try:
            with start_server(tmp_path / "data"):
                raise AssertionError("it was taken for ours")
        except RuntimeError as error:
            assert "did not start" in str(error)


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


def test_the_commands_of_the_readme_are_scripts_with_those_options():
    readme = (ROOT / "annotations" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"python scripts/(\w+)\.py([^\n`→]*)", readme)
    assert len(named) >= 9
    for script, rest in named:
        steps = re.findall(r"^ (push|pull|write)\b", rest)
        told = subprocess.run(
            [sys.executable, str(ROOT / "scripts" / f"{script}.py"), *steps, "--help"], capture_output=True, text=True, check=True
        ).stdout
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in told, (script, option)


def test_the_pictures_of_the_readme_are_there():
    readme = (ROOT / "annotations" / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert len(pictures) == 5 and all((ROOT / "annotations" / picture).stat().st_size > 20_000 for picture in pictures)
