#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_role
version_added: 0.1.0
short_description: Manage an IAM role and its policies
description:
  - Creates, changes and removes an IAM role together with its trust policy, inline policies, managed policies and
    permissions boundary.
  - Policies are compared by meaning. Order, white space, a single value instead of a list, and an account instead of
    its root's ARN make no difference.
options:
  name:
    description: The role's name.
    type: str
    required: true
  path:
    description:
      - The role's path, with a slash at either end.
      - Cannot be changed once the role exists.
    type: str
  assume_role_policy_document:
    description:
      - The trust policy, who may take the role on.
      - Required to make the role.
    type: dict
  description:
    description: What the role is for.
    type: str
  max_session_duration:
    description: The longest session in seconds, from 3600 to 43200.
    type: int
  permissions_boundary:
    description:
      - The ARN of the policy that bounds what the role may do.
      - An empty string removes the boundary.
    type: str
  inline_policies:
    description:
      - The policies within the role, documents by name.
      - Those that are not named here are removed, so an empty mapping removes all.
    type: dict
  managed_policies:
    description:
      - The ARNs of the managed policies that are attached.
      - Those that are not named here are detached, so an empty list detaches all.
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
- name: Make a role that tasks of this account's clusters take on to write into one bucket
  webstack.aws.iam_role:
    name: staging-shop-task
    description: What the shop may do
    assume_role_policy_document:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: ecs-tasks.amazonaws.com}
          Action: sts:AssumeRole
          Condition: {StringEquals: {"aws:SourceAccount": "123456789012"}}
    inline_policies:
      uploads:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: [s3:GetObject, s3:PutObject]
            Resource: arn:aws:s3:::staging-shop-uploads/*
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.iam_role:
    name: staging-shop-task
    state: absent
"""

RETURN = r"""
iam_role:
  description: The role as IAM describes it; empty when it does not exist.
  returned: success
  type: dict
  contains:
    role_name:
      description: The role's name.
      type: str
      sample: staging-shop-task
    arn:
      description: The role's ARN.
      type: str
      sample: arn:aws:iam::123456789012:role/staging-shop-task
    role_id:
      description: The role's unique id.
      type: str
      sample: AROAEXAMPLEEXAMPLE123
    path:
      description: The role's path.
      type: str
      sample: /
    description:
      description: What the role is for.
      type: str
      sample: What the shop may do
    max_session_duration:
      description: The longest session in seconds.
      type: int
      sample: 3600
    assume_role_policy_document:
      description: The trust policy, as IAM has it.
      type: dict
      sample: {"Version": "2012-10-17", "Statement": []}
    inline_policies:
      description: The inline policies by name, as IAM has them.
      type: dict
      sample: {"uploads": {"Version": "2012-10-17", "Statement": []}}
    attached_policies:
      description: The managed policies that are attached.
      type: list
      elements: dict
      sample: [{"policy_name": "ReadOnlyAccess", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._iam_role import IamRole
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        IamRole,
        resource_arguments(
            name={"type": "str", "required": True},
            path={"type": "str"},
            assume_role_policy_document={"type": "dict"},
            description={"type": "str"},
            max_session_duration={"type": "int"},
            permissions_boundary={"type": "str"},
            inline_policies={"type": "dict"},
            managed_policies={"type": "list", "elements": "str"},
        ),
    )


if __name__ == "__main__":
    main()
