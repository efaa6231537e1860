"""Work in threads whose results come as they are ready; leaving early waits for none of them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


GLANCE = 0.1
"""Seconds after which a wait looks up: polars handles SIGINT such that a wait without end goes on, and Ctrl-C is not heard."""


def soon(results: queue.Queue[Made]) -> Made:
    """The next result, however long it takes, with an ear for Ctrl-C."""
    while True:
        try:
            return results.get(timeout=GLANCE)
        except queue.Empty:
            continue


def in_threads(work: Callable[[Given, threading.Event], Made], items: Sequence[Given], jobs: int) -> Iterator[Made]:
    """`work` of every item, `jobs` at a time, in any order. What one raises ends all.

    The event that `work` is given is set when no more results are wanted: after an error, or when the caller stops early. The
    threads are daemons, so a request that hangs keeps neither the caller nor the end of the process waiting.
    """
    waiting: queue.SimpleQueue[Given] = queue.SimpleQueue()
    for item in items:
        waiting.put(item)
    done: queue.Queue[tuple[Made] | BaseException] = queue.Queue()
    stopped = threading.Event()

    def labour() -> None:
        while not stopped.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((work(item, stopped),))
            except BaseException as error:
                done.put(error)
                return

    for _ in range(max(1, min(jobs, len(items)))):
        threading.Thread(target=labour, daemon=True).start()
    try:
        for _ in items:
            result = soon(done)
            if isinstance(result, BaseException):
                raise result
            yield result[0]
    finally:
        stopped.set()
