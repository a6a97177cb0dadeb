#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: efs_file_system
version_added: 0.1.0
short_description: Manage an EFS file system and its mount targets
description:
  - Creates, changes and removes an encrypted EFS file system with its throughput, lifecycle, backups, policy and mount
    targets. It does not wait for the mount targets; the module M(webstack.aws.wait) does.
  - Its access points are made by M(webstack.aws.efs_access_points).
options:
  name:
    description:
      - The file system's name, at most 64 characters. It is its creation token, by which it is found and which is
        unique in an account and region, and its tag C(Name).
    type: str
    required: true
  performance_mode:
    description: For what it is made; C(generalPurpose) where nothing is said. AWS cannot change it.
    type: str
    choices: [generalPurpose, maxIO]
  kms_key_id:
    description: The KMS key that encrypts it; without it the account's key for EFS. AWS cannot change it.
    type: str
  throughput_mode:
    description:
      - How much it can move, as much as its size pays for, as much as is wanted and paid for by use, or a fixed amount.
      - AWS changes it once in 24 hours.
    type: str
    choices: [bursting, elastic, provisioned]
  provisioned_throughput_in_mibps:
    description: The fixed amount in MiB in a second, with O(throughput_mode=provisioned).
    type: float
  lifecycle_policies:
    description: When files move between classes of storage. What is not given inside does not happen.
    type: dict
    suboptions:
      transition_to_ia:
        description: After how long without access files move into the class for infrequent access.
        type: str
        choices: &periods
          - AFTER_1_DAY
          - AFTER_7_DAYS
          - AFTER_14_DAYS
          - AFTER_30_DAYS
          - AFTER_60_DAYS
          - AFTER_90_DAYS
          - AFTER_180_DAYS
          - AFTER_270_DAYS
          - AFTER_365_DAYS
      transition_to_archive:
        description: After how long they move into the archive. It is there with O(throughput_mode=elastic) alone.
        type: str
        choices: *periods
      transition_to_primary_storage_class:
        description: When they move back.
        type: str
        choices: [AFTER_1_ACCESS]
  backup:
    description: Whether AWS Backup keeps daily backups of it for 35 days.
    type: bool
  policy:
    description:
      - The file system's policy. A statement without C(Resource) is about this file system.
      - While it has none, all who reach a mount target may do all. An empty one removes it.
    type: dict
  subnet_ids:
    description: The subnets that get a mount target, one in each zone; mount targets in others are removed.
    type: list
    elements: str
  security_group_ids:
    description: The security groups of all mount targets.
    type: list
    elements: str
  force:
    description: With O(state=absent), whether it goes with the data that it holds.
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
- name: Make a file system that only IAM lets in, and only by TLS
  webstack.aws.efs_file_system:
    name: staging-shop-media
    throughput_mode: bursting
    lifecycle_policies:
      transition_to_ia: AFTER_30_DAYS
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Deny
          Principal: {AWS: "*"}
          Action: "*"
          Condition: {Bool: {"aws:SecureTransport": "false"}}
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]
    security_group_ids: [sg-0a1b2c3d4e5f60718]
    tags:
      webstack:stack: shop
      webstack:environment: staging
  register: media

- name: Wait until it can be mounted
  webstack.aws.wait:
    resources:
      - {kind: efs_mount_target, id: "{{ media.efs_file_system.mount_targets[0].mount_target_id }}"}
      - {kind: efs_mount_target, id: "{{ media.efs_file_system.mount_targets[1].mount_target_id }}"}

- name: Remove it with all its data
  webstack.aws.efs_file_system:
    name: staging-shop-media
    force: true
    state: absent
"""

RETURN = r"""
efs_file_system:
  description: The file system as AWS describes it and with its settings as options, empty when it is absent.
  returned: success
  type: dict
  contains:
    file_system_id:
      description: Its id.
      type: str
      sample: fs-0a1b2c3d4e5f60718
    file_system_arn:
      description: Its ARN.
      type: str
      sample: arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-0a1b2c3d4e5f60718
    life_cycle_state:
      description: Its state.
      type: str
      sample: available
    throughput_mode:
      description: How much it can move.
      type: str
      sample: bursting
    lifecycle_policies:
      description: When files move.
      type: dict
      sample: {"transition_to_ia": "AFTER_30_DAYS"}
    backup:
      description: Whether AWS Backup keeps backups of it.
      type: bool
      sample: false
    mount_targets:
      description: Its mount targets, each with its id, subnet, state and security groups.
      type: list
      elements: dict
      sample: [{"mount_target_id": "fsmt-0a1b2c3d4e5f60718", "subnet_id": "subnet-0a1b2c3d4e5f60718"}]
    tags:
      description: Its tags.
      type: dict
      sample: {"Name": "staging-shop-media", "webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._efs import EfsFileSystem
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one

PERIODS = [f"AFTER_{days}_DAYS" if days > 1 else "AFTER_1_DAY" for days in (1, 7, 14, 30, 60, 90, 180, 270, 365)]


def main():
    run_one(
        EfsFileSystem,
        resource_arguments(
            name={"type": "str", "required": True},
            performance_mode={"type": "str", "choices": ["generalPurpose", "maxIO"]},
            kms_key_id={"type": "str"},
            throughput_mode={"type": "str", "choices": ["bursting", "elastic", "provisioned"]},
            provisioned_throughput_in_mibps={"type": "float"},
            lifecycle_policies={
                "type": "dict",
                "options": {
                    "transition_to_ia": {"type": "str", "choices": PERIODS},
                    "transition_to_archive": {"type": "str", "choices": PERIODS},
                    "transition_to_primary_storage_class": {"type": "str", "choices": ["AFTER_1_ACCESS"]},
                },
            },
            backup={"type": "bool"},
            policy={"type": "dict"},
            subnet_ids={"type": "list", "elements": "str"},
            security_group_ids={"type": "list", "elements": "str"},
            force={"type": "bool", "default": False},
        ),
        required_together=[("subnet_ids", "security_group_ids")],
    )


if __name__ == "__main__":
    main()
