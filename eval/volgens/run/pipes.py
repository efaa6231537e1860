"""A command over pipes: it reads {"id", "text"} a line and writes {"id", "entities", "figures", "attributions"} a line.

Each process gets its share of the texts and then the end of its input, so a command may answer line by line or all at the end, in
any order. If it hangs, dies or leaves a text unanswered, the first text without an answer is tried in a process of its own: only
that tells whose fault it was. Then the rest goes on. A command reports a failure of its own as {"id", "error"}. Lines that are no
answer (banners, logs) are left aside, and the first of each process is shown.
"""

from __future__ import annotations

import json
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
from collections import Counter, deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.run.extractor import Answer, Effort, Text
from volgens.run.workers import soon

TAIL = 5
"""Lines of standard error that an error tells."""


class Command:
    """An executable of any language. `command` is an argument list, or a line that is split as a shell would (no shell runs)."""

    def __init__(self, command: str | Sequence[str]) -> None:
        self.command = shlex.split(command) if isinstance(command, str) else list(command)

    @property
    def settings(self) -> Mapping[str, Any]:
        return {"extractor": shlex.join(self.command), "code": None}

    def answers(self, texts: Sequence[Text], effort: Effort) -> Iterator[Answer]:
        return answers_of_processes(self.command, texts, effort)


def answers_of_processes(
    command: Sequence[str],
    texts: Sequence[Text],
    effort: Effort,
    *,
    environment: Mapping[str, str] | None = None,
    greets: bool = False,
) -> Iterator[Answer]:
    """Answers from `effort.jobs` processes. With `greets` each first tells {"window": texts at once}, or its problems."""
    jobs = max(1, min(effort.jobs, len(texts)))
    results: queue.Queue[Answer | BaseException | None] = queue.Queue()
    shares = [_Share(command, texts[k::jobs], effort, dict(environment or {}), greets) for k in range(jobs)]
    threads = [threading.Thread(target=share.work, args=(results,), daemon=True) for share in shares]
    for thread in threads:
        thread.start()
    try:
        running = jobs
        while running:
            result = soon(results)
            if isinstance(result, BaseException):
                raise result
            if result is None:
                running -= 1
            else:
                yield result
    finally:
        for share in shares:
            share.stop()
        for thread in threads:
            thread.join()


@dataclass
class _Share:
    """The texts of one process at a time, until each has its answer."""

    command: Sequence[str]
    texts: Sequence[Text]
    effort: Effort
    environment: dict[str, str]
    greets: bool
    stopped: bool = False
    process: subprocess.Popen[str] | None = None
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))

    def work(self, results: queue.Queue[Answer | BaseException | None]) -> None:
        try:
            for answer in self._answers():
                results.put(answer)
            results.put(None)
        except BaseException as error:
            results.put(error)

    def stop(self) -> None:
        self.stopped = True
        self._kill()

    def _answers(self) -> Iterator[Answer]:
        waiting = list(self.texts)
        tries: Counter[str] = Counter()
        while waiting and not self.stopped:
            answers, fault = yield from self._session(waiting, tries)
            waiting = [text for text in waiting if text.id not in answers]
            if not waiting or self.stopped:
                continue
            if fault is not None and len(answers) + len(waiting) > 1:
                yield from self._alone(waiting[0], tries)
                waiting = waiting[1:]
            elif fault is not None:
                tries[waiting[0].id] += 1
                if tries[waiting[0].id] > self.effort.retries:
                    yield Answer(waiting.pop(0).id, error=fault)

    def _alone(self, text: Text, tries: Counter[str]) -> Iterator[Answer]:
        """One text in a process of its own, as often as it may be tried."""
        while not self.stopped:
            answers, fault = yield from self._session([text], tries)
            if answers:
                return
            tries[text.id] += 1
            if fault is not None and tries[text.id] > self.effort.retries:
                yield Answer(text.id, error=fault)
                return

    def _session(self, texts: Sequence[Text], tries: Counter[str]) -> Generator[Answer, None, tuple[set[str], str | None]]:
        """Run one process over the texts. Gives the ids that were answered, and what went wrong if any was not.

        A text whose failure the process itself reports, and that may be tried again, counts as neither.
        """
        lines = self._start(texts)
        answered: set[str] = set()
        again: set[str] = set()
        open_ids = {text.id for text in texts}
        fault, noise = None, None
        window = self._greeting(lines) if self.greets else 1
        limit = None if self.effort.timeout is None else self.effort.timeout * window
        while True:
            try:
                line = lines.get(timeout=limit)
            except queue.Empty:
                fault = f"no answer within {limit:g} seconds"
                self._kill()
                break
            if line is None:
                break
            answer = _read(line, open_ids)
            if isinstance(answer, str):
                if noise is None:
                    print(f"left aside: {answer}", file=sys.stderr)
                noise = answer
            elif answer.id in answered:
                yield Answer(answer.id, error="the command answered twice")
            elif answer.error and tries[answer.id] < self.effort.retries:
                tries[answer.id] += 1
                again.add(answer.id)
            else:
                answered.add(answer.id)
                yield answer
        ending = self._end()
        if open_ids - answered - again:
            return answered, "; ".join(part for part in (fault or ending, noise, self._told()) if part)
        return answered, None

    def _greeting(self, lines: queue.Queue[str | None]) -> int:
        """How many texts the process answers at once. Raises `ProblemsFound` where it does not start."""
        line = lines.get()
        greeting = json.loads(line) if line else {}
        if "window" in greeting or self.stopped:
            return int(greeting.get("window", 1))
        ending = self._end()
        found = [Problem(Where(*where), *rest) for where, *rest in greeting.get("problems", ())]
        message, hint = f"the extractor does not start: {self._told() or ending}", "Run it by itself to see what is wrong."
        raise ProblemsFound(found or [Problem(Where(self.command[-1]), "no-extractor", message, hint)])

    def _start(self, texts: Sequence[Text]) -> queue.Queue[str | None]:
        self.tail.clear()
        try:
            process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="surrogateescape",
                env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **self.environment},
                start_new_session=True,
            )
        except OSError as error:
            message = f"{self.command[0]} cannot be run: {error.strerror}"
            hint = "Give the path of an executable, with its arguments."
            raise ProblemsFound([Problem(Where(shlex.join(self.command)), "no-extractor", message, hint)]) from None
        self.process = process
        if self.stopped:
            self._kill()
        lines: queue.Queue[str | None] = queue.Queue()
        for target, arguments in (
            (_feed, (process.stdin, texts)),
            (_read_lines, (process.stdout, lines)),
            (_tell, (process.stderr, self.tail)),
        ):
            threading.Thread(target=target, args=arguments, daemon=True).start()
        return lines

    def _end(self) -> str:
        """End the process if it has not ended, and say how it did."""
        assert self.process is not None
        try:
            code = self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._kill()
            return "the process was ended"
        if code < 0:
            return f"the process was killed by {signal.Signals(-code).name}"
        return f"the process ended with exit code {code}" if code else "the process ended without an answer"

    def _kill(self) -> None:
        process = self.process
        if process is None or process.poll() is not None:
            return
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()

    def _told(self) -> str:
        return " | ".join(line for line in self.tail if line.strip())


def _read(line: str, open_ids: set[str]) -> Answer | str:
    """An answer, or what is wrong with the line."""
    try:
        row = json.loads(line)
    except ValueError:
        return f"it wrote a line that is not JSON: {line[:80]!r}"
    document = row.get("id") if isinstance(row, dict) else None
    if document not in open_ids:
        return f"it wrote a line about no document of its input: {line[:80]!r}"
    if "error" in row:
        return Answer(document, error=str(row["error"]))
    return Answer(document, row.get("answer", row))


def _feed(pipe: IO[str], texts: Sequence[Text]) -> None:
    try:
        for text in texts:
            pipe.write(json.dumps({"id": text.id, "text": text.text}) + "\n")
            pipe.flush()
        pipe.close()
    except (BrokenPipeError, ValueError):
        return


def _read_lines(pipe: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in pipe:
        if line.strip():
            lines.put(line)
    lines.put(None)


def _tell(pipe: IO[str], tail: deque[str]) -> None:
    for line in pipe:
        tail.append(line.rstrip())
        sys.stderr.write(line)
