#!/bin/sh
# Make sure that the browser tests find a Chromium; say so plainly where they cannot.
set -u
if [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests"
    if apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; then
        exit 0
    fi
fi
if [ "${CI:-}" = true ]; then
    echo "No Chromium, and none could be installed: in CI that is a failure." >&2
    exit 1
fi
echo "LEFT OUT: the browser tests. Install Chromium, or set CHROMIUM to its path, to run them." >&2
