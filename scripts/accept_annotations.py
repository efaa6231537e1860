"""Put one annotator's checked corrections in the place of the gold; documents that were not changed stay as they are."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    from volgens.curation.label_studio import doors

    parser = doors.parser(__doc__)
    parser.add_argument("export", type=Path, help="an export file")
    parser.add_argument("--config", default="own", help="configuration of the gold (default: %(default)s)")
    parser.add_argument("--annotator", help="whose annotations (needed where there are several)")
    parser.add_argument("--by", choices=("person", "model"), required=True, help="what annotated")
    parser.add_argument("--guidelines", default="1", help="version of the guidelines (default: %(default)s)")
    parser.add_argument("--date", required=True, help="day of the correction, YYYY-MM-DD")
    given = parser.parse_args(arguments)

    def accept() -> list[doors.Problem]:
        from volgens.curation.label_studio.check import check
        from volgens.curation.label_studio.diff import of_annotator
        from volgens.model.documents import Provenance

        tasks, problems = doors.read_export(given.export)
        checked = check(tasks, file=str(given.export))
        golds, wrong = of_annotator(checked.good, given.annotator, str(given.export))
        if problems := problems + checked.problems + wrong:
            return problems
        mine = [r for r in checked.good if r.gold in golds]
        provenance = Provenance(given.by, 1, False, False, given.guidelines, given.date)
        changed = doors.accept(ROOT, given.config, mine, provenance)
        print(f"{len(changed)} of {len(mine)} documents changed: {', '.join(changed) or 'none'}")
        return []

    return doors.run(accept)


if __name__ == "__main__":
    sys.exit(main())
