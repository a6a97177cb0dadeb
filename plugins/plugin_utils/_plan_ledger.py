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

#: Options of a run by which not all of its tasks are carried out.
PARTIAL = {"start_at_task": "it began in the middle (--start-at-task)", "step": "it was made step by step (--step)"}

LEDGER: dict[str, list[Entry]] = {}


def add(host: str, entries: t.Iterable[Entry]) -> None:
    """Note what a task of ``host`` has said."""
    LEDGER.setdefault(host, []).extend(entries)


def of(host: str) -> list[Entry]:
    """All that tasks of ``host`` have said so far, in their order."""
    return LEDGER.get(host, [])


def why_partial(task_vars: t.Mapping[str, t.Any], cliargs: t.Mapping[str, t.Any], declared: t.Sequence[t.Any]) -> str:
    """Why the run does not know all that is declared; empty where it does."""
    if list(task_vars.get("ansible_run_tags") or ["all"]) != ["all"] or task_vars.get("ansible_skip_tags"):
        return "the run is limited by tags, so that it does not speak of everything that is declared"
    for option, words in PARTIAL.items():
        if cliargs.get(option):
            return f"{words}, so that it does not speak of everything that is declared"
    if not declared:
        return "nobody gathers what the run speaks of; set callbacks_enabled = webstack.aws.plan in ansible.cfg"
    return ""
