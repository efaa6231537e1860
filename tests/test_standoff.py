"""Texts that may not travel are found again in any larger text, or refused by the segment that differs."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from agency import ARTICLES, needs_articles
from hypothesis import given, settings
from hypothesis import strategies as st
from volgens.curation.pages import normalise, read_pages
from volgens.curation.standoff import read_standoff, restore, strip_pages, write_standoff

HERE = Path(__file__).parent
ROOT = HERE.parent
PAGE = (HERE / "cases" / "pages" / "page.txt").read_text(encoding="utf-8")
OTHER = """
Windmolen op hol in Wijk bij Duurstede
WIJK BIJ DUURSTEDE (KWN) - Een windmolen is zaterdag op hol geslagen. "De vang was stuk", zegt molenaar Ina Süß.
Niemand raakte gewond, meldt de brandweer.
Meer uit Binnenland
DEN HAAG (NPN) - De Eerste Kamer praat niet over molens, zegt griffier Aart Oud.
3 uur geleden'S-HERTOGENBOSCH/ST. ANNA (KWN/Belga) - Een café is gesloten.
2 dagen geleden was het nog open.
1 dag geleden
"""


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "000_een.txt").write_text(PAGE, encoding="utf-8")
    (folder / "001_twee.txt").write_text(OTHER, encoding="utf-8")
    return folder


@pytest.fixture
def stripped(pages):
    found, problems = strip_pages(pages.glob("*.txt"), "own")
    assert problems == []
    return found


@pytest.fixture
def documents(pages):
    return read_pages(pages.glob("*.txt"), "own")[0]


def restored_from(tmp_path, stripped, files):
    folder = tmp_path / "found"
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return restore(stripped, folder)


def refusals(tmp_path, stripped, *texts):
    found, problems = restored_from(tmp_path, stripped, {f"{n}.txt": text for n, text in enumerate(texts)})
    assert found == []
    return [(p.id, p.where.document, p.where.field, p.where.line) for p in problems]


def test_no_text_is_left_and_starts_are_true(stripped, documents):
    assert [replace(d, text=None) for d in documents] == [s.document for s in stripped]
    page = normalise(PAGE)
    assert all(page[s.start :].startswith(d.text) for s, d in zip(stripped, documents, strict=True) if d.page == "own-000")


def test_stand_off_lines_are_read_as_written(tmp_path, stripped):
    write_standoff(tmp_path / "own.jsonl", stripped)
    assert read_standoff(tmp_path / "own.jsonl", "own") == (stripped, [])
    lines = (tmp_path / "own.jsonl").read_text(encoding="utf-8")
    assert not {"Elburg", "schapen", "gesloten"} & set(re.findall(r"\w+", lines))


def test_a_broken_stand_off_line_is_named(tmp_path, stripped):
    path = tmp_path / "own.jsonl"
    write_standoff(path, stripped)
    lines = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([lines[0], "{", lines[2].replace('"sha256"', '"sha"'), "[]"]), encoding="utf-8")
    found, problems = read_standoff(path, "own")
    assert len(found) == 1
    assert [(p.id, p.where.line) for p in problems] == [("not-standoff", n) for n in (2, 3, 4)]


FORMS = {
    "as published": {"a.txt": PAGE, "b.txt": OTHER},
    "any name": {"x/y/PAGE.HTML": PAGE, ".b": OTHER},
    "crlf and bom": {"a": b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode(), "b": OTHER.replace("\n", "\r").encode()},
    "nfd": {"a": unicodedata.normalize("NFD", PAGE + OTHER)},
    "other white space around": {"a": "\n\n\t " + PAGE + "\u00a0\n" * 3 + OTHER.strip()},
    "one dump": {"dump.txt": "Iets vooraf.\nZWOLLE (NPN) - Nog iets.\n" * 50 + OTHER + "Tussenin.\n" + PAGE + "Achteraf." * 99},
    "glued into other text": {"dump.xml": f"<doc id=1>{PAGE}</doc><doc id=2>{OTHER}</doc>".replace("\n<", "<")},
    "json lines": {"d.jsonl": "".join(json.dumps({"id": n, "a": {"body": [t]}}) + "\n" for n, t in enumerate((PAGE, OTHER)))},
    "json": {"d.json": json.dumps([{"text": PAGE}, {"text": OTHER, "n": None}], indent=1, ensure_ascii=False)},
    "gzip": {"d.jsonl.gz": gzip.compress(json.dumps({"text": PAGE + OTHER}).encode())},
    "title apart": {"d.json": json.dumps([t.strip().split("\n", 1) for t in (PAGE, OTHER)])},
    "blank lines between": {"a": PAGE.replace("\n", " \n\n  "), "b": OTHER.replace("\n", "\n\n")},
    "beside what is no text": {"a": PAGE, "b": OTHER, "c.png": b"\x89PNG\xff\x00", "empty": b"", "bad.gz": b"x"},
    "a line that is no json": {"d.jsonl": f'{json.dumps(PAGE)}\n{{"text": \n{json.dumps([OTHER])}'},
    "text that begins like json": {"a": "[Video] " + PAGE, "b": "{" + OTHER},
}


@pytest.mark.parametrize("files", FORMS.values(), ids=FORMS)
def test_the_text_is_found_whatever_holds_it(tmp_path, stripped, documents, files):
    assert restored_from(tmp_path, stripped, files) == (documents, [])


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(PAGE.strip()) - 1), new=st.sampled_from(["x", "", "xy", " ", "\u00a0"]))
def test_any_change_is_refused_or_outside_every_text(tmp_path_factory, at, new):
    folder = tmp_path_factory.mktemp("changed")
    (folder / "000_een.txt").write_text(PAGE, encoding="utf-8")
    stripped, _ = strip_pages([folder / "000_een.txt"], "own")
    originals = [PAGE[s.start : s.start + s.document.length] for s in stripped]
    changed = PAGE[:at] + new + PAGE[at + 1 :]
    (folder / "000_een.txt").write_text(changed, encoding="utf-8")
    found, problems = restore(stripped, folder)
    if found:
        assert [d.text for d in found] == originals
    else:
        touched = {s.document.id for s in stripped if s.start <= at < s.start + s.document.length}
        assert {p.where.document for p in problems} == touched


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("schapen gestolen bij", "schapen gestoken bij", ("own-000", "segments[0]", 1)),
        ("ELBURG/", "ELBERG/", ("own-000", "segments[1]", 2)),
        ("vier schapen", "vijf schapen", ("own-000", "segments[2]", 2)),
        ("zes dieren", "zeven dieren", ("own-000", "segments[3]", 3)),
        ("een onderzoek", "een  onderzoek", ("own-000", "segments[4]", 4)),
        ("Wéér", "Weer", ("own-000", "segments[5]", 5)),
        ('niets", zei', "niets” zei", ("own-000", "segments[6]", 6)),
        ("over schapen.", "over kippen.", ("own-000-t1", "segments[1]", 8)),
        ("DEN HAAG (NPN) - De T", "DEN HAAG (NNP) - De T", ("own-000-t1", "segments[0]", 8)),
        ("het nog open", "hij nog open", ("own-000-t2", "segments[2]", 10)),
        ("wandelaar (33)", "wandelaar (34)", ("own-000-t4", "segments[0]", 12)),
    ],
)
def test_a_changed_character_is_named_by_segment(tmp_path, stripped, old, new, expected):
    assert PAGE.count(old) == 1
    found = refusals(tmp_path, stripped, PAGE.replace(old, new), OTHER.replace("'S-HERTOGENBOSCH", "'S-Hertogenbosch"))
    assert ("segment-differs", *expected) in found
    assert {document for _, document, _, _ in found} <= {expected[0], "own-001-t2"}


def test_a_refusal_tells_kind_number_and_offsets(tmp_path, stripped):
    _, [problem] = restored_from(tmp_path, stripped, {"a.txt": PAGE.replace("zes dieren", "zes koeien"), "b.txt": OTHER})
    segment = stripped[0].document.segments[3]
    assert f"paragraph 2 ({segment.start}-{segment.end})" in problem.message
    assert problem.where.file.endswith("a.txt") and problem.hint


def test_several_changes_come_at_once(tmp_path, stripped):
    page = PAGE.replace("zes dieren", "zes koeien").replace("Wéér", "Geen").replace("boze", "blije")
    assert refusals(tmp_path, stripped, page, OTHER) == [
        ("segment-differs", "own-000", "segments[3]", 3),
        ("segment-differs", "own-000", "segments[5]", 5),
        ("segment-differs", "own-000-t4", "segments[0]", 12),
    ]


def test_missing_documents_are_all_named(tmp_path, stripped):
    assert refusals(tmp_path, stripped, OTHER.replace("molenaar", "mulder")) == [
        ("document-missing", "own-000", None, None),
        ("document-missing", "own-000-t1", None, None),
        ("document-missing", "own-000-t3", None, None),
        ("document-missing", "own-000-t4", None, None),
        ("segment-differs", "own-001", "segments[2]", 3),
    ]


def test_one_file_serves_as_well_as_a_folder(tmp_path, stripped, documents):
    (tmp_path / "dump").write_text(PAGE + OTHER, encoding="utf-8")
    assert restore(stripped, tmp_path / "dump") == (documents, [])


def test_an_empty_folder_and_none_at_all(tmp_path, stripped):
    (tmp_path / "empty").mkdir()
    assert {p.id for p in restore(stripped, tmp_path / "empty")[1]} == {"document-missing"}
    assert [p.id for p in restore(stripped, tmp_path / "nowhere")[1]] == ["no-folder"]


def test_files_that_are_no_text_are_named_where_a_document_is_missing(tmp_path, stripped):
    _, problems = restored_from(tmp_path, stripped, {"a": PAGE, "b": OTHER.encode("latin-1"), "c.gz": b"no gzip"})
    assert {"not-utf-8", "unread-file", "document-missing"} == {p.id for p in problems}


def test_segments_in_another_order_are_refused(tmp_path, stripped):
    lines = PAGE.split("\n")
    lines[2], lines[3] = lines[3], lines[2]
    assert ("segment-differs", "own-000", "segments[3]", 3) not in refusals(tmp_path, stripped[:1], "\n".join(lines[3:]))


def test_a_large_dump_costs_seconds(tmp_path, stripped, documents):
    rng = random.Random(7)
    words = PAGE.split()
    noise = ["DEN HAAG (NPN) - " + " ".join(rng.choices(words, k=60)) for _ in range(20_000)]
    noise[15_000:15_000] = [PAGE]
    noise[9_000:9_000] = [OTHER]
    begin = time.perf_counter()
    assert restored_from(tmp_path, stripped, {"dump.txt": "\n".join(noise)}) == (documents, [])
    assert time.perf_counter() - begin < 20


def test_the_command(tmp_path, pages):
    run = [sys.executable, "-m", "volgens", "data", "parse", "--root", str(tmp_path)]
    out = tmp_path / "own.jsonl"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "eval")}
    told = {"capture_output": True, "text": True, "env": environment}
    done = subprocess.run([*run, str(pages), "--config", "own", "--out", str(out)], **told)
    assert (done.returncode, done.stderr) == (0, "") and "8 documents of 2 pages" in done.stdout
    (pages / "002_leeg.txt").write_text("", encoding="utf-8")
    before = out.read_bytes()
    done = subprocess.run([*run, str(pages), "--config", "own", "--out", str(out)], **told)
    assert done.returncode == 1 and "[empty-page]" in done.stderr and out.read_bytes() == before
    done = subprocess.run([*run, str(tmp_path / "nowhere"), "--config", "own"], **told)
    assert done.returncode == 1 and "[no-pages]" in done.stderr
    assert subprocess.run([*run, str(pages)], **told).returncode == 2


@needs_articles
def test_the_agency_stand_off_is_that_of_its_pages(tmp_path):
    stripped, problems = strip_pages(ARTICLES.glob("*.txt"), "anp")
    assert problems == []
    write_standoff(tmp_path / "anp.jsonl", stripped)
    assert (tmp_path / "anp.jsonl").read_bytes() == (ROOT / "dataset" / "pages" / "anp.jsonl").read_bytes()


@needs_articles
def test_the_forty_agency_documents_are_restored_byte_for_byte():
    stripped, problems = read_standoff(ROOT / "dataset" / "pages" / "anp.jsonl", "anp")
    found, lost = restore(stripped, ARTICLES)
    assert (problems, lost, len(found)) == ([], [], 40)
    assert found == read_pages(ARTICLES.glob("*.txt"), "anp")[0]
    pages = {p.name[:3]: normalise(p.read_bytes()) for p in ARTICLES.glob("*.txt")}
    for (document, start), full in zip(stripped, found, strict=True):
        assert pages[document.page[-3:]][start : start + document.length].encode() == full.text.encode()


@needs_articles
def test_each_agency_segment_is_named_when_one_character_of_it_changes(tmp_path):
    stripped, _ = read_standoff(ROOT / "dataset" / "pages" / "anp.jsonl", "anp")
    shutil.copytree(ARTICLES, tmp_path / "copy")
    for path in sorted((tmp_path / "copy").glob("*.txt")):
        path.chmod(0o644)
        page = normalise(path.read_bytes())
        for document, start in (s for s in stripped if s.document.page[-3:] == path.name[:3]):
            for n, segment in enumerate(document.segments):
                at = start + (segment.start + segment.end) // 2
                path.write_text(page[:at] + ("#" if page[at] != "#" else "x") + page[at + 1 :], encoding="utf-8")
                found, problems = restore(stripped, tmp_path / "copy")
                assert found == []
                assert [(p.id, p.where.document, p.where.field) for p in problems] == [
                    ("segment-differs", document.id, f"segments[{n}]")
                ]
        path.write_text(page, encoding="utf-8")
