"""Put the dataset on the Hub: one commit, tagged with the version of the data. The token is that of `hf auth login`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "eval"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog="Exit code 0: done; 1: problems, all of them listed; 2: usage.")
    parser.add_argument("--dry-run", action="store_true", help="send nothing: check the folder and list what would be sent")
    parser.set_defaults(nothing="nothing was sent", all=True)
    given = parser.parse_args(arguments)

    from volgens.cli.outcome import reports_problems

    return reports_problems(_push)(given)


def _push(given: argparse.Namespace) -> int:
    from volgens.curation.build import VERSION
    from volgens.curation.hub import push, pushed, unfit
    from volgens.integrations.hub import DATASET
    from volgens.model.problem import ProblemsFound

    folder = ROOT / "dataset"
    if given.dry_run:
        if problems := unfit(folder, VERSION):
            raise ProblemsFound(problems)
        print(*pushed(folder), f"would be sent to {DATASET} and tagged {VERSION}", sep="\n")
        return 0
    from huggingface_hub import HfApi

    print(*push(HfApi(), folder, VERSION), f"sent to {DATASET} and tagged {VERSION}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
