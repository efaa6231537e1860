"""Frog's server with JSON, on this machine alone: started at the first text, asked once a text, stopped with the process.

Frog gives no offsets, joins several words of one unit by `_`, and may write a letter otherwise (`IJ` for the ligature, no soft
hyphens), so its words are laid beside the text letter by letter.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from volgens.model.documents import Span

from baselines.installed import debian_versions, program

INSTALL = "apt-get install frog frogdata"
FROG = program("frog", INSTALL)
WITH_US = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
"""Ends Frog with the process that started it, however that ended; its own child ends with the connection."""
STARTING, ANSWERING = 300.0, 300.0
"""Seconds: to read its models, and to answer a sentence (its parser is slow on long ones)."""
END = "eindevandezetekst"


class Word(NamedTuple):
    """A word of a sentence: `head` is the index of the word that it depends on, None for a root or without a parser.

    `tag` is the part of speech (`WW(pv,tgw,met-t)`), `ner` a BIO tag. The parser takes a multi-word unit (`Ida Berg`) for one
    word, whose tags are joined by `_`.
    """

    text: str
    span: Span
    lemma: str
    tag: str
    ner: str
    head: int | None
    role: str


class Server:
    """A Frog with some modules skipped, by their letters (`--skip`). It serves one connection, for as long as it runs."""

    def __init__(self, skip: str) -> None:
        self._skip = skip
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._away: tempfile.TemporaryDirectory[str] | None = None

    def sentences(self, text: str) -> list[list[Word]]:
        """The sentences of a text. Every line is a paragraph of its own: Frog joins lines that follow one another.

        Raises RuntimeError where Frog ends or gives other words than the text's; the next text starts it again.
        """
        lines = [line for line in text.split("\n") if any(_letters(line))]
        if not lines:
            return []
        try:
            self.start()
            answer = list(self._ask(lines))
        except (OSError, ValueError) as error:
            told = self._told()
            self.stop()
            raise RuntimeError(f"Frog did not answer: {error}{told}") from error
        return laid_out(text, answer)

    def _ask(self, lines: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        """Frog answers a line for each sentence and does not say which is the last; so the last one is ours."""
        assert self._connection is not None
        end = END
        while any(end in line for line in lines):
            end += END
        asked = json.dumps([{"sentence": line} for line in (*lines, end)])
        self._connection.sendall(f"{asked}\n".encode())
        with self._connection.makefile("rb") as answers:
            for answer in answers:
                sentence = json.loads(answer)
                if [said["word"] for said in sentence] == [end]:
                    return
                yield sentence
        raise ConnectionError("it closed the connection")

    def start(self) -> None:
        """Read the models, unless they are read already. Raises OSError where the server does not come."""
        if self._connection is not None:
            return
        self.stop()
        # Frog leaves files where it is started, and deletes some by a pattern.
        self._away = tempfile.TemporaryDirectory(prefix="frog-")
        port = _free_port()
        command = [*WITH_US, FROG, f"--skip={self._skip}", "-S", str(port), "--JSONin"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self._away.name
            )
        atexit.register(self.stop)
        self._connection = self._connected(self._process, port)

    @staticmethod
    def _connected(process: subprocess.Popen[bytes], port: int) -> socket.socket:
        patience = time.monotonic() + STARTING
        while process.poll() is None and time.monotonic() < patience:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=ANSWERING)
            except ConnectionRefusedError:
                time.sleep(0.1)
        raise ConnectionError("its server does not start")

    @property
    def _log(self) -> Path:
        assert self._away is not None
        return Path(self._away.name) / "log"

    def _told(self) -> str:
        """What Frog said last, for an error."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines() if self._away else []
        return "".join(f"\n  {line}" for line in lines[-3:])

    def stop(self) -> None:
        """End this Frog and the process that it made for the connection; nothing happens if it does not run."""
        if self._process is not None:
            for pid in [*_children(self._process.pid), self._process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()
            atexit.unregister(self.stop)
        if self._connection is not None:
            self._connection.close()
        if self._away is not None:
            self._away.cleanup()
        self._process = self._connection = self._away = None


def _children(pid: int) -> list[int]:
    """The processes that a process made, where the system tells."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text(encoding="ascii").split()] if listed.exists() else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def versions() -> dict[str, str]:
    """Frog, its models and its tokeniser, as Debian numbers them."""
    return debian_versions("frog", "frogdata", "ucto", "uctodata")


def laid_out(text: str, sentences: Iterable[Sequence[dict[str, Any]]]) -> list[list[Word]]:
    """Frog's words with their offsets, in code points into `text`. Raises RuntimeError at a word that the text does not have."""
    letters = list(_letters(text))
    at = 0
    found = []
    for sentence in sentences:
        words = []
        for said in sentence:
            span, at = _placed(said["word"], letters, at)
            words.append(_word(said, text, span))
        found.append(words)
    if at < len(letters):
        raise RuntimeError(f"Frog left out the text from offset {letters[at][1]}")
    return found


def _word(said: dict[str, Any], text: str, span: Span) -> Word:
    parse = said.get("parse") or {}
    head = parse.get("parse_index") or 0
    ner = (said.get("ner") or {}).get("tag", "O")
    return Word(
        span.cut(text),
        span,
        said.get("lemma", ""),
        said["pos"]["tag"],
        ner,
        head - 1 if head else None,
        parse.get("parse_role", ""),
    )


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """What a text is written with, each with the offset of its code point: no white space, no soft hyphens, all decomposed."""
    for offset, char in enumerate(text):
        if not char.isspace() and char != "\u00ad":
            yield from ((part, offset) for part in unicodedata.normalize("NFKD", char) if not part.isspace())


def _placed(word: str, letters: Sequence[tuple[str, int]], at: int) -> tuple[Span, int]:
    """Where a word stands that begins with the letter number `at`, and the number of the letter after it."""
    begin = at
    for letter, _ in _letters(word):
        if at < len(letters) and letters[at][0] == letter:
            at += 1
        elif letter != "_":
            raise RuntimeError(
                f"Frog's word {word!r} is not in the text at offset {letters[begin][1] if begin < len(letters) else 'end'}"
            )
    if at == begin:
        raise RuntimeError(f"Frog's word {word!r} has no letters in the text")
    return Span(letters[begin][1], letters[at - 1][1] + 1), at
