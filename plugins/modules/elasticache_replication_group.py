#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: elasticache_replication_group
version_added: 0.1.0
short_description: Manage an ElastiCache replication group
description:
  - Creates, changes and removes a replication group of ElastiCache for Redis OSS or Valkey with one primary node and
    its replicas (cluster mode disabled).
  - It does not wait until the group is ready, for that there is M(webstack.aws.wait); it waits only before a change,
    and between changes of which one needs the other, like a replica and the fail-over to it.
  - Some options AWS cannot change. Where one of them does, and O(allow_replace) names the group, it is deleted and made
    anew; what it holds is lost, unless O(final_snapshot_identifier) keeps it in a backup.
  - A change that AWS keeps for the maintenance window counts as made. A newer live minor version is no difference.
options:
  name:
    description: The group's identifier, in lower case as AWS keeps it.
    type: str
    required: true
  description:
    description: What the group is for. Without this option it is the name.
    type: str
  engine:
    description:
      - The engine. Required when the group does not exist. From V(redis) AWS changes to V(valkey), but not back.
    type: str
    choices: [redis, valkey]
  engine_version:
    description: The engine's version, for instance V(7.1). V(7) means any 7.x.
    type: str
  cache_node_type:
    description: The nodes' size, for instance V(cache.t4g.small). Required when the group does not exist.
    type: str
  replicas_per_node_group:
    description: How many replicas the primary node has, 0 to 5. A new group has none without this option.
    type: int
  automatic_failover_enabled:
    description:
      - Whether a replica takes over when the primary fails.
      - With O(replicas_per_node_group) and without this option it is on exactly when there are replicas.
    type: bool
  multi_az_enabled:
    description:
      - Whether primary and replicas are in different zones.
      - With O(replicas_per_node_group) and without this option it is on exactly when automatic fail-over is.
    type: bool
  port:
    description: The port. A change replaces the group. Without this option it is 6379.
    type: int
  cache_parameter_group_name:
    description: The parameter group.
    type: str
  cache_subnet_group_name:
    description: The subnet group. A change replaces the group.
    type: str
  security_group_ids:
    description: The security groups.
    type: list
    elements: str
  snapshot_retention_limit:
    description: For how many days backups are kept; V(0) means none.
    type: int
  snapshot_window:
    description: When backups are made, in UTC, for instance V(03:00-04:00).
    type: str
  preferred_maintenance_window:
    description: When AWS maintains the group, in UTC, for instance V(sun:04:30-sun:05:30).
    type: str
  auto_minor_version_upgrade:
    description: Whether AWS upgrades minor versions in the maintenance window.
    type: bool
  at_rest_encryption_enabled:
    description: Whether data at rest is encrypted. A change replaces the group.
    type: bool
  kms_key_id:
    description: ARN, id or alias of the KMS key for it. A change replaces the group.
    type: str
  transit_encryption_enabled:
    description:
      - Whether clients use TLS.
      - A group that had none is changed to C(preferred), so that clients can move over; with
        O(transit_encryption_mode=required) the next run then makes TLS the only way in.
    type: bool
  transit_encryption_mode:
    description: Whether clients may also come without TLS.
    type: str
    choices: [preferred, required]
  auth_token:
    description:
      - Where the token (password) is with which clients log in. It is read inside the module, when a group is made or
        gets its first token. It needs O(transit_encryption_enabled).
    type: dict
    suboptions:
      secret_id:
        description: Name or ARN of a secret that is a JSON object.
        type: str
        required: true
      key:
        description: The key in it.
        type: str
        required: true
  apply_immediately:
    description: Whether changes are made at once and not in the next maintenance window.
    type: bool
    default: false
  final_snapshot_identifier:
    description: The name of a backup that is made before the group is removed. Without this option there is none.
    type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - webstack.aws.resource.replace
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Launch a cache with a replica
  webstack.aws.elasticache_replication_group:
    name: staging-shop
    engine: redis
    engine_version: "7.1"
    cache_node_type: cache.t4g.small
    replicas_per_node_group: 1
    cache_subnet_group_name: staging-shop
    security_group_ids: [sg-0a1b2c3d4e5f60718]
    at_rest_encryption_enabled: true
    transit_encryption_enabled: true
    auth_token:
      secret_id: staging-shop
      key: redis_password
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Wait for it
  webstack.aws.wait:
    resources:
      - {kind: elasticache_replication_group, id: staging-shop}

- name: Remove it
  webstack.aws.elasticache_replication_group:
    name: staging-shop
    state: absent
"""

RETURN = r"""
elasticache_replication_group:
  description:
    - The group as ElastiCache describes it, with the settings that all its nodes share; empty when it does not exist.
  returned: success
  type: dict
  contains:
    replication_group_id:
      description: The group's identifier.
      type: str
      sample: staging-shop
    arn:
      description: The group's ARN.
      type: str
      sample: arn:aws:elasticache:us-east-1:123456789012:replicationgroup:staging-shop
    status:
      description: Its state.
      type: str
      sample: available
    primary_endpoint:
      description: Where the primary answers. Empty while the group is being made; in check mode there is a placeholder.
      type: dict
      sample: {"address": "master.staging-shop.abc123.use1.cache.amazonaws.com", "port": 6379}
    reader_endpoint:
      description: Where the replicas answer, or the primary when there are none.
      type: dict
      sample: {"address": "replica.staging-shop.abc123.use1.cache.amazonaws.com", "port": 6379}
    engine_version:
      description: The engine's version.
      type: str
      sample: 7.1.0
    member_clusters:
      description: The nodes.
      type: list
      elements: str
      sample: [staging-shop-001, staging-shop-002]
    replicas_per_node_group:
      description: How many replicas the primary node has.
      type: int
      sample: 1
    pending_modified_values:
      description: Changes that are not made yet.
      type: dict
      sample: {}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._elasticache_replication_group import (
    ElasticacheReplicationGroup,
)
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one

TEXT = {"type": "str"}
NUMBER = {"type": "int"}
SWITCH = {"type": "bool"}
LIST = {"type": "list", "elements": "str"}
REFERENCE = {
    "type": "dict",
    "no_log": False,
    "options": {
        "secret_id": {"type": "str", "required": True, "no_log": False},
        "key": {"type": "str", "required": True, "no_log": False},
    },
}


def main():
    run_one(
        ElasticacheReplicationGroup,
        resource_arguments(
            replaces=True,
            name={"type": "str", "required": True},
            description=TEXT,
            engine={"type": "str", "choices": ["redis", "valkey"]},
            engine_version=TEXT,
            cache_node_type=TEXT,
            replicas_per_node_group=NUMBER,
            automatic_failover_enabled=SWITCH,
            multi_az_enabled=SWITCH,
            port=NUMBER,
            cache_parameter_group_name=TEXT,
            cache_subnet_group_name=TEXT,
            security_group_ids=LIST,
            snapshot_retention_limit=NUMBER,
            snapshot_window=TEXT,
            preferred_maintenance_window=TEXT,
            auto_minor_version_upgrade=SWITCH,
            at_rest_encryption_enabled=SWITCH,
            kms_key_id=TEXT,
            transit_encryption_enabled=SWITCH,
            transit_encryption_mode={"type": "str", "choices": ["preferred", "required"]},
            auth_token=REFERENCE,
            apply_immediately={"type": "bool", "default": False},
            final_snapshot_identifier=TEXT,
        ),
    )


if __name__ == "__main__":
    main()
