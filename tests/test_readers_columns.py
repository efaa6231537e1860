"""Readers of CoNLL columns and of brat."""

from __future__ import annotations

import polars as pl
import pytest
from foreign import CASES, checked, gold, read, rules, words
from volgens.readers.foreign import read_foreign
from volgens.readers.native import Reading, predictions

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
    assert "iob1: " in found.problems[0].hint


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
    assert attribution["content"] == [{"start": 11, "end": 30}]
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
        (3, "loose-annotation"),
        (2, "outer-space"),
    ]


HALF = {
    "a": [("Oslo", "GPE"), ("Ida Jansen", "PER"), ("Zoë Süß", "PER")],
    "b": [("Jansen", "PER"), ("Noorse Zee", "LOC")],
}


@pytest.mark.parametrize(
    ("case", "columns"),
    [
        ("hipe.tsv", "token=TOKEN,tag=NE-COARSE-LIT"),
        ("hipe.tsv", "token=1, tag=2"),
        ("hipe.tsv", "tag=2"),
        ("frog.tsv", "token=2,tag=7"),
        ("words.conllu", "token=FORM,tag=NER"),
        ("words.conllu", "token=2,tag=4"),
    ],
)
def test_columns_are_named_by_number_or_by_the_header(case, columns):
    found = read(case, scheme="iob2", columns=columns)
    assert words(found) == HALF
    assert checked(found) == []


def test_a_column_without_tags_is_one_problem_that_names_those_with():
    found = read("hipe.tsv", "conll", scheme="iob2")
    assert [(p.id, p.where.line) for p in found.problems] == [("no-tag-column", 3)]
    assert "--columns token=1,tag=2" in found.problems[0].hint
    assert "2 (NE-COARSE-LIT)" in found.problems[0].hint
    assert "--columns token=2,tag=7" in read("frog.tsv", "conll", scheme="iob2").problems[0].hint


@pytest.mark.parametrize("columns", ["", "token", "token=0,tag=2", "token=9,tag=2", "token=WORD,tag=2", "word=1"])
def test_columns_that_the_file_has_not(columns):
    assert rules(read("hipe.tsv", "conll", scheme="iob2", columns=columns)) == ["wrong-columns"]


def test_columns_that_only_look_like_tags_are_refused(tmp_path):
    for tag in ("PER-B", "B_PER", "b-PER", "B"):
        path = tmp_path / "x.conll"
        path.write_text((CASES / "iob2.conll").read_text(encoding="utf-8").replace("B-PER", tag), encoding="utf-8")
        assert set(rules(read(path, "conll", scheme="iob2"))) >= {"no-tag"}, tag


def test_words_of_one_token_are_refused_with_their_line(tmp_path):
    path = tmp_path / "x.conllu"
    path.write_text((CASES / "words.conllu").read_text(encoding="utf-8").replace("2\tmeldt", "2-3\tmeldtdat\t_\tO\t_\n2\tmeldt"))
    found = read(path, scheme="iob2", columns="token=2,tag=4")
    assert [(p.id, p.where.line) for p in found.problems] == [("several-words", 6)]


def test_tabs_and_blanks_may_follow_the_tag(tmp_path):
    path = tmp_path / "x.conll"
    lines = (CASES / "iob2.conll").read_text(encoding="utf-8").split("\n")
    path.write_text(
        "\r\n".join(line + ("\t" if n % 2 else " ") if line else line for n, line in enumerate(lines)), encoding="utf-8"
    )
    assert words(read(path, scheme="iob2")) == NAMES


def test_one_block_may_hold_several_documents_of_the_gold(tmp_path):
    """As Label Studio exports columns: one -DOCSTART- for all, an empty line between documents."""
    lines = [
        line for line in (CASES / "no-ids.conll").read_text(encoding="utf-8").split("\n") if not line.startswith("-DOCSTART-")
    ]
    path = tmp_path / "x.conll"
    path.write_text("-DOCSTART- -X- O\n" + "\n".join(lines), encoding="utf-8")
    assert words(read(path, scheme="iob2")) == NAMES


def test_a_label_that_the_scheme_lacks_is_said_with_its_line(tmp_path):
    path = tmp_path / "x.conll"
    path.write_text((CASES / "iob2.conll").read_text(encoding="utf-8").replace("-GPE", "-PLACE"), encoding="utf-8")
    found = predictions(path, gold(), Reading(scheme="iob2"))
    lines = path.read_text(encoding="utf-8").split("\n")
    assert [p.id for p in found.problems] == ["unknown-value"] * 2
    assert all("B-PLACE" in lines[p.where.line - 1] for p in found.problems)
    assert predictions(path, gold(), Reading(scheme="iob2", map={"PLACE": "GPE"})).problems == []
    assert predictions(path, gold(), Reading(scheme="iob2", labels="any")).problems == []


def brat(folder, page, *lines):
    folder.mkdir()
    (folder / "d.txt").write_text(page, encoding="utf-8")
    (folder / "d.ann").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


PAGE = "Volgens Holm zijn er\nzeker 400 gewonden in Nieuw\nBergen gevallen."


@pytest.mark.parametrize(
    ("bound", "spans"),
    [
        ("T1\tGPE 43 48;49 55\tNieuw Bergen", [(43, 55)]),
        ("T1\tGPE 13 20;21 48;49 55\tzijn er zeker 400 gewonden in Nieuw Bergen", [(13, 55)]),
        ("T1\tGPE 43 48;49 55;55 56\tNieuw Bergen  ", None),
        ("T1\tGPE 0 7;13 17\tVolgens zijn", None),
    ],
)
def test_pieces_with_only_white_space_between_them_are_one_stretch(tmp_path, bound, spans):
    found = read_foreign(brat(tmp_path / "x", PAGE, bound), None, pl.DataFrame({"id": ["d"], "text": [PAGE]}))
    if spans is None:
        assert found.problems
    else:
        assert found.problems == []
        assert [(e["start"], e["end"]) for e in found.rows[0]["entities"]] == spans


def test_pieces_of_a_part_are_one_stretch_too(tmp_path):
    lines = [
        "T1\tCUE 0 7\tVolgens",
        "T2\tCONTENT 13 20;21 48\tzijn er zeker 400 gewonden in Nieuw",
        "R1\tcontent Arg1:T1 Arg2:T2",
    ]
    found = read_foreign(brat(tmp_path / "x", PAGE, *lines), None, pl.DataFrame({"id": ["d"], "text": [PAGE]}))
    assert found.rows[0]["attributions"][0]["content"] == [{"start": 13, "end": 48}]


@pytest.mark.parametrize(
    ("written", "decimals", "value"),
    [("12.000", ",", 12000.0), ("12.000", ".", 12.0), ("12.000", None, None), ("1,5", ",", 1.5), ("1,5", None, None),
     ("400", None, 400.0), ("1.5", None, 1.5), ("0.125", None, 0.125), ("1.2340", None, 1.234)],
)  # fmt: skip
def test_numbers_of_brat_are_read_by_the_sign_that_is_stated(tmp_path, written, decimals, value):
    folder = brat(tmp_path / "x", PAGE, "T1\tFIGURE 27 30\t400", "A1\tkind T1 count", f"A2\tvalue T1 {written}")
    gold = pl.DataFrame({"id": ["d"], "text": [PAGE], "length": [len(PAGE)]})
    found = predictions(folder, gold, Reading(decimals=decimals))
    if value is None:
        assert [(p.id, p.where.line, p.where.field) for p in found.problems] == [("wrong-type", 1, "figures[0].value")]
        assert found.problems[0].where.file.endswith("d.ann")
    else:
        assert (found.problems, found.frame["figures"][0][0]["value"]) == ([], value)


def test_others_attributes_are_left_out_of_files_of_names_alone(tmp_path):
    lines = ["T1\tPER 8 12\tHolm", "A1\tNegation T1", "T2\tGPE 43 48\tNieuw", "R1\tin Arg1:T1 Arg2:T2"]
    found = read_foreign(brat(tmp_path / "x", PAGE, *lines), None, pl.DataFrame({"id": ["d"], "text": [PAGE]}))
    assert (found.problems, len(found.rows[0]["entities"])) == ([], 2)
    assert found.notes == {"brat's attribute 'Negation' left out": 1, "brat's relation 'in' left out": 1}
