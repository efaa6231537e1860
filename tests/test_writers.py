"""Gold → writer → reader → gold, for all that a format can hold; what it cannot hold is counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from agency import ARTICLES, needs_articles
from environments import environment
from foreign import CASES
from volgens.curation.build import build
from volgens.model.corpora import TYPES
from volgens.model.documents import Document, Entity, Span
from volgens.model.gold import Gold, renumbered
from volgens.model.problem import ProblemsFound
from volgens.readers.corpus import load_gold
from volgens.readers.foreign import read_foreign
from volgens.readers.jsonl import SCHEMA
from volgens.writers import FORMATS, export
from volgens.writers.tokens import WIDENED, blocks, outermost, tokenise

ROOT = Path(__file__).parents[1]
SPACY = ["spacy>=3.8", "polars>=1.30", "numpy>=1.26", "jsonschema>=4.21"]
LAYERS = ("entities", "figures", "attributions")


@cache
def own():
    return load_gold(gold=ROOT / "dataset")


def plain(rows):
    """The layers of rows by document, numbered as in gold files."""
    named = [{**row, "entities": [{"id": "", **entity} for entity in row["entities"]]} for row in rows]
    golds = [Gold.from_dict({"id": row["id"], "length": 0, "sha256": "", **{k: row[k] for k in LAYERS}}) for row in named]
    return {gold.id: renumbered(gold).to_dict() for gold in golds}


def bare(frame):
    def without_text(value):
        if isinstance(value, list):
            return [without_text(v) for v in value]
        return {k: without_text(v) for k, v in value.items() if k != "text"} if isinstance(value, dict) else value

    return [{"id": row["id"], **{layer: without_text(row[layer]) for layer in LAYERS}} for row in frame.iter_rows(named=True)]


def named(entity):
    return entity["start"], entity["end"], entity["type"]


def flat(frame):
    """document → its outermost names as (start, end, type)."""
    found = {}
    for row in frame.iter_rows(named=True):
        spans = {(e["start"], e["end"]) for e in row["entities"]}
        inner = {(s, e) for s, e in spans for a, b in spans if (a, b) != (s, e) and a <= s and e <= b}
        found[row["id"]] = sorted(
            (e["start"], e["end"], e["type"]) for e in row["entities"] if (e["start"], e["end"]) not in inner
        )
    return found


def read_names(found):
    return {row["id"]: sorted(map(named, row["entities"])) for row in found.rows}


def test_brat_holds_everything(tmp_path):
    done = export(own(), "brat", tmp_path)
    assert (done.documents, len(done.files), done.notes) == (len(own()), 2 * len(own()) + 1, {})
    found = read_foreign(tmp_path, None, own())
    assert (found.format, found.problems, found.notes) == ("brat", [], {})
    assert plain(found.rows) == plain(bare(own()))


@needs_articles
def test_every_format_holds_the_agencys_pages(tmp_path):
    _, problems = build(ROOT, tmp_path / "restored", {"anp": ARTICLES})
    assert problems == []
    gold = load_gold("anp", gold=tmp_path / "restored")
    export(gold, "brat", tmp_path / "brat")
    assert plain(read_foreign(tmp_path / "brat", None, gold).rows) == plain(bare(gold))
    done = export(gold, "conll2002", tmp_path)
    found, expected = read_names(read_foreign(done.files[0], None, gold, scheme="iob2")), flat(gold)
    widened = [(name, place) for name, places in found.items() for place in set(places) - set(expected[name])]
    assert len(widened) == done.notes[WIDENED] <= 3
    assert {name: len(places) for name, places in found.items()} == {name: len(places) for name, places in expected.items()}


def test_columns_hold_the_outermost_names(tmp_path):
    done = export(own(), "conll2002", tmp_path)
    assert [path.name for path in done.files] == ["own-test.conll"]
    found = read_foreign(done.files[0], None, own(), scheme="iob2")
    assert found.problems == []
    assert read_names(found) == flat(own())
    lost = sum(len(row) for row in own()["entities"]) - sum(map(len, flat(own()).values()))
    assert done.notes == {"names inside other names, left out": lost}


def test_columns_with_the_types_of_conll_2002(tmp_path):
    done = export(own(), "conll2002", tmp_path, types="conll2002")
    found = read_foreign(done.files[0], None, own(), scheme="iob2")
    assert read_names(found) == {
        name: [(s, e, TYPES["conll2002"].get(t, t)) for s, e, t in items] for name, items in flat(own()).items()
    }


def test_the_lines_of_columns(tmp_path):
    done = export(load_gold(gold=CASES / "gold.jsonl"), "conll2002", tmp_path)
    lines = done.files[0].read_text(encoding="utf-8").split("\n")
    assert lines[:6] == ["-DOCSTART- a O", "", "Oslo _ B-GPE", "meldt _ O", "dat _ O", "Ida _ B-PER"]
    assert lines[9:14] == ["", "Zo _ O", "' _ O", "n _ O", "300 _ O"]
    assert str(done).splitlines() == [f"{done.files[0]}: 2 documents", "  names inside other names, left out: 1"]


def invented(text, *names):
    """A document of one line with names given as (start, end, type)."""
    entities = tuple(Entity(f"e{n}", *name) for n, name in enumerate(names, 1))
    return Document("d", "d", "article", "own", "test", text, len(text), "", entities=entities)


@pytest.mark.parametrize(
    ("document", "tags", "note"),
    [
        (invented("Trumpaanhanger", (0, 5, "PER")), ["B-PER"], WIDENED),
        (
            invented("AjaxFeyenoord", (0, 4, "ORG"), (4, 13, "ORG")),
            ["B-ORG"],
            "names in a token that carries another name, left out",
        ),
        (
            invented("de Noorse Zee", (3, 13, "LOC"), (3, 9, "NORP")),
            ["O", "B-LOC", "I-LOC"],
            "names inside other names, left out",
        ),
        (invented("Ajax Ajax", (0, 4, "ORG"), (5, 9, "ORG")), ["B-ORG", "B-ORG"], None),
    ],
)
def test_what_columns_cannot_hold_is_counted(tmp_path, document, tags, note):
    done = export(frame(document), "conll2002", tmp_path)
    lines = done.files[0].read_text(encoding="utf-8").splitlines()
    assert [line.split()[2] for line in lines if line and not line.startswith("-DOC")] == tags
    assert (note in done.notes) == (note is not None)


def frame(*documents):
    rows = [{k: v for k, v in d.to_dict().items() if k in SCHEMA and k not in ("provenance", "segments")} for d in documents]
    return pl.DataFrame(rows, schema={k: v for k, v in SCHEMA.items() if k not in ("provenance", "segments")})


def test_tokens_cover_every_character_but_white_space():
    for row in own().iter_rows(named=True):
        tokens = tokenise(row["text"])
        assert "".join(t.cut(row["text"]) for t in tokens) == "".join(row["text"].split())
        assert all(a.end <= b.start for a, b in pairwise(tokens))
    assert tokenise("één 🌊\n") == [Span(0, 3), Span(4, 5)]
    assert blocks(invented("Een.\n\nTwee")) == [[Span(0, 3), Span(3, 4)], [Span(6, 10)]]


def test_twins_are_written_once():
    notes = Counter()
    names = [Entity("e1", 0, 4, "ORG"), Entity("e2", 0, 4, "LOC")]
    assert (len(outermost(names, notes)), notes.total()) == (1, 1)


def test_what_cannot_be_exported_is_a_problem(tmp_path):
    def problems(*args, **settings):
        with pytest.raises(ProblemsFound) as found:
            export(*args, tmp_path / "out", **settings)
        assert not (tmp_path / "out").exists()
        return [p.id for p in found.value.problems]

    stripped = load_gold("anp", gold=ROOT / "dataset")
    assert problems(stripped, "brat") == ["no-text"] * len(stripped)
    assert problems(own(), "conll") == ["unknown-format"]
    assert problems(own(), "brat", types="conll2002") == ["unknown-types"]
    assert problems(own(), "conll2002", types="four") == ["unknown-types"]
    assert all(form.description for form in FORMATS.values())


def in_spacy(script, *arguments):
    python = environment("spacy", SPACY)
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "eval")}
    done = subprocess.run([python, "-c", script, *map(str, arguments)], env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()


ROUND_TRIP = """
import json, sys
from pathlib import Path
from volgens.readers.corpus import load_gold
from volgens.writers import export
from volgens.readers.foreign import detect, read_foreign
gold = load_gold(gold=sys.argv[1])
done = export(gold, "spacy", sys.argv[2])
path = done.files[0]
print(json.dumps([path.name, dict(done.notes), detect(path.read_bytes(), path)]))
found = read_foreign(path, None, gold)
print(json.dumps([[p.id for p in found.problems], dict(found.notes)]))
print(json.dumps(found.rows, ensure_ascii=False))
import spacy
from spacy.tokens import DocBin
nlp = spacy.blank("nl")
docs = list(DocBin().from_disk(path).get_docs(nlp.vocab))
with open(Path(sys.argv[2]) / "docs.jsonl", "w", encoding="utf-8") as file:
    file.writelines(json.dumps(doc.to_json()) + "\\n" for doc in docs)
nlp.add_pipe("ner")
examples = [spacy.training.Example(nlp.make_doc(doc.text), doc) for doc in docs]
optimizer = nlp.initialize(lambda: examples)
losses = nlp.update(examples, sgd=optimizer)
print(json.dumps([len(docs), losses["ner"] > 0, sorted(nlp.get_pipe("ner").labels)]))
"""


def test_a_docbin_holds_names_and_figures_and_trains_a_pipeline(tmp_path):
    """Written, read, read again as `Doc.to_json()`, and learned from, all with a real spaCy."""
    said = [json.loads(line) for line in in_spacy(ROUND_TRIP, ROOT / "dataset", tmp_path)]
    assert said[:2] == [["own-test.spacy", {}, "spacy-docbin"], [[], {}]]
    rows = {row["id"]: row for row in said[2]}
    key = ("start", "end", "type", "ref")
    for gold in own().iter_rows(named=True):
        row = rows[gold["id"]]
        names = sorted(tuple(e[k] for k in key) for e in row["entities"])
        assert names == sorted(tuple(e[k] for k in key) for e in gold["entities"])
        spans = sorted((f["start"], f["end"], f["kind"]) for f in row["figures"])
        assert spans == sorted((f["start"], f["end"], f["kind"]) for f in gold["figures"])
        assert row["text"] == gold["text"]
    as_json = read_foreign(tmp_path / "docs.jsonl", None, own())
    assert (as_json.format, as_json.problems) == ("spacy-json", [])
    assert {row["id"]: row for row in as_json.rows} == rows
    labels = sorted({kind for items in flat(own()).values() for _, _, kind in items})
    assert said[3] == [len(own()), True, labels]


def test_without_spacy_a_docbin_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ProblemsFound, match="pip install spacy"):
        export(own(), "spacy", tmp_path)
    path = tmp_path / "x.spacy"
    path.write_bytes(b"\x78\x9c")
    found = read_foreign(path, "spacy-docbin", own())
    assert [p.id for p in found.problems] == ["needs-spacy"]


def test_a_damaged_docbin_is_a_problem(tmp_path):
    script = """
import sys, zlib
from pathlib import Path
from volgens.readers.corpus import load_gold
from volgens.readers.foreign import read_foreign
from volgens.readers.jsonl import SCHEMA
from volgens.model.corpora import TYPES
gold = load_gold(gold=sys.argv[1])
path = Path(sys.argv[2]) / "x.spacy"
for data in (zlib.compress(b"\\x81\\xa7version\\x01"), b"zomaar", zlib.compress(b"x" * 99)[:20]):
    path.write_bytes(data)
    print([p.id for p in read_foreign(path, "spacy-docbin", gold).problems])
"""
    assert in_spacy(script, ROOT / "dataset", tmp_path) == ["['broken-docbin']"] * 3


MINIMAL = {
    "id": "v",
    "text": "Oslo meldt 300 gewonden, zei Ida Holm. 1.234 is veel.",
    "entities": [{"start": 0, "end": 4, "type": "GPE"}],
}
PARTS = {
    "figures": [{"start": 11, "end": 14, "kind": "count", "counted": {"start": 15, "end": 23}, "head": {"start": 15, "end": 23}},
                {"start": 39, "end": 44, "bound": "point", "value": 1.234}],
    "attributions": [{"cue": [{"start": 25, "end": 28}], "source": [{"start": 29, "end": 37}],
                      "content": [{"start": 0, "end": 4}, {"start": 5, "end": 23}]}],
}  # fmt: skip


@pytest.mark.parametrize("more", [{}, {"figures": None, "attributions": None}, {"length": 53}, PARTS])
@pytest.mark.parametrize("format", ["brat", "conll2002"])
def test_gold_that_says_less_is_exported(tmp_path, format, more):
    gold = load_gold(gold=[MINIMAL | more])
    done = export(gold, format, tmp_path)
    found = read_foreign(tmp_path if format == "brat" else done.files[0], None, gold, scheme=None if format == "brat" else "iob2")
    assert found.problems == []
    assert [(e["start"], e["end"], e["type"]) for e in found.rows[0]["entities"]] == [(0, 4, "GPE")]
    unannotated = {note for note in done.notes if note.startswith("documents without annotated")}
    assert bool(unannotated) == (format == "brat" and more is not PARTS)


def test_parts_that_touch_and_numbers_with_three_decimals_come_back_from_brat(tmp_path):
    gold = load_gold(gold=[MINIMAL | PARTS])
    export(gold, "brat", tmp_path)
    row = read_foreign(tmp_path, None, gold).rows[0]
    assert row["attributions"][0]["content"] == PARTS["attributions"][0]["content"]
    assert row["figures"][1]["value"] == 1.234


def test_items_without_a_place_or_a_type_are_listed(tmp_path):
    gold = load_gold(gold=[MINIMAL | {"entities": [{"start": 0, "end": 4}, {"start": 29, "end": 37, "type": "PER"}]}])
    with pytest.raises(ProblemsFound) as found:
        export(gold, "brat", tmp_path)
    assert [(p.id, p.where.document, p.where.field) for p in found.value.problems] == [("missing-field", "v", "entities[0].type")]
    assert not list(tmp_path.iterdir())
