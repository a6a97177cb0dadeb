#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: target_groups
version_added: 0.1.0
short_description: Manage target groups of an Application Load Balancer
description:
  - Creates, changes and removes any number of target groups in one go.
  - Their targets are not its business; Amazon ECS registers the tasks of a service itself.
  - Port, protocols and type of targets are fixed in AWS. Where one of them changes, and O(allow_replace) names the
    group, a second group is made, under a derived name and with the tag C(webstack:name) that tells whose place it
    takes. From then on it is the one of that name. The first one stays, is returned under C(superseded), and goes
    when it is removed by its ARN, once nothing uses it any more.
options:
  target_groups:
    description: The target groups. With O(state=absent) nothing but their names counts.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The target group's name, at most 32 letters, digits and hyphens.
          - With O(state=absent) it may be the ARN of one, whose last requests are waited for then.
        type: str
        required: true
      port:
        description:
          - The port of targets that are registered without one. Needed to make it. A change replaces the group.
        type: int
      protocol:
        description:
          - How targets are spoken to; V(HTTP) for a new one where nothing is said. A change replaces the group.
        type: str
        choices: [HTTP, HTTPS]
      protocol_version:
        description:
          - The protocol's version; V(HTTP1) for a new one where nothing is said. A change replaces the group.
        type: str
        choices: [HTTP1, HTTP2, GRPC]
      vpc_id:
        description: The VPC of the targets. Needed to make it. AWS cannot change this in place.
        type: str
      target_type:
        description: What its targets are; for a new one V(ip), which Fargate needs. A change replaces the group.
        type: str
        choices: [ip, instance]
      health_check:
        description: How targets are found healthy. What is not given inside stays as it is.
        type: dict
        suboptions:
          enabled:
            description: Whether targets are checked. AWS wants V(true) for both target types.
            type: bool
          protocol:
            description: How targets are checked.
            type: str
            choices: [HTTP, HTTPS]
          port:
            description: The port of the check, or V(traffic-port) for each target's own.
            type: str
          path:
            description: The path that is asked for.
            type: str
          interval_seconds:
            description: Seconds between two checks of a target, 5 to 300.
            type: int
          timeout_seconds:
            description: Seconds after which no answer is a failure, 2 to 120 and less than the interval.
            type: int
          healthy_threshold_count:
            description: Successes in a row that make a target healthy.
            type: int
          unhealthy_threshold_count:
            description: Failures in a row that make it unhealthy.
            type: int
          matcher:
            description: The status codes that are a success, for instance V(200-299).
            type: str
      deregistration_delay:
        description: Seconds for which a target that leaves may finish its requests.
        type: int
      slow_start:
        description: Seconds over which a new target gets more and more requests, 30 to 900; 0 for its share at once.
        type: int
      load_balancing_algorithm_type:
        description: Which target gets the next request.
        type: str
        choices: [round_robin, least_outstanding_requests, weighted_random]
      stickiness:
        description: Whether a client comes back to the same target. What is not given inside stays as it is.
        type: dict
        suboptions:
          enabled:
            description: Whether it does.
            type: bool
          type:
            description: Whose cookie tells, the load balancer's or the application's.
            type: str
            choices: [lb_cookie, app_cookie]
          duration_seconds:
            description: For how long.
            type: int
          cookie_name:
            description: The application's cookie, for V(app_cookie).
            type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - webstack.aws.resource.replace
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make the target groups of two services on Fargate
  webstack.aws.target_groups:
    target_groups:
      - name: staging-shop-api
        port: 8080
        vpc_id: vpc-0a1b2c3d4e5f60718
        health_check: {path: /health, interval_seconds: 15}
        deregistration_delay: 30
      - name: staging-shop-web
        port: 3000
        vpc_id: vpc-0a1b2c3d4e5f60718
        stickiness: {enabled: true, duration_seconds: 3600}
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Give one of them another port, by a second group that takes its place
  webstack.aws.target_groups:
    target_groups:
      - name: staging-shop-api
        port: 9090
        vpc_id: vpc-0a1b2c3d4e5f60718
    allow_replace: [staging-shop-api]
  register: groups

- name: Remove the first group once nothing uses it any more
  webstack.aws.target_groups:
    target_groups:
      - name: "{{ groups.target_groups['staging-shop-api'].superseded[0].target_group_arn }}"
    state: absent

- name: Remove one of them
  webstack.aws.target_groups:
    target_groups:
      - name: staging-shop-web
    state: absent
"""

RETURN = r"""
target_groups:
  description: The target groups that exist, by name, each as AWS describes it and with its attributes as options.
  returned: success
  type: dict
  sample:
    shop-api:
      target_group_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop-api/73e2d6bc24d8a067
      full_name: targetgroup/shop-api/73e2d6bc24d8a067
      port: 8080
      protocol: HTTP
      vpc_id: vpc-0a1b2c3d4e5f60718
      target_type: ip
      health_check: {path: /health, interval_seconds: 15}
      deregistration_delay: 30
      superseded: []
      tags: {"webstack:stack": shop}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._target_groups import TargetGroup

HEALTH_CHECK = {
    "enabled": {"type": "bool"},
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS"]},
    "port": {"type": "str"},
    "path": {"type": "str"},
    "interval_seconds": {"type": "int"},
    "timeout_seconds": {"type": "int"},
    "healthy_threshold_count": {"type": "int"},
    "unhealthy_threshold_count": {"type": "int"},
    "matcher": {"type": "str"},
}
STICKINESS = {
    "enabled": {"type": "bool"},
    "type": {"type": "str", "choices": ["lb_cookie", "app_cookie"]},
    "duration_seconds": {"type": "int"},
    "cookie_name": {"type": "str"},
}
TARGET_GROUP = {
    "name": {"type": "str", "required": True},
    "port": {"type": "int"},
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS"]},
    "protocol_version": {"type": "str", "choices": ["HTTP1", "HTTP2", "GRPC"]},
    "vpc_id": {"type": "str"},
    "target_type": {"type": "str", "choices": ["ip", "instance"]},
    "health_check": {"type": "dict", "options": HEALTH_CHECK},
    "deregistration_delay": {"type": "int"},
    "slow_start": {"type": "int"},
    "load_balancing_algorithm_type": {
        "type": "str",
        "choices": ["round_robin", "least_outstanding_requests", "weighted_random"],
    },
    "stickiness": {"type": "dict", "options": STICKINESS},
}


def main():
    run_many(
        TargetGroup,
        resource_arguments(
            replaces=True, target_groups={"type": "list", "elements": "dict", "required": True, "options": TARGET_GROUP}
        ),
        items="target_groups",
    )


if __name__ == "__main__":
    main()
