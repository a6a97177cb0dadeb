#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_drift
version_added: 0.1.0
short_description: Find what differs from the variables, and who has caused it
description:
  - Makes a dry run of C(playbooks/site.yml), with the inventory, limits and variables of the run, and parts what it
    finds into three lists. These are what others own, what the variables want and no run has applied yet, and what
    somebody else has changed.
  - Where the callback C(webstack.aws.plan) is enabled, the run ends with exit code 2 if there is anything in the last
    two.
attributes:
  check_mode:
    description: It only ever reads.
    support: full
  diff_mode:
    description: It changes nothing, so there is nothing to show.
    support: none
  action:
    description: Has an action plugin of the same name, in which all of it happens.
    support: full
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: Look for drift in all stacks of the run
  webstack.aws.stack_drift:
  register: drift
  run_once: true
"""

RETURN = r"""
stacks:
  description: The three lists by stack, and the same in sentences.
  returned: success
  type: dict
  sample:
    staging-shop:
      expected: [{kind: ecs_service, name: shop-api, field: desired_count, live: 7, ours: 2, owner: autoscaling}]
      wanted: []
      unknown: []
has_drift:
  description: Whether there is anything that the variables want or somebody else has changed.
  returned: success
  type: bool
  sample: false
"""
