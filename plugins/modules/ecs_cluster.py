#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_cluster
version_added: 0.1.0
short_description: Manage an ECS cluster for Fargate
description:
  - Creates, changes and removes an Amazon ECS cluster and the capacity providers that it offers.
options:
  name:
    description: The cluster's name.
    type: str
    required: true
  container_insights:
    description:
      - Whether and how CloudWatch Container Insights is on.
      - Without this option a new cluster gets the account's default.
    type: str
    choices: [enabled, disabled, enhanced]
  capacity_providers:
    description:
      - The capacity providers that services of this cluster may use.
    type: list
    elements: str
    choices: [FARGATE, FARGATE_SPOT]
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a cluster for Fargate and Fargate Spot
  webstack.aws.ecs_cluster:
    name: staging-shop
    container_insights: enabled
    capacity_providers: [FARGATE, FARGATE_SPOT]
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.ecs_cluster:
    name: staging-shop
    state: absent
"""

RETURN = r"""
ecs_cluster:
  description: The cluster as ECS describes it; empty when it does not exist.
  returned: success
  type: dict
  contains:
    cluster_arn:
      description: The cluster's ARN.
      type: str
      sample: arn:aws:ecs:us-east-1:123456789012:cluster/staging-shop
    cluster_name:
      description: The cluster's name.
      type: str
      sample: staging-shop
    status:
      description: The cluster's status.
      type: str
      sample: ACTIVE
    capacity_providers:
      description: The capacity providers that it offers.
      type: list
      elements: str
      sample: [FARGATE, FARGATE_SPOT]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._ecs_cluster import EcsCluster
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        EcsCluster,
        resource_arguments(
            name={"type": "str", "required": True},
            container_insights={"type": "str", "choices": ["enabled", "disabled", "enhanced"]},
            capacity_providers={"type": "list", "elements": "str", "choices": ["FARGATE", "FARGATE_SPOT"]},
        ),
    )


if __name__ == "__main__":
    main()
