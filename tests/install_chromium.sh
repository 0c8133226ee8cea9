#!/bin/sh
# Make sure that the browser tests find a Chromium; say so plainly where they cannot.
# With --find, only print the path of the one they use: where to look is written here alone.
set -u

find_chromium() {
    if [ -z "${CHROMIUM:-}" ]; then
        command -v chromium || command -v chromium-browser || command -v google-chrome || return 1
    elif found=$(command -v "$CHROMIUM") && [ -f "$found" ] && [ -x "$found" ]; then
        echo "$found"
    else
        echo "CHROMIUM=$CHROMIUM: there is no such program; correct CHROMIUM or unset it." >&2
        exit 2
    fi
}

if [ "${1:-}" = --find ]; then
    find_chromium
    exit
fi
if find_chromium >/dev/null; then
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
