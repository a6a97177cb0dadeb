#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: security_groups
version_added: 0.1.0
short_description: Manage the security groups of a VPC in one go
description:
  - Creates, changes and removes security groups of one VPC, which are found by their group name, with their rules.
  - Rules are added before others are removed, so that what is allowed before and after is never shut out in between.
options:
  vpc_id:
    description: The VPC that they are in.
    type: str
    required: true
  security_groups:
    description: The security groups. Others of the VPC are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The group's name, and its tag C(Name).
        type: str
        required: true
      description:
        description: What it is for. AWS cannot change it. A new group without one is described by its name.
        type: str
      ingress:
        description:
          - All rules for what comes in; others are removed. Each is for every combination of its ports and sources.
          - Without this option they are left as they are.
        type: list
        elements: dict
        suboptions:
          ip_protocol:
            description: C(tcp), C(udp), C(icmp), C(icmpv6), or C(-1) for all of them.
            type: str
            default: tcp
          ports:
            description: Ports, like C(443), and ranges of them, like C(8000-8100). Without this option all of them.
            type: list
            elements: str
          cidr_blocks:
            description: Ranges of IPv4 and IPv6 addresses.
            type: list
            elements: str
          groups:
            description: Security groups, as ids or as names of groups that are listed before this one, or of this one.
            type: list
            elements: str
          prefix_list_ids:
            description: Prefix lists.
            type: list
            elements: str
          description:
            description: What these rules are for. Those that are there keep what they have without this option.
            type: str
      egress:
        description:
          - All rules for what goes out; others are removed. Each is for every combination of its ports and targets.
          - Without this option they are left as they are; AWS lets everything out of a new group.
        type: list
        elements: dict
        suboptions:
          ip_protocol:
            description: C(tcp), C(udp), C(icmp), C(icmpv6), or C(-1) for all of them.
            type: str
            default: tcp
          ports:
            description: Ports, like C(443), and ranges of them, like C(8000-8100). Without this option all of them.
            type: list
            elements: str
          cidr_blocks:
            description: Ranges of IPv4 and IPv6 addresses.
            type: list
            elements: str
          groups:
            description: Security groups, as ids or as names of groups that are listed before this one, or of this one.
            type: list
            elements: str
          prefix_list_ids:
            description: Prefix lists.
            type: list
            elements: str
          description:
            description: What these rules are for. Those that are there keep what they have without this option.
            type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Let the internet reach the load balancer, and the load balancer the tasks
  webstack.aws.security_groups:
    vpc_id: vpc-0123456789abcdef0
    security_groups:
      - name: staging-shop-alb
        description: Load balancer of staging-shop
        ingress:
          - ports: [80, 443]
            cidr_blocks: [0.0.0.0/0]
            description: From everywhere
      - name: staging-shop-tasks
        description: Tasks of staging-shop
        ingress:
          - ports: [8080]
            groups: [staging-shop-alb]
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove them
  webstack.aws.security_groups:
    vpc_id: vpc-0123456789abcdef0
    security_groups:
      - name: staging-shop-alb
      - name: staging-shop-tasks
    state: absent
"""

RETURN = r"""
security_groups:
  description: The security groups by name, each as EC2 describes it.
  returned: success
  type: dict
  sample:
    staging-shop-alb:
      group_id: sg-0123456789abcdef0
      group_name: staging-shop-alb
      description: Load balancer of staging-shop
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._security_groups import SecurityGroup


def main():
    rules = {
        "type": "list",
        "elements": "dict",
        "options": {
            "ip_protocol": {"type": "str", "default": "tcp"},
            "ports": {"type": "list", "elements": "str"},
            "cidr_blocks": {"type": "list", "elements": "str"},
            "groups": {"type": "list", "elements": "str"},
            "prefix_list_ids": {"type": "list", "elements": "str"},
            "description": {"type": "str"},
        },
    }
    run_many(
        SecurityGroup,
        resource_arguments(
            vpc_id={"type": "str", "required": True},
            security_groups={
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "description": {"type": "str"},
                    "ingress": rules,
                    "egress": rules,
                },
            },
        ),
        items="security_groups",
    )


if __name__ == "__main__":
    main()
