#!/usr/bin/env bash
# What the systems of eval/baselines need beside Python packages, from Debian: Frog and its models. Installs only what lacks.
set -euo pipefail
if ! command -v frog >/dev/null; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends frog frogdata >/dev/null
fi
dpkg-query --show frog frogdata
