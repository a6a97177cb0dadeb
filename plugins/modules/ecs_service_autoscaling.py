#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_service_autoscaling
version_added: 0.1.0
short_description: Manage the autoscaling of an ECS service
description:
  - Creates, changes and removes the bounds between which Application Auto Scaling sets a service's number of tasks, the
    target tracking policies by which it does, and schedules that move the bounds.
  - Application Auto Scaling itself brings the number of tasks between new bounds.
options:
  service:
    description: The service's name.
    type: str
    required: true
  cluster:
    description: The cluster's name.
    type: str
    required: true
  min_capacity:
    description: How many tasks run at least. Needed when the service is not scaled yet.
    type: int
  max_capacity:
    description: How many tasks run at most. Needed when the service is not scaled yet.
    type: int
  policies:
    description:
      - The target tracking policies. Those not named are removed; policies of other types are left alone.
    type: list
    elements: dict
    suboptions:
      name:
        description: The policy's name.
        type: str
        required: true
      metric:
        description: Which metric is kept at its target.
        type: str
        choices: [ECSServiceAverageCPUUtilization, ECSServiceAverageMemoryUtilization, ALBRequestCountPerTarget]
        required: true
      target_value:
        description: The target, for instance 70 percent.
        type: float
        required: true
      resource_label:
        description:
          - For C(ALBRequestCountPerTarget), which target group of which load balancer, as
            C(app/<name>/<id>/targetgroup/<name>/<id>).
        type: str
      scale_in_cooldown:
        description: How many seconds pass between two scalings in. AWS's default is 300.
        type: int
      scale_out_cooldown:
        description: How many seconds pass between two scalings out. AWS's default is 300.
        type: int
      disable_scale_in:
        description: Whether the policy never takes tasks away.
        type: bool
  schedules:
    description:
      - When which bounds begin to hold. Those not named are removed.
      - A bound stays until the next schedule sets it, so that one that lowers it wants another that raises it again. A
        live bound that is one of a schedule is left as it is, whatever O(min_capacity) and O(max_capacity) say.
    type: list
    elements: dict
    suboptions:
      name:
        description: The schedule's name.
        type: str
        required: true
      schedule:
        description:
          - When. C(cron()) has six fields - minutes, hours, day of month, month, day of week, year.
          - C(at()) and C(rate()) are taken, too.
        type: str
        required: true
      timezone:
        description: The time zone of the schedule, for instance C(America/Sao_Paulo).
        type: str
        default: UTC
      min_capacity:
        description: How many tasks run at least from then on.
        type: int
      max_capacity:
        description: How many tasks run at most from then on.
        type: int
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Keep the CPU at 70 percent with 2 to 10 tasks
  webstack.aws.ecs_service_autoscaling:
    service: staging-shop-api
    cluster: staging-shop
    min_capacity: 2
    max_capacity: 10
    policies:
      - name: cpu
        metric: ECSServiceAverageCPUUtilization
        target_value: 70
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Run no more than one task at night
  webstack.aws.ecs_service_autoscaling:
    service: staging-shop-api
    cluster: staging-shop
    min_capacity: 2
    max_capacity: 10
    schedules:
      - {name: evening, schedule: "cron(0 22 * * ? *)", timezone: America/Sao_Paulo, min_capacity: 1, max_capacity: 1}
      - {name: morning, schedule: "cron(0 6 * * ? *)", timezone: America/Sao_Paulo, min_capacity: 2, max_capacity: 10}

- name: Leave the number of tasks alone from now on
  webstack.aws.ecs_service_autoscaling:
    service: staging-shop-api
    cluster: staging-shop
    state: absent
"""

RETURN = r"""
ecs_service_autoscaling:
  description: The scalable target as AWS describes it, with its policies and schedules; empty when there is none.
  returned: success
  type: dict
  contains:
    scalable_target_arn:
      description: The target's ARN.
      type: str
      sample: arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0ec5a1b2c3d4e5f60718
    resource_id:
      description: What is scaled.
      type: str
      sample: service/staging-shop/staging-shop-api
    min_capacity:
      description: The lower bound.
      type: int
      sample: 2
    max_capacity:
      description: The upper bound.
      type: int
      sample: 10
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._ecs_service_autoscaling import EcsServiceAutoscaling
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    metrics = ["ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", "ALBRequestCountPerTarget"]
    run_one(
        EcsServiceAutoscaling,
        resource_arguments(
            service={"type": "str", "required": True},
            cluster={"type": "str", "required": True},
            min_capacity={"type": "int"},
            max_capacity={"type": "int"},
            policies={
                "type": "list",
                "elements": "dict",
                "options": {
                    "name": {"type": "str", "required": True},
                    "metric": {"type": "str", "choices": metrics, "required": True},
                    "target_value": {"type": "float", "required": True},
                    "resource_label": {"type": "str"},
                    "scale_in_cooldown": {"type": "int"},
                    "scale_out_cooldown": {"type": "int"},
                    "disable_scale_in": {"type": "bool"},
                },
            },
            schedules={
                "type": "list",
                "elements": "dict",
                "options": {
                    "name": {"type": "str", "required": True},
                    "schedule": {"type": "str", "required": True},
                    "timezone": {"type": "str", "default": "UTC"},
                    "min_capacity": {"type": "int"},
                    "max_capacity": {"type": "int"},
                },
            },
        ),
        name="service",
    )


if __name__ == "__main__":
    main()
