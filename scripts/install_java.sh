#!/usr/bin/env bash
# What the tests on Spark need, from Debian: Java 17. Installs only what lacks.
set -euo pipefail
if ! command -v java >/dev/null; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
fi
java -version
