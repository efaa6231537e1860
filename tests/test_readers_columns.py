"""Readers of CoNLL columns and of brat."""

from __future__ import annotations

import pytest
from foreign import CASES, checked, read, rules, words

NAMES = {
    "a": [("Oslo", "GPE"), ("Ida Jansen", "PER"), ("Zoë Süß", "PER"), ("Wijk bij Duurstede", "GPE"), ("NAVO-leider", "ORG")],
    "b": [("Jansen", "PER"), ("Noorse Zee", "LOC"), ("Jansen", "PER")],
}


@pytest.mark.parametrize(
    ("case", "scheme"),
    [
        ("iob2.conll", "iob2"),
        ("iob2.conll", "bio"),
        ("iob2.conll", "conlleval"),
        ("iob1.conll", "iob1"),
        ("iob1.conll", "conlleval"),
        ("bioes.conll", "bioes"),
        ("bilou.conll", "bilou"),
        ("docstart.conll", "iob2"),
        ("no-ids.conll", "iob2"),
    ],
)
def test_columns_in_the_scheme_that_is_stated(case, scheme):
    found = read(case, scheme=scheme)
    assert words(found) == NAMES
    assert found.format == "conll"
    assert checked(found) == []


@pytest.mark.parametrize(
    ("case", "scheme"), [("iob2.conll", "iob1"), ("iob1.conll", "iob2"), ("iob2.conll", "bioes"), ("bioes.conll", "iob2"),
                         ("bioes.conll", "bilou"), ("bilou.conll", "bioes"), ("bioes.conll", "conlleval")],
)  # fmt: skip
def test_another_scheme_than_stated_is_found_out(case, scheme):
    found = read(case, scheme=scheme)
    assert set(rules(found)) == {"not-of-scheme"}
    assert all(problem.where.line and problem.where.document for problem in found.problems)


@pytest.mark.parametrize("scheme", [None, "iob3"])
def test_the_scheme_is_never_guessed(scheme):
    found = read("iob2.conll", scheme=scheme)
    assert (rules(found), found.rows) == (["no-scheme"], [])
    assert "iob1: " in found.problems[0].cure


TAGS = [
    ("iob1", "I B O I", [(0, 1), (1, 2), (3, 4)], 0),
    ("iob1", "B O O O", [(0, 1)], 1),
    ("iob2", "B B I O", [(0, 1), (1, 3)], 0),
    ("iob2", "O I I O", [(1, 3)], 1),
    ("conlleval", "O I B I", [(1, 2), (2, 4)], 0),
    ("bioes", "B I E S", [(0, 3), (3, 4)], 0),
    ("bioes", "B O S O", [(0, 1), (2, 3)], 1),
    ("bioes", "O B I I", [(1, 4)], 1),
    ("bioes", "E O O O", [(0, 1)], 1),
    ("bioes", "B B E O", [(0, 1), (1, 3)], 1),
    ("bilou", "B L U O", [(0, 2), (2, 3)], 0),
]


@pytest.mark.parametrize(("scheme", "tags", "spans", "problems"), TAGS)
def test_tags_by_hand(tmp_path, scheme, tags, spans, problems):
    """Names as numbers of tokens, and how many tags cannot stand where they are; the tokens are the first four of a."""
    tokens = ["Oslo", "meldt", "dat", "Ida"]
    tagged = [f"{word} {tag if tag == 'O' else tag + '-PER'}" for word, tag in zip(tokens, tags.split(), strict=True)]
    untagged = "Jansen komt . Zo'n 300 agenten zoeken Zoë Süß in Wijk bij Duurstede , aldus een NAVO-leider ."
    lines = ["# id = a", *tagged, "", *(f"{word} O" for word in untagged.split())]
    path = tmp_path / "x.conll"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read(path, scheme=scheme)
    expected = [" ".join(tokens[start:end]) for start, end in spans]
    assert [word for word, _ in words(found)["a"]] == expected
    assert rules(found) == ["not-of-scheme"] * problems


def test_a_name_ends_with_its_sentence(tmp_path):
    lines = (CASES / "iob2.conll").read_text(encoding="utf-8").replace("Ida _ B-PER\n", "Ida _ B-PER\n\n")
    path = tmp_path / "x.conll"
    path.write_text(lines, encoding="utf-8")
    assert words(read(path, scheme="conlleval"))["a"][1:3] == [("Ida", "PER"), ("Jansen", "PER")]
    assert rules(read(path, scheme="iob2")) == ["not-of-scheme"]


@pytest.mark.parametrize(
    ("case", "rule", "line", "document", "said"),
    [
        ("rewritten-token.conll", "token-not-in-text", 34, "b", "the token '``'"),
        ("cut-off.conll", "tokens-end-early", 1, "a", "the tokens end at 40 of 109"),
        ("no-tag.conll", "no-tag", 3, None, "'PERSOON'"),
    ],
)
def test_tokens_that_are_not_the_texts(case, rule, line, document, said):
    found = read(case, scheme="iob2")
    assert rules(found) == [rule]
    where = found.problems[0].where
    assert (where.line, where.document) == (line, document)
    assert said in found.problems[0].message


def test_documents_that_the_gold_has_not(tmp_path):
    path = tmp_path / "x.conll"
    path.write_text("# id = z\nHoi O\n\n-DOCSTART- -X- O\n\nDag O\n")
    assert rules(read(path, scheme="iob2")) == ["unknown-document", "no-id"]


def test_brat_in_a_folder():
    found = read("brat")
    assert words(found) == {"a": [("Oslo", "GPE"), ("Ida Jansen", "PER")], "b": [("Jansen", "PER")]}
    assert found.rows[0]["entities"][0] == {"start": 0, "end": 4, "type": "GPE", "role": "actor", "ref": "noorwegen"}
    figure, attribution = found.rows[0]["figures"][0], found.rows[0]["attributions"][0]
    assert (figure["kind"], figure["value"], figure["approx"], figure["counted"]) == (
        "count",
        300,
        True,
        {"start": 41, "end": 48},
    )
    assert attribution["content"] == [{"start": 11, "end": 14}, {"start": 15, "end": 30}]
    assert (attribution["kind"], attribution["hedged"]) == ("assertion", False)
    assert found.rows[1]["figures"] == found.rows[1]["attributions"] == []
    assert checked(found) == []


def test_one_brat_file_of_names_attempts_names_alone(tmp_path):
    path = tmp_path / "b.ann"
    path.write_bytes((CASES / "brat" / "b.ann").read_bytes())
    assert [sorted(row) for row in read(path).rows] == [["entities", "id"]]


def test_what_is_wrong_in_brat_is_said_with_its_line():
    found = read("brat-wrong")
    assert [(p.where.line, p.id) for p in found.problems] == [
        (None, "another-text"),
        (2, "text-and-offsets-differ"),
        (11, "event"),
        (12, "not-brat"),
        (4, "unknown-relation"),
        (5, "wrong-ends"),
        (6, "unknown-id"),
        (7, "unknown-attribute"),
        (8, "unknown-id"),
        (10, "wrong-value"),
        (1, "split-span"),
        (3, "loose-annotation"),
        (None, "outer-space"),
    ]
