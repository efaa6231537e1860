"""Give a system a row: score its predictions and write them, the result and the leaderboard into eval/results."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "eval"), str(ROOT / "scripts")]
FOLDER = ROOT / "eval" / "results"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="Exit code 0: written; 1: problems, all of them listed, nothing written; 2: usage."
    )
    parser.add_argument("predictions", type=Path, metavar="FILE", help="predictions: JSON lines or Parquet, also .gz")
    parser.add_argument(
        "--system", required=True, metavar="NAME", help="short name of the system: small letters, digits, hyphens"
    )
    parser.add_argument("--config", default="own", help="configuration (default: own)")
    parser.add_argument(
        "--description", required=True, metavar="TEXT", help="what it is, and what it was trained on, in a sentence or two"
    )
    parser.add_argument("--command", required=True, metavar="LINE", help="the command that made the predictions")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="day of the predictions (default: today)")
    given = parser.parse_args(arguments)

    import score_results
    from volgens.board.results import About, write
    from volgens.model.problem import ProblemsFound

    about = About(given.system, given.description, given.command, given.date)
    try:
        result = write(FOLDER, about, given.predictions, config=given.config)
    except ProblemsFound as found:
        print(found, f"Problems: {len(found.problems)}. Nothing is written.", sep="\n", file=sys.stderr)
        return 1
    print(f"{result.path}: scored")
    return score_results.main([])


if __name__ == "__main__":
    sys.exit(main())
