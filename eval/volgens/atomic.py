"""Write a file whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; it takes the name of `path` once it is complete, and vanishes after an error.

    Folders are made, a link is followed. Raises OSError with the name of `path`, never with that of the file beside it.
    """
    path = path.resolve() if path.is_symlink() else path
    part = None
    try:
        check_writable(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        part = Path(name)
        yield part
        part.chmod(path.stat().st_mode if path.exists() else 0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        if part is None or error.filename in (None, str(part)):
            raise _unwritable(path, error) from error
        raise
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Raise the OSError that writing `path` would end in, as far as it can be told beforehand. Nothing is made."""
    if path.is_dir():
        raise _unwritable(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if path.exists() and not path.is_file():
        raise _unwritable(path, OSError(errno.EINVAL, "it is not a regular file"))
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not folder.is_dir():
        raise _unwritable(path, NotADirectoryError(errno.ENOTDIR, f"{folder} is a file, not a folder"))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _unwritable(path: Path, error: OSError) -> OSError:
    told = error.strerror or str(error)
    return OSError(error.errno or errno.EIO, told if told.startswith(SAYS) else f"{SAYS}{told}", str(path))


SAYS = "cannot be written: "


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
