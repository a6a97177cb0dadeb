# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: task_statements
version_added: 0.1.0
short_description: Say what the tasks of services may do
description:
  - Returns for each service the IAM statements of its task role, the fewest that what it declares needs - the buckets
    and tables under C(uses), the file systems under C(mounts), C(tracing), C(exec) - and its own C(policy_statements).
author:
  - The webstack.aws authors (@webstack-aws)
options:
  _input:
    description: The services by name.
    type: dict
    required: true
  buckets:
    description: The stack's buckets by key, each with C(arn), C(managed_by) and, where a KMS key of the user's
      encrypts it, C(kms_key_arn), the ARN of the key or of its alias.
    type: dict
    default: {}
  tables:
    description: The stack's tables by key, each with C(arn), C(managed_by) and, where a KMS key of the user's
      encrypts it, C(kms_key_arn), the ARN of the key or of its alias.
    type: dict
    default: {}
  file_systems:
    description: The stack's file systems by key, each with C(arn) and C(access_points), which have
      C(arn), C(uid) and C(gid).
    type: dict
    default: {}
  exec:
    description: Whether ECS Exec can open a shell in the tasks of services that do not say.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what an API may do that reads and writes one bucket
  ansible.builtin.debug:
    msg: "{{ services | webstack.aws.task_statements(buckets=storage_outputs.buckets) }}"
  vars:
    services: {api: {image: "shop:1", uses: {buckets: {media: read_write}}}}
    storage_outputs: {buckets: {media: {name: shop-media, arn: "arn:aws:s3:::shop-media"}}}
"""

RETURN = r"""
_value:
  description: The statements by service.
  type: dict
  sample:
    api:
      - Effect: Allow
        Action: [s3:GetBucketLocation, s3:ListBucket]
        Resource: arn:aws:s3:::shop-media
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._task_statements import Things, task_statements


def _task_statements(services: dict, exec: bool = False, **things) -> dict:
    made = {}
    for key, service in services.items():
        try:
            made[key] = task_statements(service, Things(**things), exec)
        except WebstackError as error:
            raise AnsibleFilterError(f"service {key}: {error}") from error
    return made


class FilterModule:
    """The statements of task roles from services."""

    def filters(self):
        return {"task_statements": _task_statements}
