#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_groups
version_added: 0.1.0
short_description: Manage CloudWatch Logs log groups
description:
  - Creates, changes and removes log groups, their retention and encryption.
  - All are read and judged before the first is touched.
options:
  log_groups:
    description: The log groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The group's name.
        type: str
        required: true
      retention_in_days:
        description:
          - For how long events are kept. V(0) keeps them for ever.
          - Without this option a new group keeps its events for ever.
        type: int
        choices:
          [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
      kms_key_id:
        description:
          - The ARN of the KMS key that encrypts new events; its policy must allow CloudWatch Logs to use it.
          - An empty string goes back to encryption by CloudWatch Logs itself.
        type: str
      log_group_class:
        description:
          - The class of the group.
          - Cannot be changed once the group exists.
        type: str
        choices: [STANDARD, INFREQUENT_ACCESS]
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make the log groups of two services
  webstack.aws.log_groups:
    log_groups:
      - name: /ecs/staging/shop/web
        retention_in_days: 30
      - name: /ecs/staging/shop/api
        retention_in_days: 30
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove one
  webstack.aws.log_groups:
    log_groups: [{name: /ecs/staging/shop/web}]
    state: absent
"""

RETURN = r"""
log_groups:
  description: The log groups that exist, by name, as CloudWatch Logs describes them.
  returned: success
  type: dict
  contains:
    log_group_name:
      description: The group's name.
      type: str
      sample: /ecs/staging/shop/api
    log_group_arn:
      description: The group's ARN.
      type: str
      sample: arn:aws:logs:us-east-1:123456789012:log-group:/ecs/staging/shop/api
    arn:
      description: The ARN of the group and all of its streams.
      type: str
      sample: arn:aws:logs:us-east-1:123456789012:log-group:/ecs/staging/shop/api:*
    retention_in_days:
      description: For how long events are kept, 0 for ever.
      type: int
      sample: 30
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._log_group import RETENTION_DAYS, LogGroup
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many


def main():
    run_many(
        LogGroup,
        resource_arguments(
            log_groups={
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "retention_in_days": {"type": "int", "choices": RETENTION_DAYS},
                    "kms_key_id": {"type": "str"},
                    "log_group_class": {"type": "str", "choices": ["STANDARD", "INFREQUENT_ACCESS"]},
                },
            },
        ),
        "log_groups",
    )


if __name__ == "__main__":
    main()
