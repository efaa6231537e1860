"""Score every predictions file of eval/results again and write the results and the leaderboard.

With --all, or --system NAME, systems of eval/baselines/systems.toml are run before: on `own`, with --articles on `anp` too, with
--wikinews on `wikinews`.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baselines.systems import System
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
        "--system",
        action="append",
        metavar="NAME",
        help="run this one again before scoring, also one that takes long (may be repeated)",
    )
    parser.add_argument("--articles", type=Path, metavar="DIR", help="folder with the agency's pages, to run on `anp` too")
    parser.add_argument(
        "--wikinews", type=Path, metavar="DIR", help="clone of github.com/cltl/clin26-eval, to run on `wikinews` too"
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
    runs = given.all or given.system
    if given.check and runs:
        parser.error("--check writes nothing, so it cannot go with --all or --system")
    if given.all and given.system:
        parser.error("give one of --all and --system")
    if (given.articles or given.wikinews) and not runs:
        parser.error("--articles and --wikinews have no effect without --all or --system")

    parser.set_defaults(nothing="nothing was written")

    from volgens.cli.outcome import reports_problems

    return reports_problems(_run)(given)


def _run(given: argparse.Namespace) -> int:
    if given.all or given.system:
        _run_systems(given)
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


def _run_systems(given: argparse.Namespace) -> None:
    """Run the systems that are asked for again, on every split whose texts are there."""
    from baselines.running import add, places
    from baselines.systems import lacking, runs_on

    chosen, where = _chosen(given.system), places(_restored(given))
    for name, system in chosen.items():
        if why := lacking(system):
            print(f"{name}: not run, its predictions stay as they are: {why}")
            continue
        for place in where:
            if runs_on(system, place.config, place.split):
                print(add(FOLDER, name, system, place, given.date), flush=True)


def _chosen(names: Sequence[str] | None) -> dict[str, System]:
    """The systems of these names, or all that are not run by hand. Raises `ProblemsFound` for names that the list has not."""
    from baselines.systems import systems
    from volgens.model.problem import Problem, ProblemsFound, Where

    known = systems()
    if not names:
        return {name: system for name, system in known.items() if not system.get("by_hand")}
    hint = f"There are {', '.join(known)}."
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ProblemsFound([Problem(Where(field="--system"), "unknown-system", f"no system {n!r}", hint) for n in unknown])
    return {name: known[name] for name in names}


def _restored(given: argparse.Namespace) -> list[str]:
    """Restore the texts that are given, and name their configurations. Raises `ProblemsFound`."""
    from volgens.curation.build import build
    from volgens.model.problem import ProblemsFound

    texts = {config: path for config, path in (("anp", given.articles), ("wikinews", given.wikinews)) if path}
    if texts:
        _, problems = build(ROOT, None, texts)
        if problems:
            raise ProblemsFound(problems)
    for config, option in (("anp", "--articles"), ("wikinews", "--wikinews")):
        if config not in texts:
            print(f"without {option} nothing is run on `{config}`: the predictions there stay as they are")
    return list(texts)


if __name__ == "__main__":
    sys.exit(main())
