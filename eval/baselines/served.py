"""A server on this machine for as long as it is needed: started, waited for, and ended by its process."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from volgens.model.problem import Problem, ProblemsFound, Where

TAIL = 5
"""Lines of what the server said that a problem tells."""


@contextmanager
def served(command: Sequence[str], url: str, patience: float = 300.0) -> Iterator[int]:
    """Run `command` until the block ends; the block begins when `url` answers, within `patience` seconds. Gives its process id.

    Raises `ProblemsFound` where something else answers there already, and where the server ends or stays silent.
    """
    if _answers(url):
        raise _problem(url, "in-use", "something answers there already", "End it, or choose another port with --port.")
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait(process, url, time.monotonic() + patience)
        except TimeoutError as error:
            _end(process)
            log.seek(0)
            said = log.read().decode("utf-8", "replace").splitlines()[-TAIL:]
            raise _problem(url, "no-server", "\n  ".join([str(error), *said]), f"Its command: {' '.join(command)}") from None
        except BaseException:
            _end(process)
            raise
        try:
            yield process.pid
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], url: str, until: float) -> None:
    while not _answers(url):
        if process.poll() is not None:
            raise TimeoutError(f"the server ended with exit code {process.returncode}")
        if time.monotonic() > until:
            raise TimeoutError("the server does not answer")
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and those that it started, which are a session of their own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _problem(url: str, kind: str, message: str, hint: str) -> ProblemsFound:
    return ProblemsFound([Problem(Where(url), kind, message, hint)])
