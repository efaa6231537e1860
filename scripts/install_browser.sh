#!/usr/bin/env bash
# Chromium from Debian, for the tests that open pages; does nothing where a browser is installed already.
set -euo pipefail
if command -v chromium >/dev/null; then
    chromium --version
    exit 0
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
chromium --version
