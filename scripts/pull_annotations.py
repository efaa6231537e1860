"""Pull a project's annotations into a file under annotations/raw, without any text that may not travel."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    from volgens.curation.label_studio import doors

    parser = doors.parser(__doc__)
    parser.add_argument("title", help="the project's title")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: annotations/raw/TITLE.json)")
    doors.add_server(parser)
    given = parser.parse_args(arguments)

    def pull() -> list[doors.Problem]:
        from volgens.curation.label_studio import write_export
        from volgens.curation.label_studio.check import check
        from volgens.curation.label_studio.client import pull

        server = doors.connect(given)
        project = server.find(given.title)
        tasks = pull(server, project)
        checked = check(tasks, link=lambda task: server.link(project, task))
        out = given.out or ROOT / "annotations" / "raw" / f"{given.title}.json"
        write_export(out, doors.travelling(tasks))
        print(f"{out}: {len(tasks)} tasks, {len(checked.good)} annotations fit for gold, {len(checked.unfinished)} unfinished")
        return checked.problems

    return doors.run(pull)


if __name__ == "__main__":
    sys.exit(main())
