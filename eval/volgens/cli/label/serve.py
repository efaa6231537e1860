"""`volgens label serve`: a Label Studio of one's own, on this machine alone."""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from volgens.cli.label.common import add_data, add_documents, add_step, data, documents, folder

if TYPE_CHECKING:
    from pathlib import Path

    from volgens.curation.label_studio.server import Server
    from volgens.model.problem import Problem

POLL_SECONDS = 0.5


def add(steps: Any) -> None:
    """Add the step."""
    what = "start a Label Studio on 127.0.0.1 with a project of the documents"
    parser = add_step(steps, "serve", run, what, "Ctrl+C stops it; the next start goes on there.")
    add_documents(parser)
    add_data(parser)


class Stopped(Exception):  # noqa: N818 - it is no error
    """A signal asks the server to end."""


def run(given: argparse.Namespace) -> Sequence[Problem]:
    """Serve until a signal, or until the server ends by itself."""
    from volgens.curation.label_studio.connection import URL_FILE
    from volgens.curation.label_studio.server import InUseError, kept_login, running, steady_port
    from volgens.model.gold import write_text
    from volgens.model.problem import Problem, Where

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), _stop)
    where = data(given)
    print("starting Label Studio (the first time it is installed, which takes a minute or two) …", flush=True)
    try:
        login = kept_login(where)
        with running(where, login, steady_port(where)) as server:
            write_text(where / URL_FILE, f"{server.url}\n")
            _tell(server, where, given)
            while (ended := server.ended()) is None:
                time.sleep(POLL_SECONDS)
        return [Problem(Where(str(where)), "server-ended", ended, "Start it again: nothing that was submitted is lost.")]
    except Stopped as stopped:
        print(f"stopped ({stopped})", flush=True)
    except InUseError as error:
        at = (where / URL_FILE).read_text(encoding="utf-8").strip() if (where / URL_FILE).exists() else "it"
        return [Problem(Where(str(where)), "already-running", str(error), f"Open {at}, or stop it first.")]
    except RuntimeError as error:
        return [Problem(Where(str(where)), "not-started", str(error), "See its log, server.log in that folder.")]
    return []


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped(signal.Signals(number).name)


def _tell(server: Server, where: Path, given: argparse.Namespace) -> None:
    """Push the documents, and say how to get in. What cannot be pushed does not stop the server: it says what to do."""
    from volgens.curation.label_studio.client import Server as Client
    from volgens.curation.label_studio.client import ServerError
    from volgens.curation.label_studio.projects import tasks_of
    from volgens.curation.label_studio.pushing import push

    found, problems = documents(given, need_text=True)
    link = server.url
    if problems:
        print(*problems, sep="\n")
        print("no documents were pushed; the server runs all the same: `volgens label push TITLE` when that is cured")
    else:
        try:
            pushed = push(Client(server.url, server.login.token), given.config, tasks_of(found, False), folder(given).form)
            link = pushed.link
        except ServerError as error:
            print(f"not pushed: {error}")
            print(f"the server runs all the same; `volgens label push {given.config}-2` makes a new project with what is new")
    print(f"open      {link}")
    print(f"log in    {server.login.email}   password {server.login.password}")
    print(f"token     in {where / 'token'} (the other steps find it there)")
    print(f"next      label; then volgens label pull {given.config}")
    print("stop      Ctrl+C", flush=True)
