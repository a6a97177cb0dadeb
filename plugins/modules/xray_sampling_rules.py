#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: xray_sampling_rules
version_added: 0.1.0
short_description: Manage X-Ray's sampling rules
description:
  - Creates, changes and removes any number of sampling rules, which say which requests are traced.
  - The rule C(Default) is X-Ray's own and is left alone.
options:
  sampling_rules:
    description: The rules. With O(state=absent) nothing but their names counts.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The rule's name, at most 32 characters, unique in an account and region.
        type: str
        required: true
      priority:
        description: Rules are asked in this order, the lowest first, 1 to 9999; V(1000) for a new one.
        type: int
      fixed_rate:
        description:
          - The share of requests that are traced once the reservoir of the second is used up, 0 to 1.
          - Needed to make it.
        type: float
      reservoir_size:
        description: How many requests a second are traced at any rate; V(1) for a new one.
        type: int
      service_name:
        description: The service that asks, as it calls itself in its traces; V(*) for a new one.
        type: str
      host:
        description: The host that is asked for; V(*) for a new one.
        type: str
      http_method:
        description: The request's method; V(*) for a new one.
        type: str
      url_path:
        description: The path that is asked for; V(*) for a new one.
        type: str
  purge:
    description:
      - Whether rules are removed that bear all of those O(tags) that begin with C(webstack:), and are not listed.
      - Needs the tags C(webstack:stack) and C(webstack:environment).
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
- name: Trace a tenth of a service's requests, and none of the load balancer's health checks
  webstack.aws.xray_sampling_rules:
    sampling_rules:
      - name: staging-shop-health
        priority: 100
        url_path: /health
        fixed_rate: 0
        reservoir_size: 0
      - name: staging-shop-api
        service_name: shop-api
        fixed_rate: 0.1
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove one of them
  webstack.aws.xray_sampling_rules:
    sampling_rules: [{name: staging-shop-health}]
    state: absent
"""

RETURN = r"""
sampling_rules:
  description: The rules that exist, by name.
  returned: success
  type: dict
  contains:
    rule_name:
      description: The rule's name.
      type: str
      sample: staging-shop-api
    rule_arn:
      description: The rule's ARN.
      type: str
      sample: arn:aws:xray:us-east-1:123456789012:sampling-rule/staging-shop-api
    fixed_rate:
      description: The share of requests that are traced.
      type: float
      sample: 0.1
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
unlisted:
  description: The names of this owner's rules that are not listed; O(purge) removes them.
  returned: when there are any
  type: list
  elements: str
  sample: [staging-shop-web]
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._xray_sampling_rule import XraySamplingRule

RULE = {
    "name": {"type": "str", "required": True},
    "priority": {"type": "int"},
    "fixed_rate": {"type": "float"},
    "reservoir_size": {"type": "int"},
    "service_name": {"type": "str"},
    "host": {"type": "str"},
    "http_method": {"type": "str"},
    "url_path": {"type": "str"},
}


def main():
    run_many(
        XraySamplingRule,
        resource_arguments(
            sampling_rules={"type": "list", "elements": "dict", "required": True, "options": RULE},
            purge={"type": "bool", "default": False},
        ),
        "sampling_rules",
    )


if __name__ == "__main__":
    main()
