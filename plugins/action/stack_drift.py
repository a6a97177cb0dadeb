# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a dry run of the site and parts what it finds by who has caused it."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible.plugins.loader import lookup_loader

from ansible_collections.webstack.aws.plugins.plugin_utils._drift import drift, sentences
from ansible_collections.webstack.aws.plugins.plugin_utils._dry_run import DryRunError, plan_now
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_document import Stack


class ActionModule(ActionBase):
    """The stack_drift action."""

    _requires_connection = False

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        self.validate_argument_spec(argument_spec={})
        try:
            stacks = plan_now()["stacks"]
        except DryRunError as error:
            return {**result, "failed": True, "msg": f"The dry run that looks for drift failed:\n{error}"}
        found = {}
        for stack in stacks:
            name = f"{stack['environment']}-{stack['stack']}"
            lists = drift(stack["resources"], self._record(name, stack))
            found[name] = {**lists, "sentences": sentences(lists)}
        has_drift = any(lists["wanted"] or lists["unknown"] for lists in found.values())
        return {**result, "stacks": found, "has_drift": has_drift, "plan_exit_code": 2 if has_drift else 0}

    def _record(self, name: str, stack: Stack) -> str:
        """What the last run of a stack recorded; empty where none has."""
        lookup = lookup_loader.get("amazon.aws.ssm_parameter", loader=self._loader, templar=self._templar)
        return lookup.run([f"/webstack/{name}/applied"], {}, region=stack["region"], on_missing="skip")[0] or ""
