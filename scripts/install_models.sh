#!/usr/bin/env bash
# What the tests of the harness examples run for real beside Python packages of `dev`: torch, transformers and GLiNER, in an environment
# of their own. Only where the index has a build of torch for processors alone, which is installed in a minute or two; that with
# CUDA takes gigabytes. Without it those tests are skipped, and say so.
set -euo pipefail
cd "$(dirname "$0")/.."
folder="${VOLGENS_CACHE:-$HOME/.cache/volgens}/environments/models"
python="$folder/bin/python"
if [ -x "$python" ] && "$python" -c 'import gliner, polars, torch, transformers' 2>/dev/null; then
    echo "models: there already"
    exit 0
fi
rm -rf "$folder"
"${PYTHON:-python3}" -m venv "$folder"
"$python" -m pip install --quiet --disable-pip-version-check 'pip>=25.1' 2>/dev/null
torch="$("$python" -m pip install --quiet --dry-run --no-deps --group models --report - 2>/dev/null |
    "$python" -c 'import json, sys; print(next(p["metadata"]["version"] for p in json.load(sys.stdin)["install"] if p["metadata"]["name"] == "torch"))')"
if [[ "$torch" != *+cpu ]]; then
    echo "models: not installed, the index has torch $torch and no build for processors alone"
    rm -rf "$folder"
    exit 0
fi
"$python" -m pip install --quiet --disable-pip-version-check --no-compile --group models 2>/dev/null
"$python" -m pip list 2>/dev/null | grep -iE '^(gliner|torch|transformers) '
