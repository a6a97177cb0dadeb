#!/bin/sh
# Runs a molecule scenario on an embedded AWS of its own, so that scenarios may run side by side.
set -eu
bin=$(cd "$1" && pwd)
scenario=$2
root=$(git rev-parse --show-toplevel)
cd "$root"
state=$root/.cache/molecule-$scenario
port=$("$bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$bin/python" -m tests.emulator.background start --directory "$state" --port "$port"
trap '"$bin/python" -m tests.emulator.background stop --directory "$state"' EXIT
# shellcheck source=/dev/null
. "$state/env.sh"

PATH=$bin:$PATH "$bin/molecule" test -s "$scenario"
