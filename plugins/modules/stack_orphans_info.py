#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_orphans_info
version_added: 0.1.0
short_description: List what no variables declare
description:
  - Makes a dry run of C(playbooks/site.yml), with the inventory, limits and variables of the run, and lists what bears
    the tags of its stacks and is no longer declared.
  - Lists also what bears the tags of the environment and of stacks that the inventory does not have.
  - It says what each costs a month by AWS's list prices of one region and one day.
options:
  environment:
    description: The environment, the value of the tag C(webstack:environment).
    type: str
    required: true
  stacks:
    description: All stacks that the inventory has, also those to which the run is not limited.
    type: list
    elements: str
    required: true
  regions:
    description: The regions in which stacks that the inventory does not have are looked for.
    type: list
    elements: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: It only ever reads.
    support: full
  diff_mode:
    description: It changes nothing, so there is nothing to show.
    support: none
  action:
    description: Has an action plugin of the same name, which makes the dry run.
    support: full
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: List what no variables declare
  webstack.aws.stack_orphans_info:
    environment: staging
    stacks: [shop, blog]
    regions: [us-east-1]
  run_once: true
"""

RETURN = r"""
undeclared:
  description: What is no longer declared, in words, by stack.
  returned: always
  type: dict
  sample:
    staging-shop: ["ecs_service staging-shop-worker: 9.01 USD a month (list price, us-east-1, 2026-06)"]
strangers:
  description: What stacks have that the inventory does not have, in words, by stack and region.
  returned: always
  type: dict
  sample:
    staging-old in us-east-1: ["vpc vpc-0123456789abcdef0: costs nothing by itself"]
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import run_module
from ansible_collections.webstack.aws.plugins.module_utils._removal import Owner, Wishes, find_all, stacks_of
from ansible_collections.webstack.aws.plugins.module_utils._removal_kinds import KINDS
from ansible_collections.webstack.aws.plugins.module_utils._removal_measure import measure
from ansible_collections.webstack.aws.plugins.module_utils._removal_undeclared import listed


def strangers(module, aws):
    environment = module.params["environment"]
    wishes = Wishes(allow_protected=False, final_snapshot=True, recovery_days=30, timestamp="")
    found = {}
    for stack in sorted(stacks_of(aws, environment) - set(module.params["stacks"])):
        items = find_all(aws, KINDS, Owner(stack, environment), wishes)
        if items:
            found[f"{environment}-{stack}"] = [
                {"kind": item.kind, "label": item.label, "size": measure(aws, item)} for item in listed(KINDS, items)
            ]
    return {"changed": False, "strangers": found}


def main():
    run_module(
        {
            "environment": {"type": "str", "required": True},
            "stacks": {"type": "list", "elements": "str", "required": True},
            "regions": {"type": "list", "elements": "str"},
        },
        strangers,
    )


if __name__ == "__main__":
    main()
