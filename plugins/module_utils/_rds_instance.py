# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RDS database instances."""

from __future__ import annotations

import math
import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._rds import is_version, update_tags, version_parts
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._secret import same_key
from ansible_collections.webstack.aws.plugins.module_utils._secret_values import read_value
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list
from ansible_collections.webstack.aws.plugins.module_utils._waiters import WAITERS, wait_gone, wait_ready

#: Options that AWS takes when it makes an instance, under its own names.
CREATE = {
    "engine": "Engine",
    "engine_version": "EngineVersion",
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
CONTROLS = (
    "apply_immediately",
    "allow_major_version_upgrade",
    "skip_final_snapshot",
    "final_db_snapshot_identifier",
    "delete_automated_backups",
)

#: AWS takes these only together, whichever of them changes.
TOGETHER = (
    {"monitoring_interval", "monitoring_role_arn"},
    {"enable_performance_insights", "performance_insights_retention_period", "performance_insights_kms_key_id"},
)
STORAGE = {"allocated_storage", "storage_type", "iops", "storage_throughput"}

#: Amazon RDS User Guide, Amazon RDS DB instance storage: least GiB for PostgreSQL, MySQL and MariaDB.
LEAST_STORAGE = {"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 5}
#: The same page: below this size gp3 has its fixed baseline, and AWS refuses other figures.
GP3_SETTABLE_FROM = 400

#: Amazon RDS API, CreateDBInstance, MasterUserPassword.
PASSWORD = re.compile(r"(?!.*[/\"@])[\x21-\x7e]{8,128}")

#: How many parts of a version are its major one, where not one (MySQL 8.0 to 8.4 is a major upgrade).
MAJOR_PARTS = {"mysql": 2, "mariadb": 2}
PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306}

#: A tag that says which databases were made inside the instance. It is set apart from all other tags, so that
#: removing undeclared tags must not remove it.
DATABASES_TAG = "webstack:databases"


class RdsInstance(Kind):
    """An instance, found by its identifier. Changes that wait for the maintenance window count as made."""

    noun = "rds_instance"
    not_compared = ("db_name", "master_user_password")
    immutable = {
        "engine": "restore its data into another instance",
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
        firewalls = [group for group in live.get("VpcSecurityGroups", []) if group["Status"] != "removing"]
        return {
            **{option: now.get(member) for option, member in CREATE.items()},
            # The other fields are under the names that AWS takes, these are not.
            "max_allocated_storage": most if most > allocated else 0,
            "port": now.get("Port") or now.get("Endpoint", {}).get("Port") or None,
            "db_subnet_group_name": now.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
            "vpc_security_group_ids": sorted(group["VpcSecurityGroupId"] for group in firewalls),
            "db_parameter_group_name": groups[0]["DBParameterGroupName"] if groups else None,
            "enable_iam_database_authentication": now.get("IAMDatabaseAuthenticationEnabled", False),
            "monitoring_interval": now.get("MonitoringInterval", 0),
            "enable_performance_insights": now.get("PerformanceInsightsEnabled", False),
            "enable_cloudwatch_logs_exports": log_exports(live),
            "tags": tags_to_dict(live.get("TagList")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = {option: value for option, value in wanted.items() if option not in CONTROLS}
        for option in ("vpc_security_group_ids", "enable_cloudwatch_logs_exports"):
            if option in normal:
                normal[option] = sorted(normal[option])
        # AWS keeps these in lower case.
        for option in (
            "db_parameter_group_name",
            "db_subnet_group_name",
            "preferred_backup_window",
            "preferred_maintenance_window",
        ):
            if option in normal:
                normal[option] = normal[option].lower()
        if normal.get("monitoring_interval") == 0:
            normal.pop("monitoring_role_arn", None)
        if normal.get("enable_performance_insights") is False:
            normal.pop("performance_insights_retention_period", None)
            normal.pop("performance_insights_kms_key_id", None)
        return normal

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        have = self.normalize(name, live)
        kept = dict(wanted)
        major = MAJOR_PARTS.get(have["engine"], 1)
        if "engine_version" in wanted and is_version(have["engine_version"], wanted["engine_version"], major):
            kept["engine_version"] = have["engine_version"]
        if is_major_upgrade(have["engine"], live.get("EngineVersion", ""), have["engine_version"] or ""):
            # A major upgrade waits for the window, and takes its parameter group along; until then AWS refuses the
            # new family's group.
            kept.pop("db_parameter_group_name", None)
        if is_autoscaled(have, wanted):
            kept["allocated_storage"] = have["allocated_storage"]
        for option in ("kms_key_id", "performance_insights_kms_key_id"):
            key = wanted.get(option, "")
            # What an alias stands for is not ours to know: it counts when the key is first chosen.
            if have[option] and key and (same_key(have[option], key) or "alias/" in key):
                kept[option] = have[option]
        if wanted.get("tags") is not None and DATABASES_TAG in have["tags"]:
            kept["tags"] = {DATABASES_TAG: have["tags"][DATABASES_TAG], **wanted["tags"]}
        if have["port"] is None:
            kept.pop("port", None)
        if live["DBInstanceStatus"] == "creating":
            # AWS does not show everything of an instance that it is still making.
            kept = {option: value for option, value in kept.items() if have.get(option)}
        return kept

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            if live is not None:
                self._refuse_removal(name, live)
            return
        have = self.normalize(name, live) if live else {}
        if live is None:
            fault = name_fault(name, self.noun)
            if fault:
                raise WebstackError(f"rds_instance {name} {fault}", "choose another name")
            missing = [option for option in NEEDED if option not in wanted]
            if missing:
                raise WebstackError(
                    f"rds_instance {name} does not exist and cannot be made without {', '.join(missing)}",
                    f"give {', '.join(missing)}",
                )
        trouble = (
            storage_fault(have, wanted)
            or version_fault(have, wanted, bool(self.options.get("allow_major_version_upgrade")))
            or monitoring_fault({**have, **wanted})
        )
        if trouble:
            raise WebstackError(f"rds_instance {name}: {trouble[0]}", trouble[1])

    def _refuse_removal(self, name: str, live: Fields) -> None:
        if live.get("DeletionProtection"):
            raise WebstackError(
                f"rds_instance {name} is protected from removal",
                "set deletion_protection to false on it first, then remove it",
            )
        if not self.options.get("skip_final_snapshot") and not self.options.get("final_db_snapshot_identifier"):
            raise WebstackError(
                f"rds_instance {name}: nobody says what becomes of its data",
                "give final_db_snapshot_identifier to keep a last snapshot, or skip_final_snapshot: true to lose all",
            )

    def create(self, name: str, wanted: Fields) -> None:
        if name in self._going:
            wait_gone(self.aws, "rds_instance", name)
        password = read_value(self.aws, wanted["master_user_password"])
        if not PASSWORD.fullmatch(password):
            where = "{key} of secret {secret_id}".format(**wanted["master_user_password"])
            raise WebstackError(
                f"rds_instance {name}: RDS does not take the password in {where}",
                'give it 8 to 128 printable ASCII characters without / " @ and space',
            )
        arguments = {CREATE[option]: value for option, value in wanted.items() if option in CREATE}
        if not arguments.get("MaxAllocatedStorage"):
            arguments.pop("MaxAllocatedStorage", None)
        self.aws.write(
            "rds",
            "create_db_instance",
            # The monitoring role and the parameter group may have been made a moment ago.
            propagating=r"IAM role ARN value is invalid|^DBParameterGroupNotFound|^DBSubnetGroupNotFound"
            r"|service.linked role",
            DBInstanceIdentifier=name,
            MasterUserPassword=password,
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
        self.aws.write(
            "rds",
            "modify_db_instance",
            propagating=r"IAM role ARN value is invalid",
            DBInstanceIdentifier=name,
            ApplyImmediately=bool(self.options.get("apply_immediately")),
            **modify_arguments(self.normalize(name, live), wanted, changed),
        )

    def delete(self, name: str, live: Fields) -> None:
        if live["DBInstanceStatus"] not in WAITERS["rds_instance"].ready | WAITERS["rds_instance"].failed:
            wait_ready(self.aws, "rds_instance", name)
        snapshot = self.options.get("final_db_snapshot_identifier")
        how: Fields = {"SkipFinalSnapshot": True}
        if snapshot and not self.options.get("skip_final_snapshot"):
            how = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": snapshot}
        if self.options.get("delete_automated_backups") is not None:
            how["DeleteAutomatedBackups"] = self.options["delete_automated_backups"]
        self.aws.write(
            "rds",
            "delete_db_instance",
            missing=MISSING,
            DBInstanceIdentifier=name,
            **how,
        )

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        port = wanted.get("port") or PORTS.get(wanted["engine"])
        shown = {option: value for option, value in wanted.items() if option not in ("master_user_password", "port")}
        return {
            **shown,
            "db_instance_identifier": name,
            "db_instance_arn": placeholder_arn("rds", self.aws.region, f"db:{name}"),
            "db_instance_status": "creating",
            "endpoint": {"address": f"{name}.xxxxxxxxxxxx.{self.aws.region}.rds.amazonaws.com", "port": port},
            "tags": wanted.get("tags") or {},
        }


def log_exports(live: Fields) -> list[str]:
    """The logs that go to CloudWatch, with what was asked for and is not done yet."""
    pending = live.get("PendingModifiedValues", {}).get("PendingCloudwatchLogsExports", {})
    logs = set(live.get("EnabledCloudwatchLogsExports", [])) | set(pending.get("LogTypesToEnable", []))
    return sorted(logs - set(pending.get("LogTypesToDisable", [])))


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


def version_fault(have: Fields, wanted: Fields, may_upgrade: bool) -> tuple[str, str] | None:
    """What AWS would refuse of the wanted engine version, and the next step."""
    live, version = have.get("engine_version"), wanted.get("engine_version")
    if not live or not version or live == version:
        return None
    if version_parts(version) < version_parts(live):
        return f"its engine has version {live} and cannot go back to {version}", f"set engine_version to {live}"
    if is_major_upgrade(have["engine"], live, version) and not may_upgrade:
        return (
            f"from version {live} to {version} is a major upgrade, which cannot be undone",
            "take a snapshot, set allow_major_version_upgrade and use a parameter group of the new family",
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
        logs, before = set(arguments.pop("EnableCloudwatchLogsExports")), set(have["enable_cloudwatch_logs_exports"])
        arguments["CloudwatchLogsExportConfiguration"] = {
            "EnableLogTypes": sorted(logs - before),
            "DisableLogTypes": sorted(before - logs),
        }
    if "engine_version" in send and is_major_upgrade(have["engine"], have["engine_version"], after["engine_version"]):
        arguments["AllowMajorVersionUpgrade"] = True
    return arguments


def are_iops_settable(fields: Fields) -> bool:
    """Whether AWS takes IOPS for this storage, and then wants them again whenever the storage changes."""
    if fields["storage_type"] == "gp3":
        return fields["allocated_storage"] >= GP3_SETTABLE_FROM
    return fields["storage_type"] in ("io1", "io2")


def is_major_upgrade(engine: str, live: str, wanted: str) -> bool:
    """Whether a step between versions is a major one."""
    major = MAJOR_PARTS.get(engine, 1)
    return version_parts(wanted)[:major] > version_parts(live)[:major]
