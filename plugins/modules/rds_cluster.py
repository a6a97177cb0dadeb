#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_cluster
version_added: 0.1.0
short_description: Manage an Aurora cluster
description:
  - Creates, changes and removes an Amazon Aurora cluster, which holds the data and what all its instances share. It
    serves nobody before it has an instance, which M(webstack.aws.rds_instance) makes.
  - It does not wait until the cluster is ready, for that there is M(webstack.aws.wait); only before a change it waits
    until the cluster takes one.
  - A change that AWS keeps for the maintenance window counts as made.
  - A newer live minor version of the engine is no difference, as AWS upgrades by itself.
  - The tag C(webstack:databases), which tells the databases made inside the cluster, is never removed as undeclared.
options:
  name:
    description: The cluster's identifier, in lower case as AWS keeps it.
    type: str
    required: true
  engine:
    description:
      - The database engine, for instance V(aurora-postgresql). Required when the cluster does not exist. AWS cannot
        change it.
    type: str
  engine_version:
    description:
      - The engine's version. V(16) means any 16.x, and a new cluster gets AWS's default among them.
      - A version of a higher major number is an upgrade, which wants O(allow_major_version_upgrade).
    type: str
  allow_major_version_upgrade:
    description: Whether the engine may be upgraded to another major version, which cannot be undone.
    type: bool
    default: false
  serverless_v2_scaling_configuration:
    description: Between which capacities the instances of the class C(db.serverless) scale.
    type: dict
    suboptions:
      min_capacity:
        description: The least capacity in ACU, in steps of a half. With V(0) an idle cluster pauses.
        type: float
        required: true
      max_capacity:
        description: The largest capacity in ACU, in steps of a half, from V(1) to V(256).
        type: float
        required: true
  storage_type:
    description: Whether reads and writes are paid one by one (V(aurora)) or with the storage (V(aurora-iopt1)).
    type: str
    choices: [aurora, aurora-iopt1]
  storage_encrypted:
    description: Whether storage is encrypted. AWS cannot change it.
    type: bool
  kms_key_id:
    description: ARN, id or alias of the KMS key that encrypts storage. AWS cannot change it.
    type: str
  database_name:
    description: The database that is made with the cluster. Used only then.
    type: str
  master_username:
    description: The master user. Required when the cluster does not exist. AWS cannot change it.
    type: str
  master_user_password:
    description:
      - Where the master user's password is. It is read inside the module, and only when the cluster is made.
      - Required when the cluster does not exist. AWS takes 8 to 41 characters.
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
  port:
    description: The port. Without this option it is the engine's usual one.
    type: int
  db_subnet_group_name:
    description: The DB subnet group. AWS cannot change it.
    type: str
  vpc_security_group_ids:
    description: The security groups.
    type: list
    elements: str
  db_cluster_parameter_group_name:
    description: The cluster's parameter group.
    type: str
  backup_retention_period:
    description: For how many days automatic backups are kept, from V(1) to V(35).
    type: int
  preferred_backup_window:
    description: When backups are made, in UTC, for instance V(03:00-04:00).
    type: str
  preferred_maintenance_window:
    description: When AWS maintains the cluster, in UTC, for instance V(sun:04:30-sun:05:30).
    type: str
  copy_tags_to_snapshot:
    description: Whether snapshots get the cluster's tags.
    type: bool
  deletion_protection:
    description: Whether the cluster cannot be removed.
    type: bool
  enable_iam_database_authentication:
    description: Whether IAM users and roles can log in to the database.
    type: bool
  enable_performance_insights:
    description: Whether Performance Insights is on, for all instances of the cluster.
    type: bool
  performance_insights_retention_period:
    description: For how many days Performance Insights keeps its figures; V(7) is free.
    type: int
  performance_insights_kms_key_id:
    description: ARN, id or alias of the KMS key for Performance Insights.
    type: str
  enable_cloudwatch_logs_exports:
    description: The logs that go to CloudWatch, for Aurora PostgreSQL V(postgresql) and V(instance).
    type: list
    elements: str
  apply_immediately:
    description: Whether changes are made at once and not in the next maintenance window.
    type: bool
    default: false
  skip_final_snapshot:
    description: Whether the cluster is removed without a last snapshot.
    type: bool
    default: false
  final_db_snapshot_identifier:
    description: The name of the snapshot that is made before the cluster is removed.
    type: str
  delete_automated_backups:
    description: Whether automatic backups go with the cluster. AWS's default is yes.
    type: bool
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Launch a cluster
  webstack.aws.rds_cluster:
    name: staging-tickets
    engine: aurora-postgresql
    engine_version: "16"
    serverless_v2_scaling_configuration:
      min_capacity: 0.5
      max_capacity: 16
    storage_encrypted: true
    database_name: tickets
    master_username: tickets
    master_user_password:
      secret_id: staging-tickets
      key: db_password
    db_subnet_group_name: staging-tickets
    vpc_security_group_ids: [sg-0a1b2c3d4e5f60718]
    enable_performance_insights: true
    performance_insights_retention_period: 7
    backup_retention_period: 7
    deletion_protection: true
    tags:
      webstack:stack: tickets
      webstack:environment: staging

- name: Launch its first instance
  webstack.aws.rds_instance:
    name: staging-tickets-1
    db_cluster_identifier: staging-tickets
    engine: aurora-postgresql
    db_instance_class: db.serverless
    publicly_accessible: false
    tags:
      webstack:stack: tickets
      webstack:environment: staging

- name: Wait for both
  webstack.aws.wait:
    resources:
      - {kind: rds_cluster, id: staging-tickets}
      - {kind: rds_instance, id: staging-tickets-1}

- name: Take off its protection
  webstack.aws.rds_cluster:
    name: staging-tickets
    deletion_protection: false

- name: Remove its instance
  webstack.aws.rds_instance:
    name: staging-tickets-1
    state: absent

- name: Remove it and keep a snapshot
  webstack.aws.rds_cluster:
    name: staging-tickets
    final_db_snapshot_identifier: staging-tickets-final
    state: absent
"""

RETURN = r"""
rds_cluster:
  description: The cluster as RDS describes it; empty when it does not exist.
  returned: success
  type: dict
  contains:
    db_cluster_identifier:
      description: The cluster's identifier.
      type: str
      sample: staging-tickets
    db_cluster_arn:
      description: The cluster's ARN.
      type: str
      sample: arn:aws:rds:us-east-1:123456789012:cluster:staging-tickets
    status:
      description: Its state.
      type: str
      sample: available
    endpoint:
      description: The host of the instance that writes. In check mode, before the cluster exists, it is a placeholder.
      type: str
      sample: staging-tickets.cluster-abcdefghijkl.us-east-1.rds.amazonaws.com
    reader_endpoint:
      description: The host behind which are all instances that read.
      type: str
      sample: staging-tickets.cluster-ro-abcdefghijkl.us-east-1.rds.amazonaws.com
    port:
      description: The port.
      type: int
      sample: 5432
    engine_version:
      description: The engine's version.
      type: str
      sample: "16.11"
    master_username:
      description: The master user.
      type: str
      sample: tickets
    database_name:
      description: The database that was made with it.
      type: str
      sample: tickets
    db_cluster_members:
      description: Its instances.
      type: list
      elements: dict
      sample: [{"db_instance_identifier": "staging-tickets-1", "is_cluster_writer": true}]
    pending_modified_values:
      description: Changes that wait for the maintenance window.
      type: dict
      sample: {"engine_version": "16.12"}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "tickets"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._rds_cluster import RdsCluster

TEXT = {"type": "str"}
NUMBER = {"type": "int"}
SWITCH = {"type": "bool"}
LIST = {"type": "list", "elements": "str"}
CAPACITY = {
    "type": "dict",
    "options": {
        "min_capacity": {"type": "float", "required": True},
        "max_capacity": {"type": "float", "required": True},
    },
}
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
        RdsCluster,
        resource_arguments(
            name={"type": "str", "required": True},
            engine=TEXT,
            engine_version=TEXT,
            allow_major_version_upgrade={"type": "bool", "default": False},
            serverless_v2_scaling_configuration=CAPACITY,
            storage_type={"type": "str", "choices": ["aurora", "aurora-iopt1"]},
            storage_encrypted=SWITCH,
            kms_key_id=TEXT,
            database_name=TEXT,
            master_username=TEXT,
            master_user_password=REFERENCE,
            port=NUMBER,
            db_subnet_group_name=TEXT,
            vpc_security_group_ids=LIST,
            db_cluster_parameter_group_name=TEXT,
            backup_retention_period=NUMBER,
            preferred_backup_window=TEXT,
            preferred_maintenance_window=TEXT,
            copy_tags_to_snapshot=SWITCH,
            deletion_protection=SWITCH,
            enable_iam_database_authentication=SWITCH,
            enable_performance_insights=SWITCH,
            performance_insights_retention_period=NUMBER,
            performance_insights_kms_key_id=TEXT,
            enable_cloudwatch_logs_exports=LIST,
            apply_immediately={"type": "bool", "default": False},
            skip_final_snapshot={"type": "bool", "default": False},
            final_db_snapshot_identifier=TEXT,
            delete_automated_backups=SWITCH,
        ),
    )


if __name__ == "__main__":
    main()
