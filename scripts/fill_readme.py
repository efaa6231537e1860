"""Fill the generated blocks of README.md: what its examples print, the sizes of the configurations, the top of the board."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog="Exit code 0: done; 1: problems, all of them listed; 2: usage.")
    parser.add_argument("--check", action="store_true", help="write nothing: report whether the page is what it should be")
    parser.set_defaults(nothing="nothing was written", all=True)
    given = parser.parse_args(arguments)

    from volgens.cli.outcome import reports_problems

    return reports_problems(_fill)(given)


def _fill(given: argparse.Namespace) -> int:
    from volgens.board.readme import filled
    from volgens.board.results import write_text
    from volgens.model.problem import Problem, ProblemsFound, Where

    file = ROOT / "README.md"
    page = filled(ROOT)
    if given.check and page != file.read_text(encoding="utf-8"):
        message = "its blocks are not what the examples print and the results give"
        raise ProblemsFound([Problem(Where(str(file)), "stale-page", message, "Run `make results`.")])
    if not given.check:
        write_text(file, page)
    print(f"{file}: {'as it should be' if given.check else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
