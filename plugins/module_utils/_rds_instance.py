# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RDS database instances: those that stand alone, read replicas of them, and members of Aurora clusters."""

from __future__ import annotations

import math
import time
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._rds import is_version, update_tags
from ansible_collections.webstack.aws.plugins.module_utils._rds_database import (
    BUSY,
    INSIGHTS,
    PORTS,
    PROPAGATING,
    active_groups,
    deletion,
    is_major_upgrade,
    keep_owned,
    kept_by_others,
    log_changes,
    log_exports,
    read_password,
    refuse_loss,
    tidy,
    version_fault,
)
from ansible_collections.webstack.aws.plugins.module_utils._rds_notes import instance_notes, removal_notes
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome, check_owner
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list
from ansible_collections.webstack.aws.plugins.module_utils._waiters import WAITERS, wait_gone, wait_ready

#: Options that AWS takes when it makes an instance, under its own names.
CREATE = {
    "engine": "Engine",
    "engine_version": "EngineVersion",
    "db_cluster_identifier": "DBClusterIdentifier",
    "db_instance_class": "DBInstanceClass",
    "allocated_storage": "AllocatedStorage",
    "max_allocated_storage": "MaxAllocatedStorage",
    "storage_type": "StorageType",
    "iops": "Iops",
    "storage_throughput": "StorageThroughput",
    "storage_encrypted": "StorageEncrypted",
    "kms_key_id": "KmsKeyId",
    "db_name": "DBName",
    "master_username": "MasterUsername",
    "port": "Port",
    "multi_az": "MultiAZ",
    "availability_zone": "AvailabilityZone",
    "promotion_tier": "PromotionTier",
    "db_subnet_group_name": "DBSubnetGroupName",
    "vpc_security_group_ids": "VpcSecurityGroupIds",
    "publicly_accessible": "PubliclyAccessible",
    "db_parameter_group_name": "DBParameterGroupName",
    "backup_retention_period": "BackupRetentionPeriod",
    "preferred_backup_window": "PreferredBackupWindow",
    "preferred_maintenance_window": "PreferredMaintenanceWindow",
    "auto_minor_version_upgrade": "AutoMinorVersionUpgrade",
    "copy_tags_to_snapshot": "CopyTagsToSnapshot",
    "deletion_protection": "DeletionProtection",
    "enable_iam_database_authentication": "EnableIAMDatabaseAuthentication",
    "monitoring_interval": "MonitoringInterval",
    "monitoring_role_arn": "MonitoringRoleArn",
    "enable_performance_insights": "EnablePerformanceInsights",
    "performance_insights_retention_period": "PerformanceInsightsRetentionPeriod",
    "performance_insights_kms_key_id": "PerformanceInsightsKMSKeyId",
    "enable_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
    "ca_certificate_identifier": "CACertificateIdentifier",
}
#: The same for a change, where the name is another one.
MODIFY = {**CREATE, "port": "DBPortNumber"}

MISSING = ("DBInstanceNotFound",)
NEEDED = ("engine", "db_instance_class", "allocated_storage", "master_username", "master_user_password")
#: What a member of a cluster needs; it shares all else with its cluster.
NEEDED_OF_MEMBER = ("engine", "db_instance_class")

#: Options that CreateDBInstanceReadReplica lacks: a replica takes them over from its source, or AWS chooses.
NOT_OF_NEW_REPLICA = (
    "engine",
    "engine_version",
    "db_cluster_identifier",
    "storage_encrypted",
    "db_name",
    "master_username",
    "master_user_password",
    "promotion_tier",
    "backup_retention_period",
    "preferred_backup_window",
    "preferred_maintenance_window",
)

#: AWS takes these only together, whichever of them changes.
TOGETHER = ({"monitoring_interval", "monitoring_role_arn"}, INSIGHTS)
STORAGE = {"allocated_storage", "storage_type", "iops", "storage_throughput"}

#: Amazon RDS User Guide, Amazon RDS DB instance storage: least GiB for PostgreSQL, MySQL and MariaDB.
LEAST_STORAGE = {"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 5}
#: The same page: below this size gp3 has its fixed baseline, and AWS refuses other figures.
GP3_SETTABLE_FROM = 400

#: Amazon RDS API, CreateDBInstance, MasterUserPassword, for PostgreSQL.
LONGEST_PASSWORD = 128

#: For how long an upgrade of a read replica is waited for, which its source's upgrade needs.
UPGRADE_SECONDS = 3600


class RdsInstance(Kind):
    """An instance, found by its identifier. Changes that wait for the maintenance window count as made."""

    noun = "rds_instance"
    not_compared = ("db_name", "master_user_password")
    immutable = {
        "engine": "restore its data into another instance",
        "db_cluster_identifier": "make an instance of another name in that cluster",
        "source_db_instance_identifier": "make a read replica of another name, and remove this one",
        "master_username": "leave it as it is, and make further users inside the database",
        "storage_encrypted": "copy a snapshot with encryption and restore an instance from it",
        "kms_key_id": "copy a snapshot with the other key and restore an instance from it",
        "availability_zone": "leave out availability_zone",
        "db_subnet_group_name": "keep the group and change its subnets, or restore a snapshot into the other one",
    }
    exists = ("DBInstanceAlreadyExists",)

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._going: set[str] = set()

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            instances = self.aws.read(
                "rds", "describe_db_instances", "DBInstances", missing=MISSING, DBInstanceIdentifier=name
            )
            if instances:
                found[name] = instances[0]
        self._going = {name for name, live in found.items() if self.is_going(live)}
        return found

    def is_going(self, live: Fields) -> bool:
        return live["DBInstanceStatus"] == "deleting"

    def normalize(self, name: str, live: Fields) -> Fields:
        now = {**live, **live.get("PendingModifiedValues", {})}
        allocated = now.get("AllocatedStorage", 0)
        most = now.get("MaxAllocatedStorage", 0)
        groups = live.get("DBParameterGroups", [])
        return {
            **{option: now.get(member) for option, member in CREATE.items()},
            # The other fields are under the names that AWS takes, these are not.
            "max_allocated_storage": most if most > allocated else 0,
            "port": now.get("Port") or now.get("Endpoint", {}).get("Port") or None,
            "db_subnet_group_name": now.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
            "vpc_security_group_ids": active_groups(live),
            "db_parameter_group_name": groups[0]["DBParameterGroupName"] if groups else None,
            "source_db_instance_identifier": live.get("ReadReplicaSourceDBInstanceIdentifier"),
            "enable_iam_database_authentication": now.get("IAMDatabaseAuthenticationEnabled", False),
            "monitoring_interval": now.get("MonitoringInterval", 0),
            "enable_performance_insights": now.get("PerformanceInsightsEnabled", False),
            "enable_cloudwatch_logs_exports": log_exports(live),
            "tags": tags_to_dict(live.get("TagList")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = tidy(
            wanted,
            lists=("vpc_security_group_ids", "enable_cloudwatch_logs_exports"),
            lower=(
                "db_cluster_identifier",
                "source_db_instance_identifier",
                "db_parameter_group_name",
                "db_subnet_group_name",
                "preferred_backup_window",
                "preferred_maintenance_window",
            ),
        )
        if normal.get("monitoring_interval") == 0:
            normal.pop("monitoring_role_arn", None)
        return normal

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        have = self.normalize(name, live)
        kept = keep_owned(have, wanted, have["engine"])
        if is_major_upgrade(have["engine"], live.get("EngineVersion", ""), have["engine_version"] or ""):
            # A major upgrade waits for the window, and takes its parameter group along; until then AWS refuses the
            # new family's group.
            kept.pop("db_parameter_group_name", None)
        if is_autoscaled(have, wanted):
            kept["allocated_storage"] = have["allocated_storage"]
        if have["port"] is None:
            kept.pop("port", None)
        if live["DBInstanceStatus"] == "creating":
            # AWS does not show everything of an instance that it is still making.
            kept = {option: value for option, value in kept.items() if have.get(option)}
        return kept

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        have = self.normalize(name, live)
        kept = kept_by_others(live, have, wanted, "db_parameter_group_name")
        if is_autoscaled(have, wanted):
            kept.append(Kept("allocated_storage", have["allocated_storage"], wanted["allocated_storage"], "AWS"))
        return kept

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        live, wanted = outcome.live, outcome.wanted
        if live is None:
            return []
        if wanted is None:
            return removal_notes(self.options, shares_data(live))
        notes = instance_notes(live, outcome.changes, bool(self.options.get("apply_immediately")))
        if replicas_go_first(live, self.normalize(name, live), wanted):
            replicas = ", ".join(live["ReadReplicaDBInstanceIdentifiers"])
            notes.insert(0, f"its read replicas are upgraded before it, at once: {replicas}")
        return notes

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            if live is not None:
                self._refuse_removal(name, live)
            return
        have = self.normalize(name, live) if live else {}
        if live is None:
            self._refuse_new(name, wanted)
        trouble = (
            storage_fault(have, wanted)
            or version_fault(have, wanted, bool(self.options.get("allow_major_version_upgrade")))
            or monitoring_fault({**have, **wanted})
            or replicas_fault(live or {}, have, wanted, bool(self.options.get("apply_immediately")))
        )
        if trouble:
            raise WebstackError(f"rds_instance {name}: {trouble[0]}", trouble[1])

    def _refuse_new(self, name: str, wanted: Fields) -> None:
        fault = name_fault(name, self.noun)
        if fault:
            raise WebstackError(f"rds_instance {name} {fault}", "choose another name")
        missing = [option for option in needed(wanted) if option not in wanted]
        if missing:
            raise WebstackError(
                f"rds_instance {name} does not exist and cannot be made without {', '.join(missing)}",
                f"give {', '.join(missing)}",
            )
        if "source_db_instance_identifier" in wanted:
            surplus = [option for option in NOT_OF_NEW_REPLICA if option in wanted]
            if surplus:
                raise WebstackError(
                    f"rds_instance {name}: AWS makes a read replica without {', '.join(surplus)} of its own",
                    f"leave out {', '.join(surplus)}",
                )

    def _refuse_removal(self, name: str, live: Fields) -> None:
        # Members and replicas have no data of their own, and AWS refuses final snapshots of them.
        refuse_loss(f"rds_instance {name}", live, {"skip_final_snapshot": True} if shares_data(live) else self.options)

    def create(self, name: str, wanted: Fields) -> None:
        if name in self._going:
            wait_gone(self.aws, "rds_instance", name)
        arguments = {CREATE[option]: value for option, value in wanted.items() if option in CREATE}
        if not arguments.get("MaxAllocatedStorage"):
            arguments.pop("MaxAllocatedStorage", None)
        operation = "create_db_instance"
        if "source_db_instance_identifier" in wanted:
            operation = "create_db_instance_read_replica"
            arguments["SourceDBInstanceIdentifier"] = wanted["source_db_instance_identifier"]
        elif "master_user_password" in wanted:
            reference = wanted["master_user_password"]
            password = read_password(self.aws, f"rds_instance {name}", reference, LONGEST_PASSWORD)
            arguments["MasterUserPassword"] = password
        self.aws.write(
            "rds",
            operation,
            # A cluster takes its members one after the other, and none in its first half minute.
            propagating=rf"{PROPAGATING}|{BUSY}|^DBClusterNotFound",
            DBInstanceIdentifier=name,
            Tags=tags_to_list(wanted.get("tags") or {}),
            **arguments,
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "tags" in changed:
            update_tags(self.aws, "rds", live["DBInstanceArn"], tags_to_dict(live.get("TagList")), wanted["tags"])
        changed = changed - {"tags"}
        if not changed:
            return
        if live["DBInstanceStatus"] != "storage-full":  # from which only a change helps
            wait_ready(self.aws, "rds_instance", name)
        have = self.normalize(name, live)
        if "engine_version" in changed and replicas_go_first(live, have, wanted):
            self._upgrade_replicas(live["ReadReplicaDBInstanceIdentifiers"], wanted)
        self.aws.write(
            "rds",
            "modify_db_instance",
            propagating=rf"{PROPAGATING}|{BUSY}",
            DBInstanceIdentifier=name,
            ApplyImmediately=bool(self.options.get("apply_immediately")),
            **modify_arguments(have, wanted, changed),
        )

    def _upgrade_replicas(self, replicas: list[str], wanted: Fields) -> None:
        """AWS upgrades a source's minor version only after those of its replicas."""
        found = self.read(replicas)
        for replica, live in found.items():
            check_owner(self, replica, live, wanted.get("tags"))
        version = wanted["engine_version"]
        behind = [replica for replica, live in found.items() if not is_version(live["EngineVersion"], version)]
        for replica in behind:
            wait_ready(self.aws, "rds_instance", replica)
            self.aws.write(
                "rds", "modify_db_instance", DBInstanceIdentifier=replica, EngineVersion=version, ApplyImmediately=True
            )
        for replica in behind:
            self._await_version(replica, version)

    def _await_version(self, replica: str, version: str) -> None:
        """Wait until an upgrade that was asked for is over; it takes a moment until AWS shows that it has begun."""
        deadline = time.monotonic() + UPGRADE_SECONDS
        while time.monotonic() < deadline:
            live = self.read([replica]).get(replica, {})
            if is_version(live.get("EngineVersion", ""), version):
                return
            time.sleep(5)
        raise WebstackError(
            f"rds_instance {replica} does not come to version {version}",
            "look at it in the AWS console; run again once it is upgraded",
        )

    def delete(self, name: str, live: Fields) -> None:
        if live["DBInstanceStatus"] not in WAITERS["rds_instance"].ready | WAITERS["rds_instance"].failed:
            wait_ready(self.aws, "rds_instance", name)
        how = {"SkipFinalSnapshot": True} if shares_data(live) else deletion(self.options)
        self.aws.write("rds", "delete_db_instance", missing=MISSING, DBInstanceIdentifier=name, **how)

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        port = wanted.get("port") or PORTS.get(wanted.get("engine", ""), PORTS["postgres"])
        shown = {option: value for option, value in wanted.items() if option not in ("master_user_password", "port")}
        return {
            **shown,
            "db_instance_identifier": name,
            "db_instance_arn": placeholder_arn("rds", self.aws.region, f"db:{name}"),
            "db_instance_status": "creating",
            "endpoint": {"address": f"{name}.xxxxxxxxxxxx.{self.aws.region}.rds.amazonaws.com", "port": port},
            "tags": wanted.get("tags") or {},
        }


def needed(wanted: Fields) -> tuple[str, ...]:
    """The options without which a new instance cannot be made."""
    if "source_db_instance_identifier" in wanted:
        return ()
    return NEEDED_OF_MEMBER if "db_cluster_identifier" in wanted else NEEDED


def shares_data(live: Fields) -> bool:
    """Whether its data are those of its cluster or of its source."""
    return bool(live.get("DBClusterIdentifier") or live.get("ReadReplicaSourceDBInstanceIdentifier"))


def replicas_go_first(live: Fields, have: Fields, wanted: Fields) -> bool:
    """Whether a change of the version is a minor one, which read replicas must have made before their source.

    Amazon RDS User Guide, "Upgrades of the RDS for PostgreSQL DB engine". A major one takes them along.
    """
    if not live.get("ReadReplicaDBInstanceIdentifiers") or "engine_version" not in wanted:
        return False
    is_upgrade = wanted["engine_version"] != have["engine_version"]
    return is_upgrade and not is_major_upgrade(have["engine"], have["engine_version"] or "", wanted["engine_version"])


def replicas_fault(live: Fields, have: Fields, wanted: Fields, at_once: bool) -> tuple[str, str] | None:
    """A minor upgrade of a source waits for that of its replicas, which nobody would see through in the window."""
    if not replicas_go_first(live, have, wanted) or at_once:
        return None
    return (
        f"its read replicas have to be upgraded to {wanted['engine_version']} before it",
        "set apply_immediately, with which they are, or let AWS upgrade all of them in the maintenance window",
    )


def is_autoscaled(have: Fields, wanted: Fields) -> bool:
    """Whether AWS has enlarged the storage beyond what is wanted, as it was allowed to."""
    most = wanted.get("max_allocated_storage", have["max_allocated_storage"])
    return wanted.get("allocated_storage", math.inf) < have["allocated_storage"] <= most


def a_tenth_more(size: int) -> int:
    """Storage grows by a tenth at least, AWS rounds less up (Amazon RDS API, ModifyDBInstance, AllocatedStorage)."""
    return -(-size * 11 // 10)


def storage_fault(have: Fields, wanted: Fields) -> tuple[str, str] | None:
    """What AWS would refuse of the wanted storage, and the next step."""
    if not wanted.keys() & (STORAGE | {"max_allocated_storage"}):
        return None
    live_size: int = have.get("allocated_storage") or 0
    size: int = wanted.get("allocated_storage", live_size)
    if not size:  # a new read replica has as much as its source
        return None
    kind = wanted.get("storage_type", have.get("storage_type")) or "gp2"
    least = LEAST_STORAGE.get(kind, 0)
    if size < live_size:
        return (
            f"its storage has {live_size} GiB and can never shrink to {size}",
            f"set allocated_storage to {live_size}",
        )
    if size < least:
        return f"storage of type {kind} has at least {least} GiB, not {size}", f"set allocated_storage to {least}"
    enough = a_tenth_more(live_size)
    if live_size < size < enough:
        return (
            f"storage grows by a tenth at least, from {live_size} to {enough} GiB or more, not to {size}",
            f"set allocated_storage to {enough}",
        )
    most: int = wanted.get("max_allocated_storage", 0)
    if most and most < a_tenth_more(size):
        return (
            f"max_allocated_storage {most} is not a tenth above allocated_storage {size}",
            f"set max_allocated_storage to {a_tenth_more(size)} or more, or to 0 for no growth",
        )
    if kind == "gp3" and size < GP3_SETTABLE_FROM and ("iops" in wanted or "storage_throughput" in wanted):
        return (
            f"gp3 storage below {GP3_SETTABLE_FROM} GiB always has 3000 IOPS and 125 MiB/s",
            f"leave out iops and storage_throughput, or set allocated_storage to {GP3_SETTABLE_FROM}",
        )
    return None


def monitoring_fault(fields: Fields) -> tuple[str, str] | None:
    """Enhanced Monitoring writes its metrics through a role."""
    if fields.get("monitoring_interval") and not fields.get("monitoring_role_arn"):
        return "Enhanced Monitoring needs a role", "give monitoring_role_arn, or set monitoring_interval to 0"
    return None


def modify_arguments(have: Fields, wanted: Fields, changed: set[str]) -> Fields:
    """The arguments of the one ModifyDBInstance that brings the ``changed`` fields to what is wanted."""
    after = {**have, **wanted}
    send = set(changed)
    for group in TOGETHER:
        if group & changed:
            send |= group & set(wanted)
    if "performance_insights_retention_period" in send:
        send.add("enable_performance_insights")
    if STORAGE & changed:
        send.add("allocated_storage")
        if are_iops_settable(have) and are_iops_settable(after):
            send.add("iops")
    arguments = {MODIFY[option]: after[option] for option in sorted(send) if option in MODIFY}
    if "max_allocated_storage" in send and not after["max_allocated_storage"]:
        arguments["MaxAllocatedStorage"] = after["allocated_storage"]  # AWS's way to say: no growth
    if "enable_cloudwatch_logs_exports" in send:
        logs = arguments.pop("EnableCloudwatchLogsExports")
        arguments["CloudwatchLogsExportConfiguration"] = log_changes(have["enable_cloudwatch_logs_exports"], logs)
    if "engine_version" in send and is_major_upgrade(have["engine"], have["engine_version"], after["engine_version"]):
        arguments["AllowMajorVersionUpgrade"] = True
    return arguments


def are_iops_settable(fields: Fields) -> bool:
    """Whether AWS takes IOPS for this storage, and then wants them again whenever the storage changes."""
    if fields["storage_type"] == "gp3":
        return fields["allocated_storage"] >= GP3_SETTABLE_FROM
    return fields["storage_type"] in ("io1", "io2")
