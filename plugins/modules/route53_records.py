#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_records
version_added: 0.1.0
short_description: Manage records in a public Route 53 zone
description:
  - Creates, changes and removes any number of records of one zone in one go.
  - The zone may be somebody else's. Records that are not named here are never touched; those that are named become what
    is said here, whatever they were before, since records carry no tags that could say whose they are.
  - In check mode the zone need not exist yet.
options:
  zone_id:
    description: The zone's id.
    type: str
  zone_name:
    description: The zone's domain name, when there is just one public zone of this name in the account.
    type: str
  records:
    description: The records. With O(state=absent) nothing but their names and types counts.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The full domain name.
        type: str
        required: true
      type:
        description: The record's type.
        type: str
        required: true
        choices: [A, AAAA, CAA, CNAME, MX, NS, PTR, SRV, TXT]
      ttl:
        description: Seconds for which it may be kept; 300 for a new one where nothing is said.
        type: int
      values:
        description: Its values.
        type: list
        elements: str
      alias_target:
        description: The AWS resource that it stands for, instead of values.
        type: dict
        suboptions:
          dns_name:
            description: The resource's domain name.
            type: str
            required: true
          hosted_zone_id:
            description: The zone of that name, which the resource's own description gives.
            type: str
            required: true
          evaluate_target_health:
            description: Whether the record answers only while the resource is healthy.
            type: bool
            default: false
extends_documentation_fragment:
  - webstack.aws.resource
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Point two names at a load balancer
  webstack.aws.route53_records:
    zone_name: example.com
    records:
      - name: shop.example.com
        type: A
        alias_target: &alb
          dns_name: "{{ balancer.load_balancer.dns_name }}"
          hosted_zone_id: "{{ balancer.load_balancer.canonical_hosted_zone_id }}"
      - name: www.shop.example.com
        type: A
        alias_target: *alb

- name: Remove one of them
  webstack.aws.route53_records:
    zone_name: example.com
    records:
      - {name: www.shop.example.com, type: A}
    state: absent
"""

RETURN = r"""
route53_records:
  description: The records that were named and exist, by name and type.
  returned: success
  type: dict
  sample:
    "shop.example.com A":
      name: shop.example.com
      type: A
      zone_id: Z0123456789ABCDEFGHIJ
      alias_target:
        dns_name: production-shop-alb-1234567890.us-east-1.elb.amazonaws.com
        hosted_zone_id: Z35SXDOTRQ7X7K
        evaluate_target_health: false
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._route53 import Route53Record

ALIAS_TARGET = {
    "dns_name": {"type": "str", "required": True},
    "hosted_zone_id": {"type": "str", "required": True},
    "evaluate_target_health": {"type": "bool", "default": False},
}
RECORD = {
    "name": {"type": "str", "required": True},
    "type": {
        "type": "str",
        "required": True,
        "choices": ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SRV", "TXT"],
    },
    "ttl": {"type": "int"},
    "values": {"type": "list", "elements": "str"},
    "alias_target": {"type": "dict", "options": ALIAS_TARGET},
}


def main():
    run_many(
        Route53Record,
        resource_arguments(
            tags=False,
            zone_id={"type": "str"},
            zone_name={"type": "str"},
            records={
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": RECORD,
                "mutually_exclusive": [("values", "alias_target")],
            },
        ),
        items="records",
        named_by=("name", "type"),
        required_one_of=[("zone_id", "zone_name")],
        mutually_exclusive=[("zone_id", "zone_name")],
    )


if __name__ == "__main__":
    main()
