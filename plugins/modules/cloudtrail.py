#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudtrail
version_added: 0.1.0
short_description: Manage a CloudTrail trail of an account
description:
  - Creates, changes and removes a trail, which writes into a bucket who called what in the account.
  - A trail belongs to the account. Where the tag C(webstack:role) is among O(tags), a trail of this name without that
    tag is somebody else's. It, a trail of this name whose home is another region, and the organisation's trail where
    there is none of this name, are left as they are; the result says so in RV(cloudtrail.kept).
  - The bucket's policy must let CloudTrail write into it, or AWS refuses the trail.
options:
  name:
    description: The trail's name, 3 to 128 letters and digits, parted by single C(.), C(_) or C(-).
    type: str
    required: true
  s3_bucket_name:
    description: The bucket that it writes into. Needed to make it.
    type: str
  is_multi_region_trail:
    description: Whether it records all regions; AWS makes one that records this region where nothing is said.
    type: bool
  enable_log_file_validation:
    description: Whether digests are written, by which one can prove that no file was changed.
    type: bool
  is_logging:
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
- name: Record all regions of the account
  webstack.aws.cloudtrail:
    name: webstack
    s3_bucket_name: webstack-audit-123456789012-us-east-1
    is_multi_region_trail: true
    enable_log_file_validation: true
    tags:
      webstack:role: account

- name: Remove the trail; what it wrote stays in the bucket
  webstack.aws.cloudtrail:
    name: webstack
    state: absent
"""

RETURN = r"""
cloudtrail:
  description: The trail; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The trail's name.
      type: str
      sample: webstack
    trail_arn:
      description: The trail's ARN.
      type: str
      sample: arn:aws:cloudtrail:us-east-1:123456789012:trail/webstack
    home_region:
      description: The region in which it can be changed.
      type: str
      sample: us-east-1
    kept:
      description: Why a trail was left as it is; empty for one that this module manages.
      type: str
      sample: ""
    s3_bucket_name:
      description: The bucket that it writes into.
      type: str
      sample: webstack-audit-123456789012-us-east-1
    is_logging:
      description: Whether it records.
      type: bool
      sample: true
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:role": "account"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._cloudtrail import Cloudtrail
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        Cloudtrail,
        resource_arguments(
            name={"type": "str", "required": True},
            s3_bucket_name={"type": "str"},
            is_multi_region_trail={"type": "bool"},
            enable_log_file_validation={"type": "bool"},
            is_logging={"type": "bool"},
        ),
    )


if __name__ == "__main__":
    main()
