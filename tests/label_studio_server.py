"""A real Label Studio for the test session: installed and migrated once, cached; one server shared by all tests.

In CI (environment variable CI set) a server that cannot be had fails the tests; elsewhere they are skipped, and say why.
"""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from volgens.curation.label_studio import server as own
from volgens.curation.label_studio.client import Server

Start = Callable[..., AbstractContextManager[own.Server]]


def start(data: Path, login: own.Login | None = None, port: int | None = None) -> AbstractContextManager[own.Server]:
    """`server.running`, or skip (in CI: fail) where Label Studio cannot be installed."""
    try:
        own.install()
    except (OSError, subprocess.CalledProcessError) as error:
        message = f"not tested against Label Studio {own.VERSION}, which cannot be installed: {error}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return own.running(data, login, port)


@pytest.fixture(scope="session")
def start_server() -> Start:
    """For a server of a test's own: `start`."""
    return start


@pytest.fixture(scope="session")
def label_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[own.Server]:
    with start(tmp_path_factory.mktemp("label-studio") / "data") as server:
        yield server


@pytest.fixture
def server(label_studio: own.Server) -> Server:
    return Server(label_studio.url, label_studio.login.token)


@pytest.fixture
def title(request: pytest.FixtureRequest) -> str:
    """A project's title of this test's own."""
    return f"{request.node.name[:30]} {uuid.uuid4().hex[:8]}"
