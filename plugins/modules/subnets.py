#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: subnets
version_added: 0.1.0
short_description: Manage the subnets of a VPC in one go
description:
  - Creates, changes and removes any number of subnets of one VPC, which are found by their tag C(Name).
options:
  vpc_id:
    description: The VPC that they are in.
    type: str
    required: true
  subnets:
    description: The subnets. Others of the VPC are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The subnet's tag C(Name).
        type: str
        required: true
      cidr_block:
        description: Its range of IPv4 addresses. AWS cannot change it. Required to create it.
        type: str
      availability_zone:
        description: Its zone. AWS cannot change it. Required to create it.
        type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make two subnets
  webstack.aws.subnets:
    vpc_id: vpc-0123456789abcdef0
    subnets:
      - name: staging-shop-public-a
        cidr_block: 10.1.1.0/24
        availability_zone: us-east-1a
      - name: staging-shop-public-b
        cidr_block: 10.1.2.0/24
        availability_zone: us-east-1b
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove one
  webstack.aws.subnets:
    vpc_id: vpc-0123456789abcdef0
    subnets:
      - name: staging-shop-public-b
    state: absent
"""

RETURN = r"""
subnets:
  description: The subnets by name, each as EC2 describes it.
  returned: success
  type: dict
  sample:
    staging-shop-public-a:
      subnet_id: subnet-0123456789abcdef0
      cidr_block: 10.1.1.0/24
      availability_zone: us-east-1a
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._subnets import Subnet


def main():
    run_many(
        Subnet,
        resource_arguments(
            vpc_id={"type": "str", "required": True},
            subnets={
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "cidr_block": {"type": "str"},
                    "availability_zone": {"type": "str"},
                },
            },
        ),
        items="subnets",
    )


if __name__ == "__main__":
    main()
