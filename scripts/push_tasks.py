"""Push documents to a Label Studio project, with the gold to begin with or blind. Pushing again adds what is missing."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    from volgens.curation.label_studio import doors

    parser = doors.parser(__doc__)
    parser.add_argument("title", help="the project's title; made where there is none")
    parser.add_argument("--config", default="own", help="configuration of the dataset (default: %(default)s)")
    parser.add_argument("--articles", type=Path, metavar="DIR", help="folder with the agency's pages")
    parser.add_argument("--blind", action="store_true", help="without pre-annotation (default: the gold, where there is some)")
    doors.add_server(parser)
    given = parser.parse_args(arguments)

    def push() -> list[doors.Problem]:
        from tqdm import tqdm
        from volgens.curation.label_studio import to_tasks
        from volgens.curation.label_studio.client import push

        documents, problems = doors.documents(ROOT, given.config, given.articles)
        problems += doors.without_text(documents)
        if problems:
            return problems
        tasks = to_tasks(documents, as_=None if given.blind else "predictions")
        labels = (ROOT / "annotations" / "labeling.xml").read_text(encoding="utf-8")
        server = doors.connect(given)
        with tqdm(total=len(tasks), unit=" tasks", disable=None) as bar:
            pushed = push(server, given.title, tasks, labels, progress=bar.update)
        print(f"{pushed.new} tasks pushed, {pushed.present} were there: {pushed.link}")
        return []

    return doors.run(push)


if __name__ == "__main__":
    sys.exit(main())
