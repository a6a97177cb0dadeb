#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: s3_bucket
version_added: 0.1.0
short_description: Manage an S3 bucket
description:
  - Creates, changes and removes a general purpose S3 bucket with its versioning, encryption, public access block,
    ownership, policy, lifecycle rules and CORS rules.
  - With an SDK that cannot tag a bucket in the call that makes it, the tags follow at once. What a run that was killed
    between the two left behind is adopted, which is a bucket of this account without tags and objects, that has the
    account's number in its name.
options:
  name:
    description: The bucket's name, unique in all of AWS.
    type: str
    required: true
  versioning:
    description:
      - Whether S3 keeps the versions of objects.
      - A bucket that once had versions keeps them when this becomes V(false); no new ones are made.
    type: bool
  sse_algorithm:
    description: How objects are encrypted where a request does not say it.
    type: str
    choices: [AES256, "aws:kms", "aws:kms:dsse"]
  kms_master_key_id:
    description:
      - The ARN or id of the KMS key that encrypts.
      - Without it KMS uses the account's key for S3.
    type: str
  bucket_key_enabled:
    description: Whether a key of the bucket spares most calls to KMS.
    type: bool
  public_access_block:
    description: What is blocked of public access.
    type: dict
    suboptions:
      block_public_acls:
        description: Whether requests that would make ACLs public are refused.
        type: bool
        default: true
      ignore_public_acls:
        description: Whether public ACLs have no effect.
        type: bool
        default: true
      block_public_policy:
        description: Whether policies that would make the bucket public are refused.
        type: bool
        default: true
      restrict_public_buckets:
        description: Whether public policies let in nobody but this account and AWS's services.
        type: bool
        default: true
  object_ownership:
    description: Who owns objects that others write, and whether ACLs mean anything.
    type: str
    choices: [BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter]
  policy:
    description:
      - The bucket's policy, compared by meaning.
      - An empty mapping removes it.
    type: dict
  lifecycle_rules:
    description:
      - All lifecycle rules of the bucket, in their order. An empty list removes all.
    type: list
    elements: dict
    suboptions:
      id:
        description: The rule's name within the bucket.
        type: str
        required: true
      status:
        description: Whether the rule is in force.
        type: str
        choices: [Enabled, Disabled]
        default: Enabled
      filter:
        description: For which objects the rule is; for all without it.
        type: dict
        default: {}
        suboptions:
          prefix:
            description: Objects whose keys begin with this.
            type: str
          tags:
            description: Objects that have all these tags.
            type: dict
          object_size_greater_than:
            description: Objects of more bytes than this.
            type: int
          object_size_less_than:
            description: Objects of fewer bytes than this.
            type: int
      transitions:
        description: When objects move into other classes of storage.
        type: list
        elements: dict
        suboptions:
          days:
            description: How many days after they were made.
            type: int
            required: true
          storage_class:
            description: Whereto.
            type: str
            required: true
            choices: [STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER, GLACIER_IR, DEEP_ARCHIVE]
      expiration:
        description: When objects are removed.
        type: dict
        suboptions:
          days:
            description: How many days after they were made.
            type: int
          expired_object_delete_marker:
            description: Whether the mark of a deleted object goes once no version is left.
            type: bool
      noncurrent_version_transitions:
        description: When versions that are no longer current move into other classes of storage.
        type: list
        elements: dict
        suboptions:
          noncurrent_days:
            description: How many days after they ceased to be current.
            type: int
            required: true
          newer_noncurrent_versions:
            description: How many of them stay where they are.
            type: int
          storage_class:
            description: Whereto.
            type: str
            required: true
            choices: [STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER, GLACIER_IR, DEEP_ARCHIVE]
      noncurrent_version_expiration:
        description: When versions that are no longer current are removed.
        type: dict
        suboptions:
          noncurrent_days:
            description: How many days after they ceased to be current.
            type: int
            required: true
          newer_noncurrent_versions:
            description: How many of them are kept in any case.
            type: int
      abort_incomplete_multipart_upload:
        description: When uploads in parts that were never completed are removed.
        type: dict
        suboptions:
          days_after_initiation:
            description: How many days after they began.
            type: int
            required: true
  cors_rules:
    description:
      - All rules by which browsers on other sites may use the bucket, in their order. An empty list removes all.
    type: list
    elements: dict
    suboptions:
      id:
        description: The rule's name within the bucket.
        type: str
      allowed_methods:
        description: The HTTP methods.
        type: list
        elements: str
        required: true
        choices: [GET, PUT, HEAD, POST, DELETE]
      allowed_origins:
        description: The sites.
        type: list
        elements: str
        required: true
      allowed_headers:
        description: The headers that a request may have.
        type: list
        elements: str
      expose_headers:
        description: The headers of the answer that scripts may see.
        type: list
        elements: str
      max_age_seconds:
        description: For how long a browser may remember the rule.
        type: int
  force:
    description:
      - With O(state=absent), whether the bucket's objects are removed with it, all versions of them.
      - S3 refuses to remove a bucket that has objects.
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
- name: Make a bucket for uploads that are rarely read after a month
  webstack.aws.s3_bucket:
    name: staging-shop-uploads-123456789012
    versioning: true
    sse_algorithm: AES256
    public_access_block: {}
    object_ownership: BucketOwnerEnforced
    lifecycle_rules:
      - id: archive
        transitions:
          - {days: 30, storage_class: STANDARD_IA}
      - id: exports
        filter: {prefix: exports/}
        expiration: {days: 7}
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it with its objects
  webstack.aws.s3_bucket:
    name: staging-shop-uploads-123456789012
    state: absent
    force: true
"""

RETURN = r"""
s3_bucket:
  description: The bucket; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The bucket's name.
      type: str
      sample: staging-shop-uploads-123456789012
    arn:
      description: The bucket's ARN.
      type: str
      sample: arn:aws:s3:::staging-shop-uploads-123456789012
    region:
      description: The region in which it is.
      type: str
      sample: us-east-1
    versioning:
      description: Whether S3 keeps the versions of objects.
      type: bool
      sample: true
    sse_algorithm:
      description: How objects are encrypted.
      type: str
      sample: AES256
    kms_master_key_id:
      description: The KMS key, empty where there is none.
      type: str
      sample: ""
    bucket_key_enabled:
      description: Whether a key of the bucket spares most calls to KMS.
      type: bool
      sample: false
    public_access_block:
      description: What is blocked of public access.
      type: dict
      sample:
        block_public_acls: true
        ignore_public_acls: true
        block_public_policy: true
        restrict_public_buckets: true
    object_ownership:
      description: Who owns objects that others write.
      type: str
      sample: BucketOwnerEnforced
    policy:
      description: The policy in its normal form, empty where there is none.
      type: dict
      sample: {}
    lifecycle_rules:
      description: The lifecycle rules, as the option takes them.
      type: list
      elements: dict
      sample: [{"id": "exports", "status": "Enabled", "filter": {"prefix": "exports/"}, "expiration": {"days": 7}}]
    cors_rules:
      description: The CORS rules, as the option takes them.
      type: list
      elements: dict
      sample: []
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._s3_bucket import S3Bucket

STORAGE_CLASSES = ["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "GLACIER_IR", "DEEP_ARCHIVE"]
ON = {"type": "bool", "default": True}
LIST = {"type": "list", "elements": "str"}

LIFECYCLE_RULE = {
    "id": {"type": "str", "required": True},
    "status": {"type": "str", "choices": ["Enabled", "Disabled"], "default": "Enabled"},
    "filter": {
        "type": "dict",
        "default": {},
        "options": {
            "prefix": {"type": "str"},
            "tags": {"type": "dict"},
            "object_size_greater_than": {"type": "int"},
            "object_size_less_than": {"type": "int"},
        },
    },
    "transitions": {
        "type": "list",
        "elements": "dict",
        "options": {
            "days": {"type": "int", "required": True},
            "storage_class": {"type": "str", "required": True, "choices": STORAGE_CLASSES},
        },
    },
    "expiration": {
        "type": "dict",
        "options": {"days": {"type": "int"}, "expired_object_delete_marker": {"type": "bool"}},
    },
    "noncurrent_version_transitions": {
        "type": "list",
        "elements": "dict",
        "options": {
            "noncurrent_days": {"type": "int", "required": True},
            "newer_noncurrent_versions": {"type": "int"},
            "storage_class": {"type": "str", "required": True, "choices": STORAGE_CLASSES},
        },
    },
    "noncurrent_version_expiration": {
        "type": "dict",
        "options": {
            "noncurrent_days": {"type": "int", "required": True},
            "newer_noncurrent_versions": {"type": "int"},
        },
    },
    "abort_incomplete_multipart_upload": {
        "type": "dict",
        "options": {"days_after_initiation": {"type": "int", "required": True}},
    },
}

CORS_RULE = {
    "id": {"type": "str"},
    "allowed_methods": {**LIST, "required": True, "choices": ["GET", "PUT", "HEAD", "POST", "DELETE"]},
    "allowed_origins": {**LIST, "required": True},
    "allowed_headers": LIST,
    "expose_headers": LIST,
    "max_age_seconds": {"type": "int"},
}


def main():
    run_one(
        S3Bucket,
        resource_arguments(
            name={"type": "str", "required": True},
            versioning={"type": "bool"},
            sse_algorithm={"type": "str", "choices": ["AES256", "aws:kms", "aws:kms:dsse"]},
            kms_master_key_id={"type": "str"},
            bucket_key_enabled={"type": "bool"},
            public_access_block={
                "type": "dict",
                "options": {
                    "block_public_acls": ON,
                    "ignore_public_acls": ON,
                    "block_public_policy": ON,
                    "restrict_public_buckets": ON,
                },
            },
            object_ownership={
                "type": "str",
                "choices": ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"],
            },
            policy={"type": "dict"},
            lifecycle_rules={"type": "list", "elements": "dict", "options": LIFECYCLE_RULE},
            cors_rules={"type": "list", "elements": "dict", "options": CORS_RULE},
            force={"type": "bool", "default": False},
        ),
    )


if __name__ == "__main__":
    main()
