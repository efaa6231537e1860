"""No run of eight words of other people's pages stands in any file of the repository, in whatever form it is written."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import subprocess
import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from agency import ARTICLES, WIKINEWS, needs_articles, needs_wikinews
from volgens.curation.meantime import documents

ROOT = Path(__file__).parents[1]
RUN = 8
TEXT = "Op een zonnige dinsdag verkocht de molenaarster Süß vierhonderd ganzen aan een blinde orgelman uit Zutphen."


def words(text):
    return re.findall(r"\w+", unicodedata.normalize("NFC", html.unescape(text)).lower())


def runs(text):
    found = words(text)
    return {tuple(found[n : n + RUN]) for n in range(len(found) - RUN + 1)}


def texts(raw, name):
    """What a reader could make of a file: its characters, with and without the escapes of JSON, unpacked, its columns."""
    if name.endswith(".gz"):
        yield from texts(gzip.decompress(raw), name.removesuffix(".gz"))
    elif name.endswith(".parquet") and raw[-4:] == b"PAR1" and len(raw) > 100:
        for column in pq.read_table(io.BytesIO(raw)).columns:
            yield json.dumps(column.to_pylist(), ensure_ascii=False)
    else:
        text = raw.decode("utf-8", "replace")
        yield text
        if "\\" in text:
            yield unescape(text)
    if b"\0" in raw[:4096]:
        yield raw.decode("utf-16", "replace")


def unescape(text):
    r"""`\u00e9` → é, a pair of surrogates → one character, `\n` → a line end."""
    text = (
        re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )
    return re.sub(r"\\[nrt]", " ", text)


def leaks(raw, name, forbidden):
    return {" ".join(run) for text in texts(raw, name) for run in runs(text) & forbidden}


def files():
    """All that is tracked, and what would be if it were added."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=True
    )
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


@needs_articles
def test_no_agency_text_in_the_repository():
    pages = sorted(ARTICLES.glob("*.txt"))
    forbidden = set().union(*(runs(page.read_text(encoding="utf-8")) for page in pages))
    assert len(pages) >= 5 and len(forbidden) > 2000
    assert leaking(forbidden) == {}


@needs_wikinews
def test_no_wikinews_text_in_the_repository():
    forbidden = set().union(*(runs(document.text) for document in documents(WIKINEWS)))
    assert len(forbidden) > 5000
    assert leaking(forbidden) == {}


def leaking(forbidden):
    found = {str(path.relative_to(ROOT)): leaks(path.read_bytes(), path.name, forbidden) for path in files()}
    return {name: sorted(runs)[:3] for name, runs in found.items() if runs}


def test_the_files_looked_at_are_those_of_the_repository():
    names = {str(path.relative_to(ROOT)) for path in files()}
    assert {"pyproject.toml", "dataset/pages/anp.jsonl", "eval/volgens/model/documents.py"} <= names
    assert not any(name.startswith((".venv", ".git/", "restored")) for name in names)


def parquet(rows):
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (f"x {TEXT} y".encode(), "a.md"),
        (TEXT.upper().replace(" ", "\n> ").encode(), "a.md"),
        (json.dumps({"text": TEXT}).encode(), "a.json"),
        (json.dumps(TEXT).replace("u00fc", "u00FC").replace(" ", "\\n").encode(), "a.jsonl"),
        (gzip.compress(TEXT.encode()), "a.txt.gz"),
        (gzip.compress(json.dumps([TEXT]).encode()), "a.jsonl.gz"),
        (parquet([{"a": 1, "text": TEXT}]), "a.parquet"),
        (parquet([{"a": [{"b": {"c": [TEXT]}}]}]), "a.parquet"),
        (unicodedata.normalize("NFD", TEXT).encode(), "a.txt"),
        (TEXT.replace("ü", "&uuml;").replace(" ", "&nbsp;").encode(), "a.html"),
        (TEXT.encode("utf-16"), "a.txt"),
        (b"\xff\xfe\xfa" + TEXT.encode(), "a.bin"),
        (" ".join(words(TEXT)[3 : 3 + RUN]).encode(), "a.py"),
    ],
)
def test_the_detector_detects(raw, name):
    assert leaks(raw, name, runs(TEXT))


@pytest.mark.parametrize("text", [" ".join(words(TEXT)[: RUN - 1]), " ".join(reversed(words(TEXT))), "Iets heel anders."])
def test_the_detector_lets_others_pass(text):
    assert leaks(text.encode(), "a.txt", runs(TEXT)) == set()
