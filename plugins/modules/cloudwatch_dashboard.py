#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_dashboard
version_added: 0.1.0
short_description: Manage a CloudWatch dashboard
description:
  - Creates, changes and removes a dashboard. Its body is compared by meaning.
  - With an SDK that cannot tag a dashboard in the call that makes it, the tags follow at once; a dashboard of this name
    without any tags is then taken for one that a killed run left behind.
options:
  name:
    description: The dashboard's name.
    type: str
    required: true
  dashboard_body:
    description:
      - The dashboard, in CloudWatch's structure of a dashboard body.
      - Required to make the dashboard.
    type: dict
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a dashboard with one graph
  webstack.aws.cloudwatch_dashboard:
    name: staging-shop
    dashboard_body:
      widgets:
        - type: metric
          width: 12
          height: 6
          properties:
            title: CPU
            region: us-east-1
            metrics: [[AWS/ECS, CPUUtilization, ClusterName, staging-shop, ServiceName, staging-shop-api]]
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.cloudwatch_dashboard:
    name: staging-shop
    state: absent
"""

RETURN = r"""
cloudwatch_dashboard:
  description: The dashboard; empty when it does not exist.
  returned: success
  type: dict
  contains:
    dashboard_name:
      description: The dashboard's name.
      type: str
      sample: staging-shop
    dashboard_arn:
      description: The dashboard's ARN.
      type: str
      sample: arn:aws:cloudwatch::123456789012:dashboard/staging-shop
    dashboard_body:
      description: The dashboard.
      type: dict
      sample: {"widgets": []}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._cloudwatch_dashboard import CloudwatchDashboard
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        CloudwatchDashboard,
        resource_arguments(name={"type": "str", "required": True}, dashboard_body={"type": "dict"}),
    )


if __name__ == "__main__":
    main()
