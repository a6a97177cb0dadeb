#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_image_info
version_added: 0.1.0
short_description: Say which images are in the account's ECR
description:
  - Says of each image whether it is in the private registry of this account and region. Other registries are not asked.
options:
  images:
    description: The images, as containers name them. One without tag and digest is the tag C(latest).
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: It only ever reads.
    support: full
  diff_mode:
    description: It changes nothing, so there is nothing to show.
    support: none
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: See whether the images are there
  webstack.aws.ecr_image_info:
    images:
      - 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api:1.4.2
      - docker.io/library/nginx:1.29
  register: images
"""

RETURN = r"""
images:
  description: By image what is known of it.
  returned: success
  type: dict
  contains:
    state:
      description:
        - V(present) or V(missing); V(unknown) for one of another registry, account or region.
        - In check mode an image whose repository is yet to be made is V(missing).
      type: str
      sample: missing
    push_commands:
      description: How an image that is missing is brought there from a machine that has it under the same name and tag.
      type: list
      elements: str
      sample: [docker push 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/api:1.4.2]
  sample:
    docker.io/library/nginx:1.29: {state: unknown, push_commands: []}
"""

from ansible_collections.webstack.aws.plugins.module_utils._ecr_images import MISSING, push_commands, states
from ansible_collections.webstack.aws.plugins.module_utils._module import run_module


def work(module, aws):
    found = states(aws, dict.fromkeys(module.params["images"]))
    return {
        "changed": False,
        "images": {
            image: {"state": state, "push_commands": push_commands(image) if state == MISSING else []}
            for image, state in found.items()
        },
    }


def main():
    run_module({"images": {"type": "list", "elements": "str", "required": True}}, work)


if __name__ == "__main__":
    main()
