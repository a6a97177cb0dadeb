#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_lock_info
version_added: 0.1.0
short_description: List the locks of stacks
description:
  - Lists the locks that are held, all of a table's.
options:
  table:
    description: The name of the table.
    type: str
    required: true
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
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: See who holds which lock
  webstack.aws.stack_lock_info:
    table: webstack-locks
  register: locks
"""

RETURN = r"""
stack_locks:
  description: The locks that are held, by name.
  returned: success
  type: list
  elements: dict
  contains:
    lock_id:
      description: The lock's name.
      type: str
      sample: staging-shop
    owner:
      description: Who has it.
      type: str
      sample: ana@build-7
    run:
      description: What names the run that has it.
      type: str
      sample: build-7-3f9a1c2b/4711/9042
    created:
      description: Since when.
      type: str
      sample: "2026-03-01T10:00:00Z"
    playbook:
      description: What for.
      type: str
      sample: site.yml
    age:
      description: For how many seconds; none where that was not written down.
      type: int
      sample: 720
    description:
      description: All of it in words.
      type: str
      sample: held by ana@build-7 since 2026-03-01T10:00:00Z (12 minutes) with site.yml, run build-7-3f9a1c2b/4711/9042
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import run_module
from ansible_collections.webstack.aws.plugins.module_utils._stack_lock import all_locks, now_utc


def work(module, aws):
    aws.subject = f"lock table {module.params['table']}"
    now = now_utc()
    return {"changed": False, "stack_locks": [lock.result(now) for lock in all_locks(aws, module.params["table"])]}


def main():
    run_module({"table": {"type": "str", "required": True}}, work)


if __name__ == "__main__":
    main()
