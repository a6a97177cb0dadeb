# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repeats the passes of the module ``stack_removal`` until nothing is left, and shows what is still to go."""

from __future__ import annotations

import time
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

LONGEST_PAUSE = 15


class ActionModule(ActionBase):
    """The stack_removal action."""

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        begin = time.monotonic()
        timeout = float(self._task.args.get("timeout", 3600))
        pause = first_pause = float(self._task.args.get("pause", 1))
        seen: dict[str, t.Any] = {"changed": False, "resources": None, "kept": []}
        while True:
            answer = self._execute_module(module_name="webstack.aws.stack_removal", task_vars=task_vars)
            if answer.get("failed"):
                return {**result, **answer}
            left_before = seen.get("left")
            seen = {
                "changed": seen["changed"] or answer["changed"],
                "resources": answer["resources"] if seen["resources"] is None else seen["resources"],
                "kept": seen["kept"] + answer["kept"],
                "blockers": answer["blockers"],
                "left": answer["left"],
            }
            if answer["blockers"] and not self._task.check_mode:
                listed = "".join(f"\n  {blocker}" for blocker in answer["blockers"])
                return {**result, **seen, "failed": True, "msg": f"Nothing was removed; this keeps the stack:{listed}"}
            if self._task.check_mode or (answer["left"] == [] and left_before == []):
                return {**result, **seen}
            seconds = round(time.monotonic() - begin)
            if seconds > timeout:
                listed = "".join(f"\n  {label}" for label in answer["left"])
                advice = "Next step: look at them in the AWS console, then run again; what was removed stays removed."
                return {**result, **seen, "failed": True, "msg": f"After {seconds} s this is left:{listed}\n{advice}"}
            if answer["left"] != left_before:
                Display().display(f"{len(answer['left'])} to go after {seconds} s: {', '.join(answer['left'][:6])}")
                pause = first_pause
            # AWS's tagging API shows new things late: what is gone must be gone in two looks that lie apart.
            time.sleep(LONGEST_PAUSE * first_pause if not answer["left"] else pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
