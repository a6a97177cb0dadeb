#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vpc_link
version_added: 0.1.0
short_description: Manage a VPC link of API Gateway
description:
  - Creates, changes and removes a VPC link, by which HTTP APIs reach load balancers without public addresses.
  - It returns as soon as AWS has taken the request; AWS needs 5 to 10 minutes. M(webstack.aws.wait) waits for the link,
    and with O(webstack.aws.wait#module:state=absent) until its network interfaces are gone.
  - API Gateway lets several links have the same name. Where O(tags) name an owner, the owner's is meant and others are
    left alone; two of the same name and owner are an error.
  - A link that failed serves nobody and cannot be mended. It counts as absent, and is removed when another is made.
  - AWS takes the network interfaces away from a link without traffic for 60 days and calls it C(INACTIVE). It becomes
    available by itself, some minutes after requests begin again; until then they fail.
options:
  name:
    description: The link's name, at most 128 characters.
    type: str
    required: true
  subnet_ids:
    description: Ids of its subnets, at most 10. Needed to make it. AWS cannot change this in place.
    type: list
    elements: str
  security_group_ids:
    description:
      - Ids of its security groups. A link made without any has the default group of its VPC.
      - AWS cannot change this in place.
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
- name: Launch a VPC link into the private subnets
  webstack.aws.vpc_link:
    name: production-shop-vpc-link
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]
    security_group_ids: [sg-0a1b2c3d4e5f60718]
    tags:
      webstack:stack: shop
      webstack:environment: production
  register: link

- name: Wait for it
  webstack.aws.wait:
    resources: [{kind: vpc_link, id: "{{ link.vpc_link.vpc_link_id }}"}]

- name: Remove it
  webstack.aws.vpc_link:
    name: production-shop-vpc-link
    state: absent
    tags:
      webstack:stack: shop
      webstack:environment: production
"""

RETURN = r"""
vpc_link:
  description: The link as AWS describes it; empty when it does not exist.
  returned: success
  type: dict
  contains:
    vpc_link_id:
      description: Its id.
      type: str
      sample: 4dxlq5
    name:
      description: Its name.
      type: str
      sample: production-shop-vpc-link
    vpc_link_status:
      description: C(PENDING), C(AVAILABLE), C(INACTIVE) or C(FAILED).
      type: str
      sample: AVAILABLE
    vpc_link_status_message:
      description: What AWS says of that.
      type: str
      sample: VPC link is ready to route traffic
    subnet_ids:
      description: Ids of its subnets.
      type: list
      elements: str
      sample: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]
    security_group_ids:
      description: Ids of its security groups.
      type: list
      elements: str
      sample: [sg-0a1b2c3d4e5f60718]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._vpc_link import VpcLink


def main():
    run_one(
        VpcLink,
        resource_arguments(
            name={"type": "str", "required": True},
            subnet_ids={"type": "list", "elements": "str"},
            security_group_ids={"type": "list", "elements": "str"},
        ),
    )


if __name__ == "__main__":
    main()
