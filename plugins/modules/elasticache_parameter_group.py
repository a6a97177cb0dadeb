#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: elasticache_parameter_group
version_added: 0.1.0
short_description: Manage a parameter group of ElastiCache
description:
  - Creates, changes and removes a parameter group of ElastiCache.
  - Parameters take effect at once, but for a few that need a reboot, which AWS's documentation names.
options:
  name:
    description: The group's name, in lower case as AWS keeps it.
    type: str
    required: true
  family:
    description:
      - The family of engine versions that the group is for, for instance V(redis7).
      - Required when the group does not exist. AWS cannot change it.
    type: str
  description:
    description: What the group is for. AWS cannot change it. Without this option it is the name.
    type: str
  parameters:
    description:
      - All parameters that shall differ from the family's defaults. Others that the group has are reset.
      - One that is the family's default already is no change, and is not among the result's.
      - Numbers and booleans are taken too; a boolean becomes V(yes) or V(no).
    type: dict
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a parameter group
  webstack.aws.elasticache_parameter_group:
    name: staging-shop-redis7
    family: redis7
    parameters:
      maxmemory-policy: "allkeys-lru"
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.elasticache_parameter_group:
    name: staging-shop-redis7
    state: absent
"""

RETURN = r"""
elasticache_parameter_group:
  description: The group; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The group's name.
      type: str
      sample: staging-shop-redis7
    arn:
      description: The group's ARN.
      type: str
      sample: arn:aws:elasticache:us-east-1:123456789012:parametergroup:staging-shop-redis7
    family:
      description: The family of engine versions that it is for.
      type: str
      sample: redis7
    description:
      description: What it is for.
      type: str
      sample: staging-shop-redis7
    parameters:
      description: The parameters that differ from the family's defaults.
      type: dict
      sample: {"maxmemory-policy": "allkeys-lru"}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._parameter_groups import ElasticacheParameterGroup


def main():
    run_one(
        ElasticacheParameterGroup,
        resource_arguments(
            name={"type": "str", "required": True},
            family={"type": "str"},
            description={"type": "str"},
            parameters={"type": "dict"},
        ),
    )


if __name__ == "__main__":
    main()
