#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: elasticache_subnet_group
version_added: 0.1.0
short_description: Manage a subnet group of ElastiCache
description:
  - Creates, changes and removes a subnet group of ElastiCache with its tags.
options:
  name:
    description: The group's name, in lower case as AWS keeps it.
    type: str
    required: true
  description:
    description: What the group is for. Without this option it is the name.
    type: str
  subnet_ids:
    description:
      - The subnets in which caches may be.
      - Required when the group does not exist.
    type: list
    elements: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Let caches be in the private subnets
  webstack.aws.elasticache_subnet_group:
    name: staging-shop
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-0a1b2c3d4e5f60719]
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove the group
  webstack.aws.elasticache_subnet_group:
    name: staging-shop
    state: absent
"""

RETURN = r"""
elasticache_subnet_group:
  description: The group; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The group's name.
      type: str
      sample: staging-shop
    arn:
      description: The group's ARN.
      type: str
      sample: arn:aws:elasticache:us-east-1:123456789012:subnetgroup:staging-shop
    vpc_id:
      description: The VPC of its subnets.
      type: str
      sample: vpc-0a1b2c3d4e5f60718
    description:
      description: What it is for.
      type: str
      sample: staging-shop
    subnet_ids:
      description: Its subnets.
      type: list
      elements: str
      sample: [subnet-0a1b2c3d4e5f60718, subnet-0a1b2c3d4e5f60719]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._subnet_groups import ElasticacheSubnetGroup


def main():
    run_one(
        ElasticacheSubnetGroup,
        resource_arguments(
            name={"type": "str", "required": True},
            description={"type": "str"},
            subnet_ids={"type": "list", "elements": "str"},
        ),
    )


if __name__ == "__main__":
    main()
