# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules have said so far of each resource, by host.

The callback ``webstack.aws.plan`` writes it, in Ansible's main process. Action plugins read it: Ansible forks the
process of a task after the results of earlier tasks have been handled. Without that callback it stays empty.
"""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._plan import Entry

LEDGER: dict[str, list[Entry]] = {}


def add(host: str, entries: t.Iterable[Entry]) -> None:
    """Note what a task of ``host`` has said."""
    LEDGER.setdefault(host, []).extend(entries)


def of(host: str) -> list[Entry]:
    """All that tasks of ``host`` have said so far, in their order."""
    return LEDGER.get(host, [])
