#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: schedule_group
version_added: 0.1.0
short_description: Manage a schedule group of EventBridge Scheduler
description:
  - Creates and removes a group and sets its tags. Schedules carry no tags; whose they are, their group's tags say.
  - A group is removed with all its schedules. AWS takes a while for that, during which no group of the same name can be
    made; a run that wants to make one waits for that.
options:
  name:
    description: The group's name, at most 64 letters, digits, hyphens, underscores and dots.
    type: str
    required: true
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: webstack.aws.schedules
"""

EXAMPLES = r"""
- name: Make the group of a stack's schedules
  webstack.aws.schedule_group:
    name: staging-shop
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it with its schedules
  webstack.aws.schedule_group:
    name: staging-shop
    state: absent
"""

RETURN = r"""
schedule_group:
  description: The group; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The group's name.
      type: str
      sample: staging-shop
    arn:
      description: The group's ARN.
      type: str
      sample: arn:aws:scheduler:us-east-1:123456789012:schedule-group/staging-shop
    state:
      description: Its state.
      type: str
      sample: ACTIVE
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._schedule_group import ScheduleGroup


def main():
    run_one(ScheduleGroup, resource_arguments(name={"type": "str", "required": True}))


if __name__ == "__main__":
    main()
