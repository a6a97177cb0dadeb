#!/bin/sh
# Runs ansible-test sanity. It refuses links, so it gets a real tree of its own with what git knows and does not ignore.
set -eu
bin=$(cd "$1" && pwd)
root=$(git rev-parse --show-toplevel)
work=$root/.cache/sanity
target=$work/ansible_collections/webstack/aws
rm -rf "$target"
mkdir -p "$target" "$work/home/.ansible/test/cache"
cd "$root"
# shellcheck disable=SC2016 # the inner shell is to expand it
git ls-files -z --cached --others --exclude-standard -- . ':!.collections' |
    xargs -0 sh -c 'for file; do if [ -e "$file" ]; then printf "%s\0" "$file"; fi; done' -- |
    tar -cf - --null -T - | tar -xf - -C "$target"
# Without a repository of its own, ansible-test would ask this one, which ignores the copy.
git init --quiet "$target"
packages=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')/ansible_collections
for name in amazon community; do ln -sfn "$packages/$name" "$work/ansible_collections/$name"; done
# ansible-test would fetch pip's installer from its own site; Python brings one along.
cat >"$work/home/.ansible/test/cache/get_pip_24_2.py" <<'PYTHON'
import subprocess
import sys

subprocess.check_call([sys.executable, "-m", "ensurepip"])
pips_own = ("--no-python-version-warning", "--no-setuptools", "--no-wheel")
wanted = [argument for argument in sys.argv[1:] if argument not in pips_own]
subprocess.check_call([sys.executable, "-m", "pip", "install", *wanted])
PYTHON
python=$("$bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
cd "$target"
PIP_CACHE_DIR=${PIP_CACHE_DIR:-$("$bin/python" -m pip cache dir)}
export PIP_CACHE_DIR
HOME=$work/home PATH=$bin:$PATH exec "$bin/ansible-test" sanity --local --python "$python" --color no
