"""Parse texts that may not travel: write what stands for each document, and never its text."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog="Exit code 0: written; 1: problems, nothing written; 2: usage.")
    parser.add_argument(
        "folder", type=Path, help="folder with pages, NNN_*.txt, where NNN becomes the page's number; of wikinews the clone"
    )
    parser.add_argument("--config", default="anp", help="configuration of the dataset (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="file to write (default: dataset/pages/CONFIG.jsonl)")
    given = parser.parse_args(arguments)

    from volgens.curation import meantime
    from volgens.curation.standoff import strip_pages, write_standoff
    from volgens.model.problem import ProblemsFound

    try:
        if given.config == meantime.CONFIG:
            stripped = meantime.strip(given.folder)
        else:
            pages = sorted(given.folder.glob("*.txt"))
            if not pages:
                parser.error(f"no *.txt files in {given.folder}")
            stripped, problems = strip_pages(pages, given.config)
            if problems:
                raise ProblemsFound(problems)
    except ProblemsFound as found:
        print(found, f"Problems: {len(found.problems)}. Nothing is written.", sep="\n", file=sys.stderr)
        return 1
    out = given.out or ROOT / "dataset" / "pages" / f"{given.config}.jsonl"
    write_standoff(out, stripped)
    print(f"{out}: {len(stripped)} documents of {len({s.document.page for s in stripped})} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
