#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_cluster_parameter_group
version_added: 0.1.0
short_description: Manage a parameter group of Aurora clusters
description:
  - Creates, changes and removes a parameter group of Aurora clusters, whose parameters hold for all their instances.
  - A dynamic parameter takes effect at once, a static one when the instances of the clusters that use the
    group are next rebooted.
options:
  name:
    description: The group's name, in lower case as AWS keeps it.
    type: str
    required: true
  family:
    description:
      - The family of engine versions that the group is for, for instance V(aurora-postgresql16).
      - Required when the group does not exist. AWS cannot change it.
    type: str
  description:
    description: What the group is for. AWS cannot change it. Without this option it is the name.
    type: str
  parameters:
    description:
      - All parameters that shall differ from the family's defaults. Others that the group has are reset.
      - One that is the family's default already is no change, and is not among the result's.
      - Numbers and booleans are taken too; a boolean becomes V(1) or V(0).
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
  webstack.aws.rds_cluster_parameter_group:
    name: staging-shop-aurora-postgresql16
    family: aurora-postgresql16
    parameters:
      rds.force_ssl: "1"
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.rds_cluster_parameter_group:
    name: staging-shop-aurora-postgresql16
    state: absent
"""

RETURN = r"""
rds_cluster_parameter_group:
  description: The group; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The group's name.
      type: str
      sample: staging-shop-aurora-postgresql16
    arn:
      description: The group's ARN.
      type: str
      sample: arn:aws:rds:us-east-1:123456789012:cluster-pg:staging-shop-aurora-postgresql16
    family:
      description: The family of engine versions that it is for.
      type: str
      sample: aurora-postgresql16
    description:
      description: What it is for.
      type: str
      sample: staging-shop-aurora-postgresql16
    parameters:
      description: The parameters that differ from the family's defaults.
      type: dict
      sample: {"rds.force_ssl": "1"}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._parameter_groups import RdsClusterParameterGroup


def main():
    run_one(
        RdsClusterParameterGroup,
        resource_arguments(
            name={"type": "str", "required": True},
            family={"type": "str"},
            description={"type": "str"},
            parameters={"type": "dict"},
        ),
    )


if __name__ == "__main__":
    main()
