"""A Label Studio server of one's own on 127.0.0.1: installed once, started, proved to be ours, ended by its pid."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "1.23.2"
EMAIL = "annotator@volgens.invalid"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
START_SECONDS = 240
PORT = 8080
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Login:
    """The first user of a server; made anew for every data folder."""

    email: str = EMAIL
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)
    token: str = field(default_factory=lambda: secrets.token_hex(20), repr=False)


def kept_login(data: Path) -> Login:
    """The login of a data folder that was made here: its password and token lie beside the database, for the owner's eyes."""
    names = ("password", "token")
    if all((data / name).exists() for name in names):
        return Login(EMAIL, *((data / name).read_text(encoding="utf-8") for name in names))
    login = Login()
    if not data.exists():
        shutil.copytree(install().parents[2] / "template", data)
    for name in names:
        (data / name).touch(mode=0o600)
        (data / name).write_text(getattr(login, name), encoding="utf-8")
    return login


@dataclass(frozen=True)
class Server:
    """A running server. `pid` is that of the process which this module started."""

    url: str
    login: Login
    pid: int
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    def ended(self) -> str | None:
        """Why it is no longer there: its exit code and the end of its log; None while it runs."""
        if (code := self.process.poll()) is None:
            return None
        return f"Label Studio has ended by itself (exit code {code}); the end of its log:\n{_tail(self.log)}"


class InUseError(RuntimeError):
    """Another process serves this folder."""


def cache() -> Path:
    """Where installed servers are kept: `VOLGENS_CACHE`, or the user's cache folder."""
    return Path(os.environ.get("VOLGENS_CACHE") or Path.home() / ".cache" / "volgens")


def install() -> Path:
    """The `label-studio` program in an environment of its own, and beside it a migrated data folder; both made once."""
    home = cache() / f"label-studio-{VERSION}-py{sys.version_info.major}{sys.version_info.minor}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            for part in ("venv", "template"):
                shutil.rmtree(home / part, ignore_errors=True)
            _install_into(home / "venv")
            (home / "template").mkdir()
            _migrate(home / "venv" / "bin" / "label-studio", home / "template")
            (home / "ready").touch()
    return home / "venv" / "bin" / "label-studio"


def _install_into(venv: Path) -> None:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    python = str(venv / "bin" / "python")
    make = [uv, "venv", "-q", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    pip = [uv, "pip", "install", "-q", "--python", python] if uv else [python, "-m", "pip", "install", "-q"]
    subprocess.run([*make, str(venv)], check=True)
    subprocess.run([*pip, f"label-studio=={VERSION}"], check=True)


def _migrate(program: Path, data: Path) -> None:
    """Make the database but no user: every copy of it gets a password and a token of its own."""
    with (data.parent / "template.log").open("ab") as log:
        # `user` is the one command that migrates, makes nobody and ends.
        command = [str(program), "user"]
        subprocess.run(command, env=_environment(data, 0), cwd=data, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)
    # Holds a secret key that every copy should make for itself.
    (data / ".env").unlink(missing_ok=True)


@contextlib.contextmanager
def running(data: Path, login: Login | None = None, port: int | None = None) -> Iterator[Server]:
    """A server on `data` (filled with an empty database where it is missing) for as long as the block lasts.

    On a folder that was used before, pass the login it was made with; `port` is a free one unless given. Raises InUseError where
    another process serves the folder, RuntimeError where the server does not start.
    """
    program = install()
    if not data.exists():
        shutil.copytree(program.parents[2] / "template", data)
    login = login or Login()
    with _locked(data):
        process, url, log = _start(program, data, login, port or free_port())
        try:
            yield Server(url, login, process.pid, log, process)
        finally:
            _stop(process)


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            raise InUseError(f"process {holder} already serves {data}") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def steady_port(data: Path) -> int:
    """The port of the last time where it is free, else 8080, else any free one."""
    known = re.search(r":(\d+)\s*$", (data / "url").read_text(encoding="utf-8")) if (data / "url").exists() else None
    return next((port for port in (int(known[1]) if known else PORT, PORT) if _is_free(port)), None) or free_port()


def _is_free(port: int) -> bool:
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _start(program: Path, data: Path, login: Login, port: int) -> tuple[subprocess.Popen[bytes], str, Path]:
    log = data / "server.log"
    options = ["--no-browser", "--internal-host", "127.0.0.1", "--port", str(port), "--enable-legacy-api-token"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [str(program), "start", *options],
            env=_environment(data, port, login),
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    url, end = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
    try:
        while process.poll() is None and time.monotonic() < end:
            # A busy port is silently bumped by one, so only an answer to our own token proves that this is our server.
            if _whoami(url, login.token) == login.email:
                return process, url, log
            if _whoami(f"http://127.0.0.1:{port + 1}", login.token) == login.email:
                _stop(process)
                return _start(program, data, login, free_port())
            time.sleep(0.2)
    except BaseException:
        _stop(process)
        raise
    _stop(process)
    raise RuntimeError(f"Label Studio did not start; the end of its log:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


def _die_with_parent() -> None:
    """On Linux a child ends with the process that started it, however that ends: no server is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _whoami(url: str, token: str) -> str | None:
    request = urllib.request.Request(f"{url}/api/current-user/whoami", headers={"Authorization": f"Token {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            email = json.load(answer).get("email")
            return email if isinstance(email, str) else None
    except (OSError, ValueError):
        return None


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def _environment(data: Path, port: int, login: Login | None = None) -> dict[str, str]:
    """A whitelist: Label Studio also reads bare HOST, PORT, DEBUG, CI, USERNAME and PASSWORD."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    ours = {
        "PYTHONUTF8": "1",
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "LABEL_STUDIO_HOST": f"http://127.0.0.1:{port}",
        "LABEL_STUDIO_ALLOWED_HOSTS": "127.0.0.1",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_COLLECT_ANALYTICS": "false",
        "LABEL_STUDIO_LATEST_VERSION_CHECK": "false",
        "LABEL_STUDIO_SENTRY_DSN": "",
        "LABEL_STUDIO_FRONTEND_SENTRY_DSN": "",
    }
    user = {} if login is None else {"USERNAME": login.email, "PASSWORD": login.password, "USER_TOKEN": login.token}
    return kept | ours | {f"LABEL_STUDIO_{name}": value for name, value in user.items()}
