"""Bytes of a file that may be compressed, and what a file can be instead of one: each a sentence, never a traceback."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from volgens.model.problem import Problem, Where

LIMIT = 1 << 28
"""The longest line that is read, in bytes."""


def read_bytes(path: Path) -> bytes | Problem:
    """The content of a file, decompressed where it is gzip (told by its first bytes, not by its name)."""
    where = Where(str(path))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Problem(where, "no-file", "there is no such file", "Check the path.")
    except IsADirectoryError:
        return Problem(where, "directory", "this is a directory, not a file", "Name a file in it.")
    except OSError as error:
        return Problem(where, "unreadable", f"the file cannot be read: {error.strerror}", "Check its permissions and the disk.")
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            message = f"the gzip data is cut off or damaged: {error}"
            return Problem(where, "broken-gzip", message, "Copy or write the file again; a part of it is not scored.")
    if not data.strip():
        return Problem(where, "empty-file", "the file is empty", "Write one line of JSON per document.")
    return data


def is_parquet(data: bytes) -> bool:
    return data[:4] == b"PAR1"


def text_problem(data: bytes, path: Path) -> Problem | None:
    """What makes bytes no lines of UTF-8 text, with the place of the first such byte."""
    where = Where(str(path))
    if b"\0" in data[:4096]:
        return Problem(where, "binary-file", "the file is binary", "Give JSON lines (UTF-8), plain or gzip, or Parquet.")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} at position {error.start} is not UTF-8"
        return Problem(where._replace(line=line), "not-utf8", found, "Save the file as UTF-8.")
    if len(data) > LIMIT and (long := _long_line(data)) is not None:
        return Problem(
            where._replace(line=long), "long-line", f"the line is longer than {LIMIT} bytes", "Write one document a line."
        )
    return None


def _long_line(data: bytes) -> int | None:
    begin, number = 0, 1
    while begin < len(data):
        end = data.find(b"\n", begin)
        end = len(data) if end < 0 else end
        if end - begin > LIMIT:
            return number
        begin, number = end + 1, number + 1
    return None
