"""Tasks to a Label Studio server: what is missing is sent, nothing twice."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from volgens.curation.label_studio.client import NoAnswerError, Server, ServerError, Task
from volgens.readers.label_studio.form import Json

BATCH = 500
SETTLE_SECONDS = 60
Progress = Callable[[int], object]


class Pushed(NamedTuple):
    """What a push did. `link` opens the project."""

    project: int
    link: str
    new: int
    present: int


def push(
    server: Server,
    title: str,
    tasks: Sequence[Json],
    config: str,
    *,
    progress: Progress | None = None,
    settle: float = SETTLE_SECONDS,
) -> Pushed:
    """Bring tasks into the project `title`, made with `config` where there is none. Pushing again adds only what is missing.

    A task is known by its doc_id and the sha256 of its text. After a time-out nothing is sent again: the server may still be
    at work, so its tasks are awaited for `settle` seconds. Raises ServerError; then push again later.
    """
    project, present = server.project(title), set[tuple[str, str]]()
    if project is None:
        with server.speaking():
            made: Any = server.sdk.projects.create(title=title, label_config=config)
            project = int(made.id)
    elif not same_config(server.config(project), config):
        raise ServerError(
            f"project {title!r} has another labelling configuration than ours: restore it, or push to a new project"
        )
    else:
        present = _present(server, project, tasks)
    missing = [task for task in tasks if _key(task) not in present]
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        _send(server, project, batch, settle)
        if progress is not None:
            progress(len(batch))
    arrived = _present(server, project, tasks)
    lost = [task["data"]["doc_id"] for task in tasks if _key(task) not in arrived]
    if lost:
        raise ServerError(f"{len(lost)} tasks did not arrive ({', '.join(lost[:3])} …): push again")
    return Pushed(project, server.link(project), len(missing), len(tasks) - len(missing))


def same_config(one: str, other: str) -> bool:
    """Do two labelling configurations say the same? White space and comments do not count."""
    from xml.etree.ElementTree import ParseError, canonicalize

    try:
        first, second = (canonicalize(config, strip_text=True).split() for config in (one, other))
    except ParseError:
        return False
    return first == second


def _key(task: Json) -> tuple[str, str]:
    return task["data"]["doc_id"], task["data"]["sha256"]


def _present(server: Server, project: int, tasks: Sequence[Json]) -> set[tuple[str, str]]:
    """The keys of the tasks that are there. An untouched second task of a document (a push that arrived late) is taken away."""
    wanted = dict(_key(task) for task in tasks)
    found: dict[str, list[Task]] = defaultdict(list)
    for task in server.tasks(project):
        found[task.doc_id].append(task)
    for doc_id, same in found.items():
        other = [t for t in same if doc_id in wanted and t.sha256 != wanted[doc_id]]
        if other:
            message = f"task {other[0].id} holds another text of {doc_id}: delete it, or push to a new project"
            raise ServerError(f"{server.link(project, other[0].id)}: {message}")
        kept = max(same, key=lambda t: (t.touched, -t.id))
        spare = [t for t in same if t is not kept]
        if any(t.touched for t in spare):
            raise ServerError(f"{doc_id} is annotated in tasks {' and '.join(str(t.id) for t in same)}: delete all but one")
        for task in spare:
            with server.speaking(project):
                server.sdk.tasks.delete(id=str(task.id))
    return {(task.doc_id, task.sha256) for same in found.values() for task in same}


def _send(server: Server, project: int, batch: Sequence[Json], settle: float) -> None:
    # The SDK would send a POST again after a time-out, and the server would take it twice.
    options: Any = {"max_retries": 0, "timeout_in_seconds": server.seconds}
    request: Any = list(batch)
    try:
        try:
            with server.speaking(project):
                server.sdk.projects.import_tasks(id=project, request=request, request_options=options)
        except NoAnswerError:
            _await(server, project, batch, settle)
    except ServerError as error:
        raise ServerError(f"{error} (what has arrived stays; push again to add the rest)") from None


def _await(server: Server, project: int, batch: Sequence[Json], settle: float) -> None:
    end = time.monotonic() + settle
    wanted = {_key(task) for task in batch}
    while time.monotonic() < end:
        time.sleep(min(1.0, settle))
        if wanted <= {(task.doc_id, task.sha256) for task in server.tasks(project)}:
            return
    raise ServerError(f"{server.url} took a batch of {len(batch)} tasks but they have not appeared in {settle:g} s")
