#!/bin/sh
# Runs the molecule scenarios, each on the embedded AWS that runs in the background of this checkout.
set -eu
bin=$(cd "$1" && pwd)
root=$(git rev-parse --show-toplevel)
cd "$root"
state=$root/.cache/molecule-emulator
port=$("$bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$bin/python" -m tests.emulator.background start --directory "$state" --port "$port"
trap '"$bin/python" -m tests.emulator.background stop --directory "$state"' EXIT
# shellcheck source=/dev/null
. "$state/env.sh"

for scenario in extensions/molecule/*/molecule.yml; do
    PATH=$bin:$PATH "$bin/molecule" test -s "$(basename "$(dirname "$scenario")")"
done
