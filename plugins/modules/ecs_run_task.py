#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_run_task
version_added: 0.1.0
short_description: Run an ECS task on Fargate to its end
description:
  - Runs one task whenever it is called, waits for its end and returns exit codes and the end of the logs.
  - Fails when the task does not start or its container ends with another exit code than 0, with AWS's reason, the exit
    code and the log's end.
  - A call that is repeated because its answer was lost runs nothing twice.
options:
  cluster:
    description: The cluster's name or ARN.
    type: str
    required: true
  task_definition:
    description: The task definition as family (its latest revision), C(family:revision) or ARN.
    type: str
    required: true
  subnets:
    description: The subnets in which the task may run.
    type: list
    elements: str
    required: true
  security_groups:
    description:
      - The task's security groups. Without any it gets the VPC's default group.
    type: list
    elements: str
  assign_public_ip:
    description:
      - Whether the task gets a public IP, which it needs in a public subnet to reach anything.
    type: bool
    default: false
  container:
    description:
      - The container whose exit code is the task's. Without this option it is the task definition's first.
    type: str
  container_overrides:
    description:
      - What shall be other than the task definition says.
    type: list
    elements: dict
    suboptions:
      name:
        description: The container.
        type: str
        required: true
      command:
        description: The command.
        type: list
        elements: str
      environment:
        description:
          - Further environment variables, or other values. Nothing secret, as the values stay visible in ECS.
        type: dict
  cpu:
    description: CPU units, where not those of the task definition.
    type: int
  memory:
    description: Memory in MiB, where not that of the task definition.
    type: int
  execution_role_arn:
    description: The execution role, where not that of the task definition.
    type: str
  task_role_arn:
    description: The task role, where not that of the task definition.
    type: str
  capacity_provider:
    description:
      - The capacity provider. Without this option the task runs on Fargate, and not on Spot.
    type: str
    choices: [FARGATE, FARGATE_SPOT]
  platform_version:
    description: Fargate's platform version. Without this option it is the latest.
    type: str
  enable_execute_command:
    description: Whether ECS Exec can open a shell in the task.
    type: bool
    default: false
  client_token:
    description:
      - A text of up to 64 characters. Two calls with the same one run the task once (within 24 hours).
      - Without this option every call of the module runs a task.
    type: str
  started_by:
    description:
      - Who started it, for those who look at the task. Up to 128 letters, digits, hyphens, slashes and underscores.
    type: str
    default: webstack
  tags:
    description: The task's tags.
    type: dict
  wait:
    description: Whether to wait for the task's end.
    type: bool
    default: true
  timeout:
    description: For how many seconds to wait. A task that takes longer runs on, and the module fails.
    type: int
    default: 900
  log_lines:
    description: How many lines of each container's log to return. They must go to CloudWatch under a stream prefix.
    type: int
    default: 50
attributes:
  check_mode:
    description: Says changed, and runs nothing.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
author:
  - The webstack.aws authors (@webstack-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Migrate the database
  webstack.aws.ecs_run_task:
    cluster: staging-shop
    task_definition: staging-shop-api
    subnets: [subnet-0a1b2c3d4e5f60718]
    security_groups: [sg-0a1b2c3d4e5f60718]
    container_overrides:
      - name: api
        command: [python, manage.py, migrate]
    timeout: 600
  register: migration

- name: Show what it wrote
  ansible.builtin.debug:
    var: migration.log.api
"""

RETURN = r"""
task:
  description: The task as ECS describes it; in check mode one that was not started.
  returned: success
  type: dict
  contains:
    task_arn:
      description: The task's ARN.
      type: str
      sample: arn:aws:ecs:us-east-1:123456789012:task/staging-shop/0123456789abcdef0123456789abcdef
    last_status:
      description: Its status.
      type: str
      sample: STOPPED
    stopped_reason:
      description: Why it stopped.
      type: str
      sample: Essential container in task exited
exit_codes:
  description: The exit code of each container, null for one that did not run to its end; empty without O(wait).
  returned: success
  type: dict
  sample: {"api": 0}
log:
  description: The last lines of each container's log.
  returned: success
  type: dict
  sample: {"api": ["Applying migrations", "OK"]}
"""

from ansible_collections.webstack.aws.plugins.module_utils._ecs_run_task import planned, run_task
from ansible_collections.webstack.aws.plugins.module_utils._module import run_module


def work(module, aws):
    run = planned if module.check_mode else run_task
    return {"changed": True, **run(aws, module.params)}


def main():
    run_module(
        {
            "cluster": {"type": "str", "required": True},
            "task_definition": {"type": "str", "required": True},
            "subnets": {"type": "list", "elements": "str", "required": True},
            "security_groups": {"type": "list", "elements": "str"},
            "assign_public_ip": {"type": "bool", "default": False},
            "container": {"type": "str"},
            "container_overrides": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "name": {"type": "str", "required": True},
                    "command": {"type": "list", "elements": "str"},
                    "environment": {"type": "dict"},
                },
            },
            "cpu": {"type": "int"},
            "memory": {"type": "int"},
            "execution_role_arn": {"type": "str"},
            "task_role_arn": {"type": "str"},
            "capacity_provider": {"type": "str", "choices": ["FARGATE", "FARGATE_SPOT"]},
            "platform_version": {"type": "str"},
            "enable_execute_command": {"type": "bool", "default": False},
            "client_token": {"type": "str", "no_log": False},
            "started_by": {"type": "str", "default": "webstack"},
            "tags": {"type": "dict"},
            "wait": {"type": "bool", "default": True},
            "timeout": {"type": "int", "default": 900},
            "log_lines": {"type": "int", "default": 50},
        },
        work,
    )


if __name__ == "__main__":
    main()
