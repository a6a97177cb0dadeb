#!/bin/sh
# The tests that need the embedded AWS, and the coverage of the plugins by those that run in one process.
set -eu
bin=$1
"$bin/python" -m pytest -n 2 tests/unit tests/contract tests/emulator/tests \
    --cov=plugins --cov-report=term-missing:skip-covered --cov-fail-under=90
"$bin/python" -m pytest -n 2 --dist worksteal tests/integration
tests/molecule.sh "$bin"
