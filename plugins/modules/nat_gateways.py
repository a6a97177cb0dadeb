#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nat_gateways
version_added: 0.1.0
short_description: Manage NAT gateways and their public addresses in one go
description:
  - Creates and removes public NAT gateways, each with an Elastic IP of the same tag C(Name).
  - Both are tagged in the calls that make them; what a killed run left behind is found by that tag and completed.
  - It does not wait for new gateways to be available; M(webstack.aws.wait) does. AWS takes no route to them before.
  - A gateway that failed or was removed by hand is made anew with the same public address.
  - Removing a gateway takes about a minute; its address is released once the gateway is gone.
options:
  nat_gateways:
    description: The NAT gateways.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The tag C(Name) of the gateway and of its Elastic IP.
        type: str
        required: true
      subnet_id:
        description: The public subnet that it is in. AWS cannot move it. Required to create it.
        type: str
  purge:
    description:
      - Whether NAT gateways and Elastic IPs that are not listed are removed, if they bear all C(webstack:) tags of
        O(tags).
      - Remove the routes to them first.
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
- name: Launch a NAT gateway
  webstack.aws.nat_gateways:
    nat_gateways:
      - name: staging-shop-a
        subnet_id: subnet-0123456789abcdef0
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove all that this stack has
  webstack.aws.nat_gateways:
    nat_gateways: []
    purge: true
    tags:
      webstack:stack: shop
      webstack:environment: staging
"""

RETURN = r"""
nat_gateways:
  description: The NAT gateways by name, each as EC2 describes it, with its address.
  returned: success
  type: dict
  sample:
    staging-shop-a:
      nat_gateway_id: nat-0123456789abcdef0
      allocation_id: eipalloc-0123456789abcdef0
      public_ip: 203.0.113.10
      subnet_id: subnet-0123456789abcdef0
      state: pending
unlisted:
  description: The names of this owner's gateways that are not listed; O(purge) removes them.
  returned: when there are any
  type: list
  elements: str
  sample: [staging-shop-b]
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many
from ansible_collections.webstack.aws.plugins.module_utils._nat_gateways import NatGateway


def main():
    run_many(
        NatGateway,
        resource_arguments(
            nat_gateways={
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {"name": {"type": "str", "required": True}, "subnet_id": {"type": "str"}},
            },
            purge={"type": "bool", "default": False},
        ),
        items="nat_gateways",
    )


if __name__ == "__main__":
    main()
