"""Python functions as extractors: `module:function` or `path/to/file.py:function` in its own process, a callable in this one.

A function takes a text and returns a dictionary. It takes a list of texts and returns a list if it says so by an attribute
`batch = True` or by annotating its first parameter as a list; `batch_size` (default 32) is the most that it gets at once. What
its attribute `warm_up` holds, a callable without arguments, is called once per process before the first text, and not timed.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from volgens.model.problem import Problem, ProblemsFound, Where
from volgens.run.extractor import Answer, Effort, Text
from volgens.run.pipes import answers_of_processes

BATCH_SIZE = 32
NO_MODULE = "Run from the folder that holds the module, or give the path of its file."


class Function:
    """`module:function` or `path/to/file.py:function`, run in processes that a time-out or a crash may end.

    The module is not imported in this process. Raises `ProblemsFound` where there is no such module or file.
    """

    def __init__(self, spec: str) -> None:
        self.spec = spec
        self._code = _digest(_source(spec))

    @property
    def settings(self) -> Mapping[str, Any]:
        return {"extractor": self.spec, "code": self._code}

    def answers(self, texts: Sequence[Text], effort: Effort) -> Iterator[Answer]:
        command = [sys.executable, "-m", "volgens.run.child", self.spec]
        path = os.pathsep.join([entry or str(Path.cwd()) for entry in sys.path])
        return answers_of_processes(command, texts, effort, environment={"PYTHONPATH": path}, greets=True)


class InProcess:
    """A callable, run here one document after another; no time-out can end it."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    @property
    def settings(self) -> Mapping[str, Any]:
        return {"extractor": getattr(self.function, "__qualname__", type(self.function).__qualname__), "code": None}

    def answers(self, texts: Sequence[Text], effort: Effort) -> Iterator[Answer]:
        if effort.timeout is not None or effort.jobs != 1:
            raise ValueError("a callable runs in this process: no timeout and jobs=1, or give `module:function`")
        warm_up(self.function)
        for _ in range(effort.retries):
            failed = []
            for answer in apply(self.function, texts):
                if answer.error is None:
                    yield answer
                else:
                    failed.append(answer.id)
            texts = [text for text in texts if text.id in failed]
        yield from apply(self.function, texts)


def apply(function: Callable[[Any], Any], texts: Sequence[Text]) -> Iterator[Answer]:
    """Call the function on every text, or on batches of them; what it raises is the answer's error."""
    size = batch_size(function)
    for begin in range(0, len(texts), size or 1):
        batch = texts[begin : begin + (size or 1)]
        yield from _call_batch(function, batch) if size else (_call(function, batch[0]),)


def _call(function: Callable[[str], Any], text: Text) -> Answer:
    try:
        return Answer(text.id, function(text.text))
    except Exception as error:
        return Answer(text.id, error=f"{type(error).__name__}: {error}")


def _call_batch(function: Callable[[list[str]], Any], batch: Sequence[Text]) -> list[Answer]:
    """One answer a text. A batch that fails is taken text by text, so that one text fails and not its neighbours."""
    try:
        answers = list(function([text.text for text in batch]))
        if len(answers) != len(batch):
            raise ValueError(f"{len(answers)} answers to {len(batch)} texts")
    except Exception as error:
        if len(batch) == 1:
            return [Answer(batch[0].id, error=f"{type(error).__name__}: {error}")]
        return [answer for text in batch for answer in _call_batch(function, [text])]
    return [Answer(text.id, layers) for text, layers in zip(batch, answers, strict=True)]


def warm_up(function: Callable[..., Any]) -> None:
    """Let a function that has something to load load it. Raises `ProblemsFound` where it cannot."""
    try:
        getattr(function, "warm_up", lambda: None)()
    except ProblemsFound:
        raise
    except Exception as error:
        name = getattr(function, "__qualname__", type(function).__qualname__)
        raise _bad(name, f"it cannot start: {type(error).__name__}: {error}", "Mend what it needs, then run again.") from error


def batch_size(function: Callable[..., Any]) -> int | None:
    """How many texts the function takes at once; None if it takes one text, not a list."""
    declared = getattr(function, "batch", None)
    if declared is None:
        parameters = list(inspect.signature(function).parameters.values())
        annotation = str(parameters[0].annotation) if parameters else ""
        declared = annotation.startswith(("list[", "List[", "typing.List[", "Sequence[", "collections.abc.Sequence["))
    return int(getattr(function, "batch_size", BATCH_SIZE)) if declared else None


def load(spec: str) -> Callable[[Any], Any]:
    """Import what `module:function` or `path/to/file.py:function` names. Raises `ProblemsFound`."""
    name, attribute = _parts(spec)
    try:
        module = importlib.import_module(name)
    except Exception as error:
        raise _bad(spec, f"{name} cannot be imported: {type(error).__name__}: {error}", "Mend the module.") from error
    function = getattr(module, attribute, None)
    if not callable(function):
        have = sorted(
            n for n, v in vars(module).items() if inspect.isfunction(v) and v.__module__ == module.__name__ and n[0] != "_"
        )
        raise _bad(spec, f"{name} has no function {attribute!r}", f"Its functions are {', '.join(have) or 'none'}.")
    checked: Callable[[Any], Any] = function
    return checked


def _parts(spec: str) -> tuple[str, str]:
    """The name of the module, importable from here, and that of the function."""
    name, _, attribute = spec.rpartition(":")
    if not name or not attribute:
        raise _bad(spec, f"{spec!r} names no function", "Write `module:function` or `path/to/file.py:function`.")
    if name.endswith(".py"):
        if not Path(name).is_file():
            raise _bad(spec, f"there is no file {name}", "Check the path.")
        return _module_of(Path(name)), attribute
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    return name, attribute


def _source(spec: str) -> Path | None:
    """The file of the module, found without importing it."""
    name, _ = _parts(spec)
    try:
        found = importlib.util.find_spec(name)
    except Exception as error:
        raise _bad(spec, f"{name} cannot be imported: {type(error).__name__}: {error}", NO_MODULE) from error
    if found is None:
        raise _bad(spec, f"there is no module {name}", NO_MODULE)
    return Path(found.origin) if found.origin else None


def _digest(source: Path | None) -> str | None:
    """The sha256 of a module's file, and of the other files of its package where it has one."""
    if source is None or not source.is_file():
        return None
    beside = sorted(p for p in source.parent.iterdir() if p.is_file()) if (source.parent / "__init__.py").is_file() else [source]
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in beside)).hexdigest()


def _module_of(path: Path) -> str:
    """Make a file importable, as part of its package where its folder is one, and give its module name."""
    path = path.resolve(strict=True)
    parts, folder = [path.stem], path.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return ".".join(parts)


def _bad(spec: str, message: str, hint: str) -> ProblemsFound:
    return ProblemsFound([Problem(Where(spec), "no-extractor", message, hint)])
