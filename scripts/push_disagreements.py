"""Push the documents where a model and the gold disagree, worst first, for an annotator to decide who is right."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    from volgens.curation.label_studio import doors

    parser = doors.parser(__doc__)
    parser.add_argument("predictions", type=Path, help="a predictions file")
    parser.add_argument("title", help="the project's title; made where there is none")
    parser.add_argument("--name", default="model", help="what to call the model (default: %(default)s)")
    parser.add_argument("--most", type=int, default=50, metavar="N", help="push at most N documents (default: %(default)s)")
    parser.add_argument("--config", default="own", help="configuration of the gold (default: %(default)s)")
    parser.add_argument("--articles", type=Path, metavar="DIR", help="folder with the agency's pages")
    doors.add_server(parser)
    given = parser.parse_args(arguments)

    def push() -> list[doors.Problem]:
        from volgens.curation.label_studio.adjudicate import disagreements

        documents, problems = doors.documents(ROOT, given.config, given.articles)
        problems += doors.without_text(documents)
        rows, wrong = doors.predictions(given.predictions, documents)
        if problems := problems + wrong:
            return problems
        tasks = disagreements(documents, rows, given.name)[: given.most]
        doors.push_open(doors.connect(given), given.title, tasks, ROOT)
        return []

    return doors.run(push)


if __name__ == "__main__":
    sys.exit(main())
