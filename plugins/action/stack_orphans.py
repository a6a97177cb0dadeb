# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells the module ``stack_orphans`` what is declared, repeats its passes while something goes, and adds the costs."""

from __future__ import annotations

import time
import typing as t

from ansible import context
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.webstack.aws.plugins.plugin_utils import _plan_ledger, _prices

LONGEST_PAUSE = 15

Answer = dict[str, t.Any]


class ActionModule(ActionBase):
    """The stack_orphans action."""

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        args = dict(self._task.args)
        if args.get("declared") is None:
            declared = _plan_ledger.of(task_vars["inventory_hostname"])
            reason = _plan_ledger.why_partial(task_vars, context.CLIARGS, declared)
            if reason:
                words = f"what is no longer declared: {reason}"
                if boolean(args.get("prune", False)):
                    Display().warning(f"Nothing was pruned; it cannot be told {words}")
                return {**result, "changed": False, "orphans": [], "removed": [], "kept": [], "unchecked": [words]}
            args["declared"] = [{key: item[key] for key in ("kind", "name", "action", "ids")} for item in declared]
        answer = self._passes(args, task_vars)
        return {**result, **answer}

    def _passes(self, args: dict[str, t.Any], task_vars: dict[str, t.Any]) -> Answer:
        begin = changed_at = time.monotonic()
        pause = first_pause = float(args.get("pause", 1))
        asked: dict[str, t.Any] = {}
        kept: list[str] = []
        left_before: list[str] | None = None
        while True:
            answer = self._execute_module("webstack.aws.stack_orphans", module_args=args, task_vars=task_vars)
            if answer.get("failed") or self._task.check_mode:
                return answer if answer.get("failed") else priced(answer)
            asked |= {f"{item['kind']}/{item['name']}": item for item in answer.get("plan", [])}
            kept += answer["kept"]
            goes = [item for item in answer["orphans"] if not item["stays"]]
            left = [item["address"] for item in goes]
            if not goes:
                return finished(answer, asked, kept)
            now = time.monotonic()
            if left != left_before or any(item["is_going"] for item in goes):
                changed_at = now
            is_late = now - begin > float(args.get("timeout", 3600))
            if is_late or now - changed_at > float(args.get("patience", 300)):
                listed = "".join(f"\n  {words}" for words in still_used(left, answer["used"]))
                advice = "Next step: take it out of use there, then run again; what was removed stays removed."
                words = f"After {round(now - begin)} s this is still there:{listed}\n{advice}"
                return {**finished(answer, asked, kept), "failed": True, "msg": words}
            if left != left_before:
                Display().display(f"{len(left)} no longer declared to go: {', '.join(left[:6])}")
                pause = first_pause
            left_before = left
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)


def priced(answer: Answer) -> Answer:
    """The answer of a dry run with the costs, also among the notes of the plan."""
    orphans = []
    costs = {}
    for item in answer["orphans"]:
        words = costs[item["address"]] = _prices.words(item["address"].partition("/")[0], item["size"])
        orphans.append({**{key: item[key] for key in ("address", "identifier", "stays")}, "cost": words})
    plan = [
        {**item, "notes": [*item["notes"], costs[f"{item['kind']}/{item['name']}"]]} for item in answer.get("plan", [])
    ]
    kept = {key: value for key, value in answer.items() if key != "used"}
    return {**kept, "orphans": orphans, "removed": [], "plan": plan}


def finished(answer: Answer, asked: t.Mapping[str, t.Any], kept: list[str]) -> Answer:
    """What a removal did. What was asked to go and is there yet has not gone."""
    there = {item["address"] for item in answer["orphans"]}
    gone = [name for name in asked if name not in there]
    return {
        "changed": bool(gone),
        "orphans": [{key: item[key] for key in ("address", "identifier", "stays")} for item in answer["orphans"]],
        "removed": gone,
        "kept": kept,
        "plan": [asked[name] for name in gone],
    }


def still_used(left: t.Iterable[str], used: t.Mapping[str, str]) -> list[str]:
    """Why what is left does not go, in words."""
    return [f"{name}: still used by {used.get(name) or 'something that stays, says AWS'}" for name in left]
