"""A Label Studio server over its SDK: what is there, annotations, exports. A failure becomes one line that says what to do."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from volgens.readers.label_studio.form import Json

if TYPE_CHECKING:
    from label_studio_sdk import LabelStudio

SECONDS = 300


class ServerError(Exception):
    """What went wrong between us and the server, in one line, without token or headers."""


class NoAnswerError(ServerError):
    """The server took a request and has not answered in time; it may still be at work."""


class Task(NamedTuple):
    """What the server knows of a task that was pushed earlier."""

    id: int
    doc_id: str
    sha256: str
    touched: bool


def token(file: str | os.PathLike[str] | None = None) -> str:
    """The API token: from the file, else from the environment variable `LABEL_STUDIO_API_KEY`. Raises ServerError."""
    if file is not None:
        try:
            found = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ServerError(f"the token file {file} cannot be read: {type(error).__name__}") from None
    else:
        found = os.environ.get("LABEL_STUDIO_API_KEY", "").strip()
    if not re.fullmatch(r"[\x21-\x7e]+", found):
        raise ServerError("no token: put it in LABEL_STUDIO_API_KEY, or in a file and name that with --token-file")
    return found


class Server:
    """A Label Studio server as one user sees it. Raises ServerError where it does not answer to the token."""

    def __init__(self, url: str, token: str, seconds: float = SECONDS) -> None:
        from label_studio_sdk import LabelStudio

        self.url, self._token, self.seconds = url.rstrip("/"), token, seconds
        with self.speaking():
            self.sdk: LabelStudio = LabelStudio(base_url=self.url, api_key=token, timeout=seconds)  # type: ignore[no-untyped-call]
            self.sdk.users.whoami()

    @contextmanager
    def speaking(self, project: int | None = None) -> Iterator[None]:
        """Turn whatever the SDK raises into a ServerError."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError
        from label_studio_sdk.core.parse_error import ParsingError

        try:
            yield
        except ApiError as error:
            raise ServerError(self._clean(_said(self.url, error.status_code, error.body, project))) from None
        except httpx.TimeoutException:
            raise NoAnswerError(f"{self.url} did not answer within {self.seconds:g} s: try again when it is less busy") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            message = f"{self.url} cannot be reached ({type(error).__name__}): is it the right address, and does it run?"
            raise ServerError(message) from None
        except (ParsingError, json.JSONDecodeError, UnicodeDecodeError):
            raise ServerError(f"{self.url} {_NOT_LABEL_STUDIO}") from None

    def _clean(self, text: str) -> str:
        return text.replace(self._token, "…")

    def link(self, project: int, task: int | None = None) -> str:
        """The address that opens a project, or one task of it."""
        return f"{self.url}/projects/{project}/data" + (f"?task={task}" if task is not None else "")

    def project(self, title: str) -> int | None:
        """The project of that title, None where there is none."""
        with self.speaking():
            projects: Iterable[Any] = self.sdk.projects.list(title=title)
            found = [int(p.id) for p in projects if p.title == title]
        if len(found) > 1:
            raise ServerError(f"{len(found)} projects are called {title!r}: rename all but one")
        return found[0] if found else None

    def find(self, title: str) -> int:
        """The project of that title. Raises ServerError where there is none."""
        found = self.project(title)
        if found is None:
            raise ServerError(f"{self.url} has no project {title!r}, or it is not yours")
        return found

    def begin_with(self, project: int, model_version: str) -> None:
        """Let annotators of a project begin with the pre-annotations of that version."""
        with self.speaking(project):
            self.sdk.projects.update(id=project, model_version=model_version)

    def config(self, project: int) -> str:
        with self.speaking(project):
            return str(self.sdk.projects.get(id=project).label_config)

    def tasks(self, project: int) -> list[Task]:
        """The tasks of a project without their annotations, by id."""
        found = []
        with self.speaking(project):
            self.sdk.projects.get(id=project)
            fields = "id,data,total_annotations,cancelled_annotations,drafts"
            listed: Iterable[Any] = self.sdk.tasks.list(project=project, fields="task_only", include=fields, page_size=1000)
            for task in listed:
                data = task.data if isinstance(task.data, dict) else {}
                touched = bool(task.total_annotations or task.cancelled_annotations or task.drafts)
                found.append(Task(int(task.id), str(data.get("doc_id")), str(data.get("sha256")), touched))
        return sorted(found)

    def readers(self, project: int) -> set[str]:
        """Whose readings the tasks of an adjudication project show; empty where it has none."""
        with self.speaking(project):
            listed: Iterable[Any] = self.sdk.tasks.list(project=project, fields="task_only", include="id,data", page_size=1000)
            shown = [task.data.get("readings") for task in listed if isinstance(task.data, dict)]
        return {name for readings in shown if isinstance(readings, dict) for name in readings}

    def users(self) -> dict[str, int]:
        """E-mail address → number of every user."""
        with self.speaking():
            return {str(user.email): int(user.id) for user in self.sdk.users.list()}

    def user(self, email: str) -> int:
        """The number of the annotator with this address, made where there is none."""
        known = self.users().get(email)
        if known is not None:
            return known
        name = email.split("@", maxsplit=1)[0]
        with self.speaking():
            return int(self.sdk.users.create(email=email, username=name, first_name=name, last_name="").id)


_NOT_LABEL_STUDIO = "answered with a page instead of data: is it Label Studio, and is a proxy or a login page in between?"


def _said(url: str, status: int | None, body: Any, project: int | None) -> str:
    text = body if isinstance(body, str) else json.dumps(body, default=str)
    if re.search(r"<(!doctype|html|body|head)\b", text, re.IGNORECASE):
        return f"{url} {_NOT_LABEL_STUDIO} (status {status})"
    if status in (401, 403):
        return f"{url} refuses the token (status {status}): take a valid one from Account & Settings"
    if status == 404 and project is not None:
        return f"{url} has no project {project}, or it is not yours"
    return f"{url} answered with status {status}: {' '.join(text.split())[:200]}"


def annotate(server: Server, project: int, email: str, results: Iterable[tuple[str, list[Json]]]) -> int:
    """Submit readings as an annotator of their own: (doc_id, results) on the tasks that are there. Returns how many were new.

    What the annotator has already submitted on a task is left alone.
    """
    user = server.user(email)
    tasks = {task.doc_id: task.id for task in server.tasks(project)}
    new = 0
    for doc_id, result in results:
        if doc_id not in tasks:
            raise ServerError(f"project {project} has no task of {doc_id}: push the document first")
        with server.speaking(project):
            there = server.sdk.annotations.list(id=tasks[doc_id])
            if not any(_user(annotation.completed_by) == user for annotation in there):
                server.sdk.annotations.create(
                    id=tasks[doc_id], result=result, completed_by=user, ground_truth=False, was_cancelled=False
                )
                new += 1
    return new


def _user(completed_by: Any) -> Any:
    return completed_by.get("id") if isinstance(completed_by, dict) else completed_by


def pull(server: Server, project: int) -> list[Json]:
    """The project's JSON export: annotations with who made them, drafts, skipped ones and predictions, all of them whole."""
    with server.speaking(project):
        whole = {"only_id": False}
        options: Any = {"drafts": whole, "predictions": whole, "annotations__completed_by": whole}
        snapshot: Any = server.sdk.projects.exports.create(project, serialization_options=options)
        number, end = int(snapshot.id), time.monotonic() + server.seconds
        status = snapshot.status
        while status not in ("completed", "failed") and time.monotonic() < end:
            time.sleep(0.2)
            status = server.sdk.projects.exports.get(id=project, export_pk=number).status
        if status != "completed":
            raise ServerError(f"{server.url} did not finish the export of project {project} (it is {status}): try again")
        raw = b"".join(server.sdk.projects.exports.download(id=project, export_pk=number, export_type="JSON"))
        tasks = json.loads(raw)
        server.sdk.projects.exports.delete(id=project, export_pk=number)
    if not isinstance(tasks, list):
        raise ServerError(f"{server.url} {_NOT_LABEL_STUDIO}")
    return tasks
