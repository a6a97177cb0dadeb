# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints text as it is, without the quotes and escapes of a task's result, so that people and scripts can read it."""

from __future__ import annotations

import json
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display


class ActionModule(ActionBase):
    """The report action."""

    _requires_connection = False

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(
            argument_spec={
                "values": {"type": "dict", "required": True},
                "output_format": {"type": "str", "choices": ["text", "json"], "default": "text"},
                "only": {"type": "str"},
            }
        )
        values, only = options["values"], options["only"]
        if only and only not in values:
            result.update(
                failed=True, msg=f"there is no output {only}; there are: {', '.join(sorted(values)) or 'none'}"
            )
            return result
        Display().display(rendered(values[only] if only else values, options["output_format"]))
        result["values"] = {only: values[only]} if only else values
        return result


def rendered(values: t.Any, output_format: str) -> str:
    """``values`` as JSON; or as lines that align, a list with a line for each item; a single value alone."""
    if output_format == "json":
        return json.dumps(values, indent=2)
    if not isinstance(values, dict):
        return str(values)
    width = max(map(len, values), default=0)
    return "\n".join(line for name, value in values.items() for line in _lines(name, value, width))


def _lines(name: str, value: t.Any, width: int) -> list[str]:
    if not isinstance(value, list):
        return [f"{name:{width}}  {value}"]
    return [f"{name}: {len(value) or 'nothing'}", *(f"  {item}" for item in value)]
