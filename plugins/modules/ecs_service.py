#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_service
version_added: 0.1.0
short_description: Manage an ECS service on Fargate
description:
  - Creates, changes and removes an Amazon ECS service. Everything is changed in place.
  - It does not wait for the deployment that follows; M(webstack.aws.wait) does, and says why one fails.
  - A live service whose newest deployment has failed is deployed again.
  - A service that goes is waited for when one of the same name shall be made.
options:
  name:
    description: The service's name.
    type: str
    required: true
  cluster:
    description: The cluster's name.
    type: str
    required: true
  task_definition:
    description: The task definition, as ARN or C(family:revision). Needed for a new service.
    type: str
  desired_count:
    description: How many tasks run. Needed for a new service.
    type: int
  desired_count_owner:
    description:
      - Who says how many tasks run. With C(autoscaling), O(desired_count) is used for a new service only, and for one
        that begins after it waited for its image.
    type: str
    choices: [variables, autoscaling]
    default: variables
  waiting_for_image:
    description:
      - The image for which the service waits. As long as it does it has no tasks, whatever O(desired_count) says, so
        that no deployment fails for it. A tag of the service tells of it.
      - When it is given as an empty text the service does not wait any more, and a service that did begins with
        O(desired_count) tasks.
      - A service that has tasks is never taken down for an image that is missing; the module fails instead.
    type: str
  capacity_provider_strategy:
    description:
      - Through which capacity providers the tasks run. A change makes new tasks.
      - A new service without this option has the launch type FARGATE; it can be given capacity providers later.
    type: list
    elements: dict
    suboptions:
      capacity_provider:
        description: The capacity provider.
        type: str
        choices: [FARGATE, FARGATE_SPOT]
        required: true
      weight:
        description: Its share of the tasks beyond the base.
        type: int
        default: 1
      base:
        description: How many tasks run on it at least; only one provider can have a base.
        type: int
        default: 0
  platform_version:
    description: Fargate's platform version, for instance C(LATEST).
    type: str
  subnets:
    description: The subnets in which the tasks run. Needed for a new service.
    type: list
    elements: str
  security_groups:
    description: The tasks' security groups.
    type: list
    elements: str
  assign_public_ip:
    description: Whether tasks get a public IP.
    type: bool
  load_balancers:
    description: The target groups in which the tasks are registered.
    type: list
    elements: dict
    suboptions:
      target_group_arn:
        description: The target group.
        type: str
        required: true
      container_name:
        description: The container that answers.
        type: str
        required: true
      container_port:
        description: Its port.
        type: int
        required: true
  service_registries:
    description: The Cloud Map services in which the tasks are registered.
    type: list
    elements: dict
    suboptions:
      registry_arn:
        description: The Cloud Map service.
        type: str
        required: true
      container_name:
        description: The container, for SRV records.
        type: str
      container_port:
        description: Its port, for SRV records.
        type: int
      port:
        description: The port, where not a container's.
        type: int
  health_check_grace_period_seconds:
    description: For how many seconds after its start the load balancer's verdict on a task does not count.
    type: int
  maximum_percent:
    description: How many tasks there may be during a deployment, in percent of the desired count; AWS's default is 200.
    type: int
  minimum_healthy_percent:
    description: How many tasks stay healthy during a deployment, in percent of the desired count; AWS's default is 100.
    type: int
  deployment_circuit_breaker:
    description: What becomes of a deployment whose tasks do not get healthy.
    type: dict
    suboptions:
      enable:
        description: Whether it is stopped.
        type: bool
        required: true
      rollback:
        description: Whether the last good revision is deployed again.
        type: bool
        default: false
  enable_execute_command:
    description: Whether ECS Exec can open a shell in tasks. A change makes new tasks.
    type: bool
  enable_ecs_managed_tags:
    description: Whether tasks are tagged with their cluster and service. Holds for tasks started later.
    type: bool
  propagate_tags:
    description: Whose tags the tasks get. Holds for tasks started later.
    type: str
    choices: [SERVICE, TASK_DEFINITION, NONE]
  availability_zone_rebalancing:
    description: Whether ECS moves tasks when they are not spread over the zones any more.
    type: bool
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Run the API behind its load balancer, on Spot beyond the first task
  webstack.aws.ecs_service:
    name: staging-shop-api
    cluster: staging-shop
    task_definition: staging-shop-api:7
    desired_count: 2
    capacity_provider_strategy:
      - {capacity_provider: FARGATE, base: 1, weight: 1}
      - {capacity_provider: FARGATE_SPOT, weight: 4}
    subnets: [subnet-0a1b2c3d4e5f60718, subnet-0a1b2c3d4e5f60719]
    security_groups: [sg-0a1b2c3d4e5f60718]
    load_balancers:
      - target_group_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop-api/0a1b2c3d4e5f6071
        container_name: api
        container_port: 8080
    health_check_grace_period_seconds: 60
    deployment_circuit_breaker:
      enable: true
      rollback: true
    propagate_tags: SERVICE
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.ecs_service:
    name: staging-shop-api
    cluster: staging-shop
    state: absent
"""

RETURN = r"""
ecs_service:
  description: The service as ECS describes it, without its events; empty when it does not exist.
  returned: success
  type: dict
  contains:
    service_arn:
      description: The service's ARN.
      type: str
      sample: arn:aws:ecs:us-east-1:123456789012:service/staging-shop/staging-shop-api
    service_name:
      description: The service's name.
      type: str
      sample: staging-shop-api
    task_definition:
      description: The ARN of the task definition that it shall run.
      type: str
      sample: arn:aws:ecs:us-east-1:123456789012:task-definition/staging-shop-api:7
    desired_count:
      description: How many tasks shall run.
      type: int
      sample: 2
    deployments:
      description: Its deployments; empty in check mode for a new service.
      type: list
      elements: dict
      sample: [{"id": "ecs-svc/1234567890123456789", "status": "PRIMARY", "rollout_state": "IN_PROGRESS"}]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._ecs_service import EcsService
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    texts = {"type": "list", "elements": "str"}
    run_one(
        EcsService,
        resource_arguments(
            name={"type": "str", "required": True},
            cluster={"type": "str", "required": True},
            task_definition={"type": "str"},
            desired_count={"type": "int"},
            desired_count_owner={"type": "str", "choices": ["variables", "autoscaling"], "default": "variables"},
            waiting_for_image={"type": "str"},
            capacity_provider_strategy={
                "type": "list",
                "elements": "dict",
                "options": {
                    "capacity_provider": {"type": "str", "choices": ["FARGATE", "FARGATE_SPOT"], "required": True},
                    "weight": {"type": "int", "default": 1},
                    "base": {"type": "int", "default": 0},
                },
            },
            platform_version={"type": "str"},
            subnets=texts,
            security_groups=texts,
            assign_public_ip={"type": "bool"},
            load_balancers={
                "type": "list",
                "elements": "dict",
                "options": {
                    "target_group_arn": {"type": "str", "required": True},
                    "container_name": {"type": "str", "required": True},
                    "container_port": {"type": "int", "required": True},
                },
            },
            service_registries={
                "type": "list",
                "elements": "dict",
                "options": {
                    "registry_arn": {"type": "str", "required": True},
                    "container_name": {"type": "str"},
                    "container_port": {"type": "int"},
                    "port": {"type": "int"},
                },
            },
            health_check_grace_period_seconds={"type": "int"},
            maximum_percent={"type": "int"},
            minimum_healthy_percent={"type": "int"},
            deployment_circuit_breaker={
                "type": "dict",
                "options": {
                    "enable": {"type": "bool", "required": True},
                    "rollback": {"type": "bool", "default": False},
                },
            },
            enable_execute_command={"type": "bool"},
            enable_ecs_managed_tags={"type": "bool"},
            propagate_tags={"type": "str", "choices": ["SERVICE", "TASK_DEFINITION", "NONE"]},
            availability_zone_rebalancing={"type": "bool"},
        ),
    )


if __name__ == "__main__":
    main()
