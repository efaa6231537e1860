"""Tell what an annotator changed against the gold, or against another annotator, per layer and field."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    from volgens.curation.label_studio import doors

    parser = doors.parser(__doc__)
    parser.add_argument("export", type=Path, help="an export file")
    parser.add_argument("--annotator", help="whose annotations (needed where there are several)")
    parser.add_argument("--against", metavar="ANNOTATOR", help="another annotator of the same file (default: the gold)")
    parser.add_argument("--config", default="own", help="configuration of the gold (default: %(default)s)")
    parser.add_argument("--articles", type=Path, metavar="DIR", help="folder with the agency's pages, to show their words")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: %(default)s)")
    given = parser.parse_args(arguments)

    def compare() -> list[doors.Problem]:
        from volgens.curation.label_studio import from_export
        from volgens.curation.label_studio.diff import of_annotator, table
        from volgens.curation.pairing import diff

        tasks, problems = doors.read_export(given.export)
        readings = from_export(tasks, file=str(given.export)).readings
        documents, unread = doors.documents(ROOT, given.config, given.articles)
        mine, wrong = of_annotator(readings, given.annotator, str(given.export))
        others, more = of_annotator(readings, given.against, str(given.export)) if given.against else ([], [])
        if problems := problems + unread + wrong + more:
            return problems
        gold, unread = doors.gold(ROOT, given.config)
        changes = diff(others if given.against else gold.values(), mine)
        if given.format == "json":
            print(json.dumps([change._asdict() for change in changes], ensure_ascii=False, indent=1))
        else:
            print(table(changes, {d.id: d.text for d in documents}))
        return unread

    return doors.run(compare)


if __name__ == "__main__":
    sys.exit(main())
