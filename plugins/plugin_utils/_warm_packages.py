# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules as Ansible packs them, kept from one run to the next.

Ansible packs each module once a run, together with all that it imports, which takes it longer than most modules run.
Packages hold code only. They are kept for as long as none of the files has changed that they could come from.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import stat
import sys
import typing as t

from ansible import constants
from ansible.plugins.loader import module_utils_loader
from ansible.release import __version__ as ansible_version

#: Whose modules are kept. They import from these packages only.
PACKAGES = (
    "ansible",
    "ansible_collections.amazon.aws",
    "ansible_collections.community.aws",
    "ansible_collections.webstack.aws",
)

#: Where in them lies what a package is made of.
SOURCES = ("modules", "module_utils", "plugins/modules", "plugins/module_utils", "meta")

#: How packages of such modules are called in the cache of a run.
NAMES = ("ansible.modules.", *(f"{package}." for package in PACKAGES[1:]))

#: For how many states of the files packages are kept: of two versions in use side by side, and of one being changed.
STATES = 4

#: Ansible's cache in the run's temporary directory, and the way from there to what is kept.
RUNS, KEPT = "ansiballz_cache", "packages"


def fetch(run: str) -> None:
    """Put into a run's temporary directory what earlier runs have packed. Does nothing the second time."""
    with contextlib.suppress(OSError):
        os.mkdir(os.path.join(run, RUNS))
        kept = _store()
        os.symlink(kept, os.path.join(run, KEPT))
        for name in filter(_whole, os.listdir(kept)):
            os.link(os.path.join(kept, name), os.path.join(run, RUNS, name))


def keep(run: str) -> None:
    """Keep what this run has packed. A temporary directory on another file system than Ansible's home keeps nothing."""
    with contextlib.suppress(OSError), os.scandir(os.path.join(run, RUNS)) as packages:
        for package in packages:
            if _whole(package.name) and package.stat().st_nlink == 1:
                with contextlib.suppress(FileExistsError):
                    os.link(package.path, os.path.join(run, KEPT, package.name))


def _whole(name: str) -> bool:
    return name.startswith(NAMES) and not name.endswith((".lock", "-part"))


def _store() -> str:
    """The directory for packages of what is installed now; only its user can enter it. Raises OSError."""
    home = os.path.join(constants.ANSIBLE_HOME, "webstack.aws-packages")
    path = os.path.join(home, _state())
    os.makedirs(home, mode=0o700, exist_ok=True)
    status = os.lstat(home)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
        raise PermissionError(f"{home} is open to others")
    os.makedirs(path, mode=0o700, exist_ok=True)
    os.utime(path)
    for old in sorted(os.scandir(home), key=lambda each: each.stat().st_mtime_ns)[:-STATES]:
        shutil.rmtree(old.path, ignore_errors=True)
    return path


def _state() -> str:
    """What everything that packages are made of looks like: versions, and each file with size and time."""
    digest = hashlib.sha256(repr((ansible_version, sys.version, PACKAGES)).encode())
    for root in _roots():
        for line in sorted(_files(root)):
            digest.update(repr((root, line)).encode())
    return digest.hexdigest()[:32]


def _roots() -> t.Iterator[str]:
    for package in PACKAGES:
        found = importlib.util.find_spec(package)
        for place in (found.submodule_search_locations if found else None) or ():
            yield from (os.path.join(os.path.realpath(place), source) for source in SOURCES)
    # What a playbook or its configuration puts before Ansible's own.
    yield from module_utils_loader._get_paths()


def _files(root: str) -> t.Iterator[tuple[str, int, int]]:
    """Each file below a directory: path, size in bytes, time of change in nanoseconds."""
    waiting = [root]
    while waiting:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                elif not entry.name.endswith(".pyc"):
                    status = entry.stat()
                    yield entry.path, status.st_size, status.st_mtime_ns
