"""Score every predictions file of eval/results again and write the results and the leaderboard.

With --all the systems of eval/baselines/systems.toml are run before, with --articles on `anp` too.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))
FOLDER = ROOT / "eval" / "results"
SYSTEMS = ROOT / "eval" / "baselines" / "systems.toml"


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
    parser.add_argument("--html", type=Path, metavar="PATH", help="also write the leaderboard as a page")
    given = parser.parse_args(arguments)
    if given.check and given.all:
        parser.error("--check writes nothing, so it cannot go with --all")

    from volgens.model.problem import ProblemsFound

    try:
        if given.all:
            _run_all(given.articles, given.date)
        return _score(given.check, given.html)
    except ProblemsFound as found:
        print(found, f"Problems: {len(found.problems)}.", sep="\n", file=sys.stderr)
        return 1


def _score(check: bool, html: Path | None) -> int:
    from volgens.board.leaderboard import Row, leaderboard, ranks
    from volgens.board.results import by_config, differences, rescored, results, save, write_text
    from volgens.model.problem import Problem, ProblemsFound, Where
    from volgens.report.html import leaderboard as page_of

    found = {config: [Row(r, r.rescore()) for r in group] for config, group in by_config(results(FOLDER)).items()}
    rows = [row for group in found.values() for row in group]
    problems = [problem for row in rows for problem in differences(row.result, row.card)]
    page, file = leaderboard(found), FOLDER / "README.md"
    if check:
        if not file.exists() or file.read_text(encoding="utf-8") != page:
            problems.append(
                Problem(Where(str(file)), "stale-page", "the page is not what the results give", "Run `make results`.")
            )
        if problems:
            raise ProblemsFound(problems)
        print(f"{len(rows)} results agree with their predictions")
        return 0
    for row in rows:
        save(rescored(row.result, row.card))
    write_text(file, page)
    if html:
        stored = [rescored(row.result, row.card).stored for row in rows]
        ranked = {group[0].card.signature["gold"]: ranks(group) for group in found.values()}
        write_text(html, page_of(stored, ranks=ranked))
    print(f"{len(rows)} results scored, {len(problems)} numbers changed: {file}")
    return 0


def _run_all(articles: Path | None, date: str) -> None:
    from volgens.model.problem import ProblemsFound

    if articles:
        from volgens.curation.build import build

        _, problems = build(ROOT, None, {"anp": articles})
        if problems:
            raise ProblemsFound(problems)
    else:
        print("without --articles the systems are run on `own` alone; the predictions on `anp` stay as they are")
    for name, system in tomllib.loads(SYSTEMS.read_text(encoding="utf-8")).items():
        for config in ("own", "anp") if articles or "export" in system else ("own",):
            print(add(FOLDER, name, system, config, date))


def add(folder: Path, name: str, system: dict[str, str], config: str, date: str) -> Path:
    """Run a system of systems.toml and write its result into the folder."""
    from volgens.board.results import About, write

    if "export" in system:
        from baselines.ceiling import reading

        command = f"scripts/score_results.py --all ({system['export'].format(config=config)})"
        about = About(name, system["description"], command, date, reference=True)
        return write(folder, about, reading(ROOT / system["export"].format(config=config)), config=config).path
    restored = "" if config == "own" else f" --config {config} --gold restored"
    about = About(name, system["description"], f"volgens run {system['function']}{restored} --out FILE", date)
    with tempfile.TemporaryDirectory() as away:
        return write(folder, about, _run(system["function"], config, Path(away) / f"{name}.jsonl"), config=config).path


def _run(function: str, config: str, out: Path) -> Path:
    from volgens.readers.corpus import load_gold
    from volgens.run.run import run

    gold = load_gold(config, gold=None if config == "own" else ROOT / "restored")
    done = run(f"{ROOT}/{function}", gold.select("id", "text").iter_rows(named=True), out)
    if done.failures:
        raise SystemExit("\n".join(f"{function}: {document}: {error}" for document, error in done.failures.items()))
    return out


if __name__ == "__main__":
    sys.exit(main())
