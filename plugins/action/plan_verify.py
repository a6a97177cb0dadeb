# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the dry run anew before a saved plan is carried out, and stops where it comes out otherwise."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from ansible.plugins.action import ActionBase

from ansible_collections.webstack.aws.plugins.plugin_utils._dry_run import DryRunError, plan_now
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_document import Stack, differences

ANEW = "Next step: make the plan anew (--check), read it, and run with that one."


class ActionModule(ActionBase):
    """The plan_verify action."""

    _requires_connection = False

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(argument_spec={"file": {"type": "path", "required": True}})
        file = options["file"]
        try:
            saved = json.loads(Path(file).read_text(encoding="utf-8"))
            found = [words for stack in plan_now()["stacks"] for words in _otherwise(saved["stacks"], stack)]
        except (OSError, ValueError, KeyError, TypeError) as error:
            return {**result, "failed": True, "msg": f"plan_file: {file} is no saved plan ({error}). {ANEW}"}
        except DryRunError as error:
            return {**result, "failed": True, "msg": f"The dry run that verifies the plan {file} failed:\n{error}"}
        if found:
            listed = "".join(f"\n  {words}" for words in found)
            words = f"The plan {file} of {saved['time']} does not hold any more; nothing was changed:"
            return {**result, "failed": True, "msg": f"{words}{listed}\n{ANEW}"}
        return result


def _otherwise(saved: list[Stack], now: Stack) -> list[str]:
    """What is otherwise of one stack than in a saved plan."""
    name = f"{now['environment']}-{now['stack']}"
    mine = [stack for stack in saved if (stack["environment"], stack["stack"]) == (now["environment"], now["stack"])]
    if not mine:
        return [f"{name}: the plan says nothing of it"]
    return [f"{name}: {words}" for words in differences(mine[0], now)]
