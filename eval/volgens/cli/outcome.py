"""How a command ends: problems as lines, errors of the system as problems, a missing library as a sentence."""

from __future__ import annotations

import errno
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from volgens.model.problem import Problem

SHOWN = 10
"""Problems of one rule that are printed in full unless all are asked for."""

HINTS = {
    errno.EACCES: "Check its permissions, or choose another place.",
    errno.EPERM: "Check its permissions, or choose another place.",
    errno.EROFS: "Choose a place where files can be written.",
    errno.EISDIR: "Name a file, not a folder.",
    errno.ENOTDIR: "Choose a path whose folders are folders.",
    errno.EEXIST: "Choose a path whose folders are folders.",
    errno.ENOENT: "Check the path.",
    errno.ENOSPC: "Make room on the disk, or choose another place.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}

Given = TypeVar("Given")


def reports_problems(command: Callable[[Given], int]) -> Callable[[Given], int]:
    """Whatever is wrong with the input or the system becomes lines on standard error, and an exit code.

    1 for problems and for errors of the system, 2 for a name that no table has and for a library that is not installed, 130 after
    Ctrl-C. The attributes of the arguments that count: `all` prints every problem, `nothing` says what was not done.
    """

    @wraps(command)
    def wrapped(given: Given) -> int:
        from volgens.model.problem import ProblemsFound, UnknownName

        try:
            code = command(given)
            sys.stdout.flush()
            return code
        except UnknownName as found:
            print(*found.problems, sep="\n", file=sys.stderr)
            return 2
        except ProblemsFound as found:
            problems = found.problems
        except ModuleNotFoundError as missing:
            from volgens.cli.extras import sentence

            if (told := sentence(missing.name)) is None:
                raise
            print(f"volgens: {told}", file=sys.stderr)
            return 2
        except BrokenPipeError:
            _forget_output()
            return 0
        except KeyboardInterrupt as interrupt:
            print(str(interrupt) or "interrupted", file=sys.stderr)
            return 130
        except OSError as error:
            problems = [of_system(error)]
        print_problems(
            problems, all_of_them=getattr(given, "all", False), nothing=getattr(given, "nothing", "nothing was scored")
        )
        return 1

    return wrapped


def of_system(error: OSError) -> Problem:
    """An error of the system as a problem. One without a file can only be that of standard output."""
    from volgens.model.problem import Problem, Where

    told = error.strerror or str(error)
    hint = HINTS.get(error.errno or 0, "Check the path, its permissions and the disk.")
    if error.filename is None and error.errno in (errno.ENOSPC, errno.EIO, errno.EDQUOT):
        _forget_output()
        return Problem(Where("standard output"), "system-error", f"cannot be written: {told}", hint)
    return Problem(Where(_name(error.filename)), "system-error", told, hint)


def require_writable(*paths: Path | None) -> None:
    """Raise `ProblemsFound` with every place that cannot be written, before anything is computed. None is no place."""
    from volgens.atomic import check_writable
    from volgens.model.problem import ProblemsFound

    problems = []
    for path in paths:
        try:
            if path is not None:
                check_writable(path)
        except OSError as error:
            problems.append(of_system(error))
    if problems:
        raise ProblemsFound(problems)


def print_problems(problems: Sequence[Any], *, all_of_them: bool = False, nothing: str | None = None) -> None:
    """Problems to standard error, by rule; the first ones of each in full, unless all are asked for. `nothing` says what was not
    done.
    """
    shown: Counter[str] = Counter()
    for problem in problems:
        shown[problem.id] += 1
        if all_of_them or shown[problem.id] <= SHOWN:
            print(problem, file=sys.stderr)
    hidden = {rule: times - SHOWN for rule, times in shown.items() if times > SHOWN and not all_of_them}
    for rule, times in hidden.items():
        print(f"… and {times} more of [{rule}]; `volgens check --all` lists every one", file=sys.stderr)
    print(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}{f'; {nothing}' if nothing else ''}", file=sys.stderr)


def _name(filename: object) -> str | None:
    return None if filename is None else os.fsdecode(filename) if isinstance(filename, str | bytes) else str(filename)


def _forget_output() -> None:
    """What is left in the buffer goes nowhere, so that the end of the process does not fail on it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
