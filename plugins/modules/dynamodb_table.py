#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table
version_added: 0.1.0
short_description: Manage a DynamoDB table
description:
  - Creates, changes and removes a DynamoDB table with its global secondary indexes, expiry of items, point in time
    recovery, protection from deletion and encryption.
  - It waits until a new table can be used. DynamoDB takes one change after the other; the module waits between them,
    also until a new index is filled from the table.
options:
  name:
    description: The table's name, 3 to 255 letters, digits and C(_.-), unique in an account and region.
    type: str
    required: true
  hash_key:
    description: The attribute by whose value items are spread. Needed to make the table. AWS cannot change it.
    type: dict
    suboptions: &key
      name:
        description: The attribute's name.
        type: str
        required: true
      type:
        description: What its values are, strings, numbers or bytes.
        type: str
        choices: [S, N, B]
        default: S
  range_key:
    description: The attribute by which items of one hash key are sorted. AWS cannot change it.
    type: dict
    suboptions: *key
  billing_mode:
    description:
      - Whether requests are paid for, or capacity.
      - For a new table V(PAY_PER_REQUEST), unless O(provisioned_throughput) is given.
    type: str
    choices: [PAY_PER_REQUEST, PROVISIONED]
  provisioned_throughput:
    description: The capacity, where that is paid for.
    type: dict
    suboptions: &capacity
      read_capacity_units:
        description: Reads in a second, of 4 KB each.
        type: int
        required: true
      write_capacity_units:
        description: Writes in a second, of 1 KB each.
        type: int
        required: true
  global_secondary_indexes:
    description:
      - All the table's global secondary indexes; others are removed, an empty list removes all.
      - AWS changes nothing of an index but its capacity. Give an index that is to hold something else another name.
    type: list
    elements: dict
    suboptions:
      name:
        description: The index's name.
        type: str
        required: true
      hash_key:
        description: The attribute by whose value the index's items are spread.
        type: dict
        required: true
        suboptions: *key
      range_key:
        description: The attribute by which they are sorted.
        type: dict
        suboptions: *key
      projection_type:
        description: Which attributes the index holds. C(INCLUDE) where O(global_secondary_indexes[].non_key_attributes)
          are given, else C(ALL).
        type: str
        choices: [ALL, KEYS_ONLY, INCLUDE]
      non_key_attributes:
        description: The attributes that it holds beside the keys.
        type: list
        elements: str
      provisioned_throughput:
        description: Its capacity; without it the table's.
        type: dict
        suboptions: *capacity
  ttl_attribute:
    description:
      - The attribute with the second (since 1970) after which an item is removed; empty for no expiry.
      - AWS changes it once in an hour, and from one attribute to another only by way of none.
    type: str
  point_in_time_recovery_enabled:
    description: Whether the table can be restored to any second of the last 35 days.
    type: bool
  deletion_protection_enabled:
    description: Whether AWS refuses to delete the table.
    type: bool
  table_class:
    description: What costs less, requests or storage. AWS changes it twice in 30 days.
    type: str
    choices: [STANDARD, STANDARD_INFREQUENT_ACCESS]
  sse_specification:
    description: Whose key encrypts the table. It is always encrypted.
    type: dict
    suboptions:
      enabled:
        description: Whether it is a key of the account. Otherwise it is DynamoDB's own, which costs nothing.
        type: bool
        default: true
      kms_master_key_id:
        description: The key's ARN, id or alias; without it the account's key for DynamoDB, C(alias/aws/dynamodb).
        type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a table whose items expire
  webstack.aws.dynamodb_table:
    name: staging-shop-sessions
    hash_key: {name: session}
    ttl_attribute: expires
    point_in_time_recovery_enabled: true
    deletion_protection_enabled: true
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Make a table with an index
  webstack.aws.dynamodb_table:
    name: staging-shop-orders
    hash_key: {name: customer}
    range_key: {name: ordered, type: N}
    global_secondary_indexes:
      - name: by-state
        hash_key: {name: state}
        range_key: {name: ordered, type: N}
        projection_type: KEYS_ONLY

- name: Remove a table
  webstack.aws.dynamodb_table:
    name: staging-shop-orders
    state: absent
"""

RETURN = r"""
dynamodb_table:
  description: The table, empty when it is absent.
  returned: success
  type: dict
  contains:
    table_name:
      description: Its name.
      type: str
      sample: staging-shop-sessions
    table_arn:
      description: Its ARN.
      type: str
      sample: arn:aws:dynamodb:us-east-1:123456789012:table/staging-shop-sessions
    table_status:
      description: Its state.
      type: str
      sample: ACTIVE
    hash_key:
      description: Its hash key.
      type: dict
      sample: {"name": "session", "type": "S"}
    range_key:
      description: Its range key, empty when it has none.
      type: dict
      sample: {}
    billing_mode:
      description: Whether requests are paid for, or capacity.
      type: str
      sample: PAY_PER_REQUEST
    global_secondary_indexes:
      description: Its indexes by name, each with its options.
      type: dict
      sample: {"by-state": {"hash_key": {"name": "state", "type": "S"}, "projection_type": "ALL"}}
    ttl_attribute:
      description: The attribute by which items expire, or nothing.
      type: str
      sample: expires
    point_in_time_recovery_enabled:
      description: Whether it can be restored to any second.
      type: bool
      sample: true
    deletion_protection_enabled:
      description: Whether AWS refuses to delete it.
      type: bool
      sample: true
    table_class:
      description: Its class.
      type: str
      sample: STANDARD
    sse_specification:
      description: Whose key encrypts it.
      type: dict
      sample: {"enabled": false, "kms_master_key_id": ""}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._dynamodb_table import DynamodbTable
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one

# The keys of tables are no secrets, whatever their names say to Ansible.
KEY = {"name": {"type": "str", "required": True}, "type": {"type": "str", "choices": ["S", "N", "B"], "default": "S"}}
CAPACITY = {
    "read_capacity_units": {"type": "int", "required": True},
    "write_capacity_units": {"type": "int", "required": True},
}
INDEX = {
    "name": {"type": "str", "required": True},
    "hash_key": {"type": "dict", "required": True, "options": KEY, "no_log": False},
    "range_key": {"type": "dict", "options": KEY, "no_log": False},
    "projection_type": {"type": "str", "choices": ["ALL", "KEYS_ONLY", "INCLUDE"]},
    "non_key_attributes": {"type": "list", "elements": "str", "no_log": False},
    "provisioned_throughput": {"type": "dict", "options": CAPACITY},
}


def main():
    run_one(
        DynamodbTable,
        resource_arguments(
            name={"type": "str", "required": True},
            hash_key={"type": "dict", "options": KEY, "no_log": False},
            range_key={"type": "dict", "options": KEY, "no_log": False},
            billing_mode={"type": "str", "choices": ["PAY_PER_REQUEST", "PROVISIONED"]},
            provisioned_throughput={"type": "dict", "options": CAPACITY},
            global_secondary_indexes={"type": "list", "elements": "dict", "options": INDEX},
            ttl_attribute={"type": "str"},
            point_in_time_recovery_enabled={"type": "bool"},
            deletion_protection_enabled={"type": "bool"},
            table_class={"type": "str", "choices": ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]},
            sse_specification={
                "type": "dict",
                "options": {"enabled": {"type": "bool", "default": True}, "kms_master_key_id": {"type": "str"}},
            },
        ),
    )


if __name__ == "__main__":
    main()
