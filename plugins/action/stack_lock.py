# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells the module ``stack_lock`` who runs the playbook: here its process is known, which lives as long as the run."""

from __future__ import annotations

import multiprocessing
import os
import typing as t
from pathlib import Path

from ansible import context
from ansible.plugins.action import ActionBase

from ansible_collections.webstack.aws.plugins.module_utils._stack_lock import owner_name, run_id


class ActionModule(ActionBase):
    """The stack_lock action."""

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        # Every task has a worker process of its own, which the playbook's process begins.
        playbook_process = multiprocessing.parent_process()
        who = {
            "owner": owner_name(),
            "run": run_id(playbook_process.pid if playbook_process else os.getpid()),
            "playbook": " ".join(Path(name).name for name in context.CLIARGS.get("args") or ()),
        }
        given = {name: value for name, value in self._task.args.items() if value is not None}
        arguments = {**who, **given}
        answer = self._execute_module("webstack.aws.stack_lock", module_args=arguments, task_vars=task_vars)
        return {**result, **answer}
