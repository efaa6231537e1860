"""Build the dataset from its pages and gold: data/*.parquet, README.md and statistics.json."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="Exit code 0: written; 1: problems, all of them listed, nothing written; 2: usage.",
    )
    parser.add_argument(
        "--articles",
        type=Path,
        metavar="DIR",
        help="folder (or file) with the agency's pages under any name, or a larger dump that holds them; with it the texts of "
        "`anp` are restored, verified by length and sha256, and never written where git tracks files",
    )
    parser.add_argument(
        "--wikinews", type=Path, metavar="DIR", help="clone of github.com/cltl/clin26-eval; with it the texts of `wikinews` are"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder to write (default: dataset; with texts: restored, which git ignores)"
    )
    parser.set_defaults(nothing="nothing was written", all=True)
    given = parser.parse_args(arguments)

    from volgens.cli.outcome import reports_problems

    return reports_problems(_build)(given)


def _build(given: argparse.Namespace) -> int:
    from volgens.curation.build import build, read_all_pages, without_gold
    from volgens.model.problem import ProblemsFound

    texts = {config: folder for config, folder in (("anp", given.articles), ("wikinews", given.wikinews)) if folder}
    splits, problems = build(ROOT, given.out, texts)
    if problems:
        raise ProblemsFound(problems)
    for split in splits:
        text = "with text" if split.has_text else "without text"
        print(f"{split.config}/{split.name}: {len(split.documents)} documents {text}, data sha256 {split.sha256}")
    for config, waiting in without_gold(ROOT, read_all_pages(ROOT / "dataset" / "pages")[0]).items():
        print(f"{config}: {len(waiting)} pages have no gold yet, and are left out: {waiting[0]} … {waiting[-1]}")
    print(f"written to {given.out or ROOT / ('restored' if texts else 'dataset')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
