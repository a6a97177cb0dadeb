#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_removal
version_added: 0.1.0
short_description: Remove everything that bears a stack's tags
description:
  - Finds all resources that bear the tags C(webstack:stack) and C(webstack:environment) of a stack and removes them,
    each as soon as nothing needs it any more. Nothing without these tags is touched, but for what can carry none, which
    are alias records in the account's zones that point at the stack's load balancers, and the log group that Container
    Insights makes for the stack's cluster.
  - Nothing is removed while anything is protected, holds data that it may not lose, or is used by somebody else; all
    of that is reported at once.
  - A removal that was killed is simply begun again.
options:
  stack:
    description: The stack's name, the value of the tag C(webstack:stack).
    type: str
    required: true
  environment:
    description: The stack's environment, the value of the tag C(webstack:environment).
    type: str
    required: true
  allow_protected:
    description:
      - Whether protection from deletion is lifted, and repositories go with their images.
    type: bool
    default: false
  final_snapshot:
    description:
      - Whether databases, and caches that keep snapshots, leave a final snapshot.
    type: bool
    default: true
  recovery_days:
    description:
      - For how many days Secrets Manager keeps the deleted secrets, 7 to 30.
    type: int
    default: 30
  timeout:
    description:
      - For how many seconds the removal may take.
    type: int
    default: 3600
  pause:
    description:
      - How many seconds lie between two looks. Grows while nothing changes.
    type: float
    default: 1
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Lists what would go, in order, and what keeps it.
    support: full
  diff_mode:
    description: The result lists what goes.
    support: none
  action:
    description: Has an action plugin of the same name, which repeats the module's passes and shows progress.
    support: full
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: Remove a stack and all that belongs to it
  webstack.aws.stack_removal:
    stack: shop
    environment: staging
    final_snapshot: false
"""

RETURN = r"""
resources:
  description: What was there when the removal began, in the order in which it goes.
  returned: always
  type: list
  elements: str
  sample: [ecs_service service/staging-shop/staging-shop-api, vpc vpc-0123456789abcdef0]
blockers:
  description: What may not go, with what allows it.
  returned: always
  type: list
  elements: str
  sample: ["rds_instance staging-shop-db: it is protected from deletion; -e allow_protected=true lifts that"]
kept:
  description: What stays on purpose.
  returned: always
  type: list
  elements: str
  sample: [secret staging-shop for 30 days, during which it can be restored]
left:
  description: What still bears the stack's tags and is not kept on purpose. Empty after a complete removal.
  returned: always
  type: list
  elements: str
  sample: []
"""

import time

from ansible_collections.webstack.aws.plugins.module_utils._module import run_module
from ansible_collections.webstack.aws.plugins.module_utils._removal import (
    Owner,
    Wishes,
    find_all,
    in_order,
    remove_pass,
)
from ansible_collections.webstack.aws.plugins.module_utils._removal_kinds import KINDS


def removal_pass(module, aws):
    params = module.params
    owner = Owner(params["stack"], params["environment"])
    wishes = Wishes(
        params["allow_protected"],
        params["final_snapshot"],
        params["recovery_days"],
        time.strftime("%Y%m%d%H%M%S", time.gmtime()),
    )
    if module.check_mode:
        found, removed, kept = find_all(aws, KINDS, owner, wishes), [], []
    else:
        found, removed, kept = remove_pass(aws, KINDS, owner, wishes)
    labels = [item.label for item in in_order(KINDS, found)]
    return {
        "changed": bool(found) if module.check_mode else bool(removed),
        "resources": labels,
        "blockers": [f"{item.label}: {item.blocker}" for item in found if item.blocker],
        "kept": kept,
        "left": labels,
    }


def main():
    run_module(
        {
            "stack": {"type": "str", "required": True},
            "environment": {"type": "str", "required": True},
            "allow_protected": {"type": "bool", "default": False},
            "final_snapshot": {"type": "bool", "default": True},
            "recovery_days": {"type": "int", "default": 30},
            "timeout": {"type": "int", "default": 3600},
            "pause": {"type": "float", "default": 1},
        },
        removal_pass,
    )


if __name__ == "__main__":
    main()
