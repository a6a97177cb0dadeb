# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts together in which state a run has left each resource, from what their modules have said."""

from __future__ import annotations

import typing as t

from ansible import context
from ansible.plugins.action import ActionBase

from ansible_collections.webstack.aws.plugins.plugin_utils import _plan_ledger
from ansible_collections.webstack.aws.plugins.plugin_utils._drift import record
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_document import merged


class ActionModule(ActionBase):
    """The plan_record action."""

    _requires_connection = False

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        entries = merged(_plan_ledger.of(task_vars["inventory_hostname"]))
        is_partial = bool(_plan_ledger.why_partial(task_vars, context.CLIARGS, entries))
        has_changes = any(item["action"] != "none" for item in entries)
        return {**result, "record": record(entries), "is_new": has_changes and not is_partial}
