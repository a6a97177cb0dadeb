#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_logs
version_added: 0.1.0
short_description: Manage flow logs to CloudWatch Logs
description:
  - Creates, replaces and removes flow logs of VPCs, subnets and network interfaces, which write to CloudWatch Logs.
  - They are found by their tag C(Name).
  - AWS can change nothing of a flow log but its tags. For any other change a new one is made before the old one is
    removed, so that nothing goes unlogged; only where AWS takes no second one like it, the old one goes first.
options:
  flow_logs:
    description: The flow logs. With O(state=absent) nothing but their names counts.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The flow log's tag C(Name).
        type: str
        required: true
      resource_id:
        description: The VPC, the subnet or the network interface whose traffic is logged. Required to create it.
        type: str
      traffic_type:
        description: Which traffic is logged; V(ALL) for a new one where nothing is said.
        type: str
        choices: [ACCEPT, REJECT, ALL]
      log_group_name:
        description: The log group that it writes to. Required to create it.
        type: str
      deliver_logs_permission_arn:
        description:
          - The role with which it writes. It trusts C(vpc-flow-logs.amazonaws.com). Required to create it.
        type: str
      log_format:
        description:
          - The fields of each record, for instance V(${version} ${srcaddr} ${dstaddr} ${action}); for a new one AWS's
            default format where nothing is said.
        type: str
      max_aggregation_interval:
        description: For how many seconds a flow is put into one record; V(600) for a new one where nothing is said.
        type: int
        choices: [60, 600]
  purge:
    description: Whether flow logs that bear the same C(webstack:) tags as O(tags) and are not listed are removed.
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
- name: Log what the VPC's network refuses
  webstack.aws.flow_logs:
    flow_logs:
      - name: staging-shop
        resource_id: vpc-0123456789abcdef0
        traffic_type: REJECT
        log_group_name: /vpc/staging-shop
        deliver_logs_permission_arn: arn:aws:iam::123456789012:role/staging-shop-flow-logs
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove all that this stack has
  webstack.aws.flow_logs:
    flow_logs: []
    purge: true
    tags:
      webstack:stack: shop
      webstack:environment: staging
"""

RETURN = r"""
flow_logs:
  description: The flow logs by name, each as EC2 describes it.
  returned: success
  type: dict
  sample:
    staging-shop:
      flow_log_id: fl-0123456789abcdef0
      flow_log_status: ACTIVE
      deliver_logs_status: SUCCESS
      resource_id: vpc-0123456789abcdef0
      traffic_type: REJECT
      log_group_name: /vpc/staging-shop
unlisted:
  description: The names of this owner's flow logs that are not listed; O(purge) removes them.
  returned: when there are any
  type: list
  elements: str
  sample: [staging-shop]
"""

from ansible_collections.webstack.aws.plugins.module_utils._flow_logs import FlowLog
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many

FLOW_LOG = {
    "name": {"type": "str", "required": True},
    "resource_id": {"type": "str"},
    "traffic_type": {"type": "str", "choices": ["ACCEPT", "REJECT", "ALL"]},
    "log_group_name": {"type": "str"},
    "deliver_logs_permission_arn": {"type": "str"},
    "log_format": {"type": "str"},
    "max_aggregation_interval": {"type": "int", "choices": [60, 600]},
}


def main():
    run_many(
        FlowLog,
        resource_arguments(
            flow_logs={"type": "list", "elements": "dict", "required": True, "options": FLOW_LOG},
            purge={"type": "bool", "default": False},
        ),
        items="flow_logs",
    )


if __name__ == "__main__":
    main()
