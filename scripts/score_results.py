"""Score every predictions file of eval/results again and write the results and the leaderboard.

With --all the systems of eval/baselines/systems.toml are run before, with --articles on `anp` too.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from volgens.board.rows import Row

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))
FOLDER = ROOT / "eval" / "results"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog="Exit code 0: done; 1: problems, all of them listed; 2: usage.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing: report where stored numbers are not those of scoring"
    )
    parser.add_argument("--all", action="store_true", help="run this repository's systems again before scoring")
    parser.add_argument(
        "--articles", type=Path, metavar="DIR", help="folder with the agency's pages, to run the systems on `anp` too"
    )
    parser.add_argument(
        "--date", default=datetime.date.today().isoformat(), help="day of predictions that change (default: today)"
    )
    parser.add_argument(
        "--board",
        type=Path,
        metavar="DIR",
        help="also write the board as a page, index.html, with the errors behind every number",
    )
    given = parser.parse_args(arguments)
    if given.check and given.all:
        parser.error("--check writes nothing, so it cannot go with --all")

    parser.set_defaults(nothing="nothing was written")

    from volgens.cli.outcome import reports_problems

    return reports_problems(_run)(given)


def _run(given: argparse.Namespace) -> int:
    if given.all:
        _run_all(given.articles, given.date)
    return _check() if given.check else _score(given.board)


def _rows() -> dict[tuple[str, str], list[Row]]:
    from volgens.board.results import by_split, results
    from volgens.board.rows import together

    return {split: together(group) for split, group in by_split(results(FOLDER)).items()}


def _check() -> int:
    """Report, and write nothing."""
    from volgens.board.leaderboard import leaderboard
    from volgens.board.results import differences
    from volgens.model.problem import Problem, ProblemsFound, Where

    found, file = _rows(), FOLDER / "README.md"
    rows = [row for group in found.values() for row in group]
    problems = [problem for row in rows for problem in differences(row.result, row.card)]
    if not file.exists() or file.read_text(encoding="utf-8") != leaderboard(found):
        problems.append(Problem(Where(str(file)), "stale-page", "the page is not what the results give", "Run `make results`."))
    if problems:
        raise ProblemsFound(problems)
    print(f"{len(rows)} results agree with their predictions")
    return 0


def _score(board: Path | None) -> int:
    """Write what has changed: a result whose numbers are those of its file keeps it, byte by byte."""
    from volgens.board.results import differences, rescored, save

    found = _rows()
    rows = [row for group in found.values() for row in group]
    changed = {row.result.path: len(differences(row.result, row.card)) for row in rows}
    for row in rows:
        if changed[row.result.path]:
            save(rescored(row.result, row.card))
    file = _page(found)
    if board:
        from volgens.board.page import write_board

        write_board(found, board)
    print(f"{len(rows)} results scored, {sum(changed.values())} numbers changed: {file}")
    return 0


def write_page() -> int:
    """The leaderboard as the results stand; their files are left alone."""
    print(f"{_page(_rows())}: written")
    return 0


def _page(found: dict[tuple[str, str], list[Row]]) -> Path:
    from volgens.board.leaderboard import leaderboard
    from volgens.board.results import write_text

    file = FOLDER / "README.md"
    write_text(file, leaderboard(found))
    return file


def _run_all(articles: Path | None, date: str) -> None:
    from baselines.systems import lacking, systems
    from volgens.model.problem import ProblemsFound

    if articles:
        from volgens.curation.build import build

        _, problems = build(ROOT, None, {"anp": articles})
        if problems:
            raise ProblemsFound(problems)
    else:
        print("without --articles the systems are run on `own` alone; the predictions on `anp` stay as they are")
    for name, system in systems().items():
        if why := lacking(system):
            print(f"{name}: not run, its predictions stay as they are: {why}")
            continue
        for config in ("own", "anp") if articles or "export" in system else ("own",):
            print(add(FOLDER, name, system, config, date))


def add(folder: Path, name: str, system: dict[str, str], config: str, date: str) -> Path:
    """Run a system of systems.toml and write its result into the folder."""
    from baselines.systems import more, versions
    from volgens.board.results import About, cost_of, write

    if "export" in system:
        from baselines.ceiling import reading

        command = f"scripts/score_results.py --all ({system['export'].format(config=config)})"
        about = About(name, system["description"], command, date, reference=True, seen=system["seen"])
        predictions = reading(ROOT / system["export"].format(config=config))
        return write(folder, about, predictions, config=config, replace=True).path
    restored = "" if config == "own" else f" --config {config} --gold restored"
    command = f"volgens run {system['function']}{restored} --out FILE"
    about = About(name, system["description"], command, date, versions=versions(system), **more(system))
    with tempfile.TemporaryDirectory() as away:
        extracted = _extract(system["function"], config, Path(away) / f"{name}.jsonl")
        return write(folder, about._replace(cost=cost_of(extracted)), extracted, config=config, replace=True).path


def _extract(function: str, config: str, out: Path) -> Path:
    from volgens.readers.corpus import load_gold
    from volgens.run.run import run

    gold = load_gold(config, gold=None if config == "own" else ROOT / "restored")
    done = run(f"{ROOT}/{function}", gold.select("id", "text").iter_rows(named=True), out)
    if done.failures:
        raise SystemExit("\n".join(f"{function}: {document}: {error}" for document, error in done.failures.items()))
    return out


if __name__ == "__main__":
    sys.exit(main())
