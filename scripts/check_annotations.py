"""Check every rule that Label Studio does not enforce, in an export file or a project; each problem names region and cure."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    from volgens.curation.label_studio import doors

    parser = doors.parser(__doc__)
    parser.add_argument("source", help="an export file, or the title of a project")
    doors.add_server(parser)
    given = parser.parse_args(arguments)

    def check() -> list[doors.Problem]:
        from volgens.curation.label_studio.check import check
        from volgens.curation.label_studio.client import pull, same_config
        from volgens.curation.label_studio.lint import lint

        if Path(given.source).is_file():
            tasks, problems = doors.read_export(Path(given.source))
            checked = check(tasks, file=given.source)
        else:
            server = doors.connect(given)
            project = server.find(given.source)
            config, ours = server.config(project), (ROOT / "annotations" / "labeling.xml").read_text(encoding="utf-8")
            problems = [] if same_config(config, ours) else lint(config, server.link(project))
            checked = check(pull(server, project), link=lambda task: server.link(project, task))
        print(f"{len(checked.good)} annotations fit for gold, {len(checked.unfinished)} drafts and skipped ones")
        return problems + checked.problems

    return doors.run(check)


if __name__ == "__main__":
    sys.exit(main())
