"""Start a Label Studio on 127.0.0.1 with a project of the `own` documents. Ctrl+C stops it; the next start goes on there."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    from volgens.curation.label_studio import doors

    parser = doors.parser(__doc__)
    data = ROOT / "out" / "label-studio"
    parser.add_argument("--data", type=Path, default=data, metavar="DIR", help="folder of the server (default: out/label-studio)")
    given = parser.parse_args(arguments)
    return doors.run(lambda: _serve(given.data.resolve()))


def _serve(data: Path):
    import signal

    from volgens.curation.label_studio import doors, to_tasks
    from volgens.curation.label_studio.client import Server, push
    from volgens.curation.label_studio.server import kept_login, running

    documents, problems = doors.documents(ROOT, "own")
    if problems:
        return problems
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print("starting Label Studio (the first time it is installed, which takes a minute or two) …", flush=True)
    try:
        with running(data, kept_login(data)) as server:
            labels = (ROOT / "annotations" / "labeling.xml").read_text(encoding="utf-8")
            pushed = push(Server(server.url, server.login.token), "own", to_tasks(documents), labels)
            print(f"open      {pushed.link}")
            print(f"log in    {server.login.email}   password {server.login.password}")
            print(f"token     in {data / 'token'} (for the other scripts: --url {server.url} --token-file …)")
            print("stop      Ctrl+C", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print("stopped")
    return []


if __name__ == "__main__":
    sys.exit(main())
