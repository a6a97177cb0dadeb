# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Aurora clusters: what all instances of a cluster share. The instances are ``_rds_instance``'s."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._rds import update_tags
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
from ansible_collections.webstack.aws.plugins.module_utils._rds_notes import cluster_notes, removal_notes
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list
from ansible_collections.webstack.aws.plugins.module_utils._waiters import WAITERS, wait_gone, wait_ready

#: Options that AWS takes when it makes a cluster, under its own names.
CREATE = {
    "engine": "Engine",
    "engine_version": "EngineVersion",
    "storage_type": "StorageType",
    "storage_encrypted": "StorageEncrypted",
    "kms_key_id": "KmsKeyId",
    "database_name": "DatabaseName",
    "master_username": "MasterUsername",
    "port": "Port",
    "db_subnet_group_name": "DBSubnetGroupName",
    "vpc_security_group_ids": "VpcSecurityGroupIds",
    "db_cluster_parameter_group_name": "DBClusterParameterGroupName",
    "serverless_v2_scaling_configuration": "ServerlessV2ScalingConfiguration",
    "backup_retention_period": "BackupRetentionPeriod",
    "preferred_backup_window": "PreferredBackupWindow",
    "preferred_maintenance_window": "PreferredMaintenanceWindow",
    "copy_tags_to_snapshot": "CopyTagsToSnapshot",
    "deletion_protection": "DeletionProtection",
    "enable_iam_database_authentication": "EnableIAMDatabaseAuthentication",
    "enable_performance_insights": "EnablePerformanceInsights",
    "performance_insights_retention_period": "PerformanceInsightsRetentionPeriod",
    "performance_insights_kms_key_id": "PerformanceInsightsKMSKeyId",
    "enable_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
}
CAPACITY = {"min_capacity": "MinCapacity", "max_capacity": "MaxCapacity"}

MISSING = ("DBClusterNotFoundFault",)
NEEDED = ("engine", "master_username", "master_user_password")

#: Aurora's storage that is paid by what is stored and read. AWS shows a cluster's storage type only if it is the other.
USUAL_STORAGE = "aurora"

#: Amazon RDS API, CreateDBCluster, MasterUserPassword.
LONGEST_PASSWORD = 41


class RdsCluster(Kind):
    """A cluster, found by its identifier. Changes that wait for the maintenance window count as made."""

    noun = "rds_cluster"
    nested = ("serverless_v2_scaling_configuration",)
    not_compared = ("database_name", "master_user_password")
    immutable = {
        "engine": "restore its data into another cluster",
        "master_username": "leave it as it is, and make further users inside the database",
        "storage_encrypted": "restore a snapshot with a KMS key into another cluster",
        "kms_key_id": "restore a snapshot with the other key into another cluster",
        "db_subnet_group_name": "keep the group and change its subnets, or restore a snapshot into the other one",
    }
    exists = ("DBClusterAlreadyExistsFault",)

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._going: set[str] = set()

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            clusters = self.aws.read(
                "rds", "describe_db_clusters", "DBClusters", missing=MISSING, DBClusterIdentifier=name
            )
            if clusters:
                found[name] = clusters[0]
        self._going = {name for name, live in found.items() if self.is_going(live)}
        return found

    def is_going(self, live: Fields) -> bool:
        return live["Status"] == "deleting"

    def normalize(self, name: str, live: Fields) -> Fields:
        now = {**live, **live.get("PendingModifiedValues", {})}
        capacity = live.get("ServerlessV2ScalingConfiguration", {})
        return {
            **{option: now.get(member) for option, member in CREATE.items()},
            # The other fields are under the names that AWS takes, these are not.
            "storage_type": now.get("StorageType") or USUAL_STORAGE,
            "db_subnet_group_name": live.get("DBSubnetGroup"),
            "vpc_security_group_ids": active_groups(live),
            "db_cluster_parameter_group_name": live.get("DBClusterParameterGroup"),
            "serverless_v2_scaling_configuration": {
                option: capacity[member] for option, member in CAPACITY.items() if member in capacity
            },
            "enable_iam_database_authentication": now.get("IAMDatabaseAuthenticationEnabled", False),
            "enable_performance_insights": now.get("PerformanceInsightsEnabled", False),
            "enable_cloudwatch_logs_exports": log_exports(live),
            "tags": tags_to_dict(live.get("TagList")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        return tidy(
            wanted,
            lists=("vpc_security_group_ids", "enable_cloudwatch_logs_exports"),
            lower=(
                "db_cluster_parameter_group_name",
                "db_subnet_group_name",
                "preferred_backup_window",
                "preferred_maintenance_window",
            ),
        )

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        have = self.normalize(name, live)
        kept = keep_owned(have, wanted, have["engine"])
        if is_major_upgrade(have["engine"], live.get("EngineVersion", ""), have["engine_version"] or ""):
            # A major upgrade waits for the window, and takes its parameter group along; until then AWS refuses the
            # new family's group.
            kept.pop("db_cluster_parameter_group_name", None)
        return kept

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        return kept_by_others(live, self.normalize(name, live), wanted, "db_cluster_parameter_group_name")

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.live is None:
            return []
        if outcome.wanted is None:
            return removal_notes(self.options, shares_data=False)
        return cluster_notes(outcome.live, outcome.changes, bool(self.options.get("apply_immediately")))

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            if live is not None:
                self._refuse_removal(name, live)
            return
        if live is None:
            fault = name_fault(name, self.noun)
            if fault:
                raise WebstackError(f"rds_cluster {name} {fault}", "choose another name")
            missing = [option for option in NEEDED if option not in wanted]
            if missing:
                raise WebstackError(
                    f"rds_cluster {name} does not exist and cannot be made without {', '.join(missing)}",
                    f"give {', '.join(missing)}",
                )
        have = self.normalize(name, live) if live else {}
        trouble = version_fault(have, wanted, bool(self.options.get("allow_major_version_upgrade"))) or capacity_fault(
            wanted.get("serverless_v2_scaling_configuration")
        )
        if trouble:
            raise WebstackError(f"rds_cluster {name}: {trouble[0]}", trouble[1])

    def _refuse_removal(self, name: str, live: Fields) -> None:
        refuse_loss(f"rds_cluster {name}", live, self.options)
        members = [member["DBInstanceIdentifier"] for member in live.get("DBClusterMembers", [])]
        if members and not self._are_going(members):
            raise WebstackError(
                f"rds_cluster {name} still has instances: {', '.join(members)}", "remove them first, then the cluster"
            )

    def _are_going(self, members: list[str]) -> bool:
        """Whether all instances are on their way out: then AWS takes the removal of their cluster."""
        states = [
            instance["DBInstanceStatus"]
            for member in members
            for instance in self.aws.read(
                "rds",
                "describe_db_instances",
                "DBInstances",
                missing=("DBInstanceNotFound",),
                DBInstanceIdentifier=member,
            )
        ]
        return set(states) <= {"deleting"}

    def create(self, name: str, wanted: Fields) -> None:
        if name in self._going:
            wait_gone(self.aws, "rds_cluster", name)
        password = read_password(self.aws, f"rds_cluster {name}", wanted["master_user_password"], LONGEST_PASSWORD)
        arguments = {CREATE[option]: value for option, value in wanted.items() if option in CREATE}
        if "serverless_v2_scaling_configuration" in wanted:
            arguments["ServerlessV2ScalingConfiguration"] = capacity_argument(wanted)
        self.aws.write(
            "rds",
            "create_db_cluster",
            propagating=PROPAGATING,
            DBClusterIdentifier=name,
            MasterUserPassword=password,
            Tags=tags_to_list(wanted.get("tags") or {}),
            **arguments,
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "tags" in changed:
            update_tags(self.aws, "rds", live["DBClusterArn"], tags_to_dict(live.get("TagList")), wanted["tags"])
        changed = changed - {"tags"}
        if not changed:
            return
        wait_ready(self.aws, "rds_cluster", name)
        self.aws.write(
            "rds",
            "modify_db_cluster",
            propagating=rf"{PROPAGATING}|{BUSY}",
            DBClusterIdentifier=name,
            ApplyImmediately=bool(self.options.get("apply_immediately")),
            **modify_arguments(self.normalize(name, live), wanted, changed),
        )

    def delete(self, name: str, live: Fields) -> None:
        for member in live.get("DBClusterMembers", []):
            wait_gone(self.aws, "rds_instance", member["DBInstanceIdentifier"])
        if live["Status"] not in WAITERS["rds_cluster"].ready | WAITERS["rds_cluster"].failed:
            wait_ready(self.aws, "rds_cluster", name)
        self.aws.write("rds", "delete_db_cluster", missing=MISSING, DBClusterIdentifier=name, **deletion(self.options))

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        port = wanted.get("port") or PORTS.get(wanted["engine"])
        place = f"xxxxxxxxxxxx.{self.aws.region}.rds.amazonaws.com"
        shown = {option: value for option, value in wanted.items() if option != "master_user_password"}
        return {
            **shown,
            "db_cluster_identifier": name,
            "db_cluster_arn": placeholder_arn("rds", self.aws.region, f"cluster:{name}"),
            "status": "creating",
            "endpoint": f"{name}.cluster-{place}",
            "reader_endpoint": f"{name}.cluster-ro-{place}",
            "port": port,
            "tags": wanted.get("tags") or {},
        }


def capacity_argument(wanted: Fields) -> Fields:
    """The argument ServerlessV2ScalingConfiguration."""
    return {CAPACITY[option]: value for option, value in wanted["serverless_v2_scaling_configuration"].items()}


def capacity_fault(capacity: Fields | None) -> tuple[str, str] | None:
    """What AWS would refuse of a capacity (Amazon RDS API, ServerlessV2ScalingConfiguration), and the next step."""
    if not capacity:
        return None
    least, most = capacity["min_capacity"], capacity["max_capacity"]
    if (least * 2) % 1 or (most * 2) % 1:
        return f"its capacity of {least:g} to {most:g} ACU is not in steps of a half", "give halves, for instance 0.5"
    if not 0 <= least <= most or not 1 <= most <= 256:
        return (
            f"Aurora has no capacity of {least:g} to {most:g} ACU",
            "set min_capacity to 0 or more, and max_capacity to 1 to 256 and no less than min_capacity",
        )
    return None


def modify_arguments(have: Fields, wanted: Fields, changed: set[str]) -> Fields:
    """The arguments of the one ModifyDBCluster that brings the ``changed`` fields to what is wanted."""
    after = {**have, **wanted}
    send = set(changed)
    if INSIGHTS & changed:
        send |= INSIGHTS & set(wanted)
        send.add("enable_performance_insights")
    arguments = {CREATE[option]: after[option] for option in sorted(send) if option in CREATE}
    if "serverless_v2_scaling_configuration" in send:
        arguments["ServerlessV2ScalingConfiguration"] = capacity_argument(after)
    if "enable_cloudwatch_logs_exports" in send:
        logs = arguments.pop("EnableCloudwatchLogsExports")
        arguments["CloudwatchLogsExportConfiguration"] = log_changes(have["enable_cloudwatch_logs_exports"], logs)
    if "engine_version" in send and is_major_upgrade(have["engine"], have["engine_version"], after["engine_version"]):
        arguments["AllowMajorVersionUpgrade"] = True
    return arguments
