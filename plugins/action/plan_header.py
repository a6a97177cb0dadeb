# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Says whose plan a run makes, on the controller: the callback ``webstack.aws.plan`` hears it."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.webstack.aws.plugins.module_utils._plan import digest
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import roles

#: Variables that say how a run is made and not what a stack is.
HOW = ("plan_", "lock_")


class ActionModule(ActionBase):
    """The plan_header action."""

    _requires_connection = False

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(
            argument_spec={
                "stack": {"type": "str", "required": True},
                "environment": {"type": "str", "required": True},
                "account": {"type": "str", "required": True},
                "region": {"type": "str", "required": True},
                "file": {"type": "path"},
                "page": {"type": "path"},
                "done_file": {"type": "path"},
                "exit_code": {"type": "bool", "default": False},
            }
        )
        header = {part: options[part] for part in ("stack", "environment", "account", "region")}
        header["variables"] = self._variables(task_vars or {})
        settings = {part: options[part] for part in ("file", "page", "done_file", "exit_code")}
        return {
            **result,
            "plan_header": header,
            "plan_settings": {**settings, "mode": "plan" if self._task.check_mode else "run"},
        }

    def _variables(self, task_vars: dict[str, t.Any]) -> dict[str, str]:
        """Digests of the variables that make the stack, by name."""
        taken = roles()
        names = {name for name in taken.known - taken.wired if not name.endswith("_outputs")}
        return {
            name: digest(self._settled(task_vars[name]))
            for name in sorted(names.intersection(task_vars))
            if not name.startswith(HOW)
        }

    def _settled(self, value: t.Any) -> t.Any:
        """``value`` with its templates filled; what needs something that is found out later stays as it is written."""
        if isinstance(value, dict):
            return {str(key): self._settled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._settled(item) for item in value]
        try:
            return self._templar.template(value)
        except AnsibleError:
            return str(value)
