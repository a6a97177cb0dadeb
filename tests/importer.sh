#!/bin/sh
# Builds the collection and runs Galaxy's own checks on what was built.
set -eu
bin=$(cd "$1" && pwd)
root=$(git rev-parse --show-toplevel)
work=$root/.cache/importer
rm -rf "$work/build"
mkdir -p "$work/build"
cd "$root"
if [ ! -e "$work/venv/.done" ] || [ requirements/importer-constraints.txt -nt "$work/venv/.done" ]; then
    "$bin/python" -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check -c requirements/importer-constraints.txt -r requirements/importer.in
    touch "$work/venv/.done"
fi
# The importer asks ansible-doc and ansible-lint, which have to find the collections that this one builds on.
site=$("$work/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
packages=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')/ansible_collections
mkdir -p "$site/ansible_collections"
for name in amazon community; do ln -sfn "$packages/$name" "$site/ansible_collections/$name"; done
"$bin/ansible-galaxy" collection build --force --output-path "$work/build" .
set -- "$work"/build/webstack-aws-*.tar.gz
archive=$1
# It leaves its result where it runs.
cd "$work"
PATH=$work/venv/bin:$PATH "$work/venv/bin/python" -m galaxy_importer.main "$archive" >"$work/log" 2>&1 || { tail -n 30 "$work/log"; exit 1; }
# The importer warns and carries on; here a warning is a fault.
if grep -E 'WARNING|ERROR' "$work/log"; then exit 1; fi
echo "galaxy-importer: no warnings and no errors"
