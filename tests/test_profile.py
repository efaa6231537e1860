"""Pages of other agencies are read by a profile, and what may have been read otherwise than it was meant is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from volgens.cli import main
from volgens.curation.doubts import doubts
from volgens.curation.pages import parse_page, read_pages
from volgens.curation.profile import USUAL, read_profile
from volgens.curation.standoff import read_standoff, restore
from volgens.model.problem import ProblemsFound

README = (Path(__file__).parents[1] / "annotations" / "README.md").read_text(encoding="utf-8")


def block(name):
    return re.search(rf"<!-- {name} -->\n```\w*\n(.*?)```", README, re.S)[1]


@pytest.fixture
def profile(tmp_path):
    (tmp_path / "profile.toml").write_text(block("profile"), encoding="utf-8")
    return tmp_path / "profile.toml"


def shown(documents):
    return [f"{s.kind:<12}{d.text[s.start : s.end]}" for d in documents for s in d.segments]


def test_the_worked_example_of_the_page(profile):
    documents = parse_page(block("page"), "x-000", "x", "test", profile=read_profile(profile))
    assert shown(documents) == block("lines").splitlines()
    assert [(d.id, d.section, d.age, d.places, d.agencies) for d in documents] == [
        ("x-000", "Binnenland", None, ("Elburg",), ("NPN",)),
        ("x-000-t1", "Binnenland", "12 min", ("Nunspeet",), ("NPN",)),
    ]
    assert doubts(block("page"), "page.txt", read_profile(profile)) == []


def test_a_profile_beside_the_pages_is_theirs(profile):
    (profile.parent / "x-000.txt").write_text(block("page"), encoding="utf-8")
    documents, problems = read_pages(profile.parent.glob("*.txt"), "x")
    assert problems == [] and shown(documents) == block("lines").splitlines()
    profile.write_text("section = 3\n")
    assert [p.id for p in read_pages(profile.parent.glob("*.txt"), "x")[1]] == ["no-pattern"]


UNUSUAL = {
    "bullet": "- Er zijn geen gewonden",
    "caption": "Foto: Ida Holm",
    "link": "Lees ook: Wat een brug kost",
    "update": "Update 14.32 uur: De brug is open.",
    "time": "14.32 uur",
    "row": "brug\t12\t1950",
    "question": "Hoe lang duurt het?",
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_without_a_profile_an_unusual_line_is_told_and_with_one_it_has_its_kind(kind, tmp_path):
    page = f"Brug dicht\nELBURG (NPN) - De brug is dicht.\n{UNUSUAL[kind]}\nMeer volgt.\n"
    (found,) = doubts(page, "page.txt")
    assert (found.id, found.where.file, found.where.line) == ("unusual-line", "page.txt", 3)
    assert f"looks like a {kind}" in found.message and f"`{kind} = true`" in found.hint
    (tmp_path / "p.toml").write_text(f"[kinds]\n{kind} = true\n")
    (article,) = parse_page(page, "x-000", "x", "test", profile=read_profile(tmp_path / "p.toml"))
    assert article.segments[3].kind == kind
    assert doubts(page, "page.txt", read_profile(tmp_path / "p.toml")) == []


def test_every_kind_has_a_usual_look():
    assert UNUSUAL.keys() == USUAL.keys()


def test_an_article_without_a_dateline_is_told_with_its_line():
    page = "\nBrug dicht\n\nDe brug bij Elburg is dicht.\nMeer uit Binnenland\nELBURG (NPN) - Sneeuw.\n1 uur geleden\n"
    assert [(p.id, p.where.line) for p in doubts(page, "page.txt")] == [("no-dateline", 4)]


def test_plain_pages_raise_no_doubt():
    page = "Brug dicht\nELBURG (NPN) - De brug is dicht, om 14.32 uur.\nReacties\nDat zei Ida Holm.\n"
    assert doubts(page) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sections = 'x'\n", [("unknown-key", "sections")]),
        ("section = 'Meer'\n", [("no-group", "section")]),
        ("age = '('\ncapitals = 1\n", [("no-pattern", "age"), ("wrong-type", "capitals")]),
        ("[kinds]\nheading = true\ncaption = ''\nlink = 3\n",
         [("no-pattern", "kinds.caption"), ("unknown-kind", "kinds.heading"), ("no-pattern", "kinds.link")]),
        ("kinds = true\n", [("wrong-type", "kinds")]),
        ("section = \n", [("no-profile", None)]),
    ],
)  # fmt: skip
def test_a_profile_that_is_none_is_told_whole(tmp_path, text, told):
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(ProblemsFound) as found:
        read_profile(tmp_path / "p.toml")
    assert sorted((p.id, p.where.field or "") for p in found.value.problems) == sorted((a, b or "") for a, b in told)


def test_the_command_reads_by_a_profile_warns_and_restores(profile, tmp_path, capsys):
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "000_brug.txt").write_text(block("page"), encoding="utf-8")
    out = tmp_path / "anders.jsonl"
    command = ["data", "parse", str(pages), "--config", "anders", "--out", str(out), "--root", str(tmp_path)]
    assert main([*command, "--profile", str(profile)]) == 0
    assert capsys.readouterr().err == ""
    stripped, problems = read_standoff(out, "anders")
    assert problems == [] and "Elburg is dicht" not in out.read_text(encoding="utf-8")
    restored, problems = restore(stripped, pages)
    assert problems == [] and shown(restored) == block("lines").splitlines()
    assert main(command) == 0
    told = capsys.readouterr().err
    assert "000_brug.txt:5: " in told and "[unusual-line]" in told and "[no-dateline]" in told
    assert main([*command, "--profile", str(tmp_path / "none.toml")]) == 1
