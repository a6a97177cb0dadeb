#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_lock
version_added: 0.1.0
short_description: Take or give back the lock of a stack
description:
  - Takes a lock, an item of a DynamoDB table, by one conditional write, so that of two runs only one has it.
  - Fails when somebody else has it, with who that is and since when.
  - A lock of the same owner whose run was on this machine and is dead is taken over, so that a killed run is completed
    by running it again. That is judged where the module runs. Once the machine has been started anew, nothing is known.
options:
  table:
    description: The name of the table; its key is C(LockID), a string.
    type: str
    required: true
  lock_id:
    description: The lock's name, for instance C(staging-shop).
    type: str
    required: true
  state:
    description: Whether this run shall have the lock.
    type: str
    choices: [present, absent]
    default: present
  owner:
    description:
      - Who takes it.
      - Without it the user who runs the playbook, as C(user@host).
    type: str
  run:
    description:
      - What names the run. The same run may take the lock twice, and only it gives it back.
      - Without it machine, process id and begin of the process that runs the playbook, which the action plugin knows.
    type: str
  playbook:
    description:
      - What the lock is taken for.
      - Without it the file name of the playbook.
    type: str
  force:
    description: With O(state=absent), whether anybody's lock is released.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description:
      - Writes nothing. A lock that somebody else has and a table that does not exist yet are warnings.
    support: full
  diff_mode:
    description: Shows who had the lock and who has it then.
    support: full
  action:
    description: Has an action plugin of the same name, which says who runs the playbook.
    support: full
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: Take the lock
  webstack.aws.stack_lock:
    table: webstack-locks
    lock_id: staging-shop

- name: Give it back
  webstack.aws.stack_lock:
    table: webstack-locks
    lock_id: staging-shop
    state: absent

- name: Release a lock that a dead run left behind
  webstack.aws.stack_lock:
    table: webstack-locks
    lock_id: staging-shop
    state: absent
    force: true
"""

RETURN = r"""
stack_lock:
  description: The lock as it is held now, or in check mode would be; empty when nobody has it.
  returned: success
  type: dict
  contains: &lock
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
found:
  description: The lock as it was before; empty when nobody had it.
  returned: success
  type: dict
  contains: *lock
"""

from ansible.module_utils.common.warnings import warn

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._module import run_module
from ansible_collections.webstack.aws.plugins.module_utils._stack_lock import (
    CREATED_FORMAT,
    HeldError,
    Lock,
    MissingTableError,
    give_back,
    now_utc,
    take,
)


def work(module, aws):
    params, now = module.params, now_utc()
    aws.subject = f"lock {params['lock_id']}"
    if not (params["owner"] and params["run"]) and not params["force"]:
        raise WebstackError(f"{aws.subject}: owner and run are not given", "call the module by its full name")
    wanted = Lock(
        params["lock_id"],
        params["owner"] or "",
        params["run"] or "",
        now.strftime(CREATED_FORMAT),
        params["playbook"] or "",
    )
    try:
        if params["state"] == "present":
            changed, after, before = take(aws, params["table"], wanted)
        else:
            before, after = give_back(aws, params["table"], wanted.lock_id, wanted.run, params["force"]), None
            changed = before is not None
    except (HeldError, MissingTableError) as error:
        if not module.check_mode:
            raise
        # The module's own `warn` passes the warning on in a way that ansible-core 2.19 complains of.
        warn(str(error))
        changed, before = False, getattr(error, "lock", None)
        after = before
    found, left = (lock.result(now) if lock else {} for lock in (before, after))
    return {
        "changed": changed,
        "found": found,
        "stack_lock": left,
        "diff": {"before": found, "after": left} if changed else {"before": {}, "after": {}},
    }


def main():
    run_module(
        {
            "table": {"type": "str", "required": True},
            "lock_id": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "owner": {"type": "str"},
            "run": {"type": "str"},
            "playbook": {"type": "str"},
            "force": {"type": "bool", "default": False},
        },
        work,
    )


if __name__ == "__main__":
    main()
