"""Measure how far the two blind readings agree before adjudication, from their raw exports → annotations/agreement.json."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="Exit code 0: written; 1: an export has problems, nothing written; 2: usage."
    )
    parser.add_argument("--raw", type=Path, metavar="DIR", default=ROOT / "annotations" / "raw", help="the folder of raw exports")
    parser.add_argument("--out", type=Path, metavar="FILE", default=ROOT / "annotations" / "agreement.json", help="file to write")
    parser.add_argument(
        "--wikinews", type=Path, metavar="DIR", help="clone with the published names; without it what was measured of them stays"
    )
    given = parser.parse_args(arguments)

    from volgens.curation.agreement import measure, table
    from volgens.model.gold import write_text

    try:
        measured = measure(given.raw)
    except ValueError as error:
        print(error, f"Nothing is written to {given.out}.", sep="\n", file=sys.stderr)
        return 1
    if published := _published(given.wikinews, given.out):
        measured["published"] = published
    if given.wikinews:
        _write_mentions(given.wikinews, given.out.parent / "published")
    write_text(given.out, json.dumps(measured, ensure_ascii=False, indent=1) + "\n")
    for row in table(measured):
        print(" | ".join(row))
    print(f"written to {given.out}")
    return 0


def _published(clone: Path | None, out: Path) -> dict[str, object] | None:
    """The published names held against the gold; without a clone, what the file says of them already."""
    from volgens.curation.folder import Folder
    from volgens.curation.meantime import CONFIG, names
    from volgens.curation.published import classes, measure

    if clone is None:
        return json.loads(out.read_text(encoding="utf-8")).get("published") if out.exists() else None
    house = Folder(ROOT)
    golds = [gold for _, (_, gold) in sorted(house.golds(CONFIG)[0].items())]
    decided = (ROOT / "annotations" / "adjudication" / "published.jsonl").read_text(encoding="utf-8").splitlines()
    return {**measure(golds, names(clone))[0], "classes": classes(map(json.loads, decided))}


def _write_mentions(clone: Path, folder: Path) -> None:
    """The published mentions of each split as a gold of their own, offsets alone."""
    from volgens.curation.folder import Folder
    from volgens.curation.meantime import CONFIG, names
    from volgens.curation.published import rows
    from volgens.model.gold import write_text

    by_split: dict[str, list[Any]] = {}
    for split, gold in Folder(ROOT).golds(CONFIG)[0].values():
        by_split.setdefault(split, []).append(gold)
    mentions = names(clone)
    for split, golds in by_split.items():
        lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows(golds, mentions))
        write_text(folder / f"{CONFIG}-{split}.jsonl", "".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
