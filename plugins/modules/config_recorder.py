#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: config_recorder
version_added: 0.1.0
short_description: Manage the recorder of AWS Config in a region
description:
  - Creates, changes and removes the configuration recorder of an account in a region, with its delivery channel, and
    lets it record.
  - An account has one of each in a region. Where there is one of another name, or where the tag C(webstack:role) is
    among O(tags) and the recorder of this name has not got it, it is somebody else's. Then everything is left as it
    is, and the result says so in RV(config_recorder.kept).
  - The bucket's policy must let AWS Config write into it, or AWS refuses the delivery channel.
options:
  name:
    description: The name of the recorder and of its delivery channel.
    type: str
    required: true
  role_arn:
    description:
      - The role by which AWS Config looks at resources.
      - Without it a new recorder has AWS's own role C(AWSServiceRoleForConfig), which is made where there is none yet.
    type: str
  resource_types:
    description: The types of resources to record, such as V(AWS::EC2::SecurityGroup). An empty list is for all.
    type: list
    elements: str
  include_global_resource_types:
    description:
      - Whether IAM's users, groups, roles and policies are recorded as well, where all types are.
      - They are the same in all regions, so one region is enough.
    type: bool
  recording_frequency:
    description: Whether each change is recorded or what a day has changed; V(CONTINUOUS) for a new one.
    type: str
    choices: [CONTINUOUS, DAILY]
  s3_bucket_name:
    description: The bucket that it writes into. Needed to make it.
    type: str
  is_recording:
    description: Whether it records; a new one does where nothing is said.
    type: bool
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Record once a day what has changed
  webstack.aws.config_recorder:
    name: webstack
    s3_bucket_name: webstack-audit-123456789012-us-east-1
    include_global_resource_types: true
    recording_frequency: DAILY
    tags:
      webstack:role: account

- name: Record no more; what was recorded stays in the bucket
  webstack.aws.config_recorder:
    name: webstack
    state: absent
"""

RETURN = r"""
config_recorder:
  description: The recorder with its delivery channel; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The recorder's name.
      type: str
      sample: webstack
    arn:
      description: The recorder's ARN.
      type: str
      sample: arn:aws:config:us-east-1:123456789012:configuration-recorder/webstack/k2x4l6pz
    kept:
      description: Why a recorder was left as it is; empty for one that this module manages.
      type: str
      sample: ""
    resource_types:
      description: The types that it records; empty for all.
      type: list
      elements: str
      sample: []
    recording_frequency:
      description: How often it records.
      type: str
      sample: DAILY
    s3_bucket_name:
      description: The bucket that it writes into.
      type: str
      sample: webstack-audit-123456789012-us-east-1
    is_recording:
      description: Whether it records.
      type: bool
      sample: true
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:role": "account"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._config_recorder import ConfigRecorder
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        ConfigRecorder,
        resource_arguments(
            name={"type": "str", "required": True},
            role_arn={"type": "str"},
            resource_types={"type": "list", "elements": "str"},
            include_global_resource_types={"type": "bool"},
            recording_frequency={"type": "str", "choices": ["CONTINUOUS", "DAILY"]},
            s3_bucket_name={"type": "str"},
            is_recording={"type": "bool"},
        ),
    )


if __name__ == "__main__":
    main()
