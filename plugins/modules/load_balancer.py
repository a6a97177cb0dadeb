#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: load_balancer
version_added: 0.1.0
short_description: Manage an Application Load Balancer
description:
  - Creates, changes and removes an Application Load Balancer and its attributes, without its listeners.
  - It returns as soon as AWS has taken the request; M(webstack.aws.wait) waits until it is active.
options:
  name:
    description: The load balancer's name, at most 32 letters, digits and hyphens.
    type: str
    required: true
  scheme:
    description:
      - Whether it has public addresses. A change replaces it, where O(allow_replace) names it. One that is protected
        against deletion is not replaced.
      - A new one is V(internet-facing) where nothing is said.
    type: str
    choices: [internet-facing, internal]
  ip_address_type:
    description: Which addresses it has; a new one has V(ipv4) where nothing is said.
    type: str
    choices: [ipv4, dualstack, dualstack-without-public-ipv4]
  subnets:
    description: Ids of its subnets, one in each of at least two Availability Zones.
    type: list
    elements: str
  security_groups:
    description: Ids of its security groups.
    type: list
    elements: str
  deletion_protection:
    description: Whether AWS refuses to delete it. With protection, O(state=absent) fails.
    type: bool
  idle_timeout:
    description: Seconds after which a connection without traffic is closed.
    type: int
  drop_invalid_header_fields:
    description: Whether header fields with invalid names are removed before a request is passed on.
    type: bool
  access_logs:
    description:
      - Where requests are logged to. What is not given inside stays as it is.
      - The bucket's policy must let Elastic Load Balancing write to it.
    type: dict
    suboptions:
      enabled:
        description: Whether requests are logged.
        type: bool
      bucket:
        description: Name of the bucket.
        type: str
      prefix:
        description: Where in the bucket.
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
- name: Make a public load balancer that cannot be deleted by mistake
  webstack.aws.load_balancer:
    name: production-shop-alb
    subnets: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]
    security_groups: [sg-0a1b2c3d4e5f60718]
    deletion_protection: true
    drop_invalid_header_fields: true
    tags:
      webstack:stack: shop
      webstack:environment: production

- name: Lift its protection
  webstack.aws.load_balancer:
    name: production-shop-alb
    deletion_protection: false

- name: Remove it
  webstack.aws.load_balancer:
    name: production-shop-alb
    state: absent
"""

RETURN = r"""
load_balancer:
  description: The load balancer as AWS describes it, with its attributes as options; empty when it does not exist.
  returned: success
  type: dict
  contains:
    load_balancer_arn:
      description: Its ARN.
      type: str
      sample: arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/production-shop-alb/50dc6c495c0c9188
    load_balancer_name:
      description: Its name.
      type: str
      sample: production-shop-alb
    full_name:
      description: What CloudWatch calls it in the dimension LoadBalancer.
      type: str
      sample: app/production-shop-alb/50dc6c495c0c9188
    dns_name:
      description: The name at which it is reached.
      type: str
      sample: production-shop-alb-1234567890.us-east-1.elb.amazonaws.com
    canonical_hosted_zone_id:
      description: The zone that alias records to it name.
      type: str
      sample: Z35SXDOTRQ7X7K
    state:
      description: Its state, V(provisioning) or V(active) under C(code).
      type: dict
      sample: {"code": "active"}
    scheme:
      description: Whether it has public addresses.
      type: str
      sample: internet-facing
    subnets:
      description: Ids of its subnets.
      type: list
      elements: str
      sample: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]
    security_groups:
      description: Ids of its security groups.
      type: list
      elements: str
      sample: [sg-0a1b2c3d4e5f60718]
    deletion_protection:
      description: Whether AWS refuses to delete it.
      type: bool
      sample: true
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._load_balancer import LoadBalancer
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        LoadBalancer,
        resource_arguments(
            replaces=True,
            name={"type": "str", "required": True},
            scheme={"type": "str", "choices": ["internet-facing", "internal"]},
            ip_address_type={"type": "str", "choices": ["ipv4", "dualstack", "dualstack-without-public-ipv4"]},
            subnets={"type": "list", "elements": "str"},
            security_groups={"type": "list", "elements": "str"},
            deletion_protection={"type": "bool"},
            idle_timeout={"type": "int"},
            drop_invalid_header_fields={"type": "bool"},
            access_logs={
                "type": "dict",
                "options": {"enabled": {"type": "bool"}, "bucket": {"type": "str"}, "prefix": {"type": "str"}},
            },
        ),
    )


if __name__ == "__main__":
    main()
