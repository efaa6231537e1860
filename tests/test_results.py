"""The results folder: every committed number is what its predictions give, and the page is what the numbers give."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agency import ARTICLES, needs_articles
from baselines.running import RESTORED, Place, add, places
from baselines.systems import lacking, on, runs_on, systems
from browser import missing
from volgens.api import score
from volgens.board.leaderboard import leaderboard
from volgens.board.page import write_board
from volgens.board.results import About, Result, by_split, differences, rescored, results, write
from volgens.board.rows import Row, across, mean, ordered, ranks, scored, steps, together
from volgens.model.problem import ProblemsFound
from volgens.readers.corpus import load_gold
from volgens.readers.native import Reading

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "eval" / "results"
SYSTEMS = {name: system for name, system in systems().items() if not system.get("by_hand")}
COMMITTED = results(FOLDER)
ABOUT = About("mine", "A system.", "make it", "2026-01-02")


@pytest.fixture
def scripts(monkeypatch):
    """The two doors, working on a folder of the test's own."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import add_result
    import score_results

    return score_results, add_result


@pytest.fixture(scope="module")
def restored():
    """The agency's texts where the learned system looks for them."""
    from baselines import learned
    from volgens.curation.build import build

    assert build(ROOT, None, {"anp": ARTICLES})[1] == []
    assert learned.RESTORED == ROOT / "restored"


@pytest.fixture
def folder(tmp_path) -> Path:
    """Some of the results, to be spoilt."""
    copy = tmp_path / "results"
    copy.mkdir()
    for stem in ("rules-own", "capitals-own", "random-anp"):
        for kind in ("json", "jsonl"):
            shutil.copy(FOLDER / f"{stem}.{kind}", copy)
    return copy


# --- what is committed ---


def test_every_system_has_a_row_on_every_split_that_it_can_do():
    there = {(r.about.system, r.config, r.split) for r in COMMITTED}
    asked = [(config, split) for config, split, _ in places(("anp", "wikinews"))]
    owed = {(name, *one) for name, system in SYSTEMS.items() for one in asked if runs_on(system, *one)}
    assert owed - there == set()


@pytest.mark.parametrize("result", COMMITTED, ids=lambda r: r.path.stem)
def test_a_row_says_of_its_system_what_the_list_says(result):
    about = result.about
    assert about.seen is not None
    if about.system in systems():
        told = on(systems()[about.system], result.config, result.split)
        said = {name: getattr(about, name) for name in ("description", "seen", "view", "floor")}
        assert said == {name: told.get(name) for name in said} and about.reference == ("export" in told)


@pytest.mark.parametrize("result", COMMITTED, ids=lambda r: r.path.stem)
def test_scoring_the_predictions_again_gives_the_committed_numbers(result):
    assert differences(result, result.rescore()) == []


def test_the_card_calls_the_gold_what_signatures_call_it():
    card = (FOLDER.parents[1] / "DATASET_CARD.md").read_text(encoding="utf-8")
    for result in COMMITTED:
        (row,) = re.findall(rf"^\| `{result.config}` \| `{result.split}` \|.*\| `(\w+)` \|$", card, re.MULTILINE)
        assert row == result.stored["signature"]["gold"], result.path


def test_the_page_is_what_the_files_give():
    rows = {config: together(group) for config, group in by_split(COMMITTED).items()}
    assert leaderboard(rows) == (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("result", COMMITTED, ids=lambda r: r.path.stem)
def test_no_predictions_carry_strings_of_a_text_that_may_not_travel(result):
    if load_gold(result.config)["text"].null_count():
        lines = result.predictions.read_text(encoding="utf-8").splitlines()
        assert not [name for line in lines for name in names(json.loads(line)) if name == "text"]


def names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from names(part)


def able(name: str) -> dict[str, Any]:
    """The system, where all that it is made of is installed; elsewhere the test is skipped and says why, in CI it fails."""
    if why := lacking(SYSTEMS[name]):
        missing(f"{name} does not run here: {why}")
    return SYSTEMS[name]


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_predictions_on_our_pages_are_what_the_system_says_today(name, tmp_path):
    add(tmp_path, name, able(name), Place("own", "test"), "2026-01-02")
    assert (tmp_path / f"{name}-own.jsonl").read_bytes() == (FOLDER / f"{name}-own.jsonl").read_bytes()


@needs_articles
@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.usefixtures("restored")
def test_the_predictions_on_the_agency_pages_are_what_the_system_says_today(name, tmp_path):
    add(tmp_path, name, able(name), Place("anp", "test", RESTORED), "2026-01-02")
    assert (tmp_path / f"{name}-anp.jsonl").read_bytes() == (FOLDER / f"{name}-anp.jsonl").read_bytes()


# --- writing and scoring again ---


def gold_as_predictions(config: str = "own") -> list[dict[str, Any]]:
    fields = ("id", "entities", "figures", "attributions")
    return load_gold(config).select(fields).to_dicts()


def test_a_written_result_scores_as_its_predictions_do(tmp_path):
    source = FOLDER / "rules-own.jsonl"
    result = write(tmp_path, ABOUT, source)
    assert differences(result, score(source)) == []
    assert differences(results(tmp_path)[0], score(source)) == []


def test_empty_fields_go_and_layers_stay(tmp_path):
    rows = [{"id": i, "entities": [], "figures": None} for i in load_gold("own")["id"]]
    result = write(tmp_path, ABOUT, rows)
    first = json.loads(result.predictions.read_text().splitlines()[0])
    assert first == {"id": "own-000", "entities": []}
    assert "figures" in result.stored["not_attempted"] and result.stored["measures"]["entities"]["recall"] == 0.0


def test_the_order_of_documents_is_not_in_the_file(tmp_path):
    rows = gold_as_predictions()
    one = write(tmp_path / "a", ABOUT, rows).predictions.read_bytes()
    assert write(tmp_path / "b", ABOUT, rows[::-1]).predictions.read_bytes() == one


def test_strings_of_the_agency_text_are_left_out(tmp_path):
    rows = [{"id": i, "entities": []} for i in load_gold("anp")["id"]]
    rows[0]["entities"] = [{"start": 0, "end": 4, "type": "GPE", "text": "geheim"}]
    result = write(tmp_path, ABOUT, rows, config="anp")
    assert json.loads(result.predictions.read_text().splitlines()[0])["entities"] == [{"start": 0, "end": 4, "type": "GPE"}]


def test_agency_items_without_offsets_are_refused_and_nothing_is_written(tmp_path):
    rows = [{"id": i, "attributions": []} for i in load_gold("anp")["id"]]
    rows[3]["attributions"] = [{"cue": [{"text": "zegt"}], "source": [{"start": 0, "end": 3}]}]
    with pytest.raises(ProblemsFound, match=r"anp-000-t3: .*no-text-to-locate"):
        write(tmp_path, ABOUT, rows, config="anp")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_document_is_refused(tmp_path):
    with pytest.raises(ProblemsFound, match="missing-document"):
        write(tmp_path, ABOUT, gold_as_predictions()[1:])
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_wrong_with_a_result_is_said_at_once(tmp_path):
    with pytest.raises(ProblemsFound) as found:
        write(tmp_path, About("My System", " ", "", "yesterday"), gold_as_predictions())
    assert sorted(p.id for p in found.value.problems) == ["missing-field", "missing-field", "not-a-date", "unfit-name"]


def test_the_date_moves_only_with_the_predictions(tmp_path):
    rows = gold_as_predictions()
    write(tmp_path, ABOUT, rows)
    later = ABOUT._replace(date="2026-03-04")
    assert write(tmp_path, later, rows, replace=True).about.date == "2026-01-02"
    rows[0]["entities"] = []
    assert write(tmp_path, later, rows, replace=True).about.date == "2026-03-04"


def test_a_row_is_replaced_only_where_it_is_said(tmp_path):
    first = write(tmp_path, ABOUT, gold_as_predictions())
    before = first.path.read_bytes(), first.predictions.read_bytes()
    worse = [{"id": row["id"], "entities": []} for row in gold_as_predictions()]
    with pytest.raises(ProblemsFound, match=r"row-exists\]\n.*--replace"):
        write(tmp_path, ABOUT, worse)
    assert (first.path.read_bytes(), first.predictions.read_bytes()) == before
    assert write(tmp_path, ABOUT, worse, replace=True).stored["measures"]["entities"]["tp"] == 0


def test_a_file_of_another_tool_is_read_as_the_scorer_reads_it(tmp_path):
    from volgens.writers.formats import export

    gold = load_gold("own")
    export(gold, "brat", tmp_path / "brat")
    result = write(tmp_path, ABOUT, tmp_path / "brat")
    assert [result.stored["measures"][layer]["f1"] for layer in ("entities", "figures", "attributions")] == [1.0, 1.0, 1.0]
    assert differences(result, result.rescore()) == []
    names = [{"id": d["id"], "entities": [{**e, "type": e["type"].replace("PER", "PERSON")} for e in d["entities"]]}
             for d in gold_as_predictions()]  # fmt: skip
    mapped = write(tmp_path / "mapped", ABOUT, names, how=Reading(map={"PERSON": "PER"}))
    assert mapped.stored["measures"]["entities"]["f1"] == 1.0


def test_a_string_that_is_not_in_the_text_stays_a_string_and_counts(tmp_path):
    rows = [{"id": i, "entities": []} for i in load_gold("own")["id"]]
    rows[0]["entities"] = [{"text": "Nergens Genoemd", "type": "PER"}]
    result = write(tmp_path, ABOUT, rows)
    assert json.loads(result.predictions.read_text().splitlines()[0])["entities"] == [{"type": "PER", "text": "Nergens Genoemd"}]
    assert result.stored["measures"]["entities"]["predicted"] == 1
    assert differences(result, result.rescore()) == []


def test_documents_that_failed_may_count_as_empty_and_it_is_said(tmp_path):
    result = write(tmp_path, ABOUT, gold_as_predictions()[2:], how=Reading(missing="empty"))
    assert len(result.predictions.read_text().splitlines()) == 18 and result.stored["missing"] == ["own-000", "own-000-t1"]
    assert differences(result, result.rescore()) == []
    assert "; 2 documents without a prediction count as empty)" in leaderboard({("own", "test"): [Row(result, result.rescore())]})


def test_the_committed_files_are_in_the_one_order(tmp_path):
    for result in COMMITTED:
        again = rescored(result, result.rescore())
        assert json.dumps(again.stored, ensure_ascii=False, indent=1) + "\n" == result.path.read_text(encoding="utf-8")


def test_versions_and_cost_are_kept_where_they_are_known(tmp_path):
    cost = {"jobs": 1, "seconds": 2.0, "per_1000_documents": {"seconds": 100.0, "prompt_tokens": 2500.0}}
    about = ABOUT._replace(versions={"frog": "0.20"}, cost=cost)
    write(tmp_path, about, gold_as_predictions())
    again = write(tmp_path, about._replace(cost={**cost, "seconds": 3.0}), gold_as_predictions(), replace=True)
    assert again.about.versions == {"frog": "0.20"} and again.about.cost == cost
    assert "cost" not in write(tmp_path / "b", ABOUT, gold_as_predictions()).stored
    page = leaderboard({("own", "test"): [Row(again, again.rescore())]})
    assert "; frog 0.20; per 1,000 documents 100 seconds, 2,500 prompt tokens)" in page


def test_a_number_that_was_touched_is_found(folder):
    path = folder / "rules-own.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["measures"]["figures"]["tp"] += 1
    stored["measures"]["entities"]["f1"] += 1e-6
    stored["signature"]["gold"] = "another"
    path.write_text(json.dumps(stored))
    result = next(r for r in results(folder) if r.path == path)
    fields = {p.where.field for p in differences(result, result.rescore())}
    assert fields == {"measures.figures.tp", "measures.entities.f1", "signature.gold"}


def test_predictions_that_were_touched_are_found(folder):
    path = folder / "rules-own.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([json.dumps({"id": "own-000", "entities": [], "figures": [], "attributions": []}), *lines[1:]]))
    result = next(r for r in results(folder) if r.predictions == path)
    assert "measures.entities.tp" in {p.where.field for p in differences(result, result.rescore())}


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("odd.json", "{", "not-json"),
        ("odd.json", "{}", "not-a-result"),
        ("odd.json", "[1]", "not-a-result"),
        ("odd.jsonl", "", "half-a-result"),
    ],
)
def test_files_that_are_no_results_are_problems(folder, name, content, rule):
    (folder / name).write_text(content)
    with pytest.raises(ProblemsFound, match=rule):
        results(folder)


# --- the leaderboard ---


def row(name: str, predictions: Any, tmp_path: Path, *, reference: bool = False, config: str = "own") -> Row:
    result = write(tmp_path, ABOUT._replace(system=name, reference=reference), predictions, config=config)
    return Row(result, result.rescore())


def some(layers: dict[str, bool]) -> list[dict[str, Any]]:
    """The gold of some layers as predictions: True all of it, False none of it, absent not attempted."""
    return [{"id": d["id"], **{name: d[name] if whole else [] for name, whole in layers.items()}} for d in gold_as_predictions()]


def test_systems_stand_by_the_mean_of_three_layers_and_references_below(tmp_path):
    rows = [
        row("one", some({"entities": True}), tmp_path),
        row("two", some({"entities": True, "figures": True, "attributions": False}), tmp_path),
        row("none", some({"entities": False}), tmp_path),
        row("all", some(dict.fromkeys(("entities", "figures", "attributions"), True)), tmp_path, reference=True),
    ]
    assert [r.result.about.system for r in ordered(rows)] == ["two", "one", "none", "all"]
    assert [mean(r.card) for r in ordered(rows)] == pytest.approx([2 / 3, 1 / 3, 0, 1])


def test_ranks_are_among_systems_that_attempt_the_measure(tmp_path):
    rows = [
        row("one", some({"entities": True}), tmp_path),
        row("two", some({"entities": False, "figures": True}), tmp_path),
        row("all", some(dict.fromkeys(("entities", "figures", "attributions"), True)), tmp_path, reference=True),
    ]
    found = ranks(rows)
    assert found["entities"] == {"one": (1, 2), "two": (1, 2)}  # 5 pages cannot tell them apart
    assert found["figures"] == {"two": (1, 1)}
    assert "attributions" not in found


def test_with_enough_pages_ranks_are_told_apart(tmp_path):
    """Every document a page of its own: twenty of them separate all from nothing."""
    gold = load_gold("own").with_columns(page="id")
    rows = []
    for name, whole in (("all", True), ("none", False)):
        one = row(name, some({"entities": whole}), tmp_path)
        rows.append(one._replace(card=score(some({"entities": whole}), gold)))
    assert ranks(rows)["entities"] == {"all": (1, 1), "none": (2, 2)}
    assert "no difference can be significant" not in leaderboard({("own", "test"): rows})


def test_a_step_goes_to_the_next_row_above_that_attempts_the_measure(tmp_path):
    rows = [
        row("all", some({"entities": True, "figures": True}), tmp_path),
        row("names", some({"entities": True}), tmp_path),
        row("numbers", some({"entities": False, "figures": False}), tmp_path),
        row("read", some({"entities": True}), tmp_path, reference=True),
    ]
    found = steps(rows)
    assert {name: step.above for name, step in found["entities"].items()} == {"names": "all", "numbers": "names"}
    assert found["entities"]["names"][1:] == (0.0, 1.0)
    assert found["figures"]["numbers"] == ("all", -1.0, 2 / 2**5)
    page = leaderboard({("own", "test"): rows})
    assert "| [numbers](numbers-own.json) | -1.000 to names, p 0.0625 | -1.000 to all, p 0.0625 | – | – |" in page


def test_floors_and_references_are_left_out_of_what_all_get_right(tmp_path):
    rows = [row(name, some({"figures": whole}), tmp_path) for name, whole in (("a", True), ("b", True), ("low", False))]
    assert set(across(rows)["finding"]) == {"some right"}
    floor = rows[2].result.stored | {"floor": True}
    rows[2] = rows[2]._replace(result=Result(rows[2].result.path, floor))
    assert set(across(rows)["finding"]) == {"all right"}
    (line,) = (line for line in leaderboard({("own", "test"): rows}).splitlines() if line.startswith("| figures | 2 |"))
    assert "| 69 | 69 (100 %) | 0 | 0 | age (4), count (36)" in line


def test_a_view_of_ones_own_is_in_bold_and_both_sides_are_mapped(tmp_path):
    coarse = {"GPE": "LOC", "FAC": "LOC", "NORP": "LOC", "MISC": "MISC"}
    rows = some({"entities": True})
    for line in rows:
        line["entities"] = [
            {"start": e["start"], "end": e["end"], "type": coarse.get(e["type"], e["type"])} for e in line["entities"]
        ]
    one = scored(write(tmp_path, ABOUT._replace(view="sonar"), rows))
    assert one.card["entities"].f1 < 0.5 and one.views["sonar"].f1 == 1.0
    assert "| **1.000** |" in leaderboard({("own", "test"): [one]})


def test_validation_rows_are_marked(tmp_path):
    one = row("one", some({"entities": True}), tmp_path)
    assert "**Validation:**" not in leaderboard({("own", "test"): [one]})
    assert "**Validation:**" in leaderboard({("own", "validation"): [one]})


def test_claims_are_not_attempted_without_attributions(tmp_path):
    one = row("one", some({"figures": True}), tmp_path)
    assert {"claims", "claims.quantities"} <= set(one.card.not_attempted)
    assert "| [one](one-own.json) | – | – | – | – | – | 1.000 (0.947–1.000), rank 1 | – | – | – |" in leaderboard(
        {("own", "test"): [one]}
    )


def test_the_page_says_when_no_difference_can_be_significant(tmp_path):
    page = leaderboard({("own", "test"): [row("one", some({"entities": True}), tmp_path)]})
    assert "smallest possible p is 0.0625: **no difference can be significant**" in page
    assert "| [one](one-own.json) | – | 1.000 (0.982–1.000), rank 1 | – | – | – | – | – | – | – |" in page


def test_the_board_leads_from_every_number_to_its_errors(tmp_path, folder):
    """Each link of the page goes to a file beside it; a result's own page stands behind its numbers; lists are written."""
    found = {split: together(group) for split, group in by_split(results(folder)).items()}
    page = write_board(found, tmp_path / "board").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"#]+)(#[^"]*)?"', page)
    assert {file for file, _ in links} == {path.name for path in (tmp_path / "board").iterdir()} - {"index.html"}
    assert ("rules-own.html", "#e/figures") in links and ("capitals-own.html", "#e/entities") in links
    assert not list((tmp_path / "board").glob("items-*"))  # all but one of these systems are floors
    assert "has seen: guidelines" in page and "p 0.0625" in page


def test_no_page_of_the_board_holds_a_text_that_may_not_travel(tmp_path):
    write_board({("anp", "test"): [scored(next(r for r in COMMITTED if r.path.stem == "random-anp"))]}, tmp_path)
    assert '"text":null' in (tmp_path / "random-anp.html").read_text(encoding="utf-8")
    assert not re.search('"text":"', (tmp_path / "random-anp.html").read_text(encoding="utf-8"))


# --- the doors ---


def test_scoring_again_writes_the_same_files(folder, scripts, monkeypatch, capsys):
    monkeypatch.setattr(scripts[0], "FOLDER", folder)
    assert scripts[0].main([]) == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert scripts[0].main([]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert scripts[0].main(["--check"]) == 0
    assert "agree" in capsys.readouterr().out


def test_check_reports_a_stale_number_and_writes_nothing(folder, scripts, monkeypatch, capsys):
    monkeypatch.setattr(scripts[0], "FOLDER", folder)
    path = folder / "random-anp.json"
    path.write_text(path.read_text().replace('"predicted": ', '"predicted": 1', 1))
    touched = path.read_bytes()
    assert scripts[0].main(["--check"]) == 1
    assert "stale-result" in capsys.readouterr().err and path.read_bytes() == touched
    assert scripts[0].main([]) == 0
    assert scripts[0].main(["--check"]) == 0


def test_check_reports_a_stale_page(folder, scripts, monkeypatch, capsys):
    monkeypatch.setattr(scripts[0], "FOLDER", folder)
    (folder / "README.md").write_text("# Results\n")
    assert scripts[0].main(["--check"]) == 1
    assert "stale-page" in capsys.readouterr().err


def test_a_system_gets_a_row_by_one_command(folder, scripts, monkeypatch, tmp_path):
    for script in scripts:
        monkeypatch.setattr(script, "FOLDER", folder)
    file = tmp_path / "predictions.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in some({"entities": True})))
    about = [
        "--system",
        "oracle",
        "--description",
        "The gold's names.",
        "--command",
        "cp",
        "--date",
        "2026-01-02",
        "--seen",
        "unknown",
    ]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (tmp_path / "predictions.jsonl.run.json").write_text(json.dumps({"cost": {"per_1000_documents": {"seconds": 7.0}}}))
    assert scripts[1].main([str(file), *about, "--versions", "cp=9.1"]) == 0
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {"oracle-own.json", "oracle-own.jsonl", "README.md"}
    assert scripts[1].main([str(file), *about]) == 1
    assert scripts[1].main([str(file), *about, "--versions", "cp"]) == 1
    assert scripts[1].main([str(file), *about, "--versions", "cp=9.1", "--replace"]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == after
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert (
        "| [oracle](oracle-own.json) | unknown | 1.000" in page
        and "; cp 9.1; per 1,000 documents 7 seconds): The gold's names. `cp`" in page
    )
    assert scripts[0].main(["--check"]) == 0


def test_bad_predictions_get_no_row(folder, scripts, monkeypatch, tmp_path, capsys):
    for script in scripts:
        monkeypatch.setattr(script, "FOLDER", folder)
    before = sorted(path.name for path in folder.iterdir())
    file = tmp_path / "predictions.jsonl"
    file.write_text('{"id": "own-000", "entities": [{"start": 5, "end": 4, "type": "PERSON"}]}\n')
    assert scripts[1].main([str(file), "--system", "bad", "--description", "x", "--command", "x", "--seen", "nothing"]) == 1
    assert "unknown-value" in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == before


def test_usage_is_exit_code_2(scripts, capsys):
    with pytest.raises(SystemExit) as ended:
        scripts[0].main(["--check", "--all"])
    assert ended.value.code == 2
    assert sys.modules["score_results"] is scripts[0]
