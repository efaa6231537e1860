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
    given = _parser().parse_args(arguments)

    from volgens.cli.outcome import reports_problems

    return reports_problems(_add)(given)


def _parser() -> argparse.ArgumentParser:
    from volgens.board.results import SEEN
    from volgens.cli.common import add_reading

    parser = argparse.ArgumentParser(
        description=__doc__, epilog="Exit code 0: written; 1: problems, all of them listed, nothing written; 2: usage."
    )
    parser.add_argument("predictions", type=Path, metavar="FILE", help="predictions, in any form that `volgens score` reads")
    parser.add_argument(
        "--system", required=True, metavar="NAME", help="short name of the system: small letters, digits, hyphens"
    )
    parser.add_argument("--config", default="own", help="configuration (default: own)")
    parser.add_argument("--split", default="test", help="split of the configuration (default: test)")
    parser.add_argument(
        "--description", required=True, metavar="TEXT", help="what it is, and what it was trained on, in a sentence or two"
    )
    parser.add_argument("--command", required=True, metavar="LINE", help="the command that made the predictions")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="day of the predictions (default: today)")
    parser.add_argument(
        "--versions", metavar="A=1.2,…", help="versions of the libraries and programs that made them, for example frog=0.20"
    )
    parser.add_argument(
        "--seen",
        required=True,
        choices=SEEN,
        help="what of the dataset the system has met (the page of results says what each means)",
    )
    parser.add_argument("--own-view", metavar="VIEW", help="the view in which its names should be read, where it has other types")
    parser.add_argument("--reference", action="store_true", help="no system: it stands beside them and is not ranked")
    parser.add_argument("--replace", action="store_true", help="replace the row that the system has already")
    add_reading(parser)
    parser.set_defaults(nothing="nothing was written", all=True)
    return parser


def _add(given: argparse.Namespace) -> int:
    import score_results
    from volgens.board.results import About, of_run, write
    from volgens.cli.common import reading

    about = About(
        given.system, given.description, given.command, given.date, given.reference,
        versions=_versions(given.versions), seen=given.seen, view=given.own_view,
    )  # fmt: skip
    result = write(
        FOLDER, of_run(about, given.predictions), given.predictions,
        config=given.config, split=given.split, how=reading(given), replace=given.replace,
    )  # fmt: skip
    print(f"{result.path}: scored")
    return score_results.write_page()


def _versions(text: str | None) -> dict[str, str] | None:
    """`A=1.2,B=3` as a mapping. Raises `ProblemsFound` for a part that is no version."""
    from volgens.model.problem import Problem, ProblemsFound, Where

    if text is None:
        return None
    parts = [part.partition("=") for part in text.split(",")]
    wrong = ["".join(part) for part in parts if not (part[0].strip() and part[2].strip())]
    if wrong:
        hint = "Write NAME=VERSION, separated by commas."
        raise ProblemsFound([Problem(Where(field="--versions"), "unfit-option", f"{w!r} is no version", hint) for w in wrong])
    return {name.strip(): version.strip() for name, _, version in parts}


if __name__ == "__main__":
    sys.exit(main())
