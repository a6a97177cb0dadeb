# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows how the resources come along that the module ``wait`` waits for."""

from __future__ import annotations

import time
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

display = Display()

#: For how long the module looks before it hands back what it has seen, and how often a line is printed at least.
POLL_SECONDS = 15


class ActionModule(ActionBase):
    """Calls the module in short polls until everything is done or it fails."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        if self._task.check_mode:
            # Nothing was launched; the module says the same, but starting it takes time.
            return {**result, "changed": False, "skipped": True, "resources": [], "msg": "nothing to wait for"}
        begin = time.monotonic()
        shown: dict[tuple[str, str], str] = {}
        printed = 0.0
        while True:
            waited = time.monotonic() - begin
            answer = self._execute_module(
                module_name="webstack.aws.wait",
                module_args={**self._task.args, "poll": POLL_SECONDS, "waited": waited},
                task_vars=task_vars,
            )
            if answer.get("failed") or "done" not in answer:
                return {**result, **answer}
            lines, shown = progress_lines(answer["resources"], shown, round(time.monotonic() - begin), printed)
            if lines:
                printed = time.monotonic() - begin
            for line in lines:
                display.display(line)
            if answer["done"]:
                return {**result, **answer}


def progress_lines(
    resources: list[dict[str, t.Any]], shown: dict[tuple[str, str], str], seconds: int, printed: float
) -> tuple[list[str], dict[tuple[str, str], str]]:
    """What to print now, and what everybody then has seen.

    Changed states are printed at once; when nothing has changed for POLL_SECONDS, what is still under way is.
    """
    states = {(item["kind"], item["id"]): item["state"] for item in resources}
    is_due = seconds - printed >= POLL_SECONDS
    lines = [
        f"{item['kind']} {item['id']}: {item['state']} ({seconds} s)"
        for item in resources
        if shown.get((item["kind"], item["id"])) != item["state"] or (is_due and not item["done"])
    ]
    return lines, states
