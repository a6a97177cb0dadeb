#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vpc
version_added: 0.1.0
short_description: Manage a VPC
description:
  - Creates, changes and removes a VPC, which is found by its tag C(Name).
  - It is made with its tags in one call, and never made twice, also when a run is killed or an answer is lost.
options:
  name:
    description: The VPC's tag C(Name).
    type: str
    required: true
  cidr_block:
    description:
      - Its range of IPv4 addresses, from C(/16) to C(/28).
      - AWS cannot change it; the module fails rather than make a second VPC.
    type: str
  enable_dns_support:
    description:
      - Whether AWS's resolver answers in it. AWS has it on in a new VPC.
    type: bool
  enable_dns_hostnames:
    description:
      - Whether instances get public host names; private names of interface endpoints need it.
      - AWS has it off in a new VPC.
    type: bool
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a VPC
  webstack.aws.vpc:
    name: staging-shop
    cidr_block: 10.1.0.0/16
    enable_dns_support: true
    enable_dns_hostnames: true
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.vpc:
    name: staging-shop
    state: absent
"""

RETURN = r"""
vpc:
  description: The VPC as EC2 describes it; empty when it does not exist.
  returned: success
  type: dict
  contains:
    vpc_id:
      description: Its id.
      type: str
      sample: vpc-0123456789abcdef0
    cidr_block:
      description: Its range of IPv4 addresses.
      type: str
      sample: 10.1.0.0/16
    enable_dns_support:
      description: Whether AWS's resolver answers in it.
      type: bool
      sample: true
    enable_dns_hostnames:
      description: Whether instances get public host names.
      type: bool
      sample: true
    tags:
      description: Its tags.
      type: dict
      sample: {"Name": "staging-shop", "webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._vpc import Vpc


def main():
    run_one(
        Vpc,
        resource_arguments(
            name={"type": "str", "required": True},
            cidr_block={"type": "str"},
            enable_dns_support={"type": "bool"},
            enable_dns_hostnames={"type": "bool"},
        ),
        required_if=[("state", "present", ["cidr_block"])],
    )


if __name__ == "__main__":
    main()
