#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route_tables
version_added: 0.1.0
short_description: Manage the route tables of a VPC in one go
description:
  - Creates, changes and removes route tables of one VPC, which are found by their tag C(Name), with their routes to
    gateways and the subnets that use them.
  - A subnet that uses another table is moved in one step, so that it is never without routes.
options:
  vpc_id:
    description: The VPC that they are in.
    type: str
    required: true
  route_tables:
    description: The route tables. Others of the VPC are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The table's tag C(Name).
        type: str
        required: true
      subnet_ids:
        description:
          - The subnets that use it; others that use it fall back to the VPC's main table.
          - Without this option they are left as they are.
        type: list
        elements: str
      routes:
        description:
          - All of its routes to internet gateways and NAT gateways; others to such gateways are removed.
          - Routes to anything else (gateway endpoints, peering connections, transit gateways) are left alone.
          - Without this option routes are left as they are.
        type: list
        elements: dict
        suboptions:
          destination_cidr_block:
            description: Where the traffic goes.
            type: str
            required: true
          gateway_id:
            description: The internet gateway that it goes through.
            type: str
          nat_gateway_id:
            description: The NAT gateway that it goes through. It must be available.
            type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Route a public and a private subnet
  webstack.aws.route_tables:
    vpc_id: vpc-0123456789abcdef0
    route_tables:
      - name: staging-shop-public
        subnet_ids: [subnet-0123456789abcdef0]
        routes:
          - destination_cidr_block: 0.0.0.0/0
            gateway_id: igw-0123456789abcdef0
      - name: staging-shop-private-a
        subnet_ids: [subnet-0fedcba9876543210]
        routes:
          - destination_cidr_block: 0.0.0.0/0
            nat_gateway_id: nat-0123456789abcdef0
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove one
  webstack.aws.route_tables:
    vpc_id: vpc-0123456789abcdef0
    route_tables:
      - name: staging-shop-private-a
    state: absent
"""

RETURN = r"""
route_tables:
  description: The route tables by name, each as EC2 describes it.
  returned: success
  type: dict
  sample:
    staging-shop-public:
      route_table_id: rtb-0123456789abcdef0
      routes:
        - destination_cidr_block: 0.0.0.0/0
          gateway_id: igw-0123456789abcdef0
          state: active
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._route_tables import TARGETS, RouteTable


def main():
    route = {
        "destination_cidr_block": {"type": "str", "required": True},
        "gateway_id": {"type": "str"},
        "nat_gateway_id": {"type": "str"},
    }
    run_many(
        RouteTable,
        resource_arguments(
            vpc_id={"type": "str", "required": True},
            route_tables={
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "subnet_ids": {"type": "list", "elements": "str"},
                    "routes": {
                        "type": "list",
                        "elements": "dict",
                        "options": route,
                        "required_one_of": [list(TARGETS)],
                        "mutually_exclusive": [list(TARGETS)],
                    },
                },
            },
        ),
        items="route_tables",
    )


if __name__ == "__main__":
    main()
