#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ssm_parameter
version_added: 0.1.0
short_description: Manage a parameter of Systems Manager
description:
  - Creates, changes and removes a parameter of type C(String), for values that others shall read.
  - It is not for secrets; the module M(webstack.aws.secret) is.
options:
  name:
    description: The parameter's name, with a slash first where it has levels.
    type: str
    required: true
  value:
    description:
      - What it holds; a text, or a mapping, which is stored as a JSON object and compared by meaning.
      - Required when it shall exist.
    type: raw
  description:
    description: What it is for.
    type: str
  tier:
    description:
      - How much it can hold. C(Standard) is 4096 bytes and costs nothing, C(Advanced) 8192.
      - With C(Intelligent-Tiering) AWS chooses the cheapest that suffices. No tier becomes a smaller one again.
    type: str
    choices: [Standard, Advanced, Intelligent-Tiering]
    default: Standard
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Publish where a stack is
  webstack.aws.ssm_parameter:
    name: /webstack/staging-shop/outputs
    description: Outputs of staging-shop
    value:
      alb_dns_name: staging-shop-alb-1234567890.us-east-1.elb.amazonaws.com
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.ssm_parameter:
    name: /webstack/staging-shop/outputs
    state: absent
"""

RETURN = r"""
ssm_parameter:
  description: The parameter; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: /webstack/staging-shop/outputs
    arn:
      description: Its ARN.
      type: str
      sample: arn:aws:ssm:us-east-1:123456789012:parameter/webstack/staging-shop/outputs
    value:
      description: What it holds; a JSON object as a mapping.
      type: raw
      sample: {"alb_dns_name": "staging-shop-alb-1234567890.us-east-1.elb.amazonaws.com"}
    description:
      description: What it is for.
      type: str
      sample: Outputs of staging-shop
    tier:
      description: The tier that AWS shows.
      type: str
      sample: Standard
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._ssm_parameter import LARGEST, SsmParameter


def main():
    run_one(
        SsmParameter,
        resource_arguments(
            name={"type": "str", "required": True},
            value={"type": "raw"},
            description={"type": "str"},
            tier={"type": "str", "choices": list(LARGEST), "default": "Standard"},
        ),
        required_if=[("state", "present", ("value",))],
    )


if __name__ == "__main__":
    main()
