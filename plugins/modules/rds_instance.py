#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_instance
version_added: 0.1.0
short_description: Manage an RDS database instance
description:
  - Creates, changes and removes an Amazon RDS database instance. It does not wait until the instance is ready, for that
    there is M(webstack.aws.wait); only before a change it waits until the instance takes one.
  - With O(source_db_instance_identifier) it is a read replica, with O(db_cluster_identifier) an instance of an Aurora
    cluster. Both have no data of their own, so that no last snapshot is made of them.
  - A change that AWS keeps for the maintenance window counts as made.
  - A newer live minor version of the engine is no difference, as AWS upgrades by itself. Neither is storage that AWS
    has enlarged within O(max_allocated_storage).
  - A minor upgrade of an instance with read replicas upgrades these before it, as AWS wants it. It waits for them, and
    wants O(apply_immediately).
  - The tag C(webstack:databases), which tells the databases made inside the instance, is never removed as undeclared.
options:
  name:
    description: The instance's identifier, in lower case as AWS keeps it.
    type: str
    required: true
  engine:
    description:
      - The database engine, for instance V(postgres). Required when the instance does not exist, unless it is a read
        replica. AWS cannot change it.
    type: str
  db_cluster_identifier:
    description:
      - The Aurora cluster that the instance belongs to. AWS cannot change it.
      - What the cluster holds for all its instances (storage, backups, users, logs, security groups, port, Performance
        Insights) is set with M(webstack.aws.rds_cluster) and not here.
    type: str
  source_db_instance_identifier:
    description:
      - The instance of which this one is a read replica. AWS cannot change it. The source must be available and have
        backups.
      - A read replica takes its engine, version, user, parameter group, storage and subnet group over from the source,
        unless they are given and AWS takes them. Its security groups and its monitoring are its own.
    type: str
  engine_version:
    description:
      - The engine's version. V(16) means any 16.x, and a new instance gets AWS's default among them.
      - A version of a higher major number is an upgrade, which wants O(allow_major_version_upgrade).
    type: str
  allow_major_version_upgrade:
    description: Whether the engine may be upgraded to another major version, which cannot be undone.
    type: bool
    default: false
  db_instance_class:
    description:
      - The instance's size, for instance V(db.t4g.small), or V(db.serverless) in an Aurora cluster with a capacity.
      - Required when the instance does not exist. Without it a read replica is as large as its source.
    type: str
  allocated_storage:
    description:
      - Storage in GiB. It can only grow, by a tenth at least.
      - Required when the instance does not exist and stands alone.
    type: int
  max_allocated_storage:
    description:
      - To how many GiB AWS may enlarge the storage by itself. V(0) means that it may not.
    type: int
  storage_type:
    description: The storage's type.
    type: str
    choices: [gp2, gp3, io1, io2, standard]
  iops:
    description: IOPS, for C(io1) and C(io2), and for C(gp3) from 400 GiB.
    type: int
  storage_throughput:
    description: Throughput in MiB/s, for C(gp3) from 400 GiB.
    type: int
  storage_encrypted:
    description: Whether storage is encrypted. AWS cannot change it.
    type: bool
  kms_key_id:
    description: ARN, id or alias of the KMS key that encrypts storage. AWS cannot change it.
    type: str
  db_name:
    description: The database that is made with the instance. Used only then.
    type: str
  master_username:
    description:
      - The master user. Required when the instance does not exist and stands alone. AWS cannot change it.
    type: str
  master_user_password:
    description:
      - Where the master user's password is. It is read inside the module, and only when the instance is made.
      - Required when the instance does not exist and stands alone.
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
  multi_az:
    description: Whether there is a standby in another zone.
    type: bool
  availability_zone:
    description: The zone of an instance without standby. AWS cannot change it.
    type: str
  promotion_tier:
    description:
      - In an Aurora cluster, how soon the instance comes to write when the one that writes fails, from V(0) to V(15).
    type: int
  db_subnet_group_name:
    description: The DB subnet group.
    type: str
  vpc_security_group_ids:
    description: The security groups.
    type: list
    elements: str
  publicly_accessible:
    description: Whether the instance has a public address.
    type: bool
  db_parameter_group_name:
    description: The parameter group.
    type: str
  backup_retention_period:
    description: For how many days automatic backups are kept; V(0) means none.
    type: int
  preferred_backup_window:
    description: When backups are made, in UTC, for instance V(03:00-04:00).
    type: str
  preferred_maintenance_window:
    description: When AWS maintains the instance, in UTC, for instance V(sun:04:30-sun:05:30).
    type: str
  auto_minor_version_upgrade:
    description: Whether AWS upgrades minor versions in the maintenance window.
    type: bool
  copy_tags_to_snapshot:
    description: Whether snapshots get the instance's tags.
    type: bool
  deletion_protection:
    description: Whether the instance cannot be removed.
    type: bool
  enable_iam_database_authentication:
    description: Whether IAM users and roles can log in to the database.
    type: bool
  monitoring_interval:
    description: Seconds between figures of Enhanced Monitoring; V(0) means that it is off.
    type: int
    choices: [0, 1, 5, 10, 15, 30, 60]
  monitoring_role_arn:
    description: The role through which Enhanced Monitoring writes.
    type: str
  enable_performance_insights:
    description: Whether Performance Insights is on.
    type: bool
  performance_insights_retention_period:
    description: For how many days Performance Insights keeps its figures; V(7) is free.
    type: int
  performance_insights_kms_key_id:
    description: ARN, id or alias of the KMS key for Performance Insights.
    type: str
  enable_cloudwatch_logs_exports:
    description: The logs that go to CloudWatch, for PostgreSQL V(postgresql) and V(upgrade).
    type: list
    elements: str
  ca_certificate_identifier:
    description: The authority of the server's certificate, for instance V(rds-ca-rsa2048-g1).
    type: str
  apply_immediately:
    description: Whether changes are made at once and not in the next maintenance window.
    type: bool
    default: false
  skip_final_snapshot:
    description: Whether the instance is removed without a last snapshot.
    type: bool
    default: false
  final_db_snapshot_identifier:
    description: The name of the snapshot that is made before the instance is removed.
    type: str
  delete_automated_backups:
    description: Whether automatic backups go with the instance. AWS's default is yes.
    type: bool
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Launch a database
  webstack.aws.rds_instance:
    name: staging-shop
    engine: postgres
    engine_version: "16"
    db_instance_class: db.t4g.small
    allocated_storage: 20
    storage_type: gp3
    storage_encrypted: true
    db_name: shop
    master_username: shop
    master_user_password:
      secret_id: staging-shop
      key: db_password
    db_subnet_group_name: staging-shop
    vpc_security_group_ids: [sg-0a1b2c3d4e5f60718]
    publicly_accessible: false
    backup_retention_period: 7
    deletion_protection: true
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Make a read replica of it
  webstack.aws.rds_instance:
    name: staging-shop-replica-1
    source_db_instance_identifier: staging-shop
    vpc_security_group_ids: [sg-0a1b2c3d4e5f60718]
    publicly_accessible: false
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Launch an instance of an Aurora cluster
  webstack.aws.rds_instance:
    name: staging-tickets-1
    db_cluster_identifier: staging-tickets
    engine: aurora-postgresql
    db_instance_class: db.serverless
    promotion_tier: 0
    publicly_accessible: false
    tags:
      webstack:stack: tickets
      webstack:environment: staging

- name: Wait for it
  webstack.aws.wait:
    resources:
      - {kind: rds_instance, id: staging-shop}

- name: Take off its protection
  webstack.aws.rds_instance:
    name: staging-shop
    deletion_protection: false
    apply_immediately: true

- name: Remove it and keep a snapshot
  webstack.aws.rds_instance:
    name: staging-shop
    final_db_snapshot_identifier: staging-shop-final
    state: absent
"""

RETURN = r"""
rds_instance:
  description: The instance as RDS describes it; empty when it does not exist.
  returned: success
  type: dict
  contains:
    db_instance_identifier:
      description: The instance's identifier.
      type: str
      sample: staging-shop
    db_instance_arn:
      description: The instance's ARN.
      type: str
      sample: arn:aws:rds:us-east-1:123456789012:db:staging-shop
    db_instance_status:
      description: Its state.
      type: str
      sample: available
    endpoint:
      description: Where it answers. It has none while it is being made; in check mode there is a placeholder.
      type: dict
      contains:
        address:
          description: The host.
          type: str
          sample: staging-shop.abcdefghijkl.us-east-1.rds.amazonaws.com
        port:
          description: The port.
          type: int
          sample: 5432
    engine_version:
      description: The engine's version.
      type: str
      sample: "16.4"
    master_username:
      description: The master user.
      type: str
      sample: shop
    db_name:
      description: The database that was made with it.
      type: str
      sample: shop
    db_cluster_identifier:
      description: The Aurora cluster that it belongs to.
      type: str
      sample: staging-tickets
    read_replica_source_db_instance_identifier:
      description: The instance of which it is a read replica.
      type: str
      sample: staging-shop
    pending_modified_values:
      description: Changes that wait for the maintenance window.
      type: dict
      sample: {"db_instance_class": "db.t4g.medium"}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._rds_instance import RdsInstance

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
        RdsInstance,
        resource_arguments(
            name={"type": "str", "required": True},
            engine=TEXT,
            engine_version=TEXT,
            db_cluster_identifier=TEXT,
            source_db_instance_identifier=TEXT,
            allow_major_version_upgrade={"type": "bool", "default": False},
            db_instance_class=TEXT,
            allocated_storage=NUMBER,
            max_allocated_storage=NUMBER,
            storage_type={"type": "str", "choices": ["gp2", "gp3", "io1", "io2", "standard"]},
            iops=NUMBER,
            storage_throughput=NUMBER,
            storage_encrypted=SWITCH,
            kms_key_id=TEXT,
            db_name=TEXT,
            master_username=TEXT,
            master_user_password=REFERENCE,
            port=NUMBER,
            multi_az=SWITCH,
            availability_zone=TEXT,
            promotion_tier=NUMBER,
            db_subnet_group_name=TEXT,
            vpc_security_group_ids=LIST,
            publicly_accessible=SWITCH,
            db_parameter_group_name=TEXT,
            backup_retention_period=NUMBER,
            preferred_backup_window=TEXT,
            preferred_maintenance_window=TEXT,
            auto_minor_version_upgrade=SWITCH,
            copy_tags_to_snapshot=SWITCH,
            deletion_protection=SWITCH,
            enable_iam_database_authentication=SWITCH,
            monitoring_interval={"type": "int", "choices": [0, 1, 5, 10, 15, 30, 60]},
            monitoring_role_arn=TEXT,
            enable_performance_insights=SWITCH,
            performance_insights_retention_period=NUMBER,
            performance_insights_kms_key_id=TEXT,
            enable_cloudwatch_logs_exports=LIST,
            ca_certificate_identifier=TEXT,
            apply_immediately={"type": "bool", "default": False},
            skip_final_snapshot={"type": "bool", "default": False},
            final_db_snapshot_identifier=TEXT,
            delete_automated_backups=SWITCH,
        ),
        mutually_exclusive=[("db_cluster_identifier", "source_db_instance_identifier")],
    )


if __name__ == "__main__":
    main()
