"""Measure how far the two blind readings agree before adjudication, from their raw exports → annotations/agreement.json."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="Exit code 0: written; 1: an export has problems, nothing written; 2: usage."
    )
    parser.add_argument("--raw", type=Path, metavar="DIR", default=ROOT / "annotations" / "raw", help="the folder of raw exports")
    parser.add_argument("--out", type=Path, metavar="FILE", default=ROOT / "annotations" / "agreement.json", help="file to write")
    given = parser.parse_args(arguments)

    from volgens.curation.agreement import measure, table
    from volgens.model.gold import write_text

    try:
        measured = measure(given.raw)
    except ValueError as error:
        print(error, f"Nothing is written to {given.out}.", sep="\n", file=sys.stderr)
        return 1
    write_text(given.out, json.dumps(measured, ensure_ascii=False, indent=1) + "\n")
    for row in table(measured):
        print(" | ".join(row))
    print(f"written to {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
