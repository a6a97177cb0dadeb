#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vpc_endpoints
version_added: 0.1.0
short_description: Manage the endpoints of a VPC in one go
description:
  - Creates, changes in place and removes gateway and interface endpoints of one VPC.
  - They are found by their tag C(Name).
  - It does not wait for new endpoints to be available; M(webstack.aws.wait) does.
options:
  vpc_id:
    description: The VPC that they are in.
    type: str
    required: true
  vpc_endpoints:
    description: The endpoints.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The endpoint's tag C(Name).
        type: str
        required: true
      service_name:
        description:
          - The service that it leads to, in full (C(com.amazonaws.us-east-1.s3)) or in short (C(s3), C(ecr.api)).
          - AWS cannot change it. Required to create it.
        type: str
      vpc_endpoint_type:
        description:
          - C(Gateway) costs nothing and exists for S3 and DynamoDB. C(Interface) is paid by the hour and zone.
          - AWS cannot change it.
        type: str
        choices: [Gateway, Interface]
        default: Gateway
      route_table_ids:
        description: The route tables that lead to a gateway endpoint.
        type: list
        elements: str
      subnet_ids:
        description: The subnets in which an interface endpoint has an address, at most one a zone.
        type: list
        elements: str
      security_group_ids:
        description: The security groups of an interface endpoint.
        type: list
        elements: str
      private_dns_enabled:
        description: Whether the service's own name leads to an interface endpoint in this VPC.
        type: bool
  purge:
    description:
      - Whether endpoints of the VPC that bear the same C(webstack:) tags as O(tags) and are not listed are removed.
    type: bool
    default: false
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Lead to S3 and ECR without leaving AWS's network
  webstack.aws.vpc_endpoints:
    vpc_id: vpc-0123456789abcdef0
    vpc_endpoints:
      - name: staging-shop-s3
        service_name: s3
        route_table_ids: [rtb-0123456789abcdef0]
      - name: staging-shop-ecr.api
        service_name: ecr.api
        vpc_endpoint_type: Interface
        subnet_ids: [subnet-0123456789abcdef0]
        security_group_ids: [sg-0123456789abcdef0]
        private_dns_enabled: true
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove all that this stack has
  webstack.aws.vpc_endpoints:
    vpc_id: vpc-0123456789abcdef0
    vpc_endpoints: []
    purge: true
    tags:
      webstack:stack: shop
      webstack:environment: staging
"""

RETURN = r"""
vpc_endpoints:
  description: The endpoints by name, each as EC2 describes it.
  returned: success
  type: dict
  sample:
    staging-shop-s3:
      vpc_endpoint_id: vpce-0123456789abcdef0
      service_name: com.amazonaws.us-east-1.s3
      vpc_endpoint_type: Gateway
      state: available
unlisted:
  description: The names of this owner's endpoints in the VPC that are not listed; O(purge) removes them.
  returned: when there are any
  type: list
  elements: str
  sample: [staging-shop-ecr.api]
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._vpc_endpoints import VpcEndpoint


def main():
    run_many(
        VpcEndpoint,
        resource_arguments(
            vpc_id={"type": "str", "required": True},
            vpc_endpoints={
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "service_name": {"type": "str"},
                    "vpc_endpoint_type": {"type": "str", "choices": ["Gateway", "Interface"], "default": "Gateway"},
                    "route_table_ids": {"type": "list", "elements": "str"},
                    "subnet_ids": {"type": "list", "elements": "str"},
                    "security_group_ids": {"type": "list", "elements": "str"},
                    "private_dns_enabled": {"type": "bool"},
                },
            },
            purge={"type": "bool", "default": False},
        ),
        items="vpc_endpoints",
    )


if __name__ == "__main__":
    main()
