#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: plan_verify
version_added: 0.1.0
short_description: Hold a saved plan to what is there now
description:
  - Makes the dry run of C(playbooks/site.yml) anew, with the inventory, limits and variables of the run, and compares
    its plan with a saved one.
  - Fails where the account, the region, a variable, or what would be done is otherwise than in the saved plan, and says
    what.
options:
  file:
    description: The saved plan.
    type: path
    required: true
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
- name: Carry out just what was planned
  webstack.aws.plan_verify:
    file: plan.json
  run_once: true
"""

RETURN = r"""
# It returns nothing of its own.
"""
