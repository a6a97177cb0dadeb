#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_access_key
version_added: 0.1.0
short_description: Manage an IAM user whose access key is in a secret
description:
  - Creates, changes and removes an IAM user for a program that cannot use a role, with one inline policy and one access
    key. The key's id and secret are written into two keys of a secret of AWS Secrets Manager and nowhere else.
  - When the secret does not hold an access key of the user, keys that the user has are removed, because nobody can know
    their secrets, and a new one is made. A further key beside the one in the secret is left alone.
options:
  user_name:
    description: The user's name.
    type: str
    required: true
  policy:
    description:
      - The policy document that says what the user may do.
    type: dict
  policy_name:
    description: The name of the inline policy.
    type: str
    default: access
  permissions_boundary:
    description: ARN of the policy that bounds what the user may ever do.
    type: str
  secret:
    description:
      - The secret that holds the access key. It must exist.
      - Required with O(state=present).
    type: dict
    suboptions:
      secret_id:
        description: The secret's name or ARN.
        type: str
        required: true
      access_key_id_key:
        description: The key of the secret that holds the access key's id.
        type: str
        default: access_key_id
      secret_access_key_key:
        description: The key of the secret that holds the access key's secret.
        type: str
        default: secret_access_key
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Hand the program S3 credentials through its secret
  webstack.aws.iam_access_key:
    user_name: staging-shop-media
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action: [s3:GetObject, s3:PutObject]
          Resource: arn:aws:s3:::staging-shop-media/*
    secret:
      secret_id: staging-shop
      access_key_id_key: s3_access_key
      secret_access_key_key: s3_secret_key
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove the user and its keys
  webstack.aws.iam_access_key:
    user_name: staging-shop-media
    state: absent
"""

RETURN = r"""
iam_access_key:
  description: The user, without anything of its access key; empty when the user does not exist.
  returned: success
  type: dict
  contains:
    user_name:
      description: The user's name.
      type: str
      sample: staging-shop-media
    arn:
      description: The user's ARN.
      type: str
      sample: arn:aws:iam::123456789012:user/staging-shop-media
    tags:
      description: The user's tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._iam_access_key import IamAccessKey
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        IamAccessKey,
        resource_arguments(
            user_name={"type": "str", "required": True},
            policy={"type": "dict"},
            policy_name={"type": "str", "default": "access"},
            permissions_boundary={"type": "str"},
            secret={
                "type": "dict",
                "no_log": False,
                "options": {
                    "secret_id": {"type": "str", "required": True, "no_log": False},
                    "access_key_id_key": {"type": "str", "default": "access_key_id", "no_log": False},
                    "secret_access_key_key": {"type": "str", "default": "secret_access_key", "no_log": False},
                },
            },
        ),
        name="user_name",
        required_if=[("state", "present", ["secret"])],
    )


if __name__ == "__main__":
    main()
