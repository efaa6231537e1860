#!/usr/bin/env bash
# What the systems of eval/baselines need beside Python packages, from Debian: Frog and its models; and the speller of
# check_pages.py. Installs only what lacks.
set -euo pipefail
missing=()
command -v frog >/dev/null || missing+=(frog frogdata)
dpkg-query --show hunspell hunspell-nl >/dev/null 2>&1 || missing+=(hunspell hunspell-nl)
if [ ${#missing[@]} -gt 0 ]; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
dpkg-query --show frog frogdata hunspell hunspell-nl
