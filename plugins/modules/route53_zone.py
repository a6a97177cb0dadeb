#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_zone
version_added: 0.1.0
short_description: Manage a public Route 53 zone
description:
  - Creates, changes and removes a public hosted zone, without its records.
  - A zone of this name that bears another owner's tags, or none, is left alone. What is not asked for, DNSSEC for
    instance, is never touched.
options:
  name:
    description: The zone's domain name.
    type: str
    required: true
  comment:
    description: A comment on it.
    type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a zone
  webstack.aws.route53_zone:
    name: shop.example.com
    tags:
      webstack:stack: shop
      webstack:environment: production

- name: Remove it
  webstack.aws.route53_zone:
    name: shop.example.com
    state: absent
"""

RETURN = r"""
route53_zone:
  description: The zone; empty when it does not exist.
  returned: success
  type: dict
  contains:
    zone_id:
      description: Its id.
      type: str
      sample: Z0123456789ABCDEFGHIJ
    name:
      description: Its domain name.
      type: str
      sample: shop.example.com
    name_servers:
      description: The name servers to which the parent domain must delegate it.
      type: list
      elements: str
      sample: [ns-1.awsdns-01.com, ns-2.awsdns-02.net]
    comment:
      description: The comment on it.
      type: str
      sample: ""
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._route53 import Route53Zone


def main():
    run_one(
        Route53Zone,
        resource_arguments(name={"type": "str", "required": True}, comment={"type": "str"}),
    )


if __name__ == "__main__":
    main()
