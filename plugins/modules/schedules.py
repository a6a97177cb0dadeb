#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: schedules
version_added: 0.1.0
short_description: Manage schedules that run ECS tasks on Fargate
description:
  - Creates, changes and removes any number of schedules of one group of EventBridge Scheduler in one go. Each runs one
    ECS task of a task definition whenever its time has come, on the minute.
  - Tasks bear the tags of their task definition.
options:
  group_name:
    description: The group of the schedules. It must exist.
    type: str
    required: true
  schedules:
    description: The schedules. With O(state=absent) nothing but their names counts.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The schedule's name, at most 64 letters, digits, hyphens, underscores and dots.
        type: str
        required: true
      schedule_expression:
        description:
          - When it runs, V(rate(5 minutes\)), V(cron(0 3 * * ? *\)) or once V(at(2027-01-31T03:00:00\)).
          - A schedule whose one time is over is left as it is, until it gets another one.
          - Needed to make it.
        type: str
      schedule_expression_timezone:
        description: The time zone of the expression by its IANA name. A new schedule has V(UTC) without it.
        type: str
      enabled:
        description: Whether it runs at all. A new schedule does.
        type: bool
      description:
        description: What people shall know of it.
        type: str
      cluster_arn:
        description: The ECS cluster. Needed to make it.
        type: str
      task_definition_arn:
        description: The task definition, with its revision or for the latest one without. Needed to make it.
        type: str
      role_arn:
        description:
          - The role with which the scheduler starts the task. It must trust C(scheduler.amazonaws.com).
          - Needed to make it.
        type: str
      subnets:
        description: The subnets of the task. Needed to make it.
        type: list
        elements: str
      security_groups:
        description: The security groups of the task.
        type: list
        elements: str
      assign_public_ip:
        description: Whether the task has a public address. A new schedule's task has none.
        type: bool
      capacity_provider_strategy:
        description: Where the task runs, for instance on Fargate Spot. Without any it runs on Fargate.
        type: list
        elements: dict
        suboptions:
          capacity_provider:
            description: The capacity provider.
            type: str
            required: true
          base:
            description: How many tasks run there first.
            type: int
            default: 0
          weight:
            description: Its part of the others.
            type: int
            default: 0
      platform_version:
        description: The version of Fargate. A new schedule has V(LATEST) without it.
        type: str
      enable_execute_command:
        description: Whether ECS Exec can open a shell in the task. A new schedule's task has none.
        type: bool
      maximum_retry_attempts:
        description:
          - How often the scheduler tries again to start a task that AWS did not start, 0 to 185. A new schedule has 185
            without it.
          - A task that was started and fails is not started again.
        type: int
      maximum_event_age_in_seconds:
        description: For how long it tries again, 60 to 86400 seconds. A new schedule has 86400 without it.
        type: int
      dead_letter_arn:
        description: The SQS queue that is told of a task that could not be started. An empty string takes it away.
        type: str
  tags:
    description:
      - The tags that the group must have, since schedules have none. With O(tags), schedules of a group whose tags
        C(webstack:stack) and C(webstack:environment) differ from these are left alone, and the module fails.
    type: dict
  purge:
    description:
      - Whether schedules of the group that are not listed are removed.
    type: bool
    default: false
extends_documentation_fragment:
  - webstack.aws.resource
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: webstack.aws.schedule_group
  - module: webstack.aws.ecs_task_definition
"""

EXAMPLES = r"""
- name: Send what is to be sent every five minutes, and clean up at night
  webstack.aws.schedules:
    group_name: staging-shop
    schedules:
      - <<: &task
          cluster_arn: arn:aws:ecs:us-east-1:123456789012:cluster/staging-shop
          role_arn: arn:aws:iam::123456789012:role/staging-shop-scheduler
          subnets: [subnet-0123456789abcdef0]
          security_groups: [sg-0123456789abcdef0]
          dead_letter_arn: arn:aws:sqs:us-east-1:123456789012:staging-shop-jobs-dead-letters
        name: staging-shop-notifications
        schedule_expression: rate(5 minutes)
        task_definition_arn: arn:aws:ecs:us-east-1:123456789012:task-definition/staging-shop-notifications:7
        maximum_event_age_in_seconds: 300
      - <<: *task
        name: staging-shop-cleanup
        schedule_expression: cron(0 3 * * ? *)
        schedule_expression_timezone: America/Sao_Paulo
        task_definition_arn: arn:aws:ecs:us-east-1:123456789012:task-definition/staging-shop-cleanup:2
        capacity_provider_strategy: [{capacity_provider: FARGATE_SPOT, weight: 1}]
    purge: true
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove one of them
  webstack.aws.schedules:
    group_name: staging-shop
    schedules:
      - name: staging-shop-cleanup
    state: absent
"""

RETURN = r"""
schedules:
  description: The schedules that exist, by name, each with its options.
  returned: success
  type: dict
  sample:
    staging-shop-cleanup:
      name: staging-shop-cleanup
      arn: arn:aws:scheduler:us-east-1:123456789012:schedule/staging-shop/staging-shop-cleanup
      group_name: staging-shop
      schedule_expression: cron(0 3 * * ? *)
      schedule_expression_timezone: America/Sao_Paulo
      enabled: true
unlisted:
  description: The names of the schedules of the group that are not listed; O(purge) removes them.
  returned: when there are any
  type: list
  elements: str
  sample: [staging-shop-newsletter]
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._schedules import Schedule

CAPACITY_PROVIDER = {
    "capacity_provider": {"type": "str", "required": True},
    "base": {"type": "int", "default": 0},
    "weight": {"type": "int", "default": 0},
}
SCHEDULE = {
    "name": {"type": "str", "required": True},
    "schedule_expression": {"type": "str"},
    "schedule_expression_timezone": {"type": "str"},
    "enabled": {"type": "bool"},
    "description": {"type": "str"},
    "cluster_arn": {"type": "str"},
    "task_definition_arn": {"type": "str"},
    "role_arn": {"type": "str"},
    "subnets": {"type": "list", "elements": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "assign_public_ip": {"type": "bool"},
    "capacity_provider_strategy": {"type": "list", "elements": "dict", "options": CAPACITY_PROVIDER},
    "platform_version": {"type": "str"},
    "enable_execute_command": {"type": "bool"},
    "maximum_retry_attempts": {"type": "int"},
    "maximum_event_age_in_seconds": {"type": "int"},
    "dead_letter_arn": {"type": "str"},
}


def main():
    run_many(
        Schedule,
        resource_arguments(
            tags=False,
            group_name={"type": "str", "required": True},
            schedules={"type": "list", "elements": "dict", "required": True, "options": SCHEDULE},
            purge={"type": "bool", "default": False},
        )
        | {"tags": {"type": "dict"}},
        items="schedules",
    )


if __name__ == "__main__":
    main()
