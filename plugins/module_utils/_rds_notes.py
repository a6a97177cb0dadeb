# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change does to a running database, and when, in words for the plan. Pure.

Sources: Amazon RDS API, ModifyDBInstance and ModifyDBCluster; Amazon RDS User Guide, "Settings for DB instances";
Amazon Aurora User Guide, "Settings for Amazon Aurora".
"""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._notes import (
    UNPROTECTED,
    Words,
    application,
    notes_on,
    pending,
    when_on,
    when_shorter,
)
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields

STORAGE_HOURS = "no outage; AWS works on the storage, at times for hours, and takes no other change of it for six hours"
NEEDS_REBOOT = "what the other parameter group sets takes effect with the next reboot, which this does not make"


def _storage_type(before: t.Any, after: t.Any) -> str:
    if "standard" in (before, after):
        return "a brief outage while the storage begins to move, which can take days; no backups meanwhile"
    return STORAGE_HOURS


def _backups(before: t.Any, after: t.Any) -> str:
    if bool(before) != bool(after):
        brief = "the database's disk stands still for seconds to minutes"
        return brief if after else f"{brief}, and all automated backups are deleted"
    return when_shorter("automated backups older than {after} days are deleted")(before, after)


#: What is said of a changed field of an instance, whether it stands alone or not.
INSTANCE: dict[str, Words] = {
    "engine_version": "an outage while the engine is upgraded, also with Multi-AZ; there is no way back",
    "port": "the database restarts at once, whatever apply_immediately says",
    "multi_az": when_on("no outage, but writes are slower while the standby is made"),
    "allocated_storage": STORAGE_HOURS,
    "storage_type": _storage_type,
    "iops": STORAGE_HOURS,
    "storage_throughput": STORAGE_HOURS,
    "backup_retention_period": _backups,
    "db_parameter_group_name": NEEDS_REBOOT,
    "ca_certificate_identifier": (
        "a restart, unless its engine can change certificates without; clients must know the other authority by then"
    ),
    "publicly_accessible": when_on("it can be reached from the internet, as far as its security groups let it"),
    "deletion_protection": UNPROTECTED,
}

#: Fields of an instance that wait for the maintenance window without apply_immediately.
INSTANCE_WAITS = (
    "db_instance_class",
    "engine_version",
    "multi_az",
    "allocated_storage",
    "storage_type",
    "iops",
    "storage_throughput",
    "ca_certificate_identifier",
    "enable_iam_database_authentication",
)

CLUSTER: dict[str, Words] = {
    "engine_version": "an outage of all instances while the engine is upgraded; there is no way back",
    "port": "an outage: all instances restart at once, whatever apply_immediately says",
    "db_cluster_parameter_group_name": NEEDS_REBOOT,
    "storage_type": lambda _before, after: (
        "AWS lets the storage become aurora-iopt1 once in 30 days" if after == "aurora-iopt1" else ""
    ),
    "backup_retention_period": when_shorter("automated backups older than {after} days are deleted"),
    "deletion_protection": UNPROTECTED,
}

CLUSTER_WAITS = ("engine_version", "enable_iam_database_authentication")


def instance_notes(live: Fields, changes: list[Change], at_once: bool) -> list[str]:
    """What changes do to an instance, and what waits already."""
    changed = {change.field for change in changes}
    waits = [*INSTANCE_WAITS]
    if any(change.field == "backup_retention_period" and not (change.before and change.after) for change in changes):
        waits.append("backup_retention_period")
    window = live.get("PreferredMaintenanceWindow")
    return [
        *([class_words(live)] if "db_instance_class" in changed else []),
        *notes_on(changes, INSTANCE),
        *application(changed, waits, at_once, window),
        *pending(waiting(live, changed), live["DBInstanceStatus"] in APPLYING, at_once and bool(changed), window),
    ]


def class_words(live: Fields) -> str:
    """How an instance comes by another class."""
    if live.get("DBClusterIdentifier"):
        return "an outage of this instance; where it is the writer and there is a reader, that takes over"
    if live.get("MultiAZ"):
        return "a fail-over to the standby: connections are cut, for a minute or two there is no database"
    return "an outage of some minutes while the instance gets its other class"


def cluster_notes(live: Fields, changes: list[Change], at_once: bool) -> list[str]:
    """What changes do to an Aurora cluster, and what waits already."""
    changed = {change.field for change in changes}
    window = live.get("PreferredMaintenanceWindow")
    return [
        *notes_on(changes, CLUSTER),
        *application(changed, CLUSTER_WAITS, at_once, window),
        *pending(waiting(live, changed), live["Status"] in APPLYING, at_once and bool(changed), window),
    ]


#: The states in which AWS makes changes that were asked for.
APPLYING = ("modifying", "upgrading")

#: What AWS calls the fields that can wait, and the options. The password is none of them.
WAITING = {
    "DBInstanceClass": "db_instance_class",
    "AllocatedStorage": "allocated_storage",
    "Port": "port",
    "BackupRetentionPeriod": "backup_retention_period",
    "MultiAZ": "multi_az",
    "EngineVersion": "engine_version",
    "Iops": "iops",
    "StorageThroughput": "storage_throughput",
    "StorageType": "storage_type",
    "CACertificateIdentifier": "ca_certificate_identifier",
    "DBSubnetGroupName": "db_subnet_group_name",
    "IAMDatabaseAuthenticationEnabled": "enable_iam_database_authentication",
}


def waiting(live: Fields, changed: t.Collection[str]) -> Fields:
    """The fields that wait in AWS and are not changed now, without passwords."""
    values = live.get("PendingModifiedValues") or {}
    return {
        option: values[member]
        for member, option in WAITING.items()
        if values.get(member) is not None and option not in changed
    }


def removal_notes(options: Fields, shares_data: bool) -> list[str]:
    """What becomes of the data of an instance or a cluster that is removed."""
    if shares_data:
        return []
    snapshot = options.get("final_db_snapshot_identifier")
    if snapshot and not options.get("skip_final_snapshot"):
        return [f"its data are kept in the final snapshot {snapshot}"]
    return ["all its data are lost: there is no final snapshot"]
