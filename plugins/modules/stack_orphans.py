#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_orphans
version_added: 0.1.0
short_description: List or remove what bears a stack's tags and is no longer declared
description:
  - Finds all resources that bear the tags C(webstack:stack) and C(webstack:environment) of a stack and of which the run
    has not spoken. These are what the variables do not declare any more.
  - Without O(prune) it lists them only. With O(prune) it removes them, each as soon as nothing that goes as well needs
    it.
  - What holds data goes only when O(prune_data) names it, whatever else is said. What is a part of it, and what it
    needs, stays as long as it does.
  - What AWS does not let go because something that stays uses it is named, and makes the task fail.
options:
  stack:
    description: The stack's name, the value of the tag C(webstack:stack).
    type: str
    required: true
  environment:
    description: The stack's environment, the value of the tag C(webstack:environment).
    type: str
    required: true
  declared:
    description:
      - What is declared, as entries of a plan. By default all of which the tasks before this one have spoken, which the
        callback C(webstack.aws.plan) gathers. In a run that is limited by tags, or begins in the middle, that cannot be
        told, and nothing is done.
      - With an empty list everything counts as undeclared, and nothing is pruned.
    type: list
    elements: dict
  prune:
    description: Whether they are removed.
    type: bool
    default: false
  prune_data:
    description:
      - What may go together with the data that it holds, each as C(<kind>/<name>), for instance
        C(rds_instance/staging-shop-db).
    type: list
    elements: str
    default: []
  allow_protected:
    description: Whether protection from deletion is lifted.
    type: bool
    default: false
  final_snapshot:
    description: Whether databases, and caches that keep snapshots, leave a final snapshot.
    type: bool
    default: true
  recovery_days:
    description: For how many days Secrets Manager keeps the deleted secrets, 7 to 30.
    type: int
    default: 30
  timeout:
    description: For how many seconds the removal may take.
    type: int
    default: 3600
  patience:
    description: After how many seconds without any change what is still there counts as in use.
    type: int
    default: 300
  pause:
    description: How many seconds lie between two looks. Grows while nothing changes.
    type: float
    default: 1
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Lists what would go, in order, with what must be said before.
    support: full
  diff_mode:
    description: The plan lists what goes.
    support: none
  action:
    description: Has an action plugin of the same name, which knows what is declared, repeats the module's passes and
      says what things cost.
    support: full
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: Remove what is no longer declared
  webstack.aws.stack_orphans:
    stack: shop
    environment: staging
    prune: true
    prune_data: [s3_bucket/staging-shop-media]
"""

RETURN = r"""
orphans:
  description: What is no longer declared, in the order in which it goes once everything is allowed.
  returned: always
  type: list
  elements: dict
  sample:
    - address: ecs_service/staging-shop-worker
      identifier: arn:aws:ecs:us-east-1:123456789012:service/staging-shop/staging-shop-worker
      stays: needs prune=true
      cost: 9.01 USD a month (list price, us-east-1, 2026-06)
removed:
  description: What has gone, by address.
  returned: always
  type: list
  elements: str
  sample: [ecs_service/staging-shop-worker]
kept:
  description: What stays on purpose of what has gone.
  returned: always
  type: list
  elements: str
  sample: [final snapshot staging-shop-db-final-20260102030405]
unchecked:
  description: Why it could not be told what is undeclared.
  returned: when it could not be told
  type: list
  elements: str
  sample: [what is no longer declared, because the run is limited by tags]
"""

import time

from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._module import run_module
from ansible_collections.webstack.aws.plugins.module_utils._plan import entry
from ansible_collections.webstack.aws.plugins.module_utils._removal import (
    Owner,
    Wishes,
    find_all,
    removable_now,
    remove,
)
from ansible_collections.webstack.aws.plugins.module_utils._removal_kinds import KINDS
from ansible_collections.webstack.aws.plugins.module_utils._removal_measure import measure
from ansible_collections.webstack.aws.plugins.module_utils._removal_undeclared import (
    NO_LONGER,
    address,
    gates_of,
    in_use,
    judge,
    kept_by_runs,
    listed,
    name_of,
    undeclared,
)

#: What AWS answers to somebody who may not ask.
DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation")


def one_pass(module, aws):
    params = module.params
    owner = Owner(params["stack"], params["environment"])
    wishes = Wishes(
        params["allow_protected"],
        params["final_snapshot"],
        params["recovery_days"],
        time.strftime("%Y%m%d%H%M%S", time.gmtime()),
        frozenset(params["prune_data"]),
    )
    declared = [{"ids": [], "action": "none", **item} for item in params["declared"] or []]
    if params["prune"] and not declared:
        raise WebstackError(
            f"stack {owner.prefix}: nothing is declared, so that everything would go",
            "remove the whole stack with playbooks/destroy.yml, if that is meant",
        )
    try:
        found = find_all(aws, KINDS, owner, wishes)
    except AwsError as error:
        if not module.check_mode or error.code not in DENIED:
            raise
        # Who may build a stack need not be allowed to look for what is not of it any more.
        return {"changed": False, "orphans": [], "used": {}, "kept": [], "unchecked": [f"what is {NO_LONGER}: {error}"]}
    items = undeclared(found, [*declared, *kept_by_runs(owner)])
    verdict = judge(KINDS, items, wishes, params["prune"])
    # What it waits for, once everything that goes by prune alone goes.
    waits = {key: why for key, why in judge(KINDS, items, wishes, True).stays.items() if why.startswith("waits")}
    asked, used, kept = [], {}, []
    if not module.check_mode:
        for item in removable_now(KINDS, items):
            if item in verdict.order:
                users = in_use(aws, item)
                if users:
                    used[address(item)] = users
                else:
                    asked.append(item)
        kept = remove(aws, KINDS, asked, wishes)
    aws.plan = [
        entry(
            item.kind,
            name_of(item),
            "delete",
            notes=[NO_LONGER, *([waits[address(item)]] if address(item) in waits else [])],
            gates=gates_of(item, items, wishes, params["prune"]),
        )
        for item in (listed(KINDS, items) if module.check_mode else asked)
    ]
    return {
        "changed": bool(verdict.order if module.check_mode else asked),
        "orphans": [
            {
                "address": address(item),
                "identifier": item.identifier,
                "is_going": item.is_going,
                "stays": verdict.stays.get(address(item), ""),
                "size": measure(aws, item) if module.check_mode else {},
            }
            for item in listed(KINDS, items)
        ],
        "used": used,
        "kept": kept,
    }


def main():
    run_module(
        {
            "stack": {"type": "str", "required": True},
            "environment": {"type": "str", "required": True},
            "declared": {"type": "list", "elements": "dict"},
            "prune": {"type": "bool", "default": False},
            "prune_data": {"type": "list", "elements": "str", "default": []},
            "allow_protected": {"type": "bool", "default": False},
            "final_snapshot": {"type": "bool", "default": True},
            "recovery_days": {"type": "int", "default": 30},
            "timeout": {"type": "int", "default": 3600},
            "patience": {"type": "int", "default": 300},
            "pause": {"type": "float", "default": 1},
        },
        one_pass,
    )


if __name__ == "__main__":
    main()
