#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: internet_gateway
version_added: 0.1.0
short_description: Manage the internet gateway of a VPC
description:
  - Creates an internet gateway and attaches it, attaches it to another VPC, and removes it.
  - It is found by its tag C(Name), attached or not, so that a run that was killed between the two is completed.
options:
  name:
    description: The gateway's tag C(Name).
    type: str
    required: true
  vpc_id:
    description: The VPC that it is attached to. Required to create it.
    type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Attach an internet gateway
  webstack.aws.internet_gateway:
    name: staging-shop
    vpc_id: vpc-0123456789abcdef0
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Detach and remove it
  webstack.aws.internet_gateway:
    name: staging-shop
    state: absent
"""

RETURN = r"""
internet_gateway:
  description: The gateway as EC2 describes it; empty when it does not exist.
  returned: success
  type: dict
  contains:
    internet_gateway_id:
      description: Its id.
      type: str
      sample: igw-0123456789abcdef0
    vpc_id:
      description: The VPC that it is attached to; none when it is not.
      type: str
      sample: vpc-0123456789abcdef0
    tags:
      description: Its tags.
      type: dict
      sample: {"Name": "staging-shop", "webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._vpc import InternetGateway


def main():
    run_one(
        InternetGateway,
        resource_arguments(name={"type": "str", "required": True}, vpc_id={"type": "str"}),
        required_if=[("state", "present", ["vpc_id"])],
    )


if __name__ == "__main__":
    main()
