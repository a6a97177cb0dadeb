# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a dry run of the site for what is no longer declared, and lets the module look for stacks nobody declares."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ansible_collections.webstack.aws.plugins.module_utils._removal_undeclared import NO_LONGER
from ansible_collections.webstack.aws.plugins.plugin_utils import _prices
from ansible_collections.webstack.aws.plugins.plugin_utils._dry_run import DryRunError, plan_now
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_document import Stack


class ActionModule(ActionBase):
    """The stack_orphans_info action."""

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        args = dict(self._task.args)
        regions = args.pop("regions", None) or [None]
        try:
            stacks = plan_now()["stacks"]
        except DryRunError as error:
            return {**result, "failed": True, "msg": f"The dry run that tells what is declared failed:\n{error}"}
        undeclared = {f"{stack['environment']}-{stack['stack']}": sentences(stack) for stack in stacks}
        strangers = {}
        for region in regions:
            options = {**args, **({"region": region} if region else {})}
            answer = self._execute_module("webstack.aws.stack_orphans_info", module_args=options, task_vars=task_vars)
            if answer.get("failed"):
                return {**result, **answer}
            for stack, items in answer["strangers"].items():
                words = [f"{item['label']}: {_prices.words(item['kind'], item['size'])}" for item in items]
                strangers[f"{stack} in {region}" if region else stack] = words
        return {**result, "changed": False, "undeclared": undeclared, "strangers": strangers}


def sentences(stack: Stack) -> list[str]:
    """What of a plan is no longer declared, in words; what could not be told comes first."""
    told = [words for words in stack["unchecked"] if NO_LONGER in words]
    return [
        *(f"could not be told: {words}" for words in told),
        *(
            f"{item['kind']} {item['name']}: {'; '.join([*item['notes'][1:], *needed(item)])}"
            for item in stack["resources"]
            if item["action"] == "delete" and NO_LONGER in item["notes"][:1]
        ),
    ]


def needed(item: t.Mapping[str, t.Any]) -> list[str]:
    """What must be said before it goes."""
    variables = [gate["variable"] for gate in item["gates"]]
    return [f"goes with -e {' -e '.join(variables)}"] if variables else []
